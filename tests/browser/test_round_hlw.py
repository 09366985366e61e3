"""A whole round of "互联网+" in a real Chromium with JavaScript switched off.

Soaked, for it takes minutes: over HTTP, which is all that a page without a script does, the round is walked every time.
"""

import pytest

from tests.support.walking.stories import walk_hlw
from tests.support.walking.worlds import SiteWorld

pytestmark = [pytest.mark.single_database, pytest.mark.soak]


def test_from_the_open_call_to_the_published_list(site, browser, journal, tmp_path):
    walk_hlw(SiteWorld(site, browser, journal, script=False), tmp_path)
