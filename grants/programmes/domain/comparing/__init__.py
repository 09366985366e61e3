"""What is different between two versions of a programme, and for whom that is easier or harder."""

from grants.programmes.domain.comparing.differences import Difference, Effect
from grants.programmes.domain.comparing.whole import compare_definitions, definitions_differ

__all__ = ["Difference", "Effect", "compare_definitions", "definitions_differ"]
