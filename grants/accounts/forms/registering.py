"""Signing in, registering, passwords."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from grants.accounts.domain import password_faults, valid_phone
from grants.accounts.forms.fields import PASSWORD_HELP, EmailField, half_width_phone, proof_field, strip
from grants.web.fields import UsccField
from grants.web.forms import StageForm
from grants.web.wording import reason_text


class SignInForm(StageForm):
    """E-mail and password. Too long a password is refused unread."""

    email = EmailField(_l("电子邮箱"), validators=[InputRequired(_l("请填写电子邮箱。")), Length(max=254)])
    password = PasswordField(
        _l("密码"), validators=[InputRequired(_l("请填写密码。")), Length(max=1_000, message=_l("密码太长。"))]
    )


class ProofForm(StageForm):
    """The papers alone."""

    proof = proof_field()


class OrganisationForm(StageForm):
    """One organisation to act for."""

    uscc = UsccField(
        _l("统一社会信用代码"),
        description=_l("18 位，见营业执照右上角"),
        validators=[InputRequired(_l("请填写统一社会信用代码。"))],
    )
    organisation_name = StringField(
        _l("单位名称"),
        filters=[strip],
        description=_l("与营业执照一致的全称"),
        validators=[InputRequired(_l("请填写单位名称。")), Length(max=120, message=_l("单位名称不超过 120 字。"))],
    )
    proof = proof_field()


class PersonForm(StageForm):
    """Who somebody is and how to reach them."""

    name = StringField(
        _l("经办人姓名"),
        filters=[strip],
        validators=[InputRequired(_l("请填写经办人姓名。")), Length(max=80, message=_l("姓名不超过 80 字。"))],
    )
    phone = StringField(
        _l("联系电话"), filters=[half_width_phone], validators=[InputRequired(_l("请填写联系电话。")), Length(max=25)]
    )

    def validate_phone(self, field: StringField) -> None:
        if not valid_phone(field.data or ""):
            raise ValidationError(_("请填写手机号或带区号的固定电话，例如 021-0000 0000。"))


class ContactForm(PersonForm):
    """Who registers."""

    email = EmailField(
        _l("电子邮箱"),
        description=_l("用于登录和接收通知"),
        validators=[InputRequired(_l("请填写电子邮箱。")), Length(max=254)],
    )


class NewPasswordForm(StageForm):
    """A new password, twice, strong enough for its owner; ``owner`` gives (e-mail, name)."""

    new_password = PasswordField(
        _l("新密码"), description=PASSWORD_HELP, validators=[InputRequired(_l("请填写密码。"))]
    )
    new_password_again = PasswordField(_l("再次输入新密码"), validators=[InputRequired(_l("请再次输入密码。"))])

    def owner(self) -> tuple[str, str]:
        """Whose address and name the password must not hold."""
        raise NotImplementedError

    def validate_new_password(self, field: PasswordField) -> None:
        email, name = self.owner()
        faults = password_faults(field.data or "", email=email, name=name)
        if faults:
            raise ValidationError(" ".join(reason_text(code) for code in faults))

    def validate_new_password_again(self, field: PasswordField) -> None:
        if field.data != self.new_password.data:
            raise ValidationError(_("两次输入的密码不一致。"))


class ChangePasswordForm(NewPasswordForm):
    """The password in force, then the new one."""

    password = PasswordField(_l("当前密码"), validators=[InputRequired(_l("请填写当前密码。")), Length(max=1_000)])

    def __init__(self, *, email: str, name: str) -> None:
        super().__init__()
        self._owner = (email, name)

    def owner(self) -> tuple[str, str]:
        return self._owner


class RegisterForm(OrganisationForm, ContactForm, NewPasswordForm):
    """Everything an enterprise registers with; fields stand in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.new_password.label.text = _("密码")
        self.new_password_again.label.text = _("再次输入密码")

    def owner(self) -> tuple[str, str]:
        return self.email.data or "", self.name.data or ""


class ForgottenForm(StageForm):
    """For which address a new password is wanted."""

    email = EmailField(
        _l("电子邮箱"),
        description=_l("登录时使用的邮箱"),
        validators=[InputRequired(_l("请填写电子邮箱。")), Length(max=254)],
    )


class ResetPasswordForm(NewPasswordForm):
    """The new password of somebody who forgot the old one."""

    def __init__(self, *, email: str, name: str) -> None:
        super().__init__()
        self._owner = (email, name)

    def owner(self) -> tuple[str, str]:
        return self._owner
