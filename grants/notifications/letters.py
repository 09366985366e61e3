"""From a kind and its facts to words: plain text, rendered by a Jinja environment of its own that knows nothing
undefined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "mail"
SUBJECT_LENGTH = 200
EMPTY_LINES = re.compile(r"\n{3,}")  # a fact left out leaves its lines empty


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words; ``subject`` is one line of at most 200 characters."""

    subject: str
    body: str


class _Site:
    """Where links in letters lead; set once by the factory."""

    url: str = ""


def use_site(public_url: str) -> None:
    """Let links begin with ``public_url`` (no slash at its end)."""
    _Site.url = public_url


def write_letter(kind: str, facts: Mapping[str, str], *, to: str, path: str) -> Letter:
    """The mail of a kind to somebody called ``to``; ``path`` is where its link leads on this site."""
    text = template_of(kind).render({**facts, "recipient": to, "link": _Site.url + path})
    subject, _, body = text.partition("\n")
    return Letter(_one_line(subject)[:SUBJECT_LENGTH], _paragraphs(body) + "\n")


def write_part(kind: str, facts: Mapping[str, str], *, path: str) -> Letter:
    """What a kind contributes to a digest: its subject, its text and where it leads, without salutation."""
    subject = subject_of(kind, facts)[:SUBJECT_LENGTH]
    return Letter(subject, f"{text_of(kind, facts)}\n{_Site.url}{path}")


def subject_of(kind: str, facts: Mapping[str, str]) -> str:
    """The title of an inbox item."""
    return _one_line(_block(kind, "subject", facts))


def text_of(kind: str, facts: Mapping[str, str]) -> str:
    """The text of an inbox item: the letter without salutation and signature."""
    return _paragraphs(_block(kind, "body", facts))


@cache
def template_of(kind: str) -> Template:
    """The compiled template of a kind; raises TemplateNotFound."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{kind.replace('.', '_')}.txt")


def _block(kind: str, block: str, facts: Mapping[str, str]) -> str:
    template = template_of(kind)
    return "".join(template.blocks[block](template.new_context(dict(facts))))


def _paragraphs(text: str) -> str:
    return EMPTY_LINES.sub("\n\n", text).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())
