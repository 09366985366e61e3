"""Forms of accounts: shape and wording. What concerns other records is the services' matter."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from grants.accounts.domain import GRANTABLE, normal_email, normal_phone, password_faults, valid_email, valid_phone
from grants.accounts.presenters import ROLES
from grants.kernel.actor import ANYWHERE, Role
from grants.kernel.districts import DISTRICTS
from grants.web.fields import ChoiceField, MoneyField, RadioChoiceField, UploadField, UsccField
from grants.web.forms import StageForm
from grants.web.wording import reason_text

PROOF_KINDS = ("pdf", "jpg", "png")
PROOF_BYTES = 10 * 1024 * 1024
PROOF_PAGES = 20
PASSWORD_HELP = _l("至少 10 个字符，包含大写字母、小写字母、数字、符号中的三种；或 16 个以上任意字符")


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


def _phone(text: str | None) -> str | None:
    return normal_phone(text) if text else text


class EmailField(StringField):
    """An e-mail address in its normal form."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = normal_email(valuelist[0])

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and self.data and not valid_email(self.data):
            raise ValidationError(reason_text("email_invalid"))


class SignInForm(StageForm):
    """E-mail and password. Too long a password is refused unread."""

    email = EmailField(_l("电子邮箱"), validators=[InputRequired(_l("请填写电子邮箱。")), Length(max=254)])
    password = PasswordField(
        _l("密码"), validators=[InputRequired(_l("请填写密码。")), Length(max=1_000, message=_l("密码太长。"))]
    )


def proof_field() -> UploadField:
    """The licence or the authorisation letter."""
    return UploadField(
        _l("营业执照或授权书"),
        description=_l("法定代表人办理的上传营业执照；受托办理的上传加盖公章的授权书"),
        accept=PROOF_KINDS,
        max_bytes=PROOF_BYTES,
        max_pages=PROOF_PAGES,
        validators=[InputRequired(_l("请选择营业执照或授权书的扫描件。"))],
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
        filters=[_strip],
        description=_l("与营业执照一致的全称"),
        validators=[InputRequired(_l("请填写单位名称。")), Length(max=120, message=_l("单位名称不超过 120 字。"))],
    )
    proof = proof_field()


class ContactForm(StageForm):
    """Who registers."""

    name = StringField(
        _l("经办人姓名"),
        filters=[_strip],
        validators=[InputRequired(_l("请填写经办人姓名。")), Length(max=80, message=_l("姓名不超过 80 字。"))],
    )
    phone = StringField(
        _l("联系电话"), filters=[_phone], validators=[InputRequired(_l("请填写联系电话。")), Length(max=25)]
    )
    email = EmailField(
        _l("电子邮箱"),
        description=_l("用于登录和接收通知"),
        validators=[InputRequired(_l("请填写电子邮箱。")), Length(max=254)],
    )

    def validate_phone(self, field: StringField) -> None:
        if not valid_phone(field.data or ""):
            raise ValidationError(_("请填写手机号或带区号的固定电话，例如 021-0000 0000。"))


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


class DecideMembershipForm(StageForm):
    """Approve or refuse; the name as on the licence, or the reason."""

    decision = RadioChoiceField(
        _l("核验结论"),
        options=(("verify", _l("核验通过")), ("refuse", _l("核验不通过"))),
        validators=[InputRequired(_l("请选择核验结论。"))],
    )
    organisation_name = StringField(
        _l("单位名称"),
        filters=[_strip],
        description=_l("核验通过时以此为准，请与证明材料核对"),
        validators=[InputRequired(_l("请填写单位名称。")), Length(max=120, message=_l("单位名称不超过 120 字。"))],
    )
    reason = TextAreaField(
        _l("不通过的原因"),
        filters=[_strip],
        description=_l("申请人将看到这段文字，请写明缺少什么、怎样补齐"),
        validators=[Optional(), Length(max=500, message=_l("不超过 500 字。"))],
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if self.decision.data == "refuse" and not field.data:
            raise ValidationError(reason_text("reason_missing"))


class GrantRoleForm(StageForm):
    """A role with its scope; a district for district officers, a call's number for officers and approvers."""

    role = ChoiceField(
        _l("角色"),
        options=[(str(role), ROLES[role]) for role in GRANTABLE],
        validators=[InputRequired(_l("请选择角色。"))],
    )
    district = ChoiceField(_l("所属区"), description=_l("仅区主管部门需要"), options=DISTRICTS, validators=[Optional()])
    call_ref = StringField(
        _l("批次编号"),
        filters=[_strip],
        description=_l("经办、审批人员可限于一个批次，例如 SBC-2027-01；不填为全部批次"),
        validators=[Optional(), Length(max=64)],
    )
    limit = MoneyField(
        _l("单项审批限额"), unit="wan_yuan", description=_l("仅审批人员需要；不填为不限"), validators=[Optional()]
    )

    @property
    def scope(self) -> str:
        """The scope as a grant keeps it; what does not fit the role is refused by the service."""
        if self.role.data == Role.DISTRICT_OFFICER:
            return self.district.data or ""
        return (self.call_ref.data or "").upper() or ANYWHERE
