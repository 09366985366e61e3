"""Texts on the screen and how they are looked up: at once where there is one language, by the catalogue where there are
several.

Every text is wrapped in ``_()`` in the language it was written in, and no catalogue is installed: so what would be
looked up hundreds of times for a page is known when its template is compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Domain, get_babel, get_translations
from jinja2 import Environment, pass_eval_context
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.nodes import EvalContext
from markupsafe import Markup

TEXT = ("name", "lparen", "string", "rparen")  # _("...")


def install_texts(app: Flask) -> None:
    """Let templates and code find texts so; after Babel, before the first template is compiled."""
    _look_up_once(app)
    if not has_catalogues(app):
        app.extensions["babel"].instance.domain_instance = SourceLanguage()
        app.jinja_env.add_extension(TextsInPlace)


def has_catalogues(app: Flask) -> bool:
    """Whether there are translations into any language."""
    folders = get_babel(app).translation_directories
    return any(any(Path(folder).glob("*/LC_MESSAGES/*.mo")) for folder in folders)


class SourceLanguage(Domain):
    """Texts as they were written; Babel's own way asks for the locale and its name at each of them."""

    def gettext(self, string: str, **variables: Any) -> str:
        """The text itself, its ``%(name)s`` filled in."""
        return string % variables if variables else string


class TextsInPlace(Extension):
    """Puts a text without values into the compiled template, in place of the call that looks it up.

    It stays what the call gives: markup, for texts are the template's own, with ``%%`` read as a percent sign. One with
    values is filled in without asking for a catalogue.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(_=_filled, gettext=_filled)

    def filter_stream(self, stream: Iterable[Token]) -> Iterator[Token]:
        """The tokens with every ``_("...")`` as ``("..."|safe)``."""
        tokens, at = list(stream), 0
        while at < len(tokens):
            ahead = tokens[at : at + len(TEXT)]
            if ahead[0].value == "_" and tuple(token.type for token in ahead) == TEXT:
                yield from _constant(ahead[2])
                at += len(TEXT)
            else:
                yield tokens[at]
                at += 1


@pass_eval_context
def _filled(context: EvalContext, text: str, /, **values: Any) -> str:
    return (Markup(text) if context.autoescape else text) % values  # texts are the template's own, values are not


def _constant(text: Token) -> Iterator[Token]:
    parts = (("lparen", "("), ("string", text.value % {}), ("pipe", "|"), ("name", "safe"), ("rparen", ")"))
    return (Token(text.lineno, kind, value) for kind, value in parts)


def _look_up_once(app: Flask) -> None:
    """Let templates look the catalogue up once per request.

    Babel's own way asks for domain and locale at every text: a fifth of the time of a page with 400 of them.
    """
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of jinja2.ext.i18n
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
    )


def _catalogue() -> NullTranslations:
    if "catalogue" not in g:
        g.catalogue = get_translations()
    catalogue: NullTranslations = g.catalogue
    return catalogue
