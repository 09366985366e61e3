"""Forms of calls, of extensions and of the calendar."""

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

__all__ = [
    "AnnounceForm",
    "CallForm",
    "DecideExtensionForm",
    "ProposeExtensionForm",
    "SettleForm",
    "WithdrawForm",
    "WorkingDayForm",
    "YearForm",
    "call_form",
    "first_values",
    "form_values",
]
