"""A whole round of 软件首版次 over HTTP."""

from tests.support.walking.stories import walk_sbc


def test_from_the_open_call_to_the_published_list(world, tmp_path):
    walk_sbc(world, tmp_path)
