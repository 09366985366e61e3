"""A whole round of 软件首版次 in a real Chromium, on the embedded pair of broker and database.

Soaked, for it takes minutes: the same round is walked over HTTP every time, and each page is looked at.
"""

import pytest

from tests.support.walking.stories import walk_sbc

pytestmark = [pytest.mark.single_database, pytest.mark.soak]


def test_from_the_open_call_to_the_published_list(world, tmp_path):
    walk_sbc(world, tmp_path)
