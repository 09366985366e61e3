from datetime import time

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from grants.web.fields import TimeField


class OneTime(Form):
    f = TimeField("时间")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9:00", time(9, 0)),
        ("１７：３０", time(17, 30)),
        ("17 时 05 分", time(17, 5)),
        (" 0:00 ", time(0, 0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed, expected):
    form = OneTime(MultiDict({"f": typed}))

    assert form.validate()
    assert form.f.data == expected


@pytest.mark.parametrize("typed", ["24:00", "9:60", "9", "下午五点", "9:00:00", "9:0", "-1:00", "9" * 1_000])
def test_what_is_no_time_is_answered_with_a_sentence(typed):
    form = OneTime(MultiDict({"f": typed}))

    assert not form.validate()
    assert form.f.errors[0].endswith("。")


def test_a_time_is_shown_with_two_digits_each():
    assert 'value="09:05"' in str(OneTime(data={"f": time(9, 5)}).f())
    assert OneTime(MultiDict({"f": ""})).f.data is None
