import io
import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from grants.accounts.models import Person
from grants.accounts.states import Level
from grants.applications import queries, services
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.audit.models import AuditEntry
from tests.factories.accounts import actor_of, make_member, make_membership, make_organisation, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.documents import pdf_bytes


@pytest.fixture
def visit(client, clock):
    """Sign the application's author in, unless somebody else is named, and go to one of its pages."""
    signed_in = []

    def go(session, application, path="", person=None, **request):
        session.commit()
        somebody = person or session.get_one(Person, application.created_by)
        if signed_in != [somebody]:
            signed_in[:] = [somebody]
            sign_in(client, somebody)
            request.get("data", {}).pop("csrf_token", None)
        method = "POST" if "data" in request else "GET"
        return client.open(f"/apply/{application.id}/{path}", method=method, **request)

    return go


def form_of(answer):
    """What the page's own form would send back untouched: hidden fields, texts, ticked boxes."""
    html = answer.get_data(as_text=True)
    body = html[html.index('<form class="sheet"') :]
    body = re.sub(r"<template.*?</template>", "", body[: body.index("</form>")], flags=re.S)  # waits for a script
    fields = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or (("radio" in tag or "checkbox" in tag) and "checked" not in tag):
            continue
        fields[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', body, re.S):
        fields[name] = unescape(text).removeprefix("\r\n").removeprefix("\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_every_section_sent_back_untouched_changes_nothing(session, now, visit, code):
    application = make_application(session, code=code, complete=True, now=now)
    before = {place: (a.value, a.version) for place, a in queries.load_draft(session, application).answers.items()}
    keys = [section.key for section in queries.load_draft(session, application).definition.sections]

    for key in keys:
        page = visit(session, application, f"sections/{key}")
        assert page.status_code == 200, key
        answer = visit(session, application, f"sections/{key}", data=form_of(page))
        assert answer.status_code == 303, (key, text_of(answer)[:800])

    session.expire_all()
    after = {place: (a.value, a.version) for place, a in queries.load_draft(session, application).answers.items()}
    assert after == before


def test_what_was_typed_is_stored_in_its_own_kind(session, now, visit):
    application = make_application(session, now=now)
    form = form_of(visit(session, application, "sections/product"))

    answer = visit(
        session,
        application,
        "sections/product",
        data={
            **form,
            "a-product_name": " 示例数据库 ",
            "a-category": "工业",
            "a-release_date-y": "２０２５年3月2日",
            "a-dev_mode": "自主",
            "a-rd_invest": "１２3.5万元",
            "a-tech_summary": "第一行\r\n第二行",
            "a-domestic_env": ["国产数据库", "国产处理器"],
            "next": "1",
        },
    )

    assert answer.status_code == 303
    assert answer.location.endswith("/sections/ip")
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert draft.value("product_name") == "示例数据库"
    assert draft.value("release_date") == "2025-03-02"
    assert draft.value("rd_invest") == 123_500_000
    assert draft.value("tech_summary") == "第一行\n第二行"
    assert draft.value("domestic_env") == ["国产处理器", "国产数据库"]
    assert session.get_one(Application, application.id).title == "示例数据库"


def test_a_bad_value_is_shown_again_and_the_good_ones_are_kept(session, now, visit):
    application = make_application(session, now=now)
    form = form_of(visit(session, application, "sections/product"))

    answer = visit(
        session,
        application,
        "sections/product",
        data={
            **form,
            "a-product_name": "示例软件",
            "a-release_date-y": "2025",
            "a-release_date-m": "2",
            "a-release_date-d": "30",
            "a-rd_invest": "很多",
            "a-version": "V" * 40,
        },
    )

    assert answer.status_code == 422
    shown = text_of(answer)
    assert "没有 2025年2月30日 这一天，请核对。" in shown
    assert "请填写金额数字" in shown
    assert 'value="很多"' in answer.get_data(as_text=True)
    assert f'value="{"V" * 40}"' in answer.get_data(as_text=True)
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert draft.value("product_name") == "示例软件"
    assert draft.value("release_date") is draft.value("rd_invest") is draft.value("version") is None
    again = visit(
        session,
        application,
        "sections/product",
        data={**form_of(answer), "a-rd_invest": "10", "a-version": "V1", "a-release_date-d": "28"},
    )
    assert again.status_code == 303


def test_a_text_that_is_still_too_short_is_kept_and_said(session, now, visit):
    application = make_application(session, now=now)
    form = form_of(visit(session, application, "sections/product"))

    visit(session, application, "sections/product", data={**form, "a-tech_summary": "刚开了个头"})

    assert "至少 200 字，现有 5 字" in text_of(visit(session, application, "sections/product"))


def test_two_people_on_different_fields_lose_nothing(session, now, visit):
    application = make_application(session, now=now)
    colleague = make_member(session, application.organisation, level=Level.EDITOR)
    mine = form_of(visit(session, application, "sections/product"))
    theirs = form_of(visit(session, application, "sections/product", person=colleague))

    visit(session, application, "sections/product", person=colleague, data={**theirs, "a-version": "V2.0"})
    answer = visit(session, application, "sections/product", data={**mine, "a-product_name": "示例软件"})

    assert answer.status_code == 303
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert (draft.value("version"), draft.value("product_name")) == ("V2.0", "示例软件")


def test_two_people_on_the_same_field_see_both_texts(session, now, visit):
    application = make_application(session, now=now)
    colleague = make_member(session, application.organisation, level=Level.EDITOR)
    mine = form_of(visit(session, application, "sections/product"))
    theirs = form_of(visit(session, application, "sections/product", person=colleague))
    visit(session, application, "sections/product", person=colleague, data={**theirs, "a-product_name": "同事的名称"})

    typed = {**mine, "a-product_name": "我的名称", "a-version": "V1"}
    answer = visit(session, application, "sections/product", data=typed)

    assert answer.status_code == 409
    assert colleague.name in text_of(answer)
    assert "同事的名称" in text_of(answer)
    assert form_of(answer)["a-product_name"] == "我的名称"
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert (draft.value("product_name"), draft.value("version")) == ("同事的名称", "V1")

    taken = visit(session, application, "sections/product", data={**form_of(answer), "theirs": "a-product_name"})
    assert taken.status_code == 303
    session.expire_all()
    assert queries.load_draft(session, application).value("product_name") == "同事的名称"

    insisted = visit(session, application, "sections/product", data=form_of(answer))
    assert insisted.status_code == 303
    session.expire_all()
    assert queries.load_draft(session, application).value("product_name") == "我的名称"


def test_a_page_shown_again_does_not_undo_what_a_colleague_did_elsewhere(session, now, visit):
    application = make_application(session, now=now)
    colleague = make_member(session, application.organisation, level=Level.EDITOR)
    mine = form_of(visit(session, application, "sections/product"))
    theirs = form_of(visit(session, application, "sections/product", person=colleague))
    changed = {**theirs, "a-version": "V2.0", "a-release_date-y": "2025-03-02", "a-dev_mode": "合作"}
    visit(session, application, "sections/product", person=colleague, data=changed)

    answer = visit(session, application, "sections/product", data={**mine, "a-rd_invest": "很多"})
    again = visit(session, application, "sections/product", data={**form_of(answer), "a-rd_invest": "10"})

    assert (answer.status_code, again.status_code) == (422, 303)
    assert form_of(answer)["a-version"] == "V2.0"
    assert form_of(answer)["a-release_date-m"] == "3"
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert [draft.value(path) for path in ("version", "release_date", "dev_mode")] == ["V2.0", "2025-03-02", "合作"]
    assert draft.value("rd_invest") == 10_000_000


def test_what_could_not_be_read_still_meets_a_colleague_s_change(session, now, visit):
    application = make_application(session, now=now)
    colleague = make_member(session, application.organisation, level=Level.EDITOR)
    mine = form_of(visit(session, application, "sections/product"))
    theirs = form_of(visit(session, application, "sections/product", person=colleague))
    visit(session, application, "sections/product", person=colleague, data={**theirs, "a-rd_invest": "20"})

    answer = visit(session, application, "sections/product", data={**mine, "a-rd_invest": "很多"})
    again = visit(session, application, "sections/product", data={**form_of(answer), "a-rd_invest": "10"})

    assert (answer.status_code, again.status_code) == (422, 409)
    assert "20 万元" in text_of(again)


def test_a_row_is_added_once_however_often_its_form_is_sent(session, now, visit):
    application = make_application(session, now=now)
    page = visit(session, application, "tables/contracts/rows/new")
    action = re.search(r'action="[^"]*/(tables/contracts/rows/[^"]+)"', page.get_data(as_text=True))[1]
    data = {**form_of(page), f"a-contracts-contract_no--{action.rsplit('/', 1)[1]}": "SL-1"}

    first = visit(session, application, action, data=data)
    second = visit(session, application, action, data=data)

    assert (first.status_code, second.status_code) == (303, 303)
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert len(draft.rows["contracts"]) == 1
    assert "SL-1" in text_of(visit(session, application, "sections/sales"))
    assert "应用 1" in text_of(visit(session, application, "sections/effects"))


def test_what_depends_on_an_answer_is_asked_after_it_is_saved(session, now, visit):
    application = make_application(session, complete=True, now=now)
    path = "tables/contracts/rows/r1"
    page = visit(session, application, path)
    assert "a-contracts-buyer_uscc--r1" in form_of(page)

    answer = visit(session, application, path, data={**form_of(page), "a-contracts-buyer_abroad--r1": "yes"})

    assert answer.status_code == 303
    again = visit(session, application, path)
    assert "a-contracts-buyer_uscc--r1" not in form_of(again)
    answer = visit(session, application, path, data={**form_of(again), "a-contracts-buyer_abroad--r1": "no"})
    assert answer.location.endswith(path)
    assert "还有 1 项需要填写" in text_of(visit(session, application, path))
    session.expire_all()
    assert queries.load_draft(session, application).value("contracts.buyer_uscc", "r1")


def test_a_row_is_deleted_after_asking_unless_it_was_changed_meanwhile(session, now, visit):
    application = make_application(session, complete=True, now=now)
    colleague = make_member(session, application.organisation)
    asked = visit(session, application, "tables/contracts/rows/r2/delete")
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', asked.get_data(as_text=True))[1]
    row = form_of(visit(session, application, "tables/contracts/rows/r2", person=colleague))
    visit(
        session,
        application,
        "tables/contracts/rows/r2",
        person=colleague,
        data={**row, "a-contracts-buyer--r2": "新买方有限公司"},
    )

    refused = visit(session, application, "tables/contracts/rows/r2/delete", data={"seen": seen})

    assert refused.status_code == 409
    assert "新买方有限公司" in text_of(refused)
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', refused.get_data(as_text=True))[1]
    assert visit(session, application, "tables/contracts/rows/r2/delete", data={"seen": seen}).status_code == 303
    session.expire_all()
    draft = queries.load_draft(session, application)
    assert [row.id for row in draft.rows["contracts"]] == ["r1"]
    assert all(file.row != "r2" for file in draft.present_files)


def test_what_was_typed_for_a_row_deleted_meanwhile_is_offered_as_a_new_one(session, now, visit):
    application = make_application(session, complete=True, now=now)
    page = form_of(visit(session, application, "tables/contracts/rows/r2"))
    person = session.get_one(Person, application.created_by)
    colleague = make_member(session, application.organisation)
    asked = visit(session, application, "tables/contracts/rows/r2/delete", person=colleague)
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', asked.get_data(as_text=True))[1]
    visit(session, application, "tables/contracts/rows/r2/delete", person=colleague, data={"seen": seen})

    answer = visit(
        session,
        application,
        "tables/contracts/rows/r2",
        person=person,
        data={**page, "a-contracts-buyer--r2": "不能丢的买方"},
    )

    assert answer.status_code == 409
    assert "不能丢的买方" in answer.get_data(as_text=True)
    action = re.search(r'action="[^"]*/(tables/contracts/rows/[^"]+)"', answer.get_data(as_text=True))[1]
    assert visit(session, application, action, data=form_of(answer)).status_code == 303
    session.expire_all()
    draft = queries.load_draft(session, application)
    rows = [row.id for row in draft.rows["contracts"]]
    assert len(rows) == 2
    assert draft.value("contracts.buyer", rows[-1]) == "不能丢的买方"


def upload(visit, session, application, slot, content, name, row=""):
    prefix = f"slot-{slot}-{row}-" if row else f"slot-{slot}-"
    data = {"row": row, f"{prefix}file": (io.BytesIO(content), name)}
    return visit(session, application, f"documents/{slot}", data=data, content_type="multipart/form-data")


def test_a_file_goes_in_and_comes_out_as_it_was(session, now, visit, drain):
    application = make_application(session, complete=True, now=now)
    content, name = pdf_bytes("说明"), "性能'说明'；第１版\u202e.pdf"

    answer = upload(visit, session, application, "a4", content, name)

    assert answer.status_code == 303
    session.expire_all()
    (file,) = [file for file in queries.load_draft(session, application).files if file.slot == "a4"]
    assert file.name == "性能'说明'；第１版.pdf"
    drain()
    fetched = visit(session, application, f"files/{file.id}")
    assert fetched.data == content
    fetched.close()
    assert fetched.mimetype == "application/pdf"
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Disposition"].startswith("attachment; filename")
    assert "filename*=UTF-8''%E6%80%A7" in fetched.headers["Content-Disposition"]
    assert visit(session, application, f"files/{file.id}/remove", data={}).status_code == 303
    with visit(session, application, f"files/{file.id}") as earlier:
        assert earlier.data == content, "what was removed stays in the history"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x90\x00" + bytes(600), "合同.pdf", "文件内容与扩展名不符"),
        (pdf_bytes(), "合同.exe", "只接受 PDF"),
        (b"", "空.pdf", "这个文件是空的"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(session, now, visit, content, name, sentence):
    application = make_application(session, now=now)

    answer = upload(visit, session, application, "a1", content, name)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    session.expire_all()
    assert queries.load_draft(session, application).files == ()


def test_no_file_chosen_is_said(session, now, visit):
    application = make_application(session, now=now)

    answer = visit(session, application, "documents/a1", data={"row": ""})

    assert answer.status_code == 422
    assert "没有选择文件" in text_of(answer)


def test_ten_megabytes_of_text_are_refused_and_change_nothing(session, now, visit):
    application = make_application(session, now=now)
    form = form_of(visit(session, application, "sections/product"))

    answer = visit(session, application, "sections/product", data={**form, "a-tech_summary": "长" * 3_500_000})
    long = visit(session, application, "sections/product", data={**form, "a-tech_summary": "长" * 30_000})

    assert answer.status_code == 413
    assert long.status_code == 422
    assert "最多 3000 字" in text_of(long)
    session.expire_all()
    assert queries.load_draft(session, application).value("tech_summary") is None


def test_everything_missing_is_listed_with_a_link_to_its_input(session, now, visit):
    application = make_application(session, now=now)

    page = visit(session, application, "missing").get_data(as_text=True)

    assert f"/apply/{application.id}/sections/product#a-product_name" in page
    assert f"/apply/{application.id}/sections/product#a-release_date-y" in page
    assert f"/apply/{application.id}/sections/sales#table-contracts" in page
    assert f"/apply/{application.id}/sections/org#a-org-years-revenue--2025" in page
    assert f"/apply/{application.id}/documents#slot-a1" in page
    assert "真实性承诺" not in page


def test_check_submit_and_the_second_press(session, now, visit):
    application = make_application(session, complete=True, now=now)
    page = visit(session, application, "submit")
    html = page.get_data(as_text=True)
    assert "如有虚假，愿意承担相应责任" in text_of(page)
    assert "<dt>真实性承诺</dt>" not in html, "an undertaking is asked for, not shown as 否"
    number = re.search(r'name="revision_no"[^>]*value="(\d+)"', html)[1]
    ticks = {f"a-{key}": "y" for key in ("commit_true", "commit_no_dup", "credit_auth")}

    unticked = visit(session, application, "submit", data={"revision_no": number})
    first = visit(session, application, "submit", data={"revision_no": number, **ticks})
    second = visit(session, application, "submit", data={"revision_no": number, **ticks})

    assert unticked.status_code == 422
    assert "请勾选确认“真实性承诺”" in text_of(unticked)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    session.expire_all()
    stored = session.get_one(Application, application.id)
    assert (stored.state, stored.revision_no) == (ApplicationState.SUBMITTED, 1)
    receipt = visit(session, application, "receipt")
    assert stored.ref in text_of(receipt)
    assert "只能查看" in text_of(visit(session, application, "sections/product"))


def test_a_late_press_is_refused_with_both_times(session, now, visit, clock):
    application = make_application(session, complete=True, now=now)
    session.commit()
    clock.move_to(application.call.closes_at)
    ticks = {f"a-{key}": "y" for key in ("commit_true", "commit_no_dup", "credit_auth")}

    answer = visit(session, application, "submit", data={"revision_no": "0", **ticks})

    assert answer.status_code == 403
    assert text_of(answer).count("2026年04月29日 12:00:00") == 2
    refused = session.scalars(select(AuditEntry).where(AuditEntry.kind == "request.refused")).one()
    facts = json.loads(refused.detail)["facts"]
    assert facts == {"arrived_at": "2026年04月29日 12:00:00", "closed_at": "2026年04月29日 12:00:00"}


def test_another_enterprise_finds_nothing(session, now, visit):
    application = make_application(session, submitted=True, now=now)
    stranger = make_member(session)
    file = queries.load_draft(session, application).files[0]
    paths = [
        "sections/org",
        "documents",
        "missing",
        "submit",
        "receipt",
        "withdraw",
        f"files/{file.id}",
        "tables/contracts/rows/r1",
    ]

    assert {path: visit(session, application, path, person=stranger).status_code for path in paths} == dict.fromkeys(
        paths, 404
    )
    assert visit(session, application, "submit", person=stranger, data={}).status_code == 404


def test_a_reader_sees_and_cannot_change(session, now, visit):
    application = make_application(session, now=now)
    reader = make_member(session, application.organisation, level=Level.READER)

    page = visit(session, application, "sections/product", person=reader)
    answer = visit(session, application, "sections/product", person=reader, data={"shown": "{}"})

    assert page.status_code == 200
    assert "a-product_name" not in page.get_data(as_text=True)
    assert answer.status_code == 403


def test_starting_names_what_there_is_already(session, now, client, clock):
    call = make_call(session, now=now)
    membership = make_membership(session, organisation=make_organisation(session))
    make_application(session, call=call, organisation=membership.organisation, person=membership.person, now=now)
    session.commit()
    sign_in(client, membership.person)

    page = client.get(f"/apply/new/{call.ref}")
    warned = client.post(f"/apply/new/{call.ref}", data={"organisation": str(membership.organisation_id)})
    wanted = {"organisation": str(membership.organisation_id), "another": "y"}
    answer = client.post(f"/apply/new/{call.ref}", data=wanted)
    foreign = client.post(f"/apply/new/{call.ref}", data={"organisation": str(make_organisation(session).id)})

    assert "本单位在这一批次已有申报" in text_of(page)
    assert (warned.status_code, answer.status_code) == (200, 303)
    assert re.search(r"/apply/[0-9a-f-]{36}/sections/org$", answer.location)
    assert foreign.status_code == 200
    assert len(session.scalars(select(Application)).all()) == 2


def test_hostile_answers_are_shown_as_text(session, now, visit):
    application = make_application(session, complete=True, now=now)
    person = session.get_one(Person, application.created_by)
    hostile = "<script>alert(1)</script>\"'{{7*7}}"
    entry = services.Entry("product_name", "", hostile)
    services.save_answers(session, application, [entry], actor=actor_of(session, person), now=now)

    for path in ("sections/product", "submit", "missing", "documents"):
        html = visit(session, application, path).get_data(as_text=True)
        assert "<script>alert" not in html
        assert "{{7*7}}" in unescape(html)


def test_a_form_that_lies_about_what_it_showed_stores_nothing_it_may_not(session, now, visit):
    application = make_application(session, now=now)
    forged = {
        "shown": json.dumps({"a-size_class": [0, "x"], "a-commit_true": [0, "x"], "b": "c"}),
        "a-commit_true": "y",
    }

    answer = visit(session, application, "sections/request", data=forged)

    assert answer.status_code == 303
    session.expire_all()
    assert queries.load_draft(session, application).value("commit_true") is None


@pytest.mark.parametrize("path", ["sections/product", "submit", "tables/contracts/rows/{row}"])
def test_asking_for_the_head_of_a_page_stores_nothing(session, now, visit, client, path):
    application = make_application(session, complete=True, now=now)
    draft = queries.load_draft(session, application)
    row = draft.row_ids(draft.definition.field("contracts"))[0]
    visit(session, application)

    assert client.head(f"/apply/{application.id}/{path.format(row=row)}").status_code == 200


def test_a_new_row_with_nothing_in_it_is_not_added(session, now, visit):
    application = make_application(session, now=now)
    page = visit(session, application, "tables/contracts/rows/new")

    row = re.search(r"/tables/contracts/rows/(r[0-9a-f]+)\"", page.get_data(as_text=True))[1]

    answer = visit(session, application, f"tables/contracts/rows/{row}", data=form_of(page))

    assert answer.status_code == 303
    draft = queries.load_draft(session, application)
    assert draft.row_ids(draft.definition.field("contracts")) == ()
