"""What the enterprise reads of its applications: cards with steps, what needs doing, where one stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from grants.applications.domain import Progress
from grants.applications.models import Application, CorrectionRequest
from grants.applications.policies import closes_at
from grants.applications.presenters import AskedItem, asked_items
from grants.applications.queries import load_draft
from grants.applications.states import ApplicationState
from grants.calls.queries import list_extensions_of
from grants.desk import presenters, queries
from grants.desk.deadlines import due_on
from grants.desk.domain import HistoryEntry, Urgency, urgency
from grants.desk.outcome import Outcome, build_outcome
from grants.desk.outlook import next_of, next_words
from grants.desk.timeline import TimelineItem, timeline_for_enterprise
from grants.eligibility import queries as checks
from grants.eligibility.models import FormalDecision, FormalNotice, Reconsideration
from grants.kernel.clock import local_date
from grants.kernel.working_days import WorkingCalendar
from grants.programmes.queries import definition_of
from grants.web.filters import local_date as day_words
from grants.web.filters import wan_text

S = ApplicationState
LAST = date.max


@dataclass(frozen=True, slots=True)
class Card:
    """One application on the home page; the fields are those of the macro ``application_card``. ``requested_fen``: what
    it asks for, of a draft so far."""

    application: Application
    state: ApplicationState
    steps: list[dict[str, str]]
    due_on: date | None
    foot: str
    kind: str
    url: str
    action: str
    todo_text: str
    requested_fen: int = 0

    @property
    def needs_enterprise(self) -> bool:
        """Whether the next step is the enterprise's."""
        return self.state in (S.DRAFT, S.RETURNED)


def build_card(
    application: Application,
    history: Sequence[HistoryEntry],
    calendar: WorkingCalendar,
    *,
    correction: CorrectionRequest | None,
    progress: Progress | None,
    on_record: bool,
    now: datetime,
) -> Card:
    """One application with its steps and the next last day."""
    today = local_date(now)
    correction_due_on = correction.due_on if correction is not None else None
    last_day = (
        local_date(closes_at(application))
        if application.state is S.DRAFT
        else due_on(application, application.call, calendar, correction_due_on=correction_due_on)
    )
    state = presenters.shown_state(application.state, on_record=on_record)
    done = _("已填全 %(n)s 节，共 %(m)s 节", n=progress.done, m=len(progress.sections)) if progress else ""
    own = application.state in (S.DRAFT, S.RETURNED)
    return Card(
        application=application,
        state=state,
        steps=presenters.steps_shown(application, history, state=state, due_on=last_day, progress=done),
        due_on=last_day,
        foot=_foot(state, last_day, today, calendar),
        kind=_kind(application.state, last_day, today) if own else "",
        url=_action_url(application),
        action=_action_words(application.state),
        todo_text=_todo_text(application, correction, done),
        requested_fen=application.requested_fen or (progress.requested_fen if progress else 0),
    )


def _kind(state: ApplicationState, last_day: date | None, today: date) -> str:
    near = urgency(last_day, today)
    return str(Urgency.LATE) if state is S.RETURNED else str(near)  # cinnabar from its first day


def _foot(state: ApplicationState, last_day: date | None, today: date, calendar: WorkingCalendar) -> str:
    if last_day is None:
        return ""
    words = {
        S.DRAFT: _("受理截止"),
        S.RETURNED: _("补正截止"),
        S.CHECKED: _("审查期限"),
        S.DISTRICT_REVIEW: _("区级初审期限"),
    }
    left = presenters.left_words(last_day, today, calendar)
    return _("%(what)s：%(day)s，%(left)s", what=words.get(state, ""), day=day_words(last_day), left=left)


def _action_url(application: Application) -> str:
    if application.state in (S.DRAFT, S.RETURNED):
        return url_for("applications.missing", application_id=application.id)
    return url_for("desk.enterprise_application", application_id=application.id)


def _action_words(state: ApplicationState) -> str:
    words = {S.DRAFT: _("继续填报"), S.RETURNED: _("去补正")}
    return words.get(state, _("查看办理情况"))


def _todo_text(application: Application, correction: CorrectionRequest | None, done: str) -> str:
    if correction is not None and application.state is S.RETURNED:
        rounds = definition_of(application.call.definition).correction_rounds
        last = _("这是最后一次补正。") if correction.round_no >= rounds else ""
        return _("退回 %(n)s 处：%(reason)s%(last)s", n=len(correction.items), reason=correction.reason, last=last)
    return done


def list_todo(cards: Iterable[Card]) -> list[dict[str, Any]]:
    """What waits for the enterprise, the nearest last day first, for the macro ``todo_list``."""
    waiting = sorted((card for card in cards if card.needs_enterprise), key=lambda card: card.due_on or LAST)
    return [
        {
            "when": card.foot.rpartition("，")[2],
            "date": day_words(card.due_on),
            "kind": card.kind,
            "title": _todo_title(card),
            "text": card.todo_text,
            "url": card.url,
            "action": card.action,
            "primary": number == 0,
        }
        for number, card in enumerate(waiting)
    ]


def _todo_title(card: Card) -> str:
    title = card.application.title or card.application.call.title
    if card.state is S.RETURNED:
        return _("补正“%(title)s”的申报材料", title=title)
    return _("完成“%(title)s”的填报", title=title)


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the status page shows."""

    card: Card
    next_words: str
    outcome: Outcome
    correction: CorrectionRequest | None
    asked: tuple[AskedItem, ...]
    decision: FormalDecision | None
    reconsideration: Reconsideration | None
    notices: Sequence[FormalNotice]
    ground: Mapping[str, Any] | None
    given_up: str
    timeline: list[TimelineItem]
    amount: str


def build_status(
    session: Session,
    application: Application,
    *,
    calendar: WorkingCalendar,
    progress: Mapping[UUID, Progress],
    now: datetime,
) -> Status:
    """Where one application stands; what is only proposed reads 待人工确认."""
    entries = queries.list_entries(session, application.id)
    rounds = definition_of(application.call.definition).correction_rounds
    correction = queries.list_corrections_due(session, [application.id]).get(application.id)
    on_record = application.call_id in queries.calls_on_record(session, [application.call_id])
    history = [HistoryEntry(entry.kind, entry.at) for entry in entries]
    card = build_card(
        application,
        history,
        calendar,
        correction=correction,
        progress=progress.get(application.id),
        on_record=on_record,
        now=now,
    )
    notice_ends_on = queries.find_notice_end(session, application.call_id) if card.state is S.ON_NOTICE else None
    coming = next_of(
        application,
        card.state,
        history,
        calendar,
        last_day=card.due_on,
        notice_ends_on=notice_ends_on,
        today=local_date(now),
    )
    notices = checks.list_notices(session, application)
    returned = correction if application.state is S.RETURNED else None
    decision = checks.find_decision(session, application)
    reconsideration = checks.find_reconsideration(session, decision)
    return Status(
        card=card,
        next_words=next_words(
            application,
            card.state,
            coming,
            calendar,
            last_day=card.due_on,
            correction=correction,
            notice_ends_on=notice_ends_on,
            reconsideration=reconsideration,
            now=now,
        ),
        outcome=build_outcome(session, application, returned),
        correction=returned,
        asked=asked_items(load_draft(session, application), application.id, returned.items) if returned else (),
        decision=decision,
        reconsideration=reconsideration,
        notices=notices,
        ground=ground_of(notices) if card.state is S.REJECTED else None,
        given_up=presenters.later_check_words(_given_up(session, application)),
        timeline=timeline_for_enterprise(
            entries,
            list_extensions_of(session, application.call_id, application.organisation_id),
            rounds=rounds,
        ),
        amount=_("%(wan)s 万元", wan=wan_text(card.requested_fen)) if card.requested_fen else _("未填写"),
    )


def ground_of(notices: Sequence[FormalNotice]) -> Mapping[str, Any] | None:
    """What a rejection rests on, as the latest notice has it in writing: the condition, what was found, the records it
    was read from; with the lines of the office that an objection goes to. None where nothing was put in writing."""
    content = json.loads(notices[0].content) if notices else {}
    if "ground" not in content:
        return None
    sources = [
        _("%(source)s（截至 %(day)s）", source=used["source"], day=used["asof"][:10])
        if used["asof"]
        else used["source"]
        for used in content["ground"]["evidence"]
    ]
    return {**content["ground"], "sources": sources, "contact": content["contact"]}


def _given_up(session: Session, application: Application) -> Sequence[str]:
    revision_id = checks.find_revision_id(session, application)
    return checks.list_given_up(session, application, revision_id) if revision_id else ()
