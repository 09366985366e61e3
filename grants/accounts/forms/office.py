"""What the office decides about people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from grants.accounts.domain import GRANTABLE
from grants.accounts.forms.fields import strip
from grants.accounts.presenters import ROLES
from grants.kernel.actor import ANYWHERE, Role
from grants.kernel.districts import DISTRICTS
from grants.web.fields import ChoiceField, MoneyField, RadioChoiceField
from grants.web.forms import StageForm
from grants.web.wording import reason_text


class DecideMembershipForm(StageForm):
    """Approve or refuse; the name as on the licence, or the reason."""

    decision = RadioChoiceField(
        _l("核验结论"),
        options=(("verify", _l("核验通过")), ("refuse", _l("核验不通过"))),
        validators=[InputRequired(_l("请选择核验结论。"))],
    )
    organisation_name = StringField(
        _l("单位名称"),
        filters=[strip],
        description=_l("核验通过时以此为准，请与证明材料核对"),
        validators=[InputRequired(_l("请填写单位名称。")), Length(max=120, message=_l("单位名称不超过 120 字。"))],
    )
    reason = TextAreaField(
        _l("不通过的原因"),
        filters=[strip],
        description=_l("申请人将看到这段文字，请写明缺少什么、怎样补齐"),
        validators=[Length(max=500, message=_l("不超过 500 字。"))],
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
        filters=[strip],
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
