"""Forms of publication: an objection, its decision, a list's number and date."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from grants.publication.domain import Published
from grants.web.fields import ChoiceField, DatePartsField, RadioChoiceField, UndertakingField, choices
from grants.web.forms import StageForm

PHONE = r"^[0-9+() （）\-]{7,30}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
LEAST_GROUNDS, MOST_GROUNDS = 20, 4_000


class ObjectionForm(StageForm):
    """A named objection to one item."""

    project_no = ChoiceField(_l("对哪个项目有异议"), [InputRequired(_l("请选择项目。"))])
    kind = RadioChoiceField(
        _l("以什么身份提出"),
        [InputRequired(_l("请选择个人或单位。"))],
        options={"person": _l("个人（实名）"), "unit": _l("单位")},
    )
    name = StringField(
        _l("真实姓名或单位全称"),
        [InputRequired(_l("请填写真实姓名或单位全称。")), Length(2, 120, message=_l("请填写 2 至 120 个字。"))],
        description=_l("单位提出的，在理由中写明联系人。"),
    )
    phone = TelField(
        _l("联系电话"),
        [InputRequired(_l("请填写联系电话。")), Regexp(PHONE, message=_l("请填写手机号码或带区号的固定电话。"))],
    )
    email = EmailField(
        _l("电子邮箱"),
        [Optional(), Length(max=254), Regexp(EMAIL, message=_l("邮箱格式不正确，例如 name@example.com。"))],
    )
    grounds = TextAreaField(
        _l("事实和理由"),
        [
            InputRequired(_l("请写明事实和理由。")),
            Length(LEAST_GROUNDS, MOST_GROUNDS, message=_l("请写 20 至 4000 个字。")),
        ],
        description=_l("写明具体事实、依据和可以查证的线索。"),
    )
    truth = UndertakingField(
        _l("实名承诺"),
        [InputRequired(_l("请确认承诺。"))],
        statement=_l("我承诺所填身份真实，所述情况属实，并愿意配合核实。"),
    )

    def offer(self, published: Published) -> None:
        """Let one of the notice's items be chosen."""
        options = [
            (item.project_no, f"{item.seq}. {item.project_name} {item.version}（{item.org_name}）")
            for item in published.items
        ]
        self.project_no.choices = choices(options, blank=str(_l("请选择")))


class DecideObjectionForm(StageForm):
    """Upheld or not, with the reply; ``confirmed`` once the consequences have been read."""

    outcome = RadioChoiceField(
        _l("处理意见"),
        [InputRequired(_l("请选择处理意见。"))],
        options={"reject": _l("异议不成立，公示不变"), "uphold": _l("异议成立，移出公示")},
    )
    reply = TextAreaField(
        _l("答复"),
        [InputRequired(_l("处理异议须写明答复。")), Length(max=2_000, message=_l("不超过 2000 字。"))],
        description=_l("答复异议人；异议成立的，也告知申报单位。不要写入异议人的姓名和联系方式。"),
    )
    confirmed = HiddenField()


class PrepareListForm(StageForm):
    """Number and date of the announcement."""

    doc_no = StringField(
        _l("文号"),
        [InputRequired(_l("请填写文号，不超过 60 字。")), Length(max=60, message=_l("请填写文号，不超过 60 字。"))],
        description=_l("例如：示专项〔2026〕31 号"),
    )
    announced_on = DatePartsField(_l("公告日期"), [InputRequired(_l("请填写公告日期。"))])


class PublishForm(StageForm):
    """The administrator's yes to the plan that was shown."""

    seen = HiddenField(validators=[InputRequired()])


class ReleaseForm(StageForm):
    """The second person's yes, citing the fingerprint that was shown."""

    sha256 = HiddenField(validators=[InputRequired()])
