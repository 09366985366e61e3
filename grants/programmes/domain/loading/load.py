"""The loader: text in, ``Definition`` or all its faults out."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from grants.kernel.canonical import fingerprint
from grants.kernel.rules import Expression
from grants.programmes.domain.kinds import ParameterKind
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.documents import read_documents
from grants.programmes.domain.loading.fields import read_sections
from grants.programmes.domain.loading.process import read_funding, read_publication, read_stages
from grants.programmes.domain.loading.reader import Part
from grants.programmes.domain.loading.rules import read_rules
from grants.programmes.domain.loading.scoring import read_rubric
from grants.programmes.domain.loading.survey import survey
from grants.programmes.domain.loading.yaml_tree import Mapping, Scalar, parse_yaml, plain
from grants.programmes.domain.model import Basis, Definition, Funding, ListItem, NamedList, NamedValue, Parameter
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError

_CODE = re.compile(r"[a-z][a-z0-9-]{1,19}\Z")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}\Z")


@lru_cache(maxsize=8)
def parse_definition(text: str) -> Definition:
    """Compile one version of one programme; the same text again gives the same object.

    The text is bounded (500 kB, 24 levels, no aliases or tags); scalars are read by what their key wants. The
    fingerprint is of the content: comments, order of keys and layout do not count.

    Raises:
        DefinitionFaultsError: with every fault found, in the order of the file; nothing else is ever raised.
    """
    root, faults = parse_yaml(text)
    found = survey(root)
    faults.extend(found.faults)
    compiler = Compiler(text, found, faults)
    compiler.infer(root)
    definition = _read(Part(root, "", faults), compiler, text)
    if faults:
        raise DefinitionFaultsError(sorted(set(faults), key=_place))
    return definition


def _place(fault: DefinitionFault) -> tuple[int, int, str, str]:
    return (fault.line, fault.column or 0, fault.path, fault.message)


def _read(root: Part, compiler: Compiler, text: str) -> Definition:
    basis = tuple(_read_basis(part) for part in root.parts("basis", required=True, named_by="id"))
    funding = read_funding(root, compiler)  # before the rules: they may read what it grants
    compiler.rest("funding.entitled", _entitling(funding))
    definition = Definition(
        code=_matching(root, "code", _CODE, "代码应为小写字母开头的 2-20 位字母、数字或连字符"),
        title=root.text("title", required=True),
        summary=root.text("summary", required=True),
        version=_matching(root, "version", _VERSION, "版本应如 1.0 或 2.1.3"),
        basis=basis,
        values=tuple(_read_value(part, compiler) for part in root.parts("values")),
        lists=tuple(_read_list(part) for part in root.parts("lists")),
        parameters=tuple(_read_parameter(part) for part in root.parts("parameters")),
        sections=read_sections(root, compiler),
        documents=read_documents(root, compiler),
        rules=read_rules(root, compiler, basis),
        rubric=read_rubric(root, compiler),
        funding=funding,
        stages=read_stages(root),
        publication=read_publication(root, compiler),
        fingerprint=fingerprint(plain(root.node)),
        source=text,
        warnings=tuple(sorted(compiler.warnings, key=_place)),
    )
    root.close()
    return definition


def _entitling(funding: Funding) -> list[Expression]:
    """The expressions that the entitlement is worked out from."""
    tracks = [(track.when, track.ratio_bp, track.cap) for track in funding.tracks]
    own = [expression for track in tracks for expression in track if expression is not None]
    return [funding.base, funding.rounding, *own]


def _matching(root: Part, key: str, pattern: re.Pattern[str], message: str) -> str:
    text = root.text(key, required=True)
    if text and not pattern.match(text):
        root.fault(message, root.node_of(key), key=key)
    return text


def _read_basis(part: Part) -> Basis:
    basis = Basis(
        id=part.text("id", required=True),
        title=part.text("title", required=True),
        number=part.text("number"),
        in_force_from=part.day("in_force_from"),
        in_force_to=part.day("in_force_to"),
    )
    part.close()
    return basis


def _read_value(part: Part, compiler: Compiler) -> NamedValue:
    node = part.scalar("expression", required=True)
    value = NamedValue(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        expression=compiler.expression(node, part.path_of("expression")) if node else compiler.nothing,
    )
    part.close()
    return value


def _read_list(part: Part) -> NamedList:
    key, label = part.text("key", required=True), part.text("label", required=True)
    node = part.node_of("items")
    if isinstance(node, Mapping):
        items = tuple(
            ListItem(code, item.text.strip()) for code, item in node.entries.items() if isinstance(item, Scalar)
        )
    else:
        items = tuple(ListItem(text, text) for text in part.texts("items", required=True))
    part.close()
    return NamedList(key, label, items)


def _read_parameter(part: Part) -> Parameter:
    kind = part.member("kind", ParameterKind)
    read = part.day if kind is ParameterKind.DATE else part.decimal
    known = len(part.faults)
    default = read("default")
    unread = len(part.faults) > known  # there is one, and what is wrong with it has been said
    parameter = Parameter(
        key=part.text("key", required=True),
        kind=kind,
        label=part.text("label", required=True),
        default=default,
        minimum=read("minimum"),
        maximum=read("maximum"),
        unit=part.text("unit"),
        help=part.text("help"),
    )
    if kind is not ParameterKind.DATE and default is None and not unread:
        part.fault("数值参数应有默认值", key="default")
    if not _within(parameter):
        part.fault("默认值不在上下限之内", key="default")
    part.close()
    return parameter


def _within(parameter: Parameter) -> bool:
    value = parameter.default
    if not isinstance(value, Decimal):
        return True
    low, high = parameter.minimum, parameter.maximum
    return not ((isinstance(low, Decimal) and value < low) or (isinstance(high, Decimal) and value > high))
