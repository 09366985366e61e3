"""What owners ask about the members of their unit, and what somebody invited fills in."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from grants.accounts.forms.fields import EmailField, strip
from grants.accounts.forms.registering import NewPasswordForm, PersonForm
from grants.accounts.presenters import LEVEL_OPTIONS
from grants.web.fields import RadioChoiceField
from grants.web.forms import StageForm
from grants.web.wording import reason_text

REASON_LENGTH = 500


def level_field(*, required: bool = True) -> RadioChoiceField:
    """What a member may do, each level beside what it allows."""
    rules = [InputRequired(_l("请选择身份。"))] if required else []
    return RadioChoiceField(_l("身份"), options=LEVEL_OPTIONS, validators=rules)


def reason_field(label: object, description: object) -> TextAreaField:
    """A reason that the person concerned reads."""
    return TextAreaField(
        label,
        filters=[strip],
        description=description,
        validators=[Length(max=REASON_LENGTH, message=_l("不超过 500 字。"))],
    )


class InviteForm(StageForm):
    """Whom to invite, as what."""

    email = EmailField(
        _l("电子邮箱"),
        description=_l("邀请发到这个邮箱，只有使用这个邮箱的账号可以接受"),
        validators=[InputRequired(_l("请填写电子邮箱。")), Length(max=254)],
    )
    level = level_field()


class LevelForm(StageForm):
    """Another level for a member."""

    level = level_field()


class AnswerRequestForm(StageForm):
    """Vouch for somebody who asks to join, as what; or decline with a reason."""

    decision = RadioChoiceField(
        _l("办理意见"),
        options=(("vouch", _l("同意加入")), ("decline", _l("不同意加入"))),
        validators=[InputRequired(_l("请选择办理意见。"))],
    )
    level = level_field(required=False)
    reason = reason_field(_l("不同意的原因"), _l("申请人将看到这段文字"))

    def validate_level(self, field: RadioChoiceField) -> None:
        if self.decision.data == "vouch" and not field.data:
            raise ValidationError(_("请选择身份。"))

    def validate_reason(self, field: TextAreaField) -> None:
        if self.decision.data == "decline" and not field.data:
            raise ValidationError(reason_text("decline_without_reason"))


class EndMembershipForm(StageForm):
    """Why a membership ends; the person reads it."""

    reason = TextAreaField(
        _l("终止的原因"),
        filters=[strip],
        description=_l("对方将看到这段文字"),
        validators=[
            InputRequired(_l("请填写终止的原因，对方将看到这段文字。")),
            Length(max=REASON_LENGTH, message=_l("不超过 500 字。")),
        ],
    )


class InvitedForm(PersonForm, NewPasswordForm):
    """What somebody without an account fills in to accept an invitation; the address is that of the invitation."""

    def __init__(self, *, email: str) -> None:
        super().__init__()
        self._email = email
        self.name.label.text = _("姓名")
        self.new_password.label.text = _("密码")
        self.new_password_again.label.text = _("再次输入密码")

    def owner(self) -> tuple[str, str]:
        return self._email, self.name.data or ""
