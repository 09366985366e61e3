"""Forms of accounts: shape and wording. What concerns other records is the services' matter."""

from grants.accounts.forms.fields import PROOF_BYTES, PROOF_KINDS, PROOF_PAGES
from grants.accounts.forms.mails import MailChoicesForm
from grants.accounts.forms.members import AnswerRequestForm, EndMembershipForm, InvitedForm, InviteForm, LevelForm
from grants.accounts.forms.office import DecideMembershipForm, GrantRoleForm
from grants.accounts.forms.registering import (
    ChangePasswordForm,
    ForgottenForm,
    OrganisationForm,
    ProofForm,
    RegisterForm,
    ResetPasswordForm,
    SignInForm,
)

__all__ = [
    "PROOF_BYTES",
    "PROOF_KINDS",
    "PROOF_PAGES",
    "AnswerRequestForm",
    "ChangePasswordForm",
    "DecideMembershipForm",
    "EndMembershipForm",
    "ForgottenForm",
    "GrantRoleForm",
    "InviteForm",
    "InvitedForm",
    "LevelForm",
    "MailChoicesForm",
    "OrganisationForm",
    "ProofForm",
    "RegisterForm",
    "ResetPasswordForm",
    "SignInForm",
]
