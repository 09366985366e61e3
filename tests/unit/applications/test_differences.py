"""What changed between two revisions, on the base case of a shipped programme."""

import copy
from decimal import Decimal

import pytest

from grants.applications.domain.differences import Differences, Turn, compare_cases
from grants.programmes.domain import case_from_json
from tests.unit.programmes.casebook import base_case, shipped

OLD = base_case("sbc")


def compared(new, *, with_private=True) -> Differences:
    definition = shipped("sbc")
    cases = [case_from_json(definition, content) for content in (OLD, new)]
    return compare_cases(definition, *cases, with_private=with_private)


@pytest.fixture
def new():
    return copy.deepcopy(OLD)


def changed_paths(found):
    return [field.path for section in found.sections for field in section.fields]


def rows_of(found, path):
    return next(field.rows for section in found.sections for field in section.fields if field.path == path)


def test_the_same_case_has_no_differences(new):
    assert compared(new).is_empty
    assert compared(new).count == 0


def test_a_text_is_told_with_its_pieces(new):
    new["answers"]["product_name"] = OLD["answers"]["product_name"] + "企业版"

    (section,) = compared(new).sections
    (field,) = section.fields

    assert (field.path, field.value.old) == ("product_name", OLD["answers"]["product_name"])
    assert [piece.text for piece in field.value.pieces if piece.kept == "new"] == ["企业版"]


def test_money_is_told_with_what_it_changed_by(new):
    new["answers"]["requested"] = str(Decimal(OLD["answers"]["requested"]) - 50_000)

    (section,) = compared(new).sections
    value = next(field.value for field in section.fields if field.path == "requested")

    assert value.delta == Decimal(-50_000)


def test_rows_are_told_one_by_one(new):
    contracts = new["answers"]["contracts"]
    contracts.insert(0, {**contracts[-1], "id": "r9", "contract_no": "HT-0009"})
    contracts[1]["software"] = "999999.00"

    found = {row.id: row for row in rows_of(compared(new), "contracts")}

    assert found["r9"].turn is Turn.ADDED
    assert (found["r9"].old_place, found["r9"].new_place) == (None, 1)
    changed = found[contracts[1]["id"]]
    assert (changed.turn, changed.moved) == (Turn.CHANGED, False)
    assert [(cell.path, cell.delta is not None) for cell in changed.cells] == [("contracts.software", True)]


def test_a_row_that_only_moved_says_so(new):
    benchmarks = new["answers"]["benchmarks"]
    benchmarks.append(benchmarks.pop(0))

    (row,) = rows_of(compared(new), "benchmarks")

    assert (row.turn, row.old_place, row.new_place, row.cells) == (Turn.MOVED, 1, len(benchmarks), ())


def test_a_removed_row_is_told_with_what_it_held(new):
    gone = new["answers"]["benchmarks"].pop()

    (row,) = rows_of(compared(new), "benchmarks")

    assert (row.turn, row.new_place) == (Turn.REMOVED, None)
    assert gone["metric"] in [cell.old for cell in row.cells]


def test_a_private_answer_is_compared_only_for_those_who_may_read_it(new):
    new["org"]["contact_phone"] = "021-55550199"

    assert changed_paths(compared(new)) == ["org.contact_phone"]
    assert compared(new, with_private=False).is_empty


def test_files_are_the_same_where_their_fingerprints_are(new):
    first, second, third = new["documents"][:3]
    first["sha256"] = "f" * 64
    new["documents"].remove(second)
    new["documents"].append({**third, "key": "a16", "row": None, "sha256": "e" * 64})

    turns = {(file.key, file.row): file.turn for file in compared(new).files}

    assert turns[first["key"], first.get("row") or ""] is Turn.CHANGED
    assert turns[second["key"], second.get("row") or ""] is Turn.REMOVED
    assert turns["a16", ""] is Turn.ADDED
    assert turns[third["key"], third.get("row") or ""] is None


def test_a_renamed_file_with_the_same_bytes_is_no_change(new):
    new["documents"][0]["name"] = "另一个名字.pdf"

    assert compared(new).is_empty
