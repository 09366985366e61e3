"""Both texts side by side: what is shown, to whom, and how much of the other application."""

import re

import pytest

from grants.applications.queries import current_revision
from grants.eligibility import queries
from grants.kernel.actor import Role
from tests.factories.accounts import make_staff, sign_in
from tests.factories.calls import NOON
from tests.factories.eligibility import check, make_case_call, make_compared, submit_case
from tests.support.alike import written
from tests.support.statements import counted


@pytest.fixture
def compared(session):
    """The earlier application and the later one, in calls of their own."""
    return make_compared(session)


@pytest.fixture
def page_of(client, session, compared):
    """What a member of the office is answered for the page of the later application beside the earlier one."""
    earlier, later = compared

    def page_of(role=Role.OFFICER, scope=None, ref=later.ref, other=earlier.ref):
        staff = make_staff(session, role, scope=scope) if scope else make_staff(session, role)
        sign_in(client, staff)
        return client.get(f"/staff/cases/{ref}/similar/{other}")

    return page_of


def test_both_texts_are_shown_whole_with_numbered_passages_on_either_side(page_of, session, compared):
    earlier, later = compared

    answer = page_of()

    shown = re.sub(r"<a href=\"#[ab]\d+\".*?</a>|<[^>]+>", "", answer.text)
    numbers = {side: set(re.findall(rf'id="{side}(\d+)"', answer.text)) for side in "ab"}
    row = next(
        row
        for finding in queries.latest_findings(session, later)
        for used in finding.evidence
        if used["root"] == "earlier_texts"
        for row in used["record"]
    )
    assert answer.status_code == 200
    assert "100.0%" in shown
    assert f"{row['shared']} ÷ {row['smaller']}" in shown
    assert numbers["a"]
    assert numbers["b"] <= numbers["a"]
    for application in (earlier, later):
        content = current_revision(session, application).content
        assert all(part in shown for part in re.findall(r'"(?:summary|innovation)":"([^"]+)"', content))


def test_officers_of_other_calls_see_nothing_and_districts_may_not(page_of, compared):
    earlier, later = compared

    assert page_of(scope=earlier.call.ref).status_code == 404
    assert page_of(Role.DISTRICT_OFFICER, scope=later.district_code).status_code == 403
    assert page_of(Role.EXPERT).status_code == 403
    assert page_of(scope=later.call.ref).status_code == 200


def test_of_an_application_in_a_call_of_others_only_number_and_text_are_shown(page_of, compared):
    earlier, later = compared

    all_calls, own_call = page_of().text, page_of(scope=later.call.ref).text

    assert (earlier.organisation.name in all_calls, f'href="/staff/cases/{earlier.ref}"' in all_calls) == (True, True)
    assert (earlier.organisation.name in own_call, f'href="/staff/cases/{earlier.ref}"' in own_call) == (False, False)
    assert earlier.ref in own_call


def test_only_what_the_check_has_named_can_be_opened(page_of, session, compared):
    earlier, later = compared
    unrelated = submit_case(session, code="hlw", now=NOON)

    assert page_of(other=unrelated.ref).status_code == 404
    assert page_of(ref=earlier.ref, other=later.ref).status_code == 404
    assert page_of(other="NICHTS-1").status_code == 404


def test_what_applicants_write_is_never_markup(client, session):
    call, evil = make_case_call(session, "hlw"), "<script>alert(1)</script>与<b>粗体</b>"
    said = [f"{evil}第{number}句话写了一些各不相同的内容{number * 37}" for number in range(12)]
    for number in range(2):
        application = submit_case(
            session, code="hlw", call=call, answers={"summary": written(said, boilerplate=False)}, now=NOON
        )
        check(session, application)
        if number == 0:
            earlier = application
    sign_in(client, make_staff(session, Role.OFFICER))

    page = client.get(f"/staff/cases/{application.ref}/similar/{earlier.ref}")

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;" in page.text


def test_the_case_file_leads_to_the_page(client, session, compared):
    earlier, later = compared
    sign_in(client, make_staff(session, Role.OFFICER))

    page = client.get(f"/staff/cases/{later.ref}")

    assert f"/staff/cases/{later.ref}/similar/{earlier.ref}" in page.text
    assert "相似度 100.0%" in page.text


def test_a_district_is_shown_no_link_it_may_not_follow(client, session, compared):
    _earlier, later = compared
    later.passed_to_district_at = NOON
    session.flush()
    sign_in(client, make_staff(session, Role.DISTRICT_OFFICER, scope=later.district_code))

    page = client.get(f"/staff/cases/{later.ref}")

    assert page.status_code == 200
    assert "/similar/" not in page.text


def test_the_page_takes_a_fixed_number_of_statements(page_of, compared):
    page_of()
    with counted() as found:
        page_of()

    assert found.queries <= 25
