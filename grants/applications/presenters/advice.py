"""What the rules will object to, each with the way to what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from grants.applications.domain import Draft, advance_findings
from grants.applications.presenters.places import read_url
from grants.programmes.domain import Finding, FindingVerdict, Severity

STOPPING = frozenset({Severity.REJECT, Severity.RETURN})


@dataclass(frozen=True, slots=True)
class Advice:
    """One objection; read by the macro ``advice``. ``verdict`` is ``fail``, or ``warn`` for a mere hint."""

    verdict: str
    title: str
    text: str
    remedy: str
    clause: str
    url: str
    url_label: str


def objections(application_id: UUID, draft: Draft) -> list[Advice]:
    """What the rules that need nothing from outside object to, the grave before the hints."""
    found = [finding for finding in advance_findings(draft) if finding.verdict is FindingVerdict.FAIL]
    ordered = sorted(found, key=lambda finding: finding.severity not in STOPPING)
    return [_advice(application_id, draft, finding) for finding in ordered]


def _advice(application_id: UUID, draft: Draft, finding: Finding) -> Advice:
    verdict = "fail" if finding.severity in STOPPING else "warn"
    url = _first_url(application_id, draft, (name for name, _value in finding.read))
    label = str(_("去核对"))
    return Advice(verdict, finding.title, finding.message, finding.remedy, finding.clause, url, label)


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
