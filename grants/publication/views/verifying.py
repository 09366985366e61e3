"""Checking a fingerprint: of a notice, of a list, of the receipt of an application."""

from __future__ import annotations

import re

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.publication import queries
from grants.publication.views.blueprint import bp
from grants.web.guards import public

HEX = re.compile(r"[0-9a-f]{64}")


@bp.route("/verify")
@public
@transactional
def verify() -> ResponseReturnValue:
    """Whether something was published, or received, under this fingerprint."""
    typed = request.args.get("fingerprint", "")[:200]
    sha256 = "".join(typed.lower().split())
    sound = HEX.fullmatch(sha256) is not None
    issued = queries.find_by_fingerprint(db.session(), sha256) if sound else None
    receipt = queries.find_receipt(db.session(), sha256) if sound and issued is None else None
    return render_template("publication/verify.html", typed=typed, sound=sound, issued=issued, receipt=receipt)
