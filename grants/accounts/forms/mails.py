"""Which mails a person wants when."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from wtforms import Field

from grants.notifications import Manner, Theme
from grants.web.fields import RadioChoiceField
from grants.web.forms import StageForm

MANNERS = {
    Manner.AT_ONCE.value: _l("立即发送"),
    Manner.DAILY.value: _l("每天早上八点汇总一封"),
    Manner.NEVER.value: _l("不发邮件"),
}


class MailChoicesForm(StageForm):
    """Which mails come at once, once a day, or not at all."""

    case = RadioChoiceField(
        _l("办理进展"),
        description=_l("自动核验完成、形式审查通过、文件检查等不需要您马上处理的进展。"),
        options=MANNERS,
    )
    colleagues = RadioChoiceField(
        _l("同事协作"), description=_l("章节分工、填报意见等本单位内部的消息。"), options=MANNERS
    )
    reminders = RadioChoiceField(
        _l("截止提醒"), description=_l("截止前 7、3、1 个工作日，提醒还没有提交的草稿。"), options=MANNERS
    )
    office = RadioChoiceField(
        _l("办公提醒"), description=_l("待审批的延期、系统中断等工作人员的待办。"), options=MANNERS
    )

    def keep(self, themes: Collection[Theme]) -> None:
        """Ask for nothing else."""
        for theme in Theme:
            if theme not in themes:
                del self[theme.value]

    def theme_fields(self) -> list[Field]:
        """One field per theme, in order."""
        return [self[theme.value] for theme in Theme if theme.value in self]

    def choices(self) -> dict[Theme, Manner]:
        """What was chosen; the form must have been validated."""
        return {Theme(field.name): Manner(field.data) for field in self.theme_fields() if field.data}
