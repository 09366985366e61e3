"""The guide of a call, sentence by sentence, with the figures of this call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from grants.calls.models import Call
from grants.programmes.domain import (
    CallFacts,
    Case,
    CaseView,
    Definition,
    DocumentSlot,
    Severity,
    check_parameters,
    condition_sentence,
    describe_name,
)
from grants.programmes.presenters import basis_text, number_text, rules_by_severity, track_sentence, yuan_words
from grants.programmes.services import find_template


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of the guide; ``note`` says what is special about it, ``template`` is the name of its blank form."""

    key: str
    label: str
    required: bool
    note: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """What the public page says, sentence by sentence, with the figures of one call."""

    basis: Sequence[str]
    conditions: Sequence[str]
    corrections: Sequence[str]
    hints: Sequence[str]
    documents: Sequence[DocumentLine]
    document_rule: str
    panel: Sequence[str]
    support: Sequence[str]
    amount: str

    @property
    def required_count(self) -> int:
        return sum(line.required for line in self.documents)


def facts_of(call: Call, definition: Definition) -> CallFacts:
    """The call as rules see it, typed."""
    return CallFacts(
        ref=call.ref,
        year=call.year,
        asof=call.asof_on,
        opens_at=call.opens_at,
        effective_close=call.closes_at,
        funds=tuple(fund.code for fund in call.funds),
        parameters=check_parameters(definition, call.parameters),
    )


def guide_of(call: Call, definition: Definition) -> Guide:
    """The guide of a call: sentences only, never expressions."""
    facts = facts_of(call, definition)
    names = CaseView(definition, Case(definition.code, facts, None, {}, {}))
    documents = [_document_line(definition, slot) for slot in definition.documents if slot.phase == "application"]
    return Guide(
        basis=[basis_text(entry) for entry in definition.basis],
        conditions=_sentences(definition, facts, Severity.REJECT),
        corrections=_sentences(definition, facts, Severity.RETURN),
        hints=_sentences(definition, facts, Severity.MANUAL, Severity.WARN),
        documents=sorted(documents, key=lambda line: not line.required),
        document_rule=_usual_document(definition),
        panel=_panel_sentences(definition, names),
        support=_support_sentences(definition, names),
        amount=_amount_sentence(definition, names),
    )


def _sentences(definition: Definition, facts: CallFacts, *severities: Severity) -> list[str]:
    return [condition_sentence(definition, rule, facts) for rule in rules_by_severity(definition, *severities)]


def _document_line(definition: Definition, slot: DocumentSlot) -> DocumentLine:
    notes = []
    if slot.rows_of:
        notes.append(_("%(table)s每行一份", table=definition.field(slot.rows_of).label))
    if slot.required_if is not None:
        notes.append(_("视情形必交"))
    elif not slot.required:
        notes.append(_("选交"))
    if (limits := _limits(slot)) != _usual_document(definition):
        notes.append(limits)
    template = find_template(definition, slot)
    return DocumentLine(
        slot.key,
        slot.label,
        slot.required,
        str(_("，")).join(str(note) for note in notes),
        template.name if template else "",
    )


def _limits(slot: DocumentSlot) -> str:
    kinds = "、".join(kind.upper() for kind in slot.accept)
    size = slot.max_bytes // 1_048_576
    if slot.max_pages:
        return str(_("%(kinds)s，不超过 %(mb)s MB、%(pages)s 页", kinds=kinds, mb=size, pages=slot.max_pages))
    return str(_("%(kinds)s，不超过 %(mb)s MB", kinds=kinds, mb=size))


def _usual_document(definition: Definition) -> str:
    """The limits that most documents share."""
    limits = [_limits(slot) for slot in definition.documents]
    return max(limits, key=limits.count, default="")


def _panel_sentences(definition: Definition, names: CaseView) -> list[str]:
    rubric = definition.rubric
    size, mark = number_text(rubric.panel_size, names), number_text(rubric.pass_mark, names)
    strata = str(_("、")).join(
        str(_("%(label)s不少于 %(n)s 名", label=stratum.label, n=stratum.minimum)) for stratum in rubric.strata
    )
    sentences = [
        _("随机抽取 %(n)s 名专家独立打分，其中%(strata)s。", n=size, strata=strata)
        if size
        else _("随机抽取专家独立打分，人数按%(what)s确定，其中%(strata)s。", what=_rests_on(definition), strata=strata),
        _("按总分去掉最高、最低各 %(n)s 个后取平均，%(round)s。", n=rubric.trim, round=_rounding(rubric.decimals))
        if rubric.trim
        else _("取各位专家总分的平均，%(round)s。", round=_rounding(rubric.decimals)),
        _("%(n)s 分及以上为合格。", n=mark),
        *(_minimum_sentence(definition, part.criterion, part.share) for part in rubric.criterion_minimums),
    ]
    return [str(sentence) for sentence in sentences]


def _rests_on(definition: Definition) -> str:
    """What the size of the panel goes by, in the words of the form."""
    names = sorted(definition.rubric.panel_size.names)
    return str(_("、")).join(describe_name(definition, name) for name in names)


def _rounding(decimals: int) -> str:
    return str(_("保留 %(n)s 位小数", n=decimals) if decimals else _("四舍五入到整数"))


def _minimum_sentence(definition: Definition, criterion: str, share: Decimal) -> str:
    label = definition.rubric.criterion(criterion).label
    return str(_("“%(label)s”不低于该项满分的 %(n)s%%。", label=label, n=f"{share * 100:f}".rstrip("0").rstrip(".")))


def _support_sentences(definition: Definition, names: CaseView) -> list[str]:
    funding = definition.funding
    tracks = [track_sentence(definition, track, names) for track in funding.tracks]
    if len(tracks) > 1:
        labelled = zip(funding.tracks, tracks, strict=True)
        tracks = [str(_("%(label)s：%(text)s", label=track.label, text=text)) for track, text in labelled]
    rounding, minimum = funding.rounding.evaluate(names), funding.minimum.evaluate(names)
    rest = []
    if isinstance(rounding, Decimal) and isinstance(minimum, Decimal):
        facts = {"step": yuan_words(rounding), "least": yuan_words(minimum)}
        rest.append(str(_("核定金额向下取整到 %(step)s 的整数倍；不足 %(least)s 的不予支持", **facts)))
    rest.append(_instalment_sentence(definition))
    return [f"{text}。" for text in (*tracks, *rest) if text]


def _instalment_sentence(definition: Definition) -> str:
    parts = definition.funding.instalments
    if len(parts) == 1:
        return parts[0].label
    return str(_("，")).join(f"{part.label} {part.share_bp // 100}%" for part in parts)


def _amount_sentence(definition: Definition, names: CaseView) -> str:
    ceilings = [track.cap.evaluate(names) for track in definition.funding.tracks]
    known = [ceiling for ceiling in ceilings if isinstance(ceiling, Decimal)]
    return yuan_words(max(known)) if known else ""
