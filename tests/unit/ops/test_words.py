from datetime import timedelta

import pytest

from grants.ops.presenters import offset_words


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(days=1, hours=2, minutes=5), "比真实时间快 1 天 2 小时 5 分"),
        (timedelta(hours=1), "比真实时间快 1 小时"),
        (timedelta(days=-3), "比真实时间慢 3 天"),
        (timedelta(seconds=40), "比真实时间快 40 秒"),
    ],
)
def test_the_offset_in_words(offset, words):
    assert offset_words(offset) == words
