"""What arrives, brought to what text columns, XML and people can read, before any view or form looks at it.

A pasted NUL, a control character or a half of a surrogate pair is invisible to whoever pasted it, PostgreSQL refuses
some of them and workbooks and PDF the rest. They are dropped from form fields, query strings and file names alike, so
that what is shown again, stored and exported is the same text. In a path they make an address that does not exist.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter

UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # all but tab and line ends
LARGEST_NUMBER = 2**31 - 1  # of an INTEGER column


def readable(text: str) -> str:
    """``text`` without control characters (tab and line ends stay), lone surrogates and noncharacters."""
    return UNREADABLE.sub("", text)


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
