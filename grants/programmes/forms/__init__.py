"""Forms of programmes: a definition's file, and the pieces of a draft."""

from grants.programmes.forms.drafts import (
    ProposeDraftForm,
    RuleForm,
    SourceForm,
    rule_changes,
    rule_form,
)
from grants.programmes.forms.loading import LoadDefinitionForm

__all__ = [
    "LoadDefinitionForm",
    "ProposeDraftForm",
    "RuleForm",
    "SourceForm",
    "rule_changes",
    "rule_form",
]
