from grants.registers.domain import compare, difference_json, marks_of


def difference(before, after):
    return compare(marks_of(before), marks_of(after))


def test_codes_are_added_removed_changed_and_left():
    found = difference(
        [("A", {"n": 1}), ("B", {"n": 1}), ("C", {"n": 1})], [("B", {"n": 2}), ("C", {"n": 1}), ("D", {"n": 1})]
    )

    assert (found.added, found.removed, found.changed, found.unchanged) == (("D",), ("A",), ("B",), 1)


def test_the_order_of_rows_and_what_is_not_known_change_nothing():
    found = difference([("A", {"n": 1}), ("A", {"n": 2})], [("A", {"n": 2, "m": None}), ("A", {"n": 1})])

    assert (found.changed, found.unchanged, found.before, found.after) == ((), 1, 2, 2)


def test_one_row_more_of_the_same_is_a_change():
    assert difference([("A", {"n": 1})], [("A", {"n": 1}), ("A", {"n": 1})]).changed == ("A",)


def test_a_fifth_that_goes_and_an_empty_table_are_notable():
    ten = [(f"U{number}", {}) for number in range(10)]

    assert not difference(ten, ten[1:]).is_notable
    assert difference(ten, ten[2:]).is_notable
    assert difference([], []).is_notable
    assert not difference([], ten).is_notable


def test_examples_are_bounded_and_show_both_sides():
    found = difference([("A", {"n": 1})], [("A", {"n": 2}), *((f"B{number:02}", {"n": 1}) for number in range(30))])

    shown = difference_json(found, {"A": [{"n": 1}]}, {"A": [{"n": 2}]})

    assert (shown["added"], len(shown["examples"]["added"])) == (30, 10)
    assert shown["examples"]["changed"] == [{"uscc": "A", "before": [{"n": 1}], "after": [{"n": 2}]}]
