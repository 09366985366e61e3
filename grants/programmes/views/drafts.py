"""The workbench: where the draft of a programme's next version stands, what is faulty, what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import NotFoundError
from grants.programmes import policies, presenters, queries, services
from grants.programmes.domain import Definition, editing, parse_definition
from grants.programmes.domain.comparing import Difference, compare_definitions
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError
from grants.programmes.models import DefinitionDraft, DefinitionVersion
from grants.programmes.views.blueprint import bp
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@dataclass
class Desk:
    """A draft as its pages show it: read into a definition, or the faults that keep it from that."""

    draft: DefinitionDraft
    base: DefinitionVersion

    @cached_property
    def read(self) -> tuple[Definition | None, tuple[DefinitionFault, ...]]:
        try:
            return parse_definition(self.draft.content), ()
        except DefinitionFaultsError as error:
            return None, error.faults

    @property
    def definition(self) -> Definition | None:
        return self.read[0]

    @property
    def faults(self) -> tuple[DefinitionFault, ...]:
        return self.read[1]

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What is different from the version in force; nothing while the draft is faulty."""
        return compare_definitions(queries.definition_of(self.base), self.definition) if self.definition else ()

    @cached_property
    def rules(self) -> list[dict[str, object]]:
        """The rules as written, also while something is faulty; none where the text cannot be taken apart."""
        try:
            items = editing.read_items(self.draft.content, "rules")
        except (DefinitionFaultsError, editing.UneditableError):
            return []
        return [{**item, "faults": self._faults_of(str(item["key"]))} for item in items]

    @cached_property
    def parts(self) -> list[editing.SourcePart]:
        try:
            return list(editing.list_parts(self.draft.content))
        except (DefinitionFaultsError, editing.UneditableError):
            return []

    def _faults_of(self, key: str) -> int:
        start = f"rules[{key}]"
        return sum(fault.path == start or fault.path.startswith(f"{start}.") for fault in self.faults)


def load_desk(code: str) -> Desk:
    """The draft under way of a programme; raises NotFoundError."""
    draft = queries.get_open_draft(db.session(), code)
    return Desk(draft, queries.find_base(db.session(), draft.programme_id) or draft.base)


@bp.route("/staff/programmes/<code>/draft/start", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def start_draft(code: str) -> ResponseReturnValue:
    """Begin the next version, or go on with the one under way."""
    programme = queries.find_programme(db.session(), code)
    if programme is None:
        raise NotFoundError(programme=code)
    services.start_draft(db.session(), programme, actor=current_actor(), now=utc_now())
    return redirect(url_for("programmes.draft", code=code), 303)


@bp.route("/staff/programmes/<code>/draft")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def draft(code: str) -> ResponseReturnValue:
    """The draft as a whole: its state, its faults, its parts and rules, what comes next."""
    desk, actor = load_desk(code), current_actor()
    effects: dict[str, list[Difference]] = {}
    for difference in desk.differences:
        if difference.part == "rules":
            effects.setdefault(difference.key, []).append(difference)
    return render_template(
        "programmes/draft.html",
        desk=desk,
        draft=desk.draft,
        effects=effects,
        tally=presenters.tally_of(desk.differences),
        words=presenters,
        may_edit=policies.may_edit_draft(actor, desk.draft),
        may_take_back=policies.may_take_back_draft(actor, desk.draft),
        may_decide=policies.may_decide_draft(actor, desk.draft),
        form=ActionForm(),
    )


@bp.route("/staff/programmes/<code>/draft/difference")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def difference(code: str) -> ResponseReturnValue:
    """The draft beside the version in force."""
    desk = load_desk(code)
    return render_template(
        "programmes/difference.html",
        desk=desk,
        draft=desk.draft,
        groups=presenters.by_part(desk.differences),
        tally=presenters.tally_of(desk.differences),
        words=presenters,
    )


@bp.route("/staff/programmes/<code>/draft/discard", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def discard_draft(code: str) -> ResponseReturnValue:
    """Confirm, then give the draft up."""
    found = queries.get_open_draft(db.session(), code)
    form = ActionForm()
    if form.validate_on_submit():
        services.discard_draft(db.session(), found, actor=current_actor(), now=utc_now())
        flash(_("已放弃这份草稿。"), "ok")
        return redirect(url_for("programmes.list_programmes"), 303)
    policies.may_edit_draft(current_actor(), found).require()
    return render_template("programmes/discard_draft.html", draft=found, form=form)
