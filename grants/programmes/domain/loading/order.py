"""What must be known before what: names in the order in which their expressions can be compiled."""

from __future__ import annotations

import re
from collections.abc import Callable

from grants.programmes.domain.loading.survey import Survey
from grants.programmes.domain.loading.yaml_tree import Mapping, Node, Scalar, Sequence

_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")


def identifiers(text: str) -> list[str]:
    """Dotted names in an expression, in order, text literals left out; a superset of the names it reads."""
    return _IDENTIFIER.findall(_LITERAL.sub('""', text))


def dependencies(survey: Survey, root: Mapping) -> dict[str, list[str]]:
    """What must be known before each name: its expression's names, and the conditions under which it shows."""
    sources: dict[str, list[tuple[Scalar, str]]] = {}
    for name, deferred in survey.deferred.items():
        sources.setdefault(name, []).append((deferred.expression, deferred.table))
        if deferred.table:
            sources.setdefault(deferred.table, []).append((deferred.expression, deferred.table))
    for name, conditions in [*survey.conditions.items(), *survey.arguments.items()]:
        sources.setdefault(name, []).extend((condition, "") for condition in conditions)
    for scalar, table in survey.column_conditions:
        sources.setdefault(table, []).append((scalar, table))
    funding = root.entries.get("funding")
    if isinstance(funding, Mapping):
        sources["funding.entitled"] = [(node, "") for node in _funding_scalars(funding)]
    return {
        name: [
            needed
            for scalar, table in found
            for word in identifiers(scalar.text)
            if (needed := _node(survey, word, table))
        ]
        for name, found in sources.items()
    }


def _funding_scalars(funding: Mapping) -> list[Scalar]:
    found = [node for key in ("base", "rounding") if isinstance(node := funding.entries.get(key), Scalar)]
    tracks = funding.entries.get("tracks")
    for track in tracks.items if isinstance(tracks, Sequence) else []:
        if isinstance(track, Mapping):
            nodes: list[Node | None] = [track.entries.get(key) for key in ("when", "ratio_bp", "cap")]
            found += [node for node in nodes if isinstance(node, Scalar)]
    return found


def _node(survey: Survey, word: str, table: str) -> str | None:
    """The name a word of an expression stands for, where it has to wait for something."""
    if table and word in survey.columns.get(table, {}):
        return f"{table}.{word}" if f"{table}.{word}" in survey.deferred else None
    return word


def in_order(graph: dict[str, list[str]], report: Callable[[list[str]], None]) -> list[str]:
    """Names after all they need (depth first, without recursion); each cycle is reported once and broken."""
    done: dict[str, bool] = {}
    order: list[str] = []
    for start in graph:
        if start not in done:
            _visit(start, graph, done, order, report)
    return order


def _visit(
    start: str,
    graph: dict[str, list[str]],
    done: dict[str, bool],
    order: list[str],
    report: Callable[[list[str]], None],
) -> None:
    trail, stack = [start], [iter(graph[start])]
    done[start] = False
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            finished = trail.pop()
            done[finished] = True
            order.append(finished)
        elif following in graph and following not in done:
            done[following] = False
            trail.append(following)
            stack.append(iter(graph[following]))
        elif done.get(following) is False:
            report(trail[trail.index(following) :])
