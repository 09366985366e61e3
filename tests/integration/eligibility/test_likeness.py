"""How honest the comparison is: recall and precision on a labelled set, against floors."""

import pytest

from grants.eligibility.services.similarity.sketching import PART_BANDS, WHOLE_BANDS, bands_of
from grants.programmes.domain.similarity import bare_text
from tests.support.alike import labelled_pairs
from tests.support.likeness import measure_likeness

SEED = 7
KEPT = ((0, 1244307632796687655), (1, 2016454740313071365))


@pytest.fixture(scope="module")
def likeness():
    return measure_likeness(labelled_pairs(30, seed=SEED))


@pytest.mark.parametrize(
    ("kind", "shown", "failed"),
    [
        ("sentences reordered", 1.0, 1.0),
        ("copied into a longer text", 1.0, 1.0),
        ("10 % of words changed", 1.0, 0.0),
        ("terms replaced", 1.0, 0.0),
        ("half copied", 1.0, 0.0),
        ("30 % of words changed", 0.5, 0.0),
    ],
)
def test_copies_are_shown_and_those_word_for_word_fail(likeness, kind, shown, failed):
    is_shown, has_failed = likeness.recall(kind)

    assert is_shown >= shown
    assert has_failed >= failed


@pytest.mark.parametrize("kind", ["boilerplate only", "same topic, unrelated"])
def test_work_of_ones_own_is_neither_shown_nor_fails(likeness, kind):
    assert likeness.recall(kind) == (0.0, 0.0)


def test_nearly_all_copies_are_found_by_their_bands(likeness):
    missed = {figures.kind: figures.count - figures.found for figures in likeness.kinds if figures.alike}

    assert missed.pop("30 % of words changed") <= 7
    assert set(missed.values()) == {0}


def test_what_is_shown_belongs_together(likeness):
    assert likeness.precision_shown >= 0.98
    assert likeness.precision_failed == 1.0


def test_bands_are_those_that_kept_sketches_were_made_of():
    text = bare_text([labelled_pairs(1, seed=SEED)[0].earlier])

    bands = bands_of(text, frozenset())

    assert bands_of("工业设备远程运维平台建设", frozenset())[:2] == KEPT
    assert WHOLE_BANDS + PART_BANDS <= len(bands) <= 200
    assert {number for number, _ in bands} == set(range(WHOLE_BANDS + PART_BANDS))


def test_a_text_of_nothing_has_no_bands():
    assert bands_of("", frozenset()) == bands_of("短", frozenset()) == ()
