"""Sharing cases out: nobody is left with two more than another who had no more before."""

from hypothesis import given
from hypothesis import strategies as st

from grants.eligibility.domain.sharing import share_out


def test_whoever_has_fewest_gets_the_next_and_the_first_named_of_equals():
    assert share_out(["a", "b", "c"], {"ming": 1, "hong": 0}) == [("a", "hong"), ("b", "ming"), ("c", "hong")]


def test_without_officers_nothing_is_given():
    assert share_out(["a"], {}) == []


@given(st.integers(0, 60), st.lists(st.integers(0, 20), min_size=1, max_size=6))
def test_every_case_is_given_once_and_what_was_given_evens_out(count, loads):
    had = dict(enumerate(loads))
    shared = share_out(range(count), had)

    given_to = {officer: sum(one == officer for _, one in shared) for officer in had}
    receivers = [had[officer] + n for officer, n in given_to.items() if n]
    assert [case for case, _ in shared] == list(range(count))
    assert not receivers or max(receivers) - min(had[one] + given_to[one] for one in had) <= 1
