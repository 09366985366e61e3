"""Checking what this system has issued: notices and lists by their fingerprint, receipts by their signature."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.kernel.signing import public_keys, signing_key
from grants.publication import presenters, queries
from grants.publication.views.blueprint import bp
from grants.web.guards import public

HEX = re.compile(r"[0-9a-f]{64}")
LENGTHS = {"ref": 40, "fingerprint": 200, "signature": 300, "statement": 4_000}
SCRIPT = "tools/verify_receipt.py"


@bp.route("/verify")
@public
@transactional
def verify() -> ResponseReturnValue:
    """Whether a receipt is genuine; or, by the fingerprint alone, whether something was published or received."""
    typed = {name: request.args.get(name, "").strip()[:length] for name, length in LENGTHS.items()}
    sha256 = "".join(typed["fingerprint"].lower().split())
    sound = HEX.fullmatch(sha256) is not None
    session = db.session()
    checked = issued = received = None
    if typed["statement"]:
        checked = queries.check_statement(session, typed["statement"], typed["signature"], keys=public_keys())
    elif sound and (typed["signature"] or typed["ref"]):
        ref = typed["ref"].upper()
        checked = queries.check_receipt(session, ref, sha256, typed["signature"], keys=public_keys())
    elif sound:
        issued = queries.find_by_fingerprint(session, sha256)
        received = queries.find_receipt(session, sha256) if issued is None else None
    return render_template(
        "publication/verify.html",
        typed=typed,
        lengths=LENGTHS,
        sound=sound,
        checked=presenters.shown_check(checked) if checked else None,
        issued=issued,
        received=received,
        key_id=signing_key().public.id,
    )


@bp.route("/verify/keys.json")
@public
@transactional
def verify_keys() -> ResponseReturnValue:
    """The public halves of the key in use and of those before it, for checking without this site."""
    in_use = signing_key().public.id
    keys = [
        {"id": key.id, "algorithm": "Ed25519", "public": key.raw.hex(), "in_use": key.id == in_use}
        for key in public_keys().values()
    ]
    return {"format": "keys-1", "keys": keys}


@bp.route("/verify/verify_receipt.py")
@public
@transactional
def verify_script() -> ResponseReturnValue:
    """The program that checks a receipt without this site."""
    source = Path(current_app.root_path).parent / SCRIPT
    answer = Response(source.read_bytes(), mimetype="text/x-python")
    answer.headers.set("Content-Disposition", "attachment", filename=source.name)
    return answer
