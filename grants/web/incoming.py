"""What arrives, brought to what text columns, XML and people can read, before any view or form looks at it.

Control characters, half surrogate pairs, zero-width spaces and overrides of the direction come along when people paste,
and nobody sees them: PostgreSQL refuses some, workbooks and PDF others, a zero-width space makes a right code wrong and
an empty name look filled in, an override shows a name other than it is. They are dropped from form fields, query
strings and file names alike, so that what is shown again, stored and exported is the same text; text without anything
to see is empty. In a path they make an address that does not exist.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter

UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"  # all controls but tab and line ends; halves
    "\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"  # zero width, direction; joiners stay, emoji need them
)
LARGEST_NUMBER = 2**31 - 1  # of an INTEGER column


def readable(text: str) -> str:
    """``text`` without what cannot be seen; empty where only white space is left. Tab and line ends stay."""
    visible = UNREADABLE.sub("", text)
    return "" if visible.isspace() else visible


class IncomingValues(ImmutableMultiDict[str, Any]):
    """Names and values of a form or a query string, every text among them readable."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__([(readable(name), _readable(value)) for name, value in MultiDict(mapping).items(multi=True)])


class IncomingRequest(Request):
    """A request whose form, query string and file names hold readable text only."""

    parameter_storage_class = IncomingValues


class TextConverter(UnicodeConverter):
    """A part of an address; one with an unreadable character matches nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.regex = rf"(?![^/]*{UNREADABLE.pattern}){self.regex}"


class NumberConverter(IntegerConverter):
    """A number in an address; unless the route says otherwise, one that no INTEGER column holds matches nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_NUMBER, **options})


def install_incoming(app: Flask) -> None:
    """Let the application read requests and addresses so; before any route is added."""
    app.request_class = IncomingRequest
    app.url_map.converters.update(default=TextConverter, string=TextConverter, int=NumberConverter)


def _readable(value: Any) -> Any:
    if isinstance(value, FileStorage):
        value.filename = readable(value.filename) if value.filename else value.filename
        return value
    return readable(value) if isinstance(value, str) else value
