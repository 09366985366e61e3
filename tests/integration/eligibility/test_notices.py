"""What is put in writing: frozen with the decision, typeset once, read by the unit and the office alone."""

import io
import json
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest

from grants import documents
from grants.accounts.models import Person
from grants.eligibility import queries, services
from grants.eligibility.services import keep_notice_pdf
from grants.eligibility.states import Outcome
from grants.kernel.actor import Role
from grants.kernel.canonical import fingerprint
from tests.factories.accounts import actor_of, make_member, make_organisation, make_staff, sign_in
from tests.factories.eligibility import make_case_call, make_checked
from tests.factories.registers import SOUND_ENTRY, make_registers
from workers.typesetting import typeset_notice

ITEMS = [
    {"path": "product_name", "reason": "与著作权登记证书不一致"},
    {"document": "a5", "reason": "报告缺页"},
]


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


@pytest.fixture
def unfit(session):
    """A checked case whose register says that it is not of this city."""
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    return make_checked(session, call=make_case_call(session), organisation=organisation, registers=False)


def returned(session, officer, now):
    application = make_checked(session)
    decide = {"outcome": Outcome.RETURN, "reason": "请更正。", "correction_items": ITEMS}
    services.decide(session, application, actor=officer, now=now, **decide)
    return application


def rejected(session, application, officer, now):
    decide = {"outcome": Outcome.REJECT, "reason": "住所不在本市。", "rule": "SBC-05"}
    services.decide(session, application, actor=officer, now=now, **decide)
    return application


def words_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def fetched(client, page):
    with client.get(page) as answer:
        return answer.data


def make(session, notice, now):
    """The PDF as the worker makes it."""
    pdf = typeset_notice(notice.content, sha256=notice.sha256)
    made = documents.keep_bytes(pdf, name="通知书.pdf", content_type="application/pdf", pages=1)
    keep_notice_pdf(session, notice.decision_id, made, now=now)
    return pdf


def test_a_correction_notice_says_what_until_when_and_on_which_clause(session, officer, now):
    (notice,) = queries.list_notices(session, returned(session, officer, now))

    told = json.loads(notice.content)
    words = words_of(typeset_notice(notice.content, sha256=notice.sha256))

    assert (told["kind"], told["round"], len(told["items"])) == ("correction", "1", 2)
    assert notice.sha256 == fingerprint(told)
    for text in ("补正通知书", "与著作权登记证书不一致", "报告缺页", told["ref"], "也是最后一次", notice.sha256):
        assert text in words


def test_a_rejection_notice_names_rule_clause_record_and_ways_to_object(session, officer, unfit, now):
    (notice,) = queries.list_notices(session, rejected(session, unfit, officer, now))

    told = json.loads(notice.content)
    words = words_of(typeset_notice(notice.content, sha256=notice.sha256))

    assert (told["ground"]["rule"], told["reason"]) == ("SBC-05", "住所不在本市。")
    assert told["ground"]["evidence"]
    for text in ("不予受理通知书", "SBC-05", "住所不在本市。", "异议的途径", told["ground"]["evidence"][0]["asof"]):
        assert text in words
    assert "".join(told["ground"]["clause"].split()) in words


def test_the_enterprise_reads_what_a_rejection_rests_on_and_how_to_object(session, client, clock, officer, unfit, now):
    (notice,) = queries.list_notices(session, rejected(session, unfit, officer, now))
    session.commit()
    told = json.loads(notice.content)
    sign_in(client, session.get_one(Person, unfit.created_by))

    page = client.get(f"/apply/{unfit.id}/").text

    for text in (told["ground"]["title"], told["ground"]["message"], told["ground"]["evidence"][0]["source"]):
        assert text in page
    assert "住所不在本市。" in page
    assert "申请复核" in page
    assert told["contact"][0] in page


def test_an_acceptance_needs_no_notice(session, officer, now):
    application = make_checked(session)
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)

    assert queries.list_notices(session, application) == []


def test_a_pdf_is_accessible_and_made_again_it_is_the_same_to_the_byte(session, officer, now):
    (notice,) = queries.list_notices(session, returned(session, officer, now))

    first, second = (typeset_notice(notice.content, sha256=notice.sha256) for _ in range(2))

    assert first == second
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()
        assert str(pdf.Root.Lang) in ("zh-CN", "zh-cn")


def test_what_has_been_issued_is_not_replaced(session, officer, now):
    (notice,) = queries.list_notices(session, returned(session, officer, now))
    make(session, notice, now)
    first = notice.file_id

    other = documents.keep_bytes(b"%PDF-other", name="x.pdf", content_type="application/pdf", pages=1)
    keep_notice_pdf(session, notice.decision_id, other, now=now)

    assert notice.file_id == first


def test_the_unit_and_the_office_read_it_and_nobody_else(session, client, officer, now, clock):
    application = returned(session, officer, now)
    own, case = f"/apply/{application.id}", f"/staff/cases/{application.ref}"
    (notice,) = queries.list_notices(session, application)
    pages = (f"{own}/notices/{notice.decision_id}.pdf", f"{case}/notices/{notice.decision_id}.pdf")
    owner, stranger = session.get_one(Person, application.created_by), make_member(session)
    sign_in(client, owner)
    assert client.get(pages[0]).status_code == 404
    assert "正在生成" in client.get(f"{own}/").text

    pdf = make(session, notice, now)

    assert fetched(client, pages[0]) == pdf
    assert pages[0] in client.get(f"{own}/").text
    assert client.get(f"{own}/notices/{uuid4()}.pdf").status_code == 404
    sign_in(client, make_staff(session, Role.OFFICER))
    assert pages[1] in client.get(case).text
    assert fetched(client, pages[1]) == pdf
    for person, page, status in ((stranger, pages[0], 404), (owner, pages[1], 403)):
        sign_in(client, person)
        assert client.get(page).status_code == status
