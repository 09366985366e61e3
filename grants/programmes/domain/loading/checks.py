"""Named checks as rules call them: every parameter must name something that there is."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from grants.kernel.rules import Kind
from grants.programmes.domain.check_specs import CHECK_SPECS, JOINT, CheckParameter, ParameterType, parts_of
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.reader import Part, nearest
from grants.programmes.domain.loading.survey import KEY
from grants.programmes.domain.model import CheckCall
from grants.programmes.domain.names import general_names

Given = str | Decimal | tuple[str, ...]
MAX_KEYS, MAX_PARTS = 10, 4
WRITTEN_KINDS = frozenset({Kind.TEXT, Kind.LIST, Kind.NUMBER, Kind.DATE})
SEVERAL = frozenset({ParameterType.FIELDS, ParameterType.KEYS, ParameterType.OWN_KEYS, ParameterType.PARTS})


class CheckReader:
    """Reads the ``check`` of a rule; ``compiler`` knows the names of the definition."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler

    def read(self, part: Part) -> CheckCall | None:
        """The check that the rule calls; ``None`` where it calls none, or one that there is not."""
        call = part.part("check")
        if call is None:
            return None
        name = call.text("named", required=True)
        spec = CHECK_SPECS.get(name)
        if spec is None:
            call.fault(f"没有名为“{name}”的检查{nearest(name, CHECK_SPECS)}", key="named")
            return None
        parameters = {
            key: self._parameter(call, key, wanted)
            for key, wanted in spec.parameters.items()
            if call.has(key) or not wanted.optional
        }
        call.close()
        return CheckCall(name, parameters)

    def _parameter(self, call: Part, key: str, wanted: CheckParameter) -> Given:
        if wanted.type is ParameterType.SHARE:
            return self._share(call, key)
        if wanted.type in SEVERAL:
            return self._several(call, key, wanted)
        name = call.text(key, required=True)
        if wanted.type is not ParameterType.NAME:
            self._require_known(call, key, name, self._known(call, wanted))
        elif not KEY.match(name):
            call.fault("应为字母开头的名称（字母、数字、下划线，不超过 40 个字符）", key=key)
        return name

    def _share(self, call: Part, key: str) -> Decimal:
        share = call.decimal(key, required=True)
        if share is not None and not 0 < share <= 1:
            call.fault("应大于 0 且不超过 1", key=key)
        return share if share is not None else Decimal(1)

    def _several(self, call: Part, key: str, wanted: CheckParameter) -> tuple[str, ...]:
        known = self._known(call, wanted)
        entries = tuple(JOINT.join(parts_of(entry)) for entry in call.texts(key, required=True))
        if len(entries) > MAX_KEYS or any(len(parts_of(entry)) > MAX_PARTS for entry in entries):
            call.fault(f"至多 {MAX_KEYS} 项，每项至多由 {MAX_PARTS} 个名称组成", key=key)
        for entry in entries:
            whole = wanted.type is not ParameterType.KEYS
            for name in (entry,) if whole else parts_of(entry):
                self._require_known(call, key, name, known)
        return entries

    def _require_known(self, call: Part, key: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            call.fault(f"“{name}”不存在或不可用{nearest(name, list(known))}", key=key)

    def _known(self, call: Part, wanted: CheckParameter) -> Collection[str]:
        """What the parameter may name."""
        survey = self.compiler.survey
        match wanted.type:
            case ParameterType.TABLE:
                return survey.columns.keys()
            case ParameterType.COLUMN:
                return survey.columns.get(call.text("table"), {}).keys()
            case ParameterType.KEYS:
                return {*survey.columns.get(call.text("table"), {}), *self._written()}
            case ParameterType.OWN_KEYS:
                return _keys(call)
            case ParameterType.PARTS:
                return [name for entry in _keys(call) for name in parts_of(entry)]
            case ParameterType.FIELDS:
                return survey.names.keys()
            case ParameterType.LIST:
                return survey.lists.keys()
        return wanted.choices

    def _written(self) -> Collection[str]:
        """Fields outside tables, and values, that hold something written."""
        survey = self.compiler.survey
        others = {*general_names(), *survey.parameters}
        return [
            name
            for name, found in survey.names.items()
            if name not in others and found.kind in WRITTEN_KINDS and not found.evidence
        ]


def _keys(call: Part) -> list[str]:
    return [JOINT.join(parts_of(entry)) for entry in call.texts("keys")]
