"""What the pages of one case have in common: load it, refuse what cannot be sent, decide, go back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from grants.applications.models import Application
from grants.applications.queries import get_by_ref
from grants.db import db
from grants.eligibility import queries, services
from grants.eligibility.domain import Standing
from grants.eligibility.states import Outcome
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.kernel.verdict import Verdict
from grants.web.forms import StageForm
from grants.web.guards import current_actor


def load(ref: str) -> tuple[Application, Standing]:
    """The application as this actor may see it, and how its check stands."""
    application = get_by_ref(db.session(), ref, current_actor())
    return application, queries.standing_of(db.session(), application, now=utc_now())


def explain(verdict: Verdict) -> None:
    """Refuse to show a form that cannot be sent; what is sent all the same is the service's to refuse."""
    if request.method != "POST":
        verdict.require()


def decided(
    form: StageForm,
    application: Application,
    outcome: Outcome,
    *,
    reason: str,
    rule: str | None = None,
    correction_items: Sequence[dict[str, Any]] = (),
) -> bool:
    """Decide; what the decision lacks is shown on the form."""
    try:
        services.decide(
            db.session(),
            application,
            outcome=outcome,
            reason=reason,
            rule=rule,
            correction_items=correction_items,
            actor=current_actor(),
            now=utc_now(),
        )
    except InvalidError as error:
        form.show(error)
        return False
    return True


def to_case(application: Application) -> ResponseReturnValue:
    """Back to the case file, where the decision now stands."""
    return redirect(url_for("desk.case_file", ref=application.ref), 303)
