from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from grants.applications.domain import EVERYTHING, NOTHING, correction_close, effective_close, receipt_ref, scope_of
from grants.applications.domain.revisions import instant_text
from grants.applications.states import APPLICATION, PAST_TENSE
from grants.kernel.canonical import canonical_json, fingerprint
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import parse_definition
from tests.factories.programmes import shipped_text

CLOSE = datetime(2026, 4, 30, 16, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("begun_at", "minutes"),
    [
        (None, 0),
        (CLOSE - timedelta(microseconds=1), 30),
        (CLOSE, 0),
        (CLOSE + timedelta(minutes=1), 0),
    ],
)
def test_the_grace_is_for_what_began_before_the_close(begun_at, minutes):
    assert effective_close(CLOSE, 30, begun_at) == CLOSE + timedelta(minutes=minutes)


def test_a_correction_ends_with_its_last_day_in_shanghai():
    assert correction_close(date(2026, 3, 25)) == datetime(2026, 3, 26, tzinfo=SHANGHAI)


def test_receipt_numbers_are_written_with_four_digits_at_least():
    assert receipt_ref("SBC-2027-01", 12) == "SBC-2027-01-0012"
    assert receipt_ref("SBC-2027-01", 12_345) == "SBC-2027-01-12345"


def test_an_instant_is_written_the_same_whatever_its_zone():
    instants = [datetime(2026, 3, 18, 4, tzinfo=UTC), datetime(2026, 3, 17, 20, tzinfo=timezone(timedelta(hours=-8)))]
    assert {instant_text(instant) for instant in instants} == {"2026-03-18T12:00:00+08:00"}


@pytest.fixture(scope="module")
def definition():
    return parse_definition(shipped_text("sbc"))


def test_a_correction_opens_an_answer_a_column_a_row_or_a_whole_table(definition):
    scope = scope_of(
        [
            {"path": "product_name", "reason": "不一致"},
            {"path": "contracts.received", "row": "r1"},
            {"path": "copyrights"},
            {"path": "benchmarks", "row": "m1"},
            {"document": "a6", "row": "r1"},
            {"document": "a3"},
        ]
    )

    assert scope.opens("product_name")
    assert not scope.opens("product")
    assert scope.opens("contracts.received", "r1")
    assert not scope.opens("contracts.received", "r2")
    assert not scope.opens("contracts.invoiced", "r1")
    assert scope.opens("copyrights.holders", "anything")
    assert scope.opens("benchmarks.ours", "m1")
    assert not scope.opens("benchmarks.ours", "m2")
    assert scope.opens_rows(definition.field("copyrights"))
    assert not scope.opens_rows(definition.field("contracts"))
    assert not scope.opens_rows(definition.field("benchmarks"))
    assert scope.opens_document("a6", "r1")
    assert not scope.opens_document("a6", "r2")
    assert scope.opens_document("a3")
    assert scope.reasons("product_name") == ("不一致",)


def test_a_draft_is_open_and_everything_else_is_not(definition):
    assert EVERYTHING.opens("anything")
    assert EVERYTHING.opens_rows(definition.field("contracts"))
    assert not NOTHING.opens("anything")
    assert not NOTHING.opens_document("a1")


def test_every_event_has_a_past_tense():
    assert {event for _, event in APPLICATION.transitions} == set(PAST_TENSE)


VECTORS = [
    ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":"1"}'),
    ({"金额": Decimal("500000.00")}, '{"金额":"500000.00"}'.encode()),
    ({"x": 'a"b\\c\n\t\x01\x7f'}, b'{"x":"a\\"b\\\\c\\n\\t\\u0001\x7f"}'),
    ({"e\u0301": "e\u0301"}, '{"é":"é"}'.encode()),
    ([-7, 0, date(2026, 3, 2)], b'["-7","0","2026-03-02"]'),
]


@pytest.mark.parametrize(("content", "written"), VECTORS)
def test_canonical_json_is_written_as_specified(content, written):
    assert canonical_json(content) == written


def test_the_fingerprint_is_of_the_bytes():
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    with pytest.raises(TypeError):
        fingerprint({"x": 0.1})
