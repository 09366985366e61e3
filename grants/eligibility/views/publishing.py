"""The second person's page of a definition's draft: the whole difference, what it would change, the decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, transactional
from grants.eligibility import forms
from grants.eligibility.queries import impacts as queries
from grants.eligibility.services import drafts, impacts
from grants.eligibility.views.blueprint import bp
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.programmes import presenters as words
from grants.programmes.domain.comparing import compare_definitions
from grants.programmes.policies import may_decide_draft
from grants.programmes.queries import definition_of, get_open_draft
from grants.programmes.services import fingerprint_of
from grants.web.guards import current_actor, requires


@bp.route("/staff/programmes/<code>/draft/decide", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def decide_draft(code: str) -> ResponseReturnValue:
    """Publish the draft, or send it back."""
    draft = get_open_draft(db.session(), code)
    may_decide_draft(current_actor(), draft).require()
    form = forms.DecideDraftForm(data={"seen": fingerprint_of(draft.content)})
    if form.validate_on_submit():
        approved = form.decision.data == "approve"
        try:
            drafts.decide_draft(
                db.session(),
                draft,
                approved=approved,
                note=form.note.data or "",
                seen=form.seen.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except (InvalidError, ForbiddenError) as error:
            form.show(error)
        else:
            flash(_("已发布为新版本，可以按它开设批次。") if approved else _("已退回修改。"), "ok")
            onward = url_for("programmes.list_programmes") if approved else url_for("programmes.draft", code=code)
            return redirect(onward, 303)
    definition = impacts.compiled(draft.content)
    differences = compare_definitions(definition_of(draft.base), definition)
    preview = drafts.find_preview_of_content(db.session(), draft.programme_id, draft.content)
    return render_template(
        "eligibility/decide_draft.html",
        draft=draft,
        definition=definition,
        groups=words.by_part(differences),
        tally=words.tally_of(differences),
        words=words,
        preview=preview,
        standing=queries.standing_of_preview(db.session(), preview) if preview else None,
        form=form,
    )
