"""``python -m grants.sandbox ACTION KIND PATH [OUT]``: one file, one line of JSON.

ACTION is ``prove``, ``preview``, ``cells`` or ``lines``; KIND is pdf, jpg, png, xlsx or csv. The answer is what was
found, or ``{"refused": code}``.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib import import_module
from pathlib import Path

from grants.sandbox.limits import confine
from grants.sandbox.refusal import Refused

MODULES = {
    ("prove", "pdf"): "pdf",
    ("prove", "jpg"): "pictures",
    ("prove", "png"): "pictures",
    ("prove", "xlsx"): "sheets",
    ("cells", "xlsx"): "cells",
    ("lines", "csv"): "tables",
    ("lines", "xlsx"): "tables",
    ("preview", "pdf"): "rendering",
    ("preview", "jpg"): "pictures",
    ("preview", "png"): "pictures",
}


def main(action: str, kind: str, path: str, out: str = "") -> dict[str, object]:
    """Do it under the limits. Only the library that is needed is imported."""
    logging.disable()
    confine()
    act = getattr(import_module(f"grants.sandbox.{MODULES[action, kind]}"), action)
    try:
        found: dict[str, object] = act(Path(path), kind, Path(out))
    except Refused as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "file_too_complex"}
    except Exception as error:  # whatever a library makes of a hostile file
        return {"refused": "file_broken", "note": f"{type(error).__name__}: {error}"[:200]}
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
