"""Addresses that are the same in every request, worked out once per process: a page has fifty of them."""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context, request

ONLY_A_FILE = {"filename"}


def install_addresses(app: Flask) -> None:
    """Let ``url_for`` remember pages without a variable part and static files; before a template is compiled."""
    work_out, known = app.url_for, dict[tuple[str, Any], str]()

    def url_for(endpoint: str, /, **values: Any) -> str:
        if not _lasts(endpoint, values) or not has_request_context() or request.script_root:
            return work_out(endpoint, **values)
        key = endpoint, values.get("filename")
        if key not in known:
            known[key] = work_out(endpoint, **values)
        return known[key]

    app.url_for = url_for  # type: ignore[method-assign, assignment]
    app.jinja_env.globals["url_for"] = url_for


def _lasts(endpoint: str, values: dict[str, Any]) -> bool:
    """Whether the address is the same wherever it is asked for; one that begins with a dot depends on the page."""
    if endpoint.startswith("."):
        return False
    return not values or (endpoint.endswith("static") and values.keys() == ONLY_A_FILE)
