"""The rule language: exact, three-valued, bounded expressions over one application.

In come the text of an expression and a ``Scope``; out comes an ``Expression`` that evaluates, with or without a trace,
over a mapping of names to values. Pure: no clock, no I/O, no framework.

Order of the modules, each importing only what stands before it: words, kinds, values, faults; tokens, syntax, parser;
compilation; names, operators, membership, functions, calls; visits, tables, selections, handlers; expressions;
templates; directions, shifts.
"""

from grants.kernel.rules.directions import Moves
from grants.kernel.rules.expressions import Expression, compile_expression
from grants.kernel.rules.faults import EvaluationLimitError, ExpressionFaultsError, Fault
from grants.kernel.rules.formatting import format_value
from grants.kernel.rules.kinds import Kind, Name, Scope
from grants.kernel.rules.shifts import Shift, compare_conditions, reads_moved
from grants.kernel.rules.templates import Template, parse_template
from grants.kernel.rules.texts import essence, version_essence
from grants.kernel.rules.values import Cause, Read, Row, Table, Unknown, Value
from grants.kernel.rules.words import RESERVED_WORDS

__all__ = [
    "RESERVED_WORDS",
    "Cause",
    "EvaluationLimitError",
    "Expression",
    "ExpressionFaultsError",
    "Fault",
    "Kind",
    "Moves",
    "Name",
    "Read",
    "Row",
    "Scope",
    "Shift",
    "Table",
    "Template",
    "Unknown",
    "Value",
    "compare_conditions",
    "compile_expression",
    "essence",
    "format_value",
    "parse_template",
    "reads_moved",
    "version_essence",
]
