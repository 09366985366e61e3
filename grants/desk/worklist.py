"""The worklist's views, filters and addresses, from the query string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.desk.queries import COUNT_CAP, WorklistFilter
from grants.eligibility.states import Proposal
from grants.kernel.actor import Actor, Role
from grants.kernel.districts import DISTRICTS
from grants.kernel.errors import InvalidError

S = ApplicationState
MAX_TEXT = 100
KEYS = ("view", "call", "state", "district", "verdict", "q")


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: what waits for somebody with one of ``roles``."""

    key: str
    label: object
    wanted: WorklistFilter
    roles: frozenset[Role]


OFFICE = frozenset({Role.OFFICER})
VIEWS: tuple[View, ...] = (
    View("check", _l("待我审查"), WorklistFilter(states=(S.CHECKED,)), OFFICE),
    View(
        "confirm",
        _l("待人工确认"),
        WorklistFilter(states=(S.CHECKED,), proposals=(Proposal.REJECT, Proposal.LOOK)),
        OFFICE,
    ),
    View("corrected", _l("退回后已补正"), WorklistFilter(states=(S.CHECKED,), corrected=True), OFFICE),
    View("failed", _l("核验未完成"), WorklistFilter(states=(S.CHECK_FAILED,)), OFFICE),
    View("draw", _l("待抽取专家"), WorklistFilter(states=(S.ACCEPTED,)), OFFICE),
    View("district", _l("待区级初审"), WorklistFilter(states=(S.DISTRICT_REVIEW,)), frozenset({Role.DISTRICT_OFFICER})),
    View("reviewed", _l("待综合平衡"), WorklistFilter(states=(S.REVIEWED,)), frozenset({Role.APPROVER})),
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
    def arguments(self) -> dict[str, str]:
        """The query string of this list."""
        return {"view": self.view.key, **self.filters}

    def without(self, key: str) -> dict[str, str]:
        """The query string with one filter taken off."""
        return {name: value for name, value in self.arguments.items() if name != key}

    def put(self, key: str, value: str) -> dict[str, str]:
        """The query string with one filter set."""
        return {**self.arguments, key: value}


def views_for(actor: Actor) -> tuple[View, ...]:
    """The saved views of this reader, the one for everything last."""
    return (*(view for view in VIEWS if actor.has(*view.roles)), ALL)


def read_arguments(actor: Actor, given: MultiDict[str, str]) -> Asked:
    """The view and filters of a request; without a view the reader's first one, while searching all.

    Raises:
        InvalidError: ``bad_filter``, a value that no link of ours has made.
    """
    views = {view.key: view for view in views_for(actor)}
    filters = {key: given[key].strip()[:MAX_TEXT] for key in KEYS[1:] if given.get(key, "").strip()}
    key = given.get("view") or (ALL.key if filters else next(iter(views)))
    known = {
        "state": {str(state) for state in STATES},
        "district": set(DISTRICTS),
        "verdict": set(VERDICTS),
    }
    if key not in views or any(filters[name] not in values for name, values in known.items() if name in filters):
        raise InvalidError("bad_filter")
    return Asked(views[key], filters)


def filter_of(asked: Asked, calls: Sequence[Call]) -> WorklistFilter:
    """What to look for. Naming the calls in every case lets the index over call and state serve the list."""
    base, filters = asked.view.wanted, asked.filters
    states = (S(filters["state"]),) if "state" in filters else base.states
    return WorklistFilter(
        calls=_call_ids(calls, filters.get("call")),
        states=states,
        proposals=VERDICTS[filters["verdict"]][1] if "verdict" in filters else base.proposals,
        district=filters.get("district", ""),
        corrected=base.corrected,
        text=filters.get("q", ""),
    )


def _call_ids(calls: Sequence[Call], ref: str | None) -> tuple[UUID, ...]:
    found = tuple(call.id for call in calls if ref in (None, call.ref))
    if ref is not None and not found:
        raise InvalidError("bad_filter")
    return found


def counted(views: Iterable[View], calls: Sequence[Call]) -> dict[str, WorklistFilter]:
    """The filters to count: each saved view, and each state."""
    ids = tuple(call.id for call in calls)
    found = {f"view.{view.key}": _in_calls(view.wanted, ids) for view in views if view is not ALL}
    found.update({f"state.{state}": WorklistFilter(calls=ids, states=(state,)) for state in STATES})
    return found


def _in_calls(wanted: WorklistFilter, ids: tuple[UUID, ...]) -> WorklistFilter:
    return WorklistFilter(ids, wanted.states, wanted.proposals, wanted.district, wanted.corrected)


def count_words(count: int) -> str:
    """A count as it is shown: ``99+`` beyond the cap."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)
