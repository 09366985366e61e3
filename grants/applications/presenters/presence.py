"""Colleagues in the same draft, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from grants.applications.domain import DOCUMENTS
from grants.applications.queries import Present, Standing
from grants.kernel.actor import Actor
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import Definition
from grants.web.filters import short_time

JUST_NOW = timedelta(minutes=2)


def presence_text(definition: Definition, present: Present, now: datetime) -> str:
    """正在填写“产品与技术”，14:03 起."""
    since = f"{present.since.astimezone(SHANGHAI):%H:%M}"
    titles = {section.key: section.title for section in definition.sections}
    titles[DOCUMENTS] = str(_("申报材料"))
    if present.place not in titles:
        return str(_("正在查看这份申报，%(time)s 起", time=since))
    return str(_("正在填写“%(section)s”，%(time)s 起", section=titles[present.place], time=since))


def change_text(standing: Standing, actor: Actor, now: datetime) -> str:
    """王某 刚刚修改; the person's own changes come from another page of theirs."""
    if standing.person_id == actor.person_id:
        return str(_("已更新为您在另一个页面填写的内容"))
    if now - standing.changed_at < JUST_NOW:
        return str(_("%(name)s 刚刚修改", name=standing.name))
    return str(_("%(name)s 在 %(time)s 修改", name=standing.name, time=short_time(standing.changed_at)))
