"""From an empty draft to the outcome of the check on PostgreSQL and RabbitMQ, in a real Chromium.

Soaked: each page is looked at, and the pair of production tried, in tests of their own every time.
"""

import pytest

from grants.demo.companies import company
from tests.support.walking.rounds import Round
from tests.support.walking.visitor import says

pytestmark = [
    pytest.mark.single_database,
    pytest.mark.soak,
    pytest.mark.parametrize("site", ["production"], indirect=True),
]
ENTERPRISE = 12


def test_an_application_is_submitted_and_checked(world):
    walk = Round(world, "sbc")
    walk.furnish(ENTERPRISE)
    walk.open_call()
    one = company(ENTERPRISE)
    home = walk.fill_in(one, walk.answers(912, one))
    ref = walk.submit(one, home)
    walk.wait_until_checked(ref)
    walk.person(one.email).open(f"{home}/")
    says(walk.person(one.email), ref, "形式审查中", "自动核验")
    walk.leave()
