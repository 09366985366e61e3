"""The organisation's profile: typed once, kept from submissions, taken into drafts, never overwritten in silence."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.accounts.states import Level
from grants.applications import queries, services
from grants.applications.models import Answer
from grants.applications.services import Base, Entry, base_of
from grants.kernel.errors import ForbiddenError, NotFoundError
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_member, make_membership, make_organisation, sign_in
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import make_call

STAFF = "org.employees"
REVENUE = "org.years.revenue"


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


@pytest.fixture
def call(session, now):
    return make_call(session, now=now)


@pytest.fixture
def unit(session, call):
    return make_organisation(session)


@pytest.fixture
def member(session, unit):
    return make_member(session, unit)


def save(session, unit, person, now, value, *, path=STAFF, row="", base=None):
    entry = Entry(path, row, value, base)
    return services.save_profile(session, unit, [entry], actor=actor_of(session, person), now=now)


def start(session, call, unit, person, now):
    return services.start_application(session, call, unit, actor=actor_of(session, person), now=now)


def submit(session, application, now):
    undertakings = services.undertakings_of(definition_of(application.call.definition))
    actor = owner_of(session, application)
    services.submit_application(session, application, actor=actor, now=now, undertakings=undertakings)


def answer_of(session, application, path=STAFF, row=""):
    session.expire_all()
    return session.get(Answer, (application.id, path, row))


def test_a_new_draft_takes_profile_and_registration_and_says_so(session, now, call, unit, member):
    save(session, unit, member, now - timedelta(days=3), 120)
    save(session, unit, member, now, 3200000000, path=REVENUE, row="2025")

    draft = start(session, call, unit, member, now)

    assert (answer_of(session, draft).value, answer_of(session, draft).origin) == (120, "profile:2026-03-15")
    assert answer_of(session, draft, "org.name").value == unit.name
    assert answer_of(session, draft, "org.uscc").origin == "registration"
    assert answer_of(session, draft, REVENUE, "2025").origin == "profile:2026-03-18"


def test_what_somebody_changes_in_the_draft_is_theirs_from_then_on(session, now, call, unit, member):
    save(session, unit, member, now, 120)
    draft = start(session, call, unit, member, now)
    standing = answer_of(session, draft)

    services.save_answers(
        session,
        draft,
        [Entry(STAFF, "", 130, base_of(standing.value, standing.version))],
        actor=actor_of(session, member),
        now=now,
    )

    assert (answer_of(session, draft).value, answer_of(session, draft).origin) == (130, "")


def test_the_same_field_changed_by_two_people_shows_both(session, now, unit, member):
    save(session, unit, member, now, 120)
    shown = base_of(120, 1)
    save(session, unit, make_member(session, unit, level=Level.EDITOR), now, 130, base=shown)

    outcome = save(session, unit, member, now, 140, base=shown)

    [conflict] = outcome.conflicts
    assert (conflict.mine, conflict.theirs, outcome.saved) == (140, 130, ())
    assert queries.load_profile(session, unit.id)[STAFF, ""].value == 130


def test_different_fields_meet_nobody(session, now, unit, member):
    save(session, unit, member, now, 120)
    untouched = base_of(120, 1)
    save(session, unit, make_member(session, unit, level=Level.EDITOR), now, 130, base=untouched)

    entries = [Entry(STAFF, "", 120, untouched), Entry("org.rd_staff", "", 45, Base(0, base_of(None, 0).digest))]
    outcome = services.save_profile(session, unit, entries, actor=actor_of(session, member), now=now)

    assert (outcome.saved, outcome.conflicts) == ((("org.rd_staff", ""),), ())
    assert queries.load_profile(session, unit.id)[STAFF, ""].value == 130


def test_who_may_only_read_or_belongs_elsewhere_saves_nothing(session, now, unit):
    for person in (make_member(session, unit, level=Level.READER), make_member(session)):
        with pytest.raises(ForbiddenError):
            save(session, unit, person, now, 120)
    assert queries.load_profile(session, unit.id) == {}


@pytest.mark.parametrize("path", ["org.name", "product_name", "org.size_class", "org.bank_name", "nothing"])
def test_only_what_the_profile_asks_is_kept(session, now, unit, member, path):
    with pytest.raises(NotFoundError):
        save(session, unit, member, now, "x", path=path)


def test_a_submission_keeps_what_is_new_and_says_from_where(session, now):
    application = make_application(session, complete=True, now=now)
    submit(session, application, now + timedelta(hours=1))

    kept = queries.load_profile(session, application.organisation_id)
    assert kept[STAFF, ""].value == answer_of(session, application).value
    assert kept[STAFF, ""].origin == f"application:{application.call.ref}"
    assert not [path for path, _ in kept if path in ("org.name", "org.uscc", "org.size_class")]
    assert {row for path, row in kept if path == REVENUE} == {"2023", "2024", "2025"}


def test_a_submission_leaves_what_was_typed_into_the_profile_afterwards(session, now):
    application = make_application(session, complete=True, now=now)
    person = make_member(session, application.organisation, level=Level.EDITOR)
    save(session, application.organisation, person, now + timedelta(minutes=30), 999)

    submit(session, application, now + timedelta(hours=1))

    assert queries.load_profile(session, application.organisation_id)[STAFF, ""].value == 999


def sheet_of(client, unit):
    """The profile's form as the browser would post it."""
    page = client.get(f"/organisation/{unit.id}/profile").text
    shown = re.search(r'name="shown" type="hidden" value="([^"]*)"', page).group(1).replace("&#34;", '"')
    return page, shown


def test_the_page_saves_what_it_showed_and_says_who_wrote_it(client, session, unit, member, call):
    sign_in(client, member)
    session.commit()
    page, shown = sheet_of(client, unit)
    assert "近三年经营情况" in page
    assert "开户银行" not in page

    data = {"shown": shown, "a-org-employees": "120", "a-org-years-revenue--2025": "3200"}
    assert client.post(f"/organisation/{unit.id}/profile", data=data).status_code == 303

    kept = queries.load_profile(session, unit.id)
    assert (kept[STAFF, ""].value, kept[REVENUE, "2025"].value) == (120, 3_200_000_000)
    assert client.get(f"/organisation/{unit.id}/profile").text.count(f"2026年3月18日 {member.name}填写") == 2


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_saved(client, session, unit, member, call):
    sign_in(client, member)
    session.commit()
    _, shown = sheet_of(client, unit)

    data = {"shown": shown, "a-org-employees": "许多", "a-org-legal_rep": "张示例"}
    answer = client.post(f"/organisation/{unit.id}/profile", data=data)

    assert (answer.status_code, "许多" in answer.text) == (422, True)
    assert queries.load_profile(session, unit.id)["org.legal_rep", ""].value == "张示例"


def test_a_conflict_on_the_page_shows_both_texts_and_can_be_settled(client, session, now, unit, member, call):
    sign_in(client, member)
    session.commit()
    _, shown = sheet_of(client, unit)
    colleague = make_member(session, unit, level=Level.EDITOR)
    save(session, unit, colleague, now, 130)
    session.commit()

    answer = client.post(f"/organisation/{unit.id}/profile", data={"shown": shown, "a-org-employees": "140"})
    assert answer.status_code == 409
    assert "130" in answer.text
    assert "140" in answer.text
    assert colleague.name in answer.text

    again = re.search(r'name="shown" type="hidden" value="([^"]*)"', answer.text).group(1).replace("&#34;", '"')
    mine = client.post(f"/organisation/{unit.id}/profile", data={"shown": again, "a-org-employees": "140"})
    assert mine.status_code == 303
    assert queries.load_profile(session, unit.id)[STAFF, ""].value == 140


def test_readers_see_the_profile_without_a_form(client, session, now, unit, member):
    save_as, reader = member, make_member(session, unit, level=Level.READER)
    make_call(session, now=now)
    save(session, unit, save_as, now, 120)
    sign_in(client, reader)
    session.commit()

    page = client.get(f"/organisation/{unit.id}/profile").text

    assert "120" in page
    assert "<textarea" not in page
    assert client.post(f"/organisation/{unit.id}/profile", data={"shown": "{}"}).status_code == 403


def test_a_newer_profile_is_offered_listed_and_taken(client, session, now, call, unit, member):
    save(session, unit, member, now - timedelta(days=1), 120)
    draft = start(session, call, unit, member, now - timedelta(hours=2))
    save(session, unit, member, now, 150)
    sign_in(client, member)
    session.commit()
    section = f"/apply/{draft.id}/sections/org"

    assert "取自单位资料，2026年3月17日 更新" in client.get(section).text
    assert "单位资料中有 1 项比本节新" in client.get(section).text
    page = client.get(f"/apply/{draft.id}/refresh").text
    assert re.search(r"从业人员数.*120.*150", page, re.DOTALL)
    listed = re.search(r'name="listed" type="hidden" value="([^"]*)"', page).group(1)
    assert client.post(f"/apply/{draft.id}/refresh", data={"listed": listed}).status_code == 303

    assert (answer_of(session, draft).value, answer_of(session, draft).origin) == (150, "profile:2026-03-18")
    assert "比本节新" not in client.get(section).text


def test_what_changes_while_the_list_is_read_is_listed_again(client, session, now, call, unit, member):
    draft = start(session, call, unit, member, now - timedelta(hours=2))
    save(session, unit, member, now, 150)
    sign_in(client, member)
    session.commit()
    page = client.get(f"/apply/{draft.id}/refresh").text
    listed = re.search(r'name="listed" type="hidden" value="([^"]*)"', page).group(1)
    save(session, unit, member, now, 160)
    session.commit()

    answer = client.post(f"/apply/{draft.id}/refresh", data={"listed": listed})

    assert (answer.status_code, "160" in answer.text) == (409, True)
    assert answer_of(session, draft) is None


def test_a_draft_newer_than_the_profile_is_left_alone(client, session, now, call, unit, member):
    save(session, unit, member, now - timedelta(days=2), 120)
    draft = start(session, call, unit, member, now - timedelta(days=1))
    standing = answer_of(session, draft)
    entry = Entry(STAFF, "", 130, base_of(standing.value, standing.version))
    services.save_answers(session, draft, [entry], actor=actor_of(session, member), now=now)
    sign_in(client, member)
    session.commit()

    assert "比本节新" not in client.get(f"/apply/{draft.id}/sections/org").text


def test_a_corrected_name_of_the_unit_is_offered_until_somebody_types_one(client, session, now, call, unit, member):
    draft = start(session, call, unit, member, now)
    unit.name = "示例正名有限公司"
    sign_in(client, member)
    session.commit()

    assert "示例正名有限公司" in client.get(f"/apply/{draft.id}/refresh").text


def test_the_year_of_the_fixed_rows_follows_the_open_calls(session, now, call):
    year, parts = queries.profile_questions(session, now=now)

    assert year == call.year
    [(definition, fields)] = parts
    assert definition.code == "sbc"
    assert "name" not in {field.key for field in fields}


def test_members_of_other_units_see_nothing(client, session, unit, member):
    sign_in(client, make_membership(session).person)
    session.commit()

    assert client.get(f"/organisation/{unit.id}/profile").status_code == 404
    assert session.scalars(select(Answer)).all() == []
