"""Writing values as YAML that reads back as exactly what was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from grants.programmes.domain.loading.yaml_tree import parse_yaml, plain
from grants.programmes.errors import DefinitionFaultsError

STEP = 2


@dataclass(frozen=True, slots=True)
class Raw:
    """YAML as somebody wrote it, put under a key as it is."""

    text: str


Written = str | Raw | list[str] | Mapping[str, str]


def emit_entry(key: str, value: Written, indent: int) -> str:
    """The lines of ``key: value``, indented by so many blanks, ending in a line end.

    A text of several lines becomes a block, a mapping ``{a: b}``, a list ``[a, b]``; raw YAML goes one step further in.
    """
    margin = " " * indent
    if isinstance(value, Raw):
        deeper = " " * (indent + STEP)
        lines = [f"{deeper}{line}".rstrip() for line in value.text.strip("\n").split("\n")]
        return "\n".join([f"{margin}{key}:", *lines]) + "\n"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{name}: {_scalar(text, flow=True)}" for name, text in value.items())
        return f"{margin}{key}: {{{inner}}}\n"
    if isinstance(value, list):
        return f"{margin}{key}: [{', '.join(_scalar(text, flow=True) for text in value)}]\n"
    if "\n" in value and (block := _block(key, value, indent)):
        return block
    return f"{margin}{key}: {_scalar(value, flow=False)}\n"


def _scalar(text: str, *, flow: bool) -> str:
    """Plain where that reads back as the same text, in double quotes otherwise."""
    sample = f"k: {{v: {text}}}" if flow else f"k: {text}"
    wanted = {"k": {"v": text}} if flow else {"k": text}
    return text if text and "\n" not in text and _reads_as(sample, wanted) else json.dumps(text, ensure_ascii=False)


def _block(key: str, text: str, indent: int) -> str:
    """The text as a block ``|-``; nothing where blanks at its ends would not survive that."""
    margin, deeper = " " * indent, " " * (indent + STEP)
    lines = [f"{deeper}{line}" if line else "" for line in text.split("\n")]
    written = "\n".join([f"{margin}{key}: |-", *lines]) + "\n"
    return written if _reads_as(written, {key: text}) else ""


def _reads_as(sample: str, wanted: object) -> bool:
    try:
        root, faults = parse_yaml(sample)
    except DefinitionFaultsError:
        return False
    return not faults and plain(root) == wanted
