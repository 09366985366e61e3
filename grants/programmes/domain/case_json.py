"""Cases from JSON and back, as interfaces.md section 3 shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from grants.kernel.clock import local_date
from grants.kernel.rules import Row, Table, Value
from grants.programmes.domain.answers import MISSING, WrongKindError, from_case_json, is_blank, to_json_value
from grants.programmes.domain.case import AttachedDocument, CallFacts, Case
from grants.programmes.domain.content import document_json
from grants.programmes.domain.evidence_json import evidence_json, read_evidence
from grants.programmes.domain.kinds import FieldKind
from grants.programmes.domain.loading.fields import MAX_TABLE_ROWS
from grants.programmes.domain.model import Definition, Field
from grants.programmes.domain.names import ORG
from grants.programmes.domain.parameters import default_parameters, read_parameters
from grants.programmes.domain.scalars import to_date, to_instant
from grants.programmes.errors import CaseFaultsError, InputFault

EPOCH = date(1970, 1, 1)
NO_INSTANT = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def case_from_json(definition: Definition, given: Mapping[str, Any]) -> Case:
    """A typed case. Keys the definition does not know are faults, and so is every value of the wrong kind.

    Raises:
        CaseFaultsError: with all faults.
    """
    reader = _Reader(definition)
    case = reader.read(given)
    if reader.faults:
        raise CaseFaultsError(reader.faults)
    return case


def case_to_json(definition: Definition, case: Case) -> dict[str, Any]:
    """The case as JSON; ``case_from_json`` gives it back. Money as text in yuan, instants with offset."""
    call = case.call
    return {
        "definition": case.definition,
        "call": {
            "ref": call.ref,
            "year": call.year,
            "asof": call.asof.isoformat(),
            "opens_at": call.opens_at.isoformat(),
            "effective_close": call.effective_close.isoformat(),
            "funds": list(call.funds),
            "parameters": {key: to_json_value(value) for key, value in call.parameters.items()},
        },
        "submitted_at": case.submitted_at.isoformat() if case.submitted_at else None,
        "application": case.application,
        "receipt_no": case.receipt_no,
        "org": {key: to_json_value(value) for key, value in case.org.items()},
        "answers": {key: to_json_value(value) for key, value in case.answers.items()},
        "documents": [document_json(file) for file in case.documents],
        "evidence": {root: evidence_json(root, found) for root, found in case.evidence.items()},
        "district": {"recommended": case.district_recommended},
    }


class _Reader:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.faults: list[InputFault] = []

    def fault(self, path: str, message: str) -> None:
        self.faults.append(InputFault(path, message))

    def read(self, given: Mapping[str, Any]) -> Case:
        code = given.get("definition", self.definition.code)
        if code != self.definition.code:
            self.fault("definition", f"案例属于“{code}”，不是“{self.definition.code}”")
        receipt = given.get("receipt_no")
        return Case(
            definition=self.definition.code,
            call=self._call(self._mapping(given, "call")),
            submitted_at=self._instant(given, "submitted_at"),
            org=self._answers(self._mapping(given, ORG), f"{ORG}."),
            answers=self._answers(self._mapping(given, "answers"), ""),
            documents=self._documents(self._list(given, "documents")),
            evidence=read_evidence(self._mapping(given, "evidence"), self.faults),
            district_recommended=self._recommended(self._mapping(given, "district")),
            application=str(given.get("application") or ""),
            receipt_no=receipt if type(receipt) is int else None,
        )

    def _mapping(self, given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = given.get(key) or {}
        if isinstance(found, Mapping):
            return found
        self.fault(key, "应为对象")
        return {}

    def _list(self, given: Mapping[str, Any], key: str) -> Sequence[Any]:
        found = given.get(key) or []
        if isinstance(found, list | tuple):
            return found
        self.fault(key, "应为列表")
        return ()

    def _call(self, given: Mapping[str, Any]) -> CallFacts:
        asof = self._day(given, "asof") or EPOCH
        opens_at = self._instant(given, "opens_at", "call.") or NO_INSTANT
        year = given.get("year")
        parameters, faults = read_parameters(self.definition, self._mapping(given, "parameters"))
        self.faults.extend(InputFault(f"call.parameters.{fault.path}", fault.message) for fault in faults)
        for key in ("asof", "opens_at", "effective_close"):
            if not given.get(key):
                self.fault(f"call.{key}", "不能缺少")
        return CallFacts(
            ref=str(given.get("ref") or ""),
            year=year if isinstance(year, int) else local_date(opens_at).year,
            asof=asof,
            opens_at=opens_at,
            effective_close=self._instant(given, "effective_close", "call.") or NO_INSTANT,
            funds=tuple(str(fund) for fund in self._list(given, "funds")),
            parameters={**default_parameters(self.definition), **parameters},
        )

    def _day(self, given: Mapping[str, Any], key: str) -> date | None:
        raw = given.get(key)
        day = to_date(raw) if isinstance(raw, str) else None
        if raw and day is None:
            self.fault(f"call.{key}", "应为日期（如 2026-03-02）")
        return day

    def _instant(self, given: Mapping[str, Any], key: str, prefix: str = "") -> datetime | None:
        raw = given.get(key)
        instant = to_instant(raw) if isinstance(raw, str) else None
        if raw and instant is None:
            self.fault(f"{prefix}{key}", "应为带时区的时刻（如 2026-03-02T09:00:00+08:00）")
        return instant

    def _recommended(self, given: Mapping[str, Any]) -> bool | None:
        recommended = given.get("recommended")
        if recommended is None or isinstance(recommended, bool):
            return recommended
        self.fault("district.recommended", "应为 true、false 或 null")
        return None

    def _answers(self, given: Mapping[str, Any], prefix: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, raw in given.items():
            field = self.definition.fields_by_path.get(f"{prefix}{key}")
            if field is None or f"{prefix}{key}" not in self.definition.section_of:
                self.fault(f"{prefix}{key}", "定义中没有此项")
            elif field.kind is FieldKind.TABLE:
                found[key] = self._table(field, raw)
            elif field.kind is not FieldKind.COMPUTED and not is_blank(raw):
                found[key] = self._value(field, raw, field.path)
        return found

    def _value(self, field: Field, raw: Any, path: str) -> Value:
        try:
            return from_case_json(field, raw)
        except WrongKindError as error:
            self.fault(path, str(error))
            return MISSING

    def _table(self, field: Field, raw: Any) -> Table:
        rows = raw if isinstance(raw, list) else []
        if raw is not None and not isinstance(raw, list):
            self.fault(field.path, "应为若干行")
        if len(rows) > MAX_TABLE_ROWS:
            self.fault(field.path, f"超过 {MAX_TABLE_ROWS} 行")
        built = [self._row(field, row, number) for number, row in enumerate(rows[:MAX_TABLE_ROWS], 1)]
        ids = [row.id for row in built]
        if len(set(ids)) != len(ids):
            self.fault(field.path, "行号重复")
        return Table(field.path, tuple(built))

    def _row(self, field: Field, raw: Any, number: int) -> Row:
        if not isinstance(raw, Mapping):
            self.fault(f"{field.path}[{number}]", "应为对象")
            return Row(f"r{number}", {})
        row_id = str(raw.get("id") or f"r{number}")
        columns = {column.key: column for column in field.columns}
        cells: dict[str, Value] = {}
        for key, cell in raw.items():
            if key == "id":
                continue
            column, path = columns.get(key), f"{field.path}[{row_id}].{key}"
            if column is None:
                self.fault(path, "表格中没有此列")
            elif column.kind is not FieldKind.COMPUTED and not is_blank(cell):
                cells[key] = self._value(column, cell, path)
        return Row(row_id, cells)

    def _documents(self, given: Sequence[Any]) -> tuple[AttachedDocument, ...]:
        keys = [slot.key for slot in self.definition.documents]
        found = []
        for number, raw in enumerate(given, 1):
            if not isinstance(raw, Mapping) or raw.get("key") not in keys:
                self.fault(f"documents[{number}]", "应写明定义中已有的材料 key")
                continue
            pages, size = raw.get("pages"), raw.get("size")
            found.append(
                AttachedDocument(
                    key=str(raw["key"]),
                    row=str(raw["row"]) if raw.get("row") is not None else None,
                    pages=pages if isinstance(pages, int) else None,
                    sha256=str(raw.get("sha256") or ""),
                    name=str(raw.get("name") or ""),
                    size=size if isinstance(size, int) else None,
                )
            )
        return tuple(found)
