"""Named computations: what a computed field may ask for that an expression cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grants.kernel.rules import Kind, Unknown, Value
from grants.programmes.domain.size_class import size_class


@dataclass(frozen=True, slots=True)
class Computation:
    """A pure function by name, with the kinds of its arguments and of its result."""

    arguments: Mapping[str, Kind]
    kind: Kind
    function: Callable[..., Any]

    def apply(self, values: Mapping[str, Value]) -> Value:
        """The result, or the first unknown argument."""
        for value in values.values():
            if isinstance(value, Unknown):
                return value
        result: Value = self.function(**values)
        return result


COMPUTATIONS: Mapping[str, Computation] = {
    "size_class": Computation(
        {"industry_code": Kind.TEXT, "employees": Kind.NUMBER, "revenue_yuan": Kind.NUMBER}, Kind.TEXT, size_class
    ),
}
