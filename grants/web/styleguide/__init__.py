"""The living page of every component in every state, served while debugging or testing only."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from grants.web.guards import public
from grants.web.styleguide import samples
from grants.web.styleguide.sample_form import SampleForm

bp = Blueprint("styleguide", __name__)


@bp.get("/styleguide")
@public
def styleguide() -> ResponseReturnValue:
    """Every component in every state; 404 in production."""
    if not (current_app.debug or current_app.testing):
        abort(404)
    return render_template(
        "styleguide.html",
        form=SampleForm(),
        faulty=SampleForm(prefix="faulty_").with_errors(),
        findings=samples.FINDINGS,
        anchors=samples.ANCHORS,
        states=samples.STATES,
        steps=samples.STEPS,
        sections=samples.SECTIONS,
        files=samples.FILES,
        contracts=samples.CONTRACTS,
        cases=samples.CASES,
        charts=samples.CHARTS,
        swatches=samples.SWATCHES,
        instant=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    )
