"""Fields and texts that several forms of accounts share."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from grants.accounts.domain import normal_email, normal_phone, valid_email
from grants.web.fields import UploadField
from grants.web.wording import reason_text

PROOF_KINDS = ("pdf", "jpg", "png")
PROOF_BYTES = 10 * 1024 * 1024
PROOF_PAGES = 20
PASSWORD_HELP = _l("至少 10 个字符，包含大写字母、小写字母、数字、符号中的三种；或 16 个以上任意字符")


def strip(text: str | None) -> str | None:
    return text.strip() if text else text


def half_width_phone(text: str | None) -> str | None:
    return normal_phone(text) if text else text


class EmailField(StringField):
    """An e-mail address in its normal form."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = normal_email(valuelist[0])

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and self.data and not valid_email(self.data):
            raise ValidationError(reason_text("email_invalid"))


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
