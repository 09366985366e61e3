"""Changing thresholds of a draft by a form."""

import re

import pytest

from grants.kernel.actor import Role
from grants.programmes import services
from grants.programmes.domain.editing import part_text, read_item
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.programmes import make_version

PAGE = "/staff/programmes/sbc/draft/parameters"
CHECK = "/staff/programmes/sbc/draft/check-parameters"


@pytest.fixture
def person(session):
    return make_staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def draft(session, person, now):
    return services.start_draft(session, make_version(session).programme, actor=actor_of(session, person), now=now)


@pytest.fixture
def browser(client, clock, draft, person):
    client.application.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, person)
    yield client
    client.application.config["WTF_CSRF_ENABLED"] = True


def figures(browser):
    """What the page's inputs hold."""
    tags = re.findall(r"<input[^>]*>", browser.get(PAGE).text)
    named = ((re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags)
    return {name[1]: value[1] if value else "" for name, value in named if name and name[1] != "csrf_token"}


def test_a_threshold_is_changed_and_nothing_else(session, browser, draft):
    before, given = draft.content, figures(browser)
    assert given["p-min_sales-default"] == "500000"

    sent = browser.post(PAGE, data={**given, "p-min_sales-default": "600000", "p-cap-maximum": ""})

    assert sent.status_code == 303
    session.refresh(draft)
    assert read_item(draft.content, "parameters", "min_sales")["default"] == "600000"
    assert "maximum" not in read_item(draft.content, "parameters", "cap")
    assert read_item(draft.content, "parameters", "min_sales")["maximum"] == "100000000"
    for part in ("basis", "rules", "documents", "sections"):
        assert part_text(draft.content, part) == part_text(before, part)


def test_faults_stand_beside_their_input_and_what_was_typed_is_kept(session, browser, draft):
    given = {**figures(browser), "p-min_sales-default": "五十万", "p-experts-default": "12"}

    told = browser.post(CHECK, data=given).get_json()
    assert [fault["entry"] for fault in told["faults"]] == ["p-min_sales-default", "p-experts-default"]
    assert told["faults"][0]["message"] == "“五十万”不是数字"
    assert told["elsewhere"] == 0
    session.refresh(draft)
    assert "五十万" not in draft.content

    assert browser.post(PAGE, data=given).status_code == 303
    assert figures(browser)["p-min_sales-default"] == "五十万"


def test_the_second_of_two_editors_sees_both(session, browser, draft, now):
    given = figures(browser)
    changes = {"cap": {"default": "3000000"}}
    other = actor_of(session, make_staff(session, Role.ADMINISTRATOR))
    services.edit_parameters(session, draft, changes, seen=given["seen"], actor=other, now=now)
    session.commit()

    answer = browser.post(PAGE, data={**given, "p-cap-default": "3500000"})

    assert answer.status_code == 409
    assert "3000000" in answer.text
    assert 'value="3500000"' in answer.text
    assert "data-unsaved" in answer.text
    session.refresh(draft)
    assert read_item(draft.content, "parameters", "cap")["default"] == "3000000"


def test_what_would_break_the_yaml_is_kept_as_text(session, browser, draft):
    hostile = "1}, {key: evil"

    assert browser.post(PAGE, data={**figures(browser), "p-experts-default": hostile}).status_code == 303

    session.refresh(draft)
    assert read_item(draft.content, "parameters", "experts")["default"] == hostile
    assert figures(browser)["p-experts-default"] == hostile
