"""Evidence from JSON and back: a record or rows of each register, with source and date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grants.kernel.rules import Cause, Row, Table, Unknown, Value
from grants.programmes.domain.answers import WrongKindError, is_blank, of_kind
from grants.programmes.domain.case import EvidenceRecord
from grants.programmes.domain.names import EVIDENCE, EvidenceShape
from grants.programmes.errors import CaseFaultsError, InputFault

_NO_EVIDENCE = Unknown(Cause.EVIDENCE)


def evidence_from_json(given: Mapping[str, Any]) -> dict[str, EvidenceRecord | None]:
    """Evidence alone, typed; ``null`` stays a register that could not be read.

    Raises:
        CaseFaultsError: with all faults.
    """
    faults: list[InputFault] = []
    evidence = read_evidence(given, faults)
    if faults:
        raise CaseFaultsError(faults)
    return evidence


def read_evidence(given: Mapping[str, Any], faults: list[InputFault]) -> dict[str, EvidenceRecord | None]:
    """What of the evidence can be read; what cannot is noted in ``faults``."""
    found: dict[str, EvidenceRecord | None] = {}
    for root, raw in given.items():
        shape = EVIDENCE.get(root)
        if shape is None:
            faults.append(InputFault(f"evidence.{root}", "没有这种登记信息"))
        elif raw is None:
            found[root] = None
        elif isinstance(raw, Mapping):
            found[root] = _record(root, shape, raw, faults)
        else:
            faults.append(InputFault(f"evidence.{root}", "应为对象或 null"))
    return found


def _record(root: str, shape: EvidenceShape, raw: Mapping[str, Any], faults: list[InputFault]) -> EvidenceRecord | None:
    content = raw.get(_slot(shape))
    records = ([content] if content is not None else []) if shape.single else content
    if not isinstance(records, list) or not all(isinstance(record, Mapping) for record in records):
        faults.append(InputFault(f"evidence.{root}", f"应有“{_slot(shape)}”"))
        return None
    rows = [_evidence_row(root, shape, record, number, faults) for number, record in enumerate(records, 1)]
    source, asof, ref = (str(raw.get(key) or "") for key in ("source", "asof", "ref"))
    return EvidenceRecord(source, asof, Table(root, tuple(rows)), content, ref)


def _evidence_row(
    root: str, shape: EvidenceShape, record: Mapping[str, Any], number: int, faults: list[InputFault]
) -> Row:
    cells: dict[str, Value] = {}
    for key, kind in shape.columns.items():
        raw = record.get(key)
        try:
            cells[key] = _NO_EVIDENCE if is_blank(raw) else of_kind(kind, raw)
        except WrongKindError as error:
            faults.append(InputFault(f"evidence.{root}[{number}].{key}", str(error)))
    return Row(str(record.get("id") or number), cells)


def _slot(shape: EvidenceShape) -> str:
    return "record" if shape.single else "rows"


def evidence_json(root: str, found: EvidenceRecord | None) -> dict[str, Any] | None:
    """One register's record as a case carries it."""
    if found is None:
        return None
    told = {"source": found.source, "asof": found.asof, _slot(EVIDENCE[root]): found.record}
    return {**told, "ref": found.ref} if found.ref else told
