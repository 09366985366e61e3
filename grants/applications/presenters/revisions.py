"""The page of versions: what was submitted when, what was asked to be put right, what changed from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from grants.applications.domain import Draft, compare_cases
from grants.applications.models import Application, CorrectionRequest, Revision
from grants.applications.presenters.changes import ShownChanges, shown_changes
from grants.applications.presenters.corrections import AskedRound, asked_rounds
from grants.applications.queries import case_json
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import AttachedDocument, Case, CaseView, Definition, case_from_json
from grants.programmes.queries import definition_of

DRAFT = "draft"
FileUrl = Callable[[AttachedDocument, str], str]  # a file, and the version it belongs to


@dataclass(frozen=True, slots=True)
class Version:
    """One version to choose from; the staged answers of a correction have neither instant nor fingerprint."""

    value: str
    title: str
    submitted_at: datetime | None
    sha256: str


@dataclass(frozen=True, slots=True)
class RevisionsView:
    """``chosen``: the versions compared, old and new; the same twice while there is only one."""

    versions: tuple[Version, ...]
    rounds: tuple[AskedRound, ...]
    chosen: tuple[str, str]
    changes: ShownChanges | None


def revisions_view(
    application: Application,
    revisions: Sequence[Revision],
    corrections: Sequence[CorrectionRequest],
    *,
    draft: Draft | None = None,
    chosen: tuple[str | None, str | None] = (None, None),
    with_private: bool,
    file_url: FileUrl,
) -> RevisionsView:
    """The versions of an application and what changed between two of them, by default the last two.

    ``draft``: the staged answers of a correction under way, for the enterprise alone. Raises NotFoundError where a
    version is asked for that this reader has not.
    """
    definition = definition_of(application.call.definition)
    versions = _versions(revisions, draft)
    old, new = pair = _choose(versions, chosen)
    cases = _Cases(definition, {str(revision.number): revision for revision in revisions}, draft)
    found = compare_cases(definition, cases.of(old), cases.of(new), with_private=with_private) if old != new else None
    titles = {version.value: version.title for version in versions}
    return RevisionsView(
        versions,
        asked_rounds(
            definition,
            corrections,
            {request.revision_no: CaseView(definition, cases.of(str(request.revision_no))) for request in corrections},
            {int(old): found} if found is not None and new in (DRAFT, str(int(old) + 1)) else {},
        ),
        pair,
        shown_changes(
            definition,
            found,
            titles=(titles[old], titles[new]),
            file_url=lambda file, is_new: file_url(file, new if is_new else old),
        )
        if found is not None
        else None,
    )


class _Cases:
    """The case of each version, worked out once."""

    def __init__(self, definition: Definition, revisions: Mapping[str, Revision], draft: Draft | None) -> None:
        self.definition, self.revisions, self.draft = definition, revisions, draft
        self.known: dict[str, Case] = {}

    def of(self, version: str) -> Case:
        if version == DRAFT and self.draft is not None:
            return self.draft.case
        if version not in self.known:
            self.known[version] = case_from_json(self.definition, case_json(self.revisions[version]))
        return self.known[version]


def _versions(revisions: Sequence[Revision], draft: Draft | None) -> tuple[Version, ...]:
    found = [
        Version(
            str(revision.number),
            str(_("第 %(n)s 版", n=revision.number)),
            revision.submitted_at,
            revision.sha256,
        )
        for revision in revisions
    ]
    if draft is not None:
        found.append(Version(DRAFT, str(_("补正中的修改（尚未提交）")), None, ""))
    return tuple(found)


def _choose(versions: Sequence[Version], wanted: tuple[str | None, str | None]) -> tuple[str, str]:
    """The two versions asked for, the earlier first."""
    order = [version.value for version in versions]
    new = wanted[1] or order[-1]
    old = wanted[0] or order[max(0, order.index(new) - 1 if new in order else 0)]
    if old not in order or new not in order:
        raise NotFoundError(version=new if old in order else old)
    return (old, new) if order.index(old) <= order.index(new) else (new, old)
