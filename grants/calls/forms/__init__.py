"""Forms of calls, of extensions, of the calendar and of the pre-check."""

from grants.calls.forms.extensions import DecideExtensionForm, ProposeExtensionForm
from grants.calls.forms.plans import (
    AnnounceForm,
    CallForm,
    SettleForm,
    WithdrawForm,
    WorkingDayForm,
    YearForm,
    call_form,
    first_values,
    form_values,
)
from grants.calls.forms.precheck import (
    PrecheckForm,
    QuestionGroup,
    build_precheck_form,
    inputs_of,
    questions_of,
    read_rows,
    values_of,
    wants_rows,
)

__all__ = [
    "AnnounceForm",
    "CallForm",
    "DecideExtensionForm",
    "PrecheckForm",
    "ProposeExtensionForm",
    "QuestionGroup",
    "SettleForm",
    "WithdrawForm",
    "WorkingDayForm",
    "YearForm",
    "build_precheck_form",
    "call_form",
    "first_values",
    "form_values",
    "inputs_of",
    "questions_of",
    "read_rows",
    "values_of",
    "wants_rows",
]
