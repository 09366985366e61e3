"""The worklist's views, filters and addresses, from the query string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from grants.applications.states import ApplicationState
from grants.desk.queries import COUNT_CAP, NOBODY, WorklistFilter
from grants.eligibility.states import Proposal
from grants.kernel.actor import Actor, Role
from grants.kernel.districts import DISTRICTS
from grants.kernel.errors import InvalidError

S = ApplicationState
MAX_TEXT = 100
KEYS = ("view", "call", "state", "district", "verdict", "officer", "sort", "q")
ME, NO_ONE = "me", "nobody"
BY_DUE = "due"


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: what waits for somebody with one of ``roles``.

    ``mine``: only what the reader has been given. ``late``: only what is overdue today. ``by_due``: those due first in
    front, unless the reader wants otherwise.
    """

    key: str
    label: object
    wanted: WorklistFilter
    roles: frozenset[Role]
    mine: bool = False
    late: bool = False
    by_due: bool = False


OFFICE = frozenset({Role.OFFICER})
DEALT_WITH = (S.CHECKED, S.CHECK_FAILED)
VIEWS: tuple[View, ...] = (
    View("mine", _l("指派给我"), WorklistFilter(states=DEALT_WITH), OFFICE, mine=True, by_due=True),
    View("late", _l("已超期"), WorklistFilter(states=(S.CHECKED,)), OFFICE, late=True, by_due=True),
    View("free", _l("未指派"), WorklistFilter(states=DEALT_WITH, officer=NOBODY), OFFICE, by_due=True),
    View("check", _l("待我审查"), WorklistFilter(states=(S.CHECKED,)), OFFICE, by_due=True),
    View(
        "confirm",
        _l("待人工确认"),
        WorklistFilter(states=(S.CHECKED,), proposals=(Proposal.REJECT, Proposal.LOOK)),
        OFFICE,
        by_due=True,
    ),
    View("corrected", _l("退回后已补正"), WorklistFilter(states=(S.CHECKED,), corrected=True), OFFICE, by_due=True),
    View("objected", _l("待复核"), WorklistFilter(states=(S.REJECTED,), reconsidered=True), OFFICE, by_due=True),
    View("failed", _l("核验未完成"), WorklistFilter(states=(S.CHECK_FAILED,)), OFFICE),
    View("recheck", _l("受理后复核不符"), WorklistFilter(states=(S.ACCEPTED,), failing=True), OFFICE),
    View("draw", _l("待抽取专家"), WorklistFilter(states=(S.ACCEPTED,)), OFFICE),
    View(
        "district",
        _l("待区级初审"),
        WorklistFilter(states=(S.DISTRICT_REVIEW,)),
        frozenset({Role.DISTRICT_OFFICER}),
        by_due=True,
    ),
    View("reviewed", _l("待综合平衡"), WorklistFilter(states=(S.REVIEWED,)), frozenset({Role.APPROVER})),
)
OPEN = View(  # what counts as an officer's work: where the figures of the workload lead
    "open",
    _l("待办案卷"),
    WorklistFilter(states=DEALT_WITH),
    frozenset({Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR}),
    by_due=True,
)
ALL = View("all", _l("全部案卷"), WorklistFilter(), frozenset(Role))
STATES = tuple(state for state in S if state is not S.DRAFT)
VERDICTS: Mapping[str, tuple[object, tuple[Proposal, ...]]] = {
    "clear": (_l("未发现问题"), (Proposal.ACCEPT,)),
    "return": (_l("拟退回补正"), (Proposal.RETURN,)),
    "look": (_l("需人工判断"), (Proposal.LOOK,)),
    "reject": (_l("拟不予受理"), (Proposal.REJECT,)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the query string asks for, checked: a view and what narrows it."""

    view: View
    filters: Mapping[str, str]

    @property
    def by_due(self) -> bool:
        """Whether those due first stand in front."""
        return self.filters.get("sort", BY_DUE if self.view.by_due else "") == BY_DUE

    @property
    def arguments(self) -> dict[str, str]:
        """The query string of this list."""
        return {"view": self.view.key, **self.filters}

    def without(self, key: str) -> dict[str, str]:
        """The query string with one filter taken off."""
        return {name: value for name, value in self.arguments.items() if name != key}

    def put(self, key: str, value: str) -> dict[str, str]:
        """The query string with one filter set."""
        return {**self.arguments, key: value}


def views_for(actor: Actor, today: date) -> tuple[View, ...]:
    """The saved views of this reader as of today, the one for everything last."""
    return (*(_settled(view, actor, today) for view in VIEWS if actor.has(*view.roles)), ALL)


def _settled(view: View, actor: Actor, today: date) -> View:
    officer = actor.person_id if view.mine else view.wanted.officer
    return replace(view, wanted=replace(view.wanted, officer=officer, due_before=today if view.late else None))


def read_arguments(actor: Actor, given: MultiDict[str, str], today: date) -> Asked:
    """The view and filters of a request; without a view what waits for the reader, while searching all.

    Raises:
        InvalidError: ``bad_filter``, a value that no link of ours has made.
    """
    views = {view.key: view for view in (*views_for(actor, today), *([OPEN] if actor.has(*OPEN.roles) else []))}
    filters = {key: given[key].strip()[:MAX_TEXT] for key in KEYS[1:] if given.get(key, "").strip()}
    key = given.get("view") or (ALL.key if set(filters) - {"sort"} else _first(views))
    known = {
        "state": {str(state) for state in STATES},
        "district": set(DISTRICTS),
        "verdict": set(VERDICTS),
        "sort": {BY_DUE, "id"},
    }
    if key not in views or any(filters[name] not in values for name, values in known.items() if name in filters):
        raise InvalidError("bad_filter")
    if "officer" in filters:
        officer_of(filters["officer"], actor)
    return Asked(views[key], filters)


def _first(views: Mapping[str, View]) -> str:
    """What an officer meets first: everything that waits, not only what was given to them."""
    return "check" if "check" in views else next(iter(views))


def officer_of(value: str, actor: Actor) -> UUID | None:
    """Whose cases the query string asks for; raises InvalidError (``bad_filter``)."""
    if value == ME:
        return actor.person_id
    if value == NO_ONE:
        return NOBODY
    try:
        return UUID(value)
    except ValueError:
        raise InvalidError("bad_filter") from None


def filter_of(asked: Asked, calls: Sequence[Any], actor: Actor) -> WorklistFilter:
    """What to look for. Naming the calls in every case lets the index over call and state serve the list."""
    base, filters = asked.view.wanted, asked.filters
    states = (S(filters["state"]),) if "state" in filters else base.states
    return replace(
        base,
        calls=_call_ids(calls, filters.get("call")),
        states=states,
        proposals=VERDICTS[filters["verdict"]][1] if "verdict" in filters else base.proposals,
        district=filters.get("district", ""),
        text=filters.get("q", ""),
        officer=officer_of(filters["officer"], actor) if "officer" in filters else base.officer,
    )


def _call_ids(calls: Sequence[Any], ref: str | None) -> tuple[UUID, ...]:
    found = tuple(call.id for call in calls if ref in (None, call.ref))
    if ref is not None and not found:
        raise InvalidError("bad_filter")
    return found


def counted(views: Iterable[View], calls: Sequence[Any]) -> dict[str, WorklistFilter]:
    """The filters to count: each saved view, and each state."""
    ids = tuple(call.id for call in calls)
    found = {f"view.{view.key}": _in_calls(view.wanted, ids) for view in views if view is not ALL}
    found.update({f"state.{state}": WorklistFilter(calls=ids, states=(state,)) for state in STATES})
    return found


def _in_calls(wanted: WorklistFilter, ids: tuple[UUID, ...]) -> WorklistFilter:
    return replace(wanted, calls=ids)


def count_words(count: int) -> str:
    """A count as it is shown: ``99+`` beyond the cap."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)
