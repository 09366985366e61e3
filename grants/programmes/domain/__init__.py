"""The pure half of programmes: definitions, cases, findings, amounts. Knows no framework, database, clock or file.

A case in JSON goes through ``case_from_json``; ``evaluate`` gives one finding per rule; ``funding_amount`` the amount
with its working; ``missing_answers`` what keeps it from being submitted. Everything else serves these.
"""

from grants.programmes.domain.answers import WrongKindError, from_case_json, to_case_json, to_case_value, to_json_value
from grants.programmes.domain.bounds import amount_text, fault_of
from grants.programmes.domain.case import (
    AttachedDocument,
    CallFacts,
    Case,
    EvidenceRecord,
    EvidenceUsed,
    Finding,
    FundingWorking,
    Gap,
    ParameterValue,
)
from grants.programmes.domain.case_json import case_from_json, case_to_json
from grants.programmes.domain.check_specs import parts_of
from grants.programmes.domain.checks import USE_KINDS, Claim, claims_of
from grants.programmes.domain.completeness import computed_answers, missing_answers, required_documents, shown_fields
from grants.programmes.domain.content import build_case_content
from grants.programmes.domain.evaluate import condition_sentence, evaluate
from grants.programmes.domain.evidence_json import evidence_from_json
from grants.programmes.domain.funding import funding_amount
from grants.programmes.domain.kinds import (
    FieldKind,
    FindingVerdict,
    ParameterKind,
    Phase,
    RuleStage,
    Severity,
    StageKey,
    TieKind,
)
from grants.programmes.domain.labels import describe_name
from grants.programmes.domain.loading.load import parse_definition
from grants.programmes.domain.model import (
    Anchor,
    Basis,
    CheckCall,
    Criterion,
    CriterionMinimum,
    Definition,
    DocumentSlot,
    Field,
    FixedRows,
    Funding,
    Instalment,
    ListItem,
    NamedList,
    NamedValue,
    Parameter,
    Publication,
    PublicColumn,
    Rubric,
    Rule,
    Section,
    Stage,
    Stratum,
    SubCriterion,
    TieBreak,
    Track,
)
from grants.programmes.domain.outlook import Awaited, Outlook, amount_waits_for, look_ahead, mentioned
from grants.programmes.domain.parameters import check_parameters, default_parameters, parameters_to_json
from grants.programmes.domain.precheck import precheck_paths, precheck_sections
from grants.programmes.domain.reading import ReadColumn, ReadField, ReadRow, ReadSection, read_sections
from grants.programmes.domain.schema import case_schema, definition_schema
from grants.programmes.domain.size_class import size_class
from grants.programmes.domain.view import CaseView, fixed_row_ids

__all__ = [
    "USE_KINDS",
    "Anchor",
    "AttachedDocument",
    "Awaited",
    "Basis",
    "CallFacts",
    "Case",
    "CaseView",
    "CheckCall",
    "Claim",
    "Criterion",
    "CriterionMinimum",
    "Definition",
    "DocumentSlot",
    "EvidenceRecord",
    "EvidenceUsed",
    "Field",
    "FieldKind",
    "Finding",
    "FindingVerdict",
    "FixedRows",
    "Funding",
    "FundingWorking",
    "Gap",
    "Instalment",
    "ListItem",
    "NamedList",
    "NamedValue",
    "Outlook",
    "Parameter",
    "ParameterKind",
    "ParameterValue",
    "Phase",
    "PublicColumn",
    "Publication",
    "ReadColumn",
    "ReadField",
    "ReadRow",
    "ReadSection",
    "Rubric",
    "Rule",
    "RuleStage",
    "Section",
    "Severity",
    "Stage",
    "StageKey",
    "Stratum",
    "SubCriterion",
    "TieBreak",
    "TieKind",
    "Track",
    "WrongKindError",
    "amount_text",
    "amount_waits_for",
    "build_case_content",
    "case_from_json",
    "case_schema",
    "case_to_json",
    "check_parameters",
    "claims_of",
    "computed_answers",
    "condition_sentence",
    "default_parameters",
    "definition_schema",
    "describe_name",
    "evaluate",
    "evidence_from_json",
    "fault_of",
    "fixed_row_ids",
    "from_case_json",
    "funding_amount",
    "look_ahead",
    "mentioned",
    "missing_answers",
    "parameters_to_json",
    "parse_definition",
    "parts_of",
    "precheck_paths",
    "precheck_sections",
    "read_sections",
    "required_documents",
    "shown_fields",
    "size_class",
    "to_case_json",
    "to_case_value",
    "to_json_value",
]
