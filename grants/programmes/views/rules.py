"""Editing one rule of a draft by a form; faults are told as one types, beside the input that has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, reads_only, refuse, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes import forms, presenters, services
from grants.programmes.domain import editing
from grants.programmes.domain.editing import EntryFault
from grants.programmes.errors import DefinitionFaultsError, DraftMovedError
from grants.programmes.models import DefinitionDraft
from grants.programmes.views.blueprint import bp
from grants.programmes.views.source import faults_in, load_editable, names_of
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires

RULES = "rules"
Told = tuple[tuple[EntryFault, ...], int]  # by input of the rule's form, and how many faults are elsewhere
INPUT_OF = {"clause": "article", "": "key"}


@bp.route("/staff/programmes/<code>/draft/rules/<key>", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def edit_rule(code: str, key: str) -> ResponseReturnValue:
    """One rule. What somebody else has changed in between is shown beside what was typed."""
    draft = load_editable(code)
    lines, rule = services.rule_text(draft, key), read_rule(draft, key)
    form = forms.rule_form(rule, bases_of(draft), seen=services.fingerprint_of(lines))
    form.key.data = key
    theirs = None
    if form.validate_on_submit():
        try:
            changes = forms.rule_changes(form, rule)
            services.edit_rule(
                db.session(), draft, key, changes, seen=form.seen.data or "", actor=current_actor(), now=utc_now()
            )
        except DraftMovedError:
            refuse()
            theirs, form.seen.data = lines, services.fingerprint_of(lines)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已保存。"), "ok")
            return redirect(url_for("programmes.edit_rule", code=code, key=key), 303)
    return show_rule(draft, form, key, theirs)


@bp.route("/staff/programmes/<code>/draft/new-rule", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def add_rule(code: str) -> ResponseReturnValue:
    """One rule more, at the end of the list."""
    draft = load_editable(code)
    form = forms.rule_form({}, bases_of(draft), seen="")
    if form.validate_on_submit():
        try:
            entries = forms.rule_changes(form, {})
            services.add_rule(db.session(), draft, entries, actor=current_actor(), now=utc_now())
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已添加这条规则。"), "ok")
            return redirect(url_for("programmes.edit_rule", code=code, key=entries["key"]), 303)
    return show_rule(draft, form, "", None)


@bp.route("/staff/programmes/<code>/draft/rules/<key>/remove", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def remove_rule(code: str, key: str) -> ResponseReturnValue:
    """Confirm, then take the rule out of the draft."""
    draft = load_editable(code)
    lines, rule = services.rule_text(draft, key), read_rule(draft, key)
    form = ActionForm()
    if form.validate_on_submit():
        seen = services.fingerprint_of(lines)
        services.remove_rule(db.session(), draft, key, seen=seen, actor=current_actor(), now=utc_now())
        flash(_("已从草稿中删除这条规则。"), "ok")
        return redirect(url_for("programmes.draft", code=code), 303)
    return render_template("programmes/remove_rule.html", draft=draft, key=key, rule=rule, form=form)


@bp.route("/staff/programmes/<code>/draft/check-rule", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@reads_only
@transactional
def check_rule(code: str) -> ResponseReturnValue:
    """The faults that the draft would have with the rule as typed; nothing is stored."""
    draft = load_editable(code)
    form = forms.rule_form({}, bases_of(draft), seen="")
    own, elsewhere = faults_of(draft, form)
    return jsonify(faults=[asdict(fault) for fault in own], elsewhere=elsewhere)


def show_rule(draft: DefinitionDraft, form: forms.RuleForm, key: str, theirs: str | None) -> ResponseReturnValue:
    """The page; 409 where two have changed the same rule."""
    blank = not key and not form.is_submitted()
    own, elsewhere = ((), 0) if blank else faults_of(draft, form)
    page = render_template(
        "programmes/edit_rule.html",
        draft=draft,
        key=key,
        form=form,
        theirs=theirs,
        faults=own,
        elsewhere=elsewhere,
        words=presenters,
        names=presenters.name_groups(names_of(draft)),
    )
    return page, 409 if theirs is not None else 200


def read_rule(draft: DefinitionDraft, key: str) -> dict[str, Any]:
    """The rule's entries as the draft says them."""
    return editing.read_item(draft.content, RULES, key)


def bases_of(draft: DefinitionDraft) -> list[tuple[str, str]]:
    """The regulations of the draft's head, to cite from."""
    try:
        listed = editing.read_part(draft.content, "basis")
    except DefinitionFaultsError as error:
        raise InvalidError("draft_in_pieces") from error
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return [(str(entry.get("id", "")), str(entry.get("title", ""))) for entry in entries]


def faults_of(draft: DefinitionDraft, form: forms.RuleForm) -> Told:
    """The faults of the rule as typed, by input, and how many the draft has elsewhere."""
    key = (form.key.data or "").strip()
    try:
        content = with_rule(draft.content, key, form)
        found = faults_in(content)
        placed = [(fault, editing.fault_in_item(content, RULES, key, fault)) for fault in found]
    except (InvalidError, NotFoundError):
        return (EntryFault("key", 1, None, str(_("这条规则还不能写入定义，请核对编号与各项内容。"))),), 0
    except (DefinitionFaultsError, KeyError):
        return (EntryFault("check", 1, None, str(_("内置检查的写法不对，请核对缩进与括号。"))),), 0
    own = tuple(_by_input(place) for _fault, place in placed if place is not None)
    return own, len(found) - len(own)


def with_rule(content: str, key: str, form: forms.RuleForm) -> str:
    """The draft's text with the rule as typed."""
    rule: Mapping[str, Any] = {}
    if key in editing.item_keys(content, RULES):
        rule = editing.read_item(content, RULES, key)
        return services.edited_rule(content, key, forms.rule_changes(form, rule))
    return services.added_rule(content, forms.rule_changes(form, rule))


def _by_input(fault: EntryFault) -> EntryFault:
    return EntryFault(INPUT_OF.get(fault.entry, fault.entry), fault.line, fault.column, fault.message)
