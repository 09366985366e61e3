"""Why a file is not taken."""

from __future__ import annotations


class Refused(Exception):
    """``code`` is one of ``documents.REFUSALS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
