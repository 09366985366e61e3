"""What anybody may see, with the demonstration's data."""

import pytest
from sqlalchemy import select

from grants.accounts.models import Membership
from grants.db import writing
from grants.kernel.clock import real_now
from grants.publication.models import Objection
from tests.factories.accounts import make_invitation, make_reset

pytestmark = pytest.mark.single_database
TOKEN = "practice-token"


def test_pages_of_the_public(walk):
    objection = walk.one(select(Objection.id))
    walk.crawl("", "/", "/register/received", f"/notices/objections/{objection}", "/styleguide")


def test_pages_behind_a_link_in_a_letter(walk):
    with walk.site.app.app_context(), writing() as session:
        somebody = session.scalars(select(Membership).limit(1)).one()
        make_invitation(session, somebody, token=TOKEN, invited_at=real_now())
        make_reset(session, somebody.person, token=TOKEN, asked_at=real_now())
    walk.crawl("", f"/invitations/{TOKEN}", f"/forgotten/{TOKEN}", "/forgotten/sent")


def test_no_page_was_left_out(walk):
    walk.require_all_seen()
