"""What a pre-check tells: which conditions hold, which do not, what cannot be told yet and why; the likely amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.calls.domain import Precheck
from grants.kernel.money import wan_text, yuan_text
from grants.programmes.domain import (
    Awaited,
    Definition,
    FieldKind,
    FindingVerdict,
    FundingWorking,
    Outlook,
    Severity,
    condition_sentence,
    describe_name,
)
from grants.programmes.presenters import SEVERITIES
from grants.questions import anchor_of, table_id

STOPPING = (Severity.REJECT, Severity.RETURN)
UNASKED_STEPS = 3  # the request, the minimum and what results: none of them is asked here

LATER: dict[Awaited, tuple[object, object]] = {
    Awaited.REGISTER: (_l("查询登记、信用等信息后核验"), _l("提交后由系统查询，这里不查询。")),
    Awaited.ELSEWHERE: (_l("按申报表的其他内容核验"), _l("申报时填写，填写中会提前提示。")),
    Awaited.DOCUMENT: (_l("按申报材料核验"), _l("申报时上传。")),
    Awaited.UNDERTAKING: (_l("提交时作出的承诺"), _l("由签字人在提交时确认。")),
    Awaited.LATER: (_l("提交时或以后的环节核验"), ""),
}


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition. ``text`` is the finding where there is one, else the condition in words; ``links`` lead to what is
    still empty; ``badge``: tone and words of what follows where it does not hold."""

    rule: str
    title: str
    text: str
    clause: str
    remedy: str = ""
    badge: tuple[str, str] | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LaterGroup:
    """Conditions that only something else will tell."""

    title: str
    lead: str
    lines: tuple[ConditionLine, ...]


@dataclass(frozen=True, slots=True)
class AmountView:
    """The likely amount in 万元 with its working; without ``amount`` what is missing for it."""

    amount: str
    steps: tuple[tuple[str, str], ...]
    note: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PrecheckView:
    """The result: ``kind`` is the tone of the headline (``law``, ``caution`` or ``ok``)."""

    kind: str
    headline: str
    against: tuple[ConditionLine, ...]
    hints: tuple[ConditionLine, ...]
    empty: tuple[ConditionLine, ...]
    met: tuple[ConditionLine, ...]
    later: tuple[LaterGroup, ...]
    not_applicable: int
    amount: AmountView

    @property
    def later_count(self) -> int:
        return sum(len(group.lines) for group in self.later)


def precheck_view(definition: Definition, found: Precheck) -> PrecheckView:
    """The result in words and in the order in which it matters to an applicant."""
    told = _Words(definition, found)
    standing = [one for one in found.outlooks if one.stands]
    failed = [one for one in standing if one.finding.verdict is FindingVerdict.FAIL]
    against = [one for severity in STOPPING for one in failed if one.finding.severity is severity]
    hints = [one for one in failed if one.finding.severity not in STOPPING]
    undecided = [one for one in standing if one.finding.verdict is FindingVerdict.UNKNOWN]
    empty = [one for one in found.outlooks if one.awaited is Awaited.ANSWER]
    kind, headline = _headline(against, empty)
    return PrecheckView(
        kind=kind,
        headline=headline,
        against=told.lines(against, told.finding),
        hints=told.lines(hints, told.finding),
        empty=told.lines(empty, told.awaited) + told.lines(undecided, told.finding),
        met=told.lines((one for one in standing if one.finding.verdict is FindingVerdict.PASS), told.condition),
        later=tuple(told.groups()),
        not_applicable=sum(one.finding.verdict is FindingVerdict.NOT_APPLICABLE for one in standing),
        amount=_amount(definition, found),
    )


class _Words:
    """Lines of one pre-check."""

    def __init__(self, definition: Definition, found: Precheck) -> None:
        self.definition, self.found = definition, found

    def lines(self, outlooks: Iterable[Outlook], make: Callable[[Outlook], ConditionLine]) -> tuple[ConditionLine, ...]:
        return tuple(make(one) for one in outlooks)

    def groups(self) -> Iterable[LaterGroup]:
        for awaited, (title, lead) in LATER.items():
            lines = self.lines((one for one in self.found.outlooks if one.awaited is awaited), self.condition)
            if lines:
                yield LaterGroup(str(title), str(lead), lines)

    def finding(self, one: Outlook) -> ConditionLine:
        found = one.finding
        tone, words = SEVERITIES[found.severity]
        return ConditionLine(found.rule, found.title, found.message, found.clause, found.remedy, (tone, str(words)))

    def condition(self, one: Outlook) -> ConditionLine:
        rule = self.definition.rule(one.finding.rule)
        sentence = condition_sentence(self.definition, rule, self.found.case.call)
        return ConditionLine(one.finding.rule, one.finding.title, sentence, one.finding.clause)

    def awaited(self, one: Outlook) -> ConditionLine:
        line = self.condition(one)
        return ConditionLine(line.rule, line.title, line.text, line.clause, links=_links(self.definition, one.open))


def precheck_json(definition: Definition, found: Precheck) -> dict[str, Any]:
    """The result for a script: every finding, whether it stands, what it waits for; the amount in fen. JSON-safe."""
    working = found.working
    return {
        "definition": {"code": definition.code, "version": definition.version, "fingerprint": definition.fingerprint},
        "findings": [
            {"finding": one.finding.to_json(), "stands": one.stands, "awaited": one.awaited, "open": list(one.open)}
            for one in found.outlooks
        ],
        "amount": {
            "entitled_fen": None if found.amount_waits_for else working.entitled_fen,
            "base_fen": working.base_fen,
            "steps": [list(step) for step in working.steps],
            "open": list(found.amount_waits_for),
        },
    }


def _headline(against: Sequence[Outlook], empty: Sequence[Outlook]) -> tuple[str, str]:
    rejecting = sum(one.finding.severity is Severity.REJECT for one in against)
    if rejecting:
        return "law", str(_("有 %(n)s 项条件不满足，按现在填写的内容不能申报", n=rejecting))
    if against:
        return "caution", str(_("有 %(n)s 项需要改正，改正后才能通过形式审查", n=len(against)))
    if empty:
        return "caution", str(_("已填写的内容没有发现不满足的条件，还有 %(n)s 项因没有填写不能判断", n=len(empty)))
    return "ok", str(_("能在这里判断的条件都满足"))


def _amount(definition: Definition, found: Precheck) -> AmountView:
    working = found.working
    if working.entitled_fen is None or found.amount_waits_for:
        return AmountView("", (), "", _links(definition, found.amount_waits_for))
    steps = working.steps if working.requested_fen is not None else working.steps[:-UNASKED_STEPS]
    return AmountView(wan_text(working.entitled_fen), steps, _least(working), ())


def _least(working: FundingWorking) -> str:
    """What the minimum does to the amount, where it does anything."""
    if working.minimum_fen is None or working.entitled_fen is None or working.entitled_fen >= working.minimum_fen:
        return ""
    return str(_("低于最低支持金额 %(least)s 元，不予支持。", least=yuan_text(working.minimum_fen)))


def _links(definition: Definition, paths: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Label and address on the page of what is asked there; columns lead to their table."""
    found: dict[str, str] = {}
    for path in paths:
        field = definition.fields_by_path.get(path)
        if field is not None:
            table = path if field.kind is FieldKind.TABLE else path.rpartition(".")[0]
            inside = path not in definition.section_of or field.kind is FieldKind.TABLE
            label = describe_name(definition, table if inside else path)
            found.setdefault(label, f"#{table_id(table) if inside else anchor_of(field)}")
    return tuple(found.items())
