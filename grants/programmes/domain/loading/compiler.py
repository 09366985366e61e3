"""Second reading: expressions compiled in the order of need, faults told in the file's own lines and columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from grants.kernel.rules import (
    Expression,
    ExpressionFaultsError,
    Fault,
    Kind,
    Name,
    Scope,
    Template,
    compile_expression,
    parse_template,
)
from grants.programmes.domain.loading.order import dependencies, in_order
from grants.programmes.domain.loading.survey import Survey
from grants.programmes.domain.loading.yaml_tree import Mapping, Scalar, locate
from grants.programmes.domain.names import EVIDENCE
from grants.programmes.errors import DefinitionFault

MOST_FAULTS = 500  # nobody reads more
NOTHING = compile_expression("1 == 1", Scope({}))
_NO_TEXT = parse_template("", Scope({}))


class Compiler:
    """Compiles the expressions of one definition; on a fault it notes it and hands back a placeholder."""

    def __init__(self, source: str, survey: Survey, faults: list[DefinitionFault]) -> None:
        self.source = source
        self.survey = survey
        self.faults = faults
        self.warnings: list[DefinitionFault] = []
        self._compiled: dict[int, Expression] = {}
        self._graph: dict[str, list[str]] = {}
        self._rests_on: dict[str, frozenset[str]] = {}
        self.scope = survey.scope()

    def infer(self, root: Mapping) -> None:
        """Give every value and computed field its kind, in the order of need; a cycle is a fault."""
        self._graph = dependencies(self.survey, root)
        for name in in_order(self._graph, self._cycle):
            deferred = self.survey.deferred.get(name)
            if deferred is None:
                continue
            scope = self.survey.row_scope(deferred.table) if deferred.table else self.survey.scope()
            expression = self.expression(deferred.expression, deferred.path, scope=scope)
            self._declare(name, expression)
        self.scope = self.survey.scope()

    @property
    def nothing(self) -> Expression:
        """The placeholder of an expression that could not be read."""
        return NOTHING

    def row_scope(self, table: str) -> Scope:
        return self.survey.row_scope(table)

    def expression(
        self,
        node: Scalar,
        path: str,
        *,
        expects: Kind | None = None,
        scope: Scope | None = None,
        guarded: Collection[str] = (),
        strict: bool = False,
    ) -> Expression:
        """Compile ``node`` once; ``strict`` refuses conditional names that nothing guards."""
        if id(node) in self._compiled:
            return self._expected(self._compiled[id(node)], node, path, expects)
        if len(self.faults) > MOST_FAULTS:
            return NOTHING
        try:
            compiled = compile_expression(
                node.text,
                scope or self.scope,
                expects=expects,
                guarded=guarded,
                check_conditionals=strict,
            )
        except ExpressionFaultsError as error:
            self._note(error.faults, node, path, self.faults)
            compiled = NOTHING
        self._note(compiled.warnings, node, path, self.warnings)
        self._compiled[id(node)] = compiled
        return compiled

    def template(self, node: Scalar | None, path: str, *, scope: Scope | None = None) -> Template:
        """Compile a text that may quote values in braces."""
        if node is None:
            return _NO_TEXT
        try:
            return parse_template(node.text.strip(), scope or self.scope)
        except ExpressionFaultsError as error:
            self._note(error.faults, node, path, self.faults)
            return _NO_TEXT

    def evidence_roots(self, names: Iterable[str]) -> set[str]:
        """Registers that these names rest on, through values and computed fields."""
        roots: set[str] = set()
        waiting, seen = list(names), set(names)
        while waiting:
            name = waiting.pop()
            roots.update({name.split(".")[0]} & EVIDENCE.keys())
            for needed in self._graph.get(name, []):
                if needed not in seen:
                    seen.add(needed)
                    waiting.append(needed)
        return roots

    def rest(self, name: str, expressions: Iterable[Expression]) -> None:
        """Note that a general name is worked out from these expressions, and may be hidden where one may."""
        unguarded = frozenset[str]().union(*(expression.unguarded for expression in expressions))
        self._rests_on[name] = unguarded
        self.survey.names[name] = replace(self.survey.names[name], conditional=bool(unguarded))
        self.scope = self.survey.scope()

    def guarded(self, when: Expression) -> frozenset[str]:
        """Conditional names that ``when`` speaks for: those it reads, those whose own conditions read nothing else,
        and those that rest on such names alone."""
        settled = set(when.names)
        for name, nodes in self.survey.conditions.items():
            if all(self.expression(node, name).names <= when.names for node in nodes):
                settled.add(name)
        waiting = {name: rests_on for name, rests_on in self._rests_on.items() if rests_on and name not in settled}
        while found := {name for name, rests_on in waiting.items() if rests_on <= settled}:
            settled |= found
            waiting = {name: rests_on for name, rests_on in waiting.items() if name not in settled}
        return frozenset(settled)

    def _expected(self, compiled: Expression, node: Scalar, path: str, expects: Kind | None) -> Expression:
        if expects is not None and compiled.kind is not expects and compiled is not NOTHING:
            message = f"应得出{expects.label}，实为{compiled.kind.label}"
            self.faults.append(DefinitionFault(path, node.line, node.column, message))
        return compiled

    def _note(self, faults: Iterable[Fault], node: Scalar, path: str, into: list[DefinitionFault]) -> None:
        """Note each fault by its place in the file; past ``MOST_FAULTS`` only that there are more: places cost
        as much as the file is long."""
        for fault in faults:
            if len(into) == MOST_FAULTS:
                into.append(DefinitionFault("", node.line, None, f"错误超过 {MOST_FAULTS} 处，其余没有列出"))
            if len(into) > MOST_FAULTS:
                return
            line, column = locate(self.source, node, fault.line, fault.column)
            into.append(DefinitionFault(path, line, column, fault.message))

    def _declare(self, name: str, expression: Expression) -> None:
        """What rests on something that may be hidden may be hidden itself."""
        deferred = self.survey.deferred[name]
        if expression is NOTHING and not deferred.table:
            self.survey.faulty.add(name)
            return
        self._rests_on[name] = expression.unguarded
        if deferred.table:
            columns, key = self.survey.columns[deferred.table], name.removeprefix(f"{deferred.table}.")
            conditional = columns[key].conditional or expression.result.conditional
            columns[key] = Name(expression.kind, conditional=conditional)
            return
        conditional = name in self.survey.conditions or expression.result.conditional
        self.survey.names[name] = Name(expression.kind, expression.result.columns, conditional=conditional)

    def _cycle(self, names: list[str]) -> None:
        first = self.survey.deferred.get(names[0])
        node = first.expression if first else next(iter(self.survey.conditions.get(names[0], [])), None)
        line, column = (node.line, node.column) if node else (1, 1)
        chain = " → ".join([*names, names[0]])
        self.faults.append(
            DefinitionFault(first.path if first else names[0], line, column, f"名称互相引用成环：{chain}")
        )
