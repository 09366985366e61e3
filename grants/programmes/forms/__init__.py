"""Forms of programmes: a definition's file, and the pieces of a draft."""

from grants.programmes.forms.drafts import (
    ProposeDraftForm,
    RuleForm,
    SourceForm,
    rule_changes,
    rule_form,
)
from grants.programmes.forms.loading import LoadDefinitionForm
from grants.programmes.forms.parameters import input_of, parameter_changes, parameters_form

__all__ = [
    "LoadDefinitionForm",
    "ProposeDraftForm",
    "RuleForm",
    "SourceForm",
    "input_of",
    "parameter_changes",
    "parameters_form",
    "rule_changes",
    "rule_form",
]
