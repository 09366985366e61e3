"""Rules: clause, condition or named check, and the texts that say what they found."""

from __future__ import annotations

from grants.kernel.rules import Expression, Kind, Name, Scope, Template
from grants.programmes.domain.check_specs import CHECK_SPECS
from grants.programmes.domain.kinds import RuleStage, Severity
from grants.programmes.domain.loading.checks import CheckReader
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.reader import Part, nearest
from grants.programmes.domain.model import Basis, CheckCall, Rule
from grants.programmes.domain.names import DETAIL


def read_rules(root: Part, compiler: Compiler, basis: tuple[Basis, ...]) -> tuple[Rule, ...]:
    """Every rule of the file, in its order; keys are unique, clauses name a basis of the head."""
    reader = _RuleReader(compiler, frozenset(entry.id for entry in basis), _figures(compiler.scope))
    rules = tuple(reader.read(part) for part in root.parts("rules", required=True))
    for key in sorted({rule.key for rule in rules if sum(other.key == rule.key for other in rules) > 1}):
        root.fault(f"规则“{key}”重复", key="rules")
    return rules


def _figures(scope: Scope) -> Scope:
    """What a sentence for the public may quote: facts and parameters of the call, nothing of a case."""
    hidden = {"call.opens_at", "call.effective_close"}
    names = {key: name for key, name in scope.names.items() if key.startswith("call.") and key not in hidden}
    return Scope(names, scope.lists)


class _RuleReader:
    def __init__(self, compiler: Compiler, bases: frozenset[str], figures: Scope) -> None:
        self.compiler = compiler
        self.bases = bases
        parameters = {
            key: compiler.scope.names[key] for key in compiler.survey.parameters if key in compiler.scope.names
        }
        self.figures = figures.with_names(parameters)
        self.checks = CheckReader(compiler)
        self.detailed = compiler.scope.with_names({DETAIL: Name(Kind.TEXT)})

    def read(self, part: Part) -> Rule:
        when = self._expression(part, "when")
        check = self.checks.read(part)
        require = self._require(part, when)
        if (require is None) == (check is None):
            part.fault("规则应写明“require”或“check”之一")
        texts = self.detailed if check is not None else self.compiler.scope
        rule = Rule(
            key=part.text("key", required=True),
            title=part.text("title", required=True),
            clause=self._clause(part),
            severity=part.member("severity", Severity),
            at=part.member("at", RuleStage, default=RuleStage.SUBMIT),
            when=when,
            require=require,
            check=check,
            message=self._template(part, "message", texts),
            remedy=self._template(part, "remedy", texts),
            sentence=self._template(part, "sentence", self.figures),
            evidence=self._evidence(when, require, check),
        )
        part.close()
        return rule

    def _clause(self, part: Part) -> tuple[str, str]:
        clause = part.part("clause", required=True)
        if clause is None:
            return ("", "")
        basis, article = clause.text("basis", required=True), clause.text("article", required=True)
        if basis and basis not in self.bases:
            clause.fault(f"依据“{basis}”不在“basis”之列{nearest(basis, self.bases)}", key="basis")
        clause.close()
        return (basis, article)

    def _expression(self, part: Part, key: str) -> Expression | None:
        node = part.scalar(key)
        return self.compiler.expression(node, part.path_of(key), expects=Kind.YES_NO) if node else None

    def _require(self, part: Part, when: Expression | None) -> Expression | None:
        node = part.scalar("require")
        if node is None:
            return None
        guarded = self.compiler.guarded(when) if when is not None else frozenset[str]()
        return self.compiler.expression(
            node, part.path_of("require"), expects=Kind.YES_NO, guarded=guarded, strict=True
        )

    def _template(self, part: Part, key: str, scope: Scope) -> Template:
        return self.compiler.template(part.scalar(key, required=True), part.path_of(key), scope=scope)

    def _evidence(self, when: Expression | None, require: Expression | None, check: CheckCall | None) -> frozenset[str]:
        names = {name for expression in (when, require) if expression is not None for name in expression.names}
        own = CHECK_SPECS[check.name].evidence if check is not None else frozenset()
        return frozenset(self.compiler.evidence_roots(names)) | own
