"""Nobody writes into a draft who may not: not by level, not after the close; every writing address, without exception.

What stays open to readers, and to everybody after the close, is named here; a new address is refused until it is.
"""

from datetime import timedelta

import pytest

from grants.accounts.models import Person
from grants.accounts.states import Level
from grants.applications import queries, services
from grants.applications.states import ApplicationState
from grants.kernel.actor import Role
from grants.kernel.clock import local_date
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_membership, make_staff, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import NOON
from tests.factories.eligibility import set_state
from tests.journeys.test_access import draft_records, upload_records

READS = {"HEAD", "OPTIONS", "GET"}
JSON = {"Accept": "application/json"}
TALK = {"comments", "resolve_comments", "presence"}  # among the unit, readers as well; nothing of it is handed in
PAPERS = {"request_paper"}  # the draft as a PDF, for whoever reads the draft
HARMLESS = {"restore"}  # of a draft that has not ended: nothing happens
OTHERS_UPLOADS = {"send_piece", "finish_upload", "discard_upload"}  # not found but by whoever began them
SIGNING = {"begin", "submit"}
CONTENT = {  # what a correction refuses outright; pages of a section or row leave out what is not open
    *("autosave", "begin_upload", "finish_upload", "upload", "remove_file"),
    *("copy_row", "delete_row", "move_row", "restore_row", "undo_import"),
}
LATE = {"begin", "send_piece", "discard_upload"}  # notes nothing any more; bytes that nothing attaches; giving up


@pytest.fixture
def application(session, clock):
    application = make_application(session, complete=True, now=NOON)
    session.commit()
    return application


@pytest.fixture
def owner(session, application):
    return session.get_one(Person, application.created_by)


@pytest.fixture
def addresses(app, session, application, owner):
    """Every address that writes into an application, and its method, by the name of its view."""
    uploads = upload_records(session, application, owner)["applications.send_piece"]
    known = {**draft_records(session, application), **uploads, "kind": "draft", "number": 0}
    session.commit()
    adapter = app.url_map.bind("localhost")
    found = {
        rule.endpoint.partition(".")[2]: (rule, (rule.methods or set()) - READS)
        for rule in app.url_map.iter_rules()
        if rule.arguments and rule.rule.startswith("/apply/<uuid:application_id>/")
    }
    return {
        name: (adapter.build(rule.endpoint, {one: known[one] for one in rule.arguments}), *methods)
        for name, (rule, methods) in found.items()
        if methods
    }


def served(client, addresses, person):
    """The views that did not answer 403 to a sound request of this person, with what they answered."""
    sound = {
        "autosave": {"person": str(person.id), "shown": '{"a-product_name":[1,""]}', "a-product_name": "示例"},
        "presence": {"person": str(person.id)},
        "colleagues": {"s-product": str(person.id), "was-product": ""},
        "comments": {"body": "请核对"},
        "copy_row": {"new_id": "r77"},
        "move_row": {"to": "down", "order": ""},
        "undo_import": {"at": NOON.isoformat()},
        "submit": {"revision_no": "0"},
        "begin_upload": {"slot": "a1", "name": "盖章.pdf", "size": "9"},
        "withdraw": {"reason": "示例"},
        "ask_reconsideration": {"statement": "示例"},
    }
    answers = {}
    for name, (address, method) in addresses.items():
        answer = client.open(address, method=method, data=sound.get(name, {}), headers=JSON)
        if answer.status_code != 403:
            answers[name] = answer.status_code
    return answers


@pytest.mark.parametrize(("level", "more"), [(Level.READER, set()), (Level.SIGNATORY, SIGNING)])
def test_who_only_reads_or_signs_writes_nothing(session, client, application, addresses, level, more):
    colleague = make_membership(session, organisation=application.organisation, level=level).person
    session.commit()
    sign_in(client, colleague)

    answers = served(client, addresses, colleague)

    assert answers.keys() == TALK | PAPERS | HARMLESS | OTHERS_UPLOADS | more, answers
    assert {answers[name] for name in OTHERS_UPLOADS} == {404}


def test_after_the_close_nothing_is_written(session, client, application, owner, addresses, clock):
    clock.move_to(application.call.closes_at + timedelta(seconds=1))
    sign_in(client, owner)

    del addresses["discard"]  # giving a draft up is never too late, and would be the end of this one

    answers = served(client, addresses, owner)

    assert answers.keys() == TALK | PAPERS | HARMLESS | LATE, answers
    session.expire_all()
    assert (application.submission_begun_at, application.state) == (None, ApplicationState.DRAFT)


def test_a_correction_opens_what_it_names_and_nothing_else(session, client, application, owner, addresses):
    actor, officer = actor_of(session, owner), actor_of(session, make_staff(session, Role.OFFICER))
    undertakings = services.undertakings_of(definition_of(application.call.definition))
    services.submit_application(session, application, actor=actor, now=NOON, undertakings=undertakings)
    set_state(session, application, ApplicationState.CHECKED)
    services.return_for_correction(
        session,
        application,
        items=[{"path": "version"}],
        reason="示例",
        due_on=local_date(NOON + timedelta(days=7)),
        actor=officer,
        now=NOON,
    )
    session.commit()
    before = queries.load_draft(session, application).content
    del addresses["withdraw"]  # allowed, and would be the end of the correction
    sign_in(client, owner)

    answers = served(client, addresses, owner)

    assert answers.keys().isdisjoint(CONTENT), answers
    session.expire_all()
    assert queries.load_draft(session, application).content == before


def test_no_address_takes_anything_without_the_forms_token(client, owner, addresses):
    sign_in(client, owner)
    forging = client.forging()

    answers = {
        name: forging.open(address, method=method, headers=JSON).json["code"]
        for name, (address, method) in addresses.items()
    }

    assert set(answers.values()) == {"form_expired"}, answers
