"""JSON Schemas (2020-12): of the definition format, and of a case of one definition."""

from grants.programmes.domain.schema.case import case_schema
from grants.programmes.domain.schema.definition import definition_schema

__all__ = ["case_schema", "definition_schema"]
