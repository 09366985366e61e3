"""A case from the canonical texts that a run has stored."""

from __future__ import annotations

import json
from typing import Any


def restore_case(case: str, evidence: str) -> dict[str, Any]:
    """A case's JSON from its canonical text, in which every number is a text; whole numbers of the frame come back."""
    content: dict[str, Any] = json.loads(case)
    content["evidence"] = json.loads(evidence)
    content["receipt_no"] = _whole(content.get("receipt_no"))
    content["call"]["year"] = _whole(content["call"].get("year"))
    for document in content.get("documents") or ():
        for key in ("pages", "size"):
            document[key] = _whole(document.get(key))
    return content


def _whole(value: object) -> int | None:
    return int(str(value)) if value is not None and value != "" else None
