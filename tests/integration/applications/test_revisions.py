"""A correction seen from both sides: what is staged stays the enterprise's, what was resubmitted is compared."""

from datetime import timedelta

import pytest

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.states import ApplicationState as S
from grants.kernel.actor import Role
from grants.kernel.clock import local_date
from grants.kernel.money import yuan
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_member, make_staff, sign_in
from tests.factories.applications import make_application, owner_of, receive
from tests.factories.eligibility import set_state

ITEMS = [
    {"path": "product_name", "reason": "与著作权登记证书不一致"},
    {"path": "contracts", "row": "r1", "reason": "金额与发票不符"},
    {"document": "a5", "reason": "报告缺页"},
]
STAGED = "示例质量管控软件甲"


@pytest.fixture
def returned(session, now, clock):
    """A case that an officer has returned, and its officer's person."""
    application = make_application(session, submitted=True, now=now)
    set_state(session, application, S.CHECKED)
    officer = make_staff(session, Role.OFFICER)
    services.return_for_correction(
        session,
        application,
        items=ITEMS,
        reason="请按所列各项更正。",
        due_on=local_date(now) + timedelta(days=7),
        actor=actor_of(session, officer),
        now=now,
    )
    return application, officer


def stage(session, application, now):
    """Change exactly what was asked for."""
    owner = owner_of(session, application)
    definition = definition_of(application.call.definition)
    entries = [
        services.Entry("product_name", "", STAGED),
        services.Entry("contracts.software", "r1", yuan(654_321)),
    ]
    services.save_answers(session, application, entries, actor=owner, now=now)
    file = receive(definition.document("a5"), "第三方测试报告，补全")
    services.attach_file(session, application, "a5", "", file, actor=owner, now=now)


def resubmit(session, application, now):
    undertakings = services.undertakings_of(definition_of(application.call.definition))
    services.submit_application(
        session, application, actor=owner_of(session, application), now=now, undertakings=undertakings
    )


def read(client, person, path):
    sign_in(client, person)
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:1_500]
    return answer.text


def test_the_office_reads_nothing_of_what_is_staged(session, client, now, returned):
    application, officer = returned
    stage(session, application, now)
    frozen = queries.current_revision(session, application).sha256

    for path in ("", "/revisions", "/revisions?from=1&to=1"):
        text = read(client, officer, f"/staff/cases/{application.ref}{path}")
        assert STAGED not in text
        assert "654,321" not in text

    assert queries.current_revision(session, application).sha256 == frozen
    assert client.get(f"/staff/cases/{application.ref}/revisions?to=draft").status_code == 404
    assert STAGED not in client.get(f"/staff/?view=all&q={application.ref}").text


def test_the_enterprise_sees_what_it_has_changed_so_far(session, client, now, returned):
    application, _officer = returned
    stage(session, application, now)
    owner = session.get_one(Person, application.created_by)

    text = read(client, owner, f"/apply/{application.id}/revisions")

    assert "补正中的修改（尚未提交）" in text
    assert "654,321" in text
    assert "第 1 次补正（共 1 次）" in text
    assert text.count("已修改") == 3


def test_the_page_before_resubmitting_names_what_was_asked_for_and_left_as_it_was(session, client, now, returned):
    application, _officer = returned
    owner = session.get_one(Person, application.created_by)
    page = f"/apply/{application.id}/submit"

    assert "有 3 处要求补正的内容还没有改动" in read(client, owner, page)
    entry = services.Entry("product_name", "", STAGED)
    services.save_answers(session, application, [entry], actor=owner_of(session, application), now=now)
    text = read(client, owner, page)
    assert "有 2 处要求补正的内容还没有改动" in text
    assert ("金额与发票不符" in text, "与著作权登记证书不一致" in text) == (True, False)
    stage(session, application, now)
    assert "还没有改动" not in read(client, owner, page)


def test_a_row_and_its_table_say_why_the_row_is_to_be_put_right(session, client, returned):
    application, _officer = returned
    owner = session.get_one(Person, application.created_by)
    tables = f"/apply/{application.id}/tables/contracts"

    assert "金额与发票不符" in read(client, owner, f"{tables}/rows/r1")
    assert "金额与发票不符" in read(client, owner, tables)


def test_both_sides_see_the_same_differences_after_the_resubmission(session, client, now, returned):
    application, officer = returned
    stage(session, application, now)
    resubmit(session, application, now)
    owner = session.get_one(Person, application.created_by)

    texts = [
        read(client, officer, f"/staff/cases/{application.ref}/revisions"),
        read(client, owner, f"/apply/{application.id}/revisions"),
    ]

    for text in texts:
        assert "从第 1 版到第 2 版" in text
        assert "654,321" in text
        assert "替换" in text
        assert text.count("已修改") == 3


def test_what_was_asked_for_and_not_changed_is_said(session, client, now, returned):
    application, officer = returned
    owner = owner_of(session, application)
    services.save_answers(session, application, [services.Entry("product_name", "", STAGED)], actor=owner, now=now)
    resubmit(session, application, now)

    text = read(client, officer, f"/staff/cases/{application.ref}/revisions")

    assert (text.count("已修改"), text.count("未修改")) == (1, 2)


def test_the_files_of_every_version_can_be_opened(session, client, now, returned):
    application, officer = returned
    first = queries.current_revision(session, application)
    stage(session, application, now)
    resubmit(session, application, now)
    second = queries.current_revision(session, application)
    sign_in(client, officer)

    for revision in (first, second):
        (entry,) = [one for one in queries.case_content(revision)["documents"] if one["key"] == "a5"]
        address = f"/staff/cases/{application.ref}/revisions/{revision.number}/a5/{entry['sha256']}"
        with client.get(address) as answer:
            assert answer.status_code == 200

    assert client.get(f"/staff/cases/{application.ref}/revisions/1/a5/{entry['sha256']}").status_code == 404


def test_a_version_that_is_not_there_is_not_found(session, client, now, returned):
    application, officer = returned
    sign_in(client, officer)

    for query in ("from=9", "to=0", "from=x&to=1", "to=-1"):
        assert client.get(f"/staff/cases/{application.ref}/revisions?{query}").status_code == 404


def test_one_version_alone_has_nothing_to_compare(session, client, now, clock):
    application = make_application(session, submitted=True, now=now)
    owner = session.get_one(Person, application.created_by)

    assert "只提交过一版" in read(client, owner, f"/apply/{application.id}/revisions")


def test_a_draft_has_no_versions_and_strangers_see_none(session, client, now, returned):
    application, _officer = returned
    draft = make_application(session, now=now)
    sign_in(client, session.get_one(Person, draft.created_by))
    assert client.get(f"/apply/{draft.id}/revisions").status_code == 404

    sign_in(client, make_member(session))
    assert client.get(f"/apply/{application.id}/revisions").status_code == 404


def test_an_auditor_sees_the_differences_without_the_papers(session, client, now, returned):
    application, _officer = returned
    stage(session, application, now)
    resubmit(session, application, now)

    text = read(client, make_staff(session, Role.AUDITOR), f"/staff/cases/{application.ref}/revisions")

    assert "654,321" in text
    assert f"/staff/cases/{application.ref}/revisions/2/" not in text
