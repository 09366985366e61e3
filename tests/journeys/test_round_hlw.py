"""A whole round of "互联网+" over HTTP."""

from tests.support.walking.stories import walk_hlw


def test_from_the_open_call_to_the_published_list(world, tmp_path):
    walk_hlw(world, tmp_path)
