"""What the rules will object to, each with the way to what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from grants.applications.domain import Draft
from grants.applications.presenters.places import read_url
from grants.programmes.domain import FindingVerdict, Outlook, Severity, describe_name

STOPPING = frozenset({Severity.REJECT, Severity.RETURN})
DOCUMENT = "documents."


@dataclass(frozen=True, slots=True)
class Advice:
    """One objection; read by the macro ``advice``.

    ``verdict`` is ``fail``, ``warn`` for a mere hint, ``unknown`` where nothing but an empty place speaks against it.
    """

    verdict: str
    title: str
    text: str
    remedy: str
    clause: str
    url: str
    url_label: str


def objections(application_id: UUID, draft: Draft, outlooks: Iterable[Outlook]) -> list[Advice]:
    """What the rules that need nothing from outside object to: the grave, the hints, what is only empty.

    ``outlooks``: ``advance_outlooks`` of this draft, worked out once for all that a page tells of them.
    """
    found = [one for one in outlooks if one.finding.verdict is FindingVerdict.FAIL]
    ordered = sorted(found, key=lambda one: (not one.stands, one.finding.severity not in STOPPING))
    return [_advice(application_id, draft, one) for one in ordered]


def tally_in_advance(outlooks: Iterable[Outlook]) -> Counter[str]:
    """How many of these rules say what: ``pass``, ``fail``, ``warn``, ``unknown``, ``not_applicable``."""
    return Counter(_verdict(one) for one in outlooks)


def _verdict(one: Outlook) -> str:
    if not one.stands:
        return "unknown"
    hint = one.finding.verdict is FindingVerdict.FAIL and one.finding.severity not in STOPPING
    return "warn" if hint else str(one.finding.verdict)


def _advice(application_id: UUID, draft: Draft, one: Outlook) -> Advice:
    finding = one.finding
    names = [name for name, _value in finding.read] if one.stands else one.open
    text, label = (finding.message, _("去核对")) if one.stands else (empty_words(draft, one.open), _("去填写"))
    url = _first_url(application_id, draft, names)
    return Advice(_verdict(one), finding.title, text, finding.remedy, finding.clause, url, str(label))


def empty_words(draft: Draft, paths: Sequence[str]) -> str:
    """``未填写：CMA 证书编号，暂不能判断。`` Documents are not filled in but uploaded."""
    labels = [describe_name(draft.definition, path) for path in paths if not path.startswith(DOCUMENT)]
    files = [
        draft.definition.document(path.removeprefix(DOCUMENT)).label for path in paths if path.startswith(DOCUMENT)
    ]
    parts = [_("未填写：%(labels)s", labels="、".join(labels))] if labels else []
    parts += [_("未上传：%(labels)s", labels="、".join(files))] if files else []
    return str(_("%(what)s，暂不能判断。", what="；".join(parts)))


def _first_url(application_id: UUID, draft: Draft, names: Iterable[str]) -> str:
    urls = (read_url(application_id, draft, name) for name in _spelled_out(draft, names))
    return next((url for url in urls if url), "")


def _spelled_out(draft: Draft, names: Iterable[str]) -> Iterator[str]:
    """Names of the definition's own values followed by what they read; those never read themselves."""
    values = {value.key: value.expression for value in draft.definition.values}
    for name in names:
        yield name
        if name in values:
            yield from _spelled_out(draft, sorted(values[name].names))
