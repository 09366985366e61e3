"""What the public reads and downloads, and what the office does, over HTTP."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event, select

from grants.applications.queries import current_revision
from grants.db import db
from grants.kernel.actor import Role
from grants.kernel.clock import local_instant
from grants.publication import queries, services
from grants.publication.domain import read_content
from grants.publication.models import AwardList, Objection
from grants.publication.states import AwardListState, NoticeState
from tests.factories.accounts import make_staff, sign_in
from tests.factories.calls import make_call
from tests.factories.decisions import make_approved, make_reviewed
from tests.factories.publication import (
    GROUNDS,
    after_notice,
    make_notice,
    make_objection,
    make_prepared_list,
    make_released_list,
)


@pytest.fixture(autouse=True)
def _stopped(app, clock):
    """Pages read the clock: it stands at noon of the tests' day; nobody has objected from this address yet."""
    for limiter in app.extensions["limiter"]:
        limiter.reset()


def statement(notice, **changes) -> dict[str, str]:
    item = read_content(notice.content).items[0]
    return {
        "project_no": item.project_no,
        "kind": "person",
        "name": "示例异议人",
        "phone": "021-55550123",
        "email": "yiyi@shili.example",
        "grounds": GROUNDS,
        "truth": "y",
        **changes,
    }


def count_queries(client, path: str) -> int:
    statements = []
    connection = db.engines[None]

    def note(*args):
        statements.append(args[2])

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(statements)


def test_the_public_reads_a_notice(session, client):
    notice = make_notice(session)

    page = client.get(f"/notices/{notice.ref}").text

    published = read_content(notice.content)
    assert published.title in page
    assert all(item.org_name in page for item in published.items)
    assert notice.sha256 in page
    assert "提出异议" in page
    assert notice.ref in client.get("/notices").text


def test_a_public_page_shows_neither_scores_nor_people(session, client):
    notice = make_notice(session)
    award_list = make_released_list(session, notice)
    pages = "".join(client.get(path).text for path in (f"/notices/{notice.ref}", f"/awards/{award_list.ref}"))

    assert "90.00" not in pages
    assert "评分" not in pages
    assert "示例人员" not in pages


def test_downloads_of_a_list(session, client):
    award_list = make_released_list(session)
    path = f"/awards/{award_list.ref}"

    as_csv = client.get(f"{path}.csv")
    rows = list(csv.reader(io.StringIO(as_csv.data.decode("utf-8-sig"), newline="")))
    assert as_csv.data.startswith(b"\xef\xbb\xbf")
    assert as_csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[0][:3] == ["批次", "项目类别代码", "序号"]
    assert len(rows) == 4
    assert {row[-3] for row in rows[1:]} == {"已公告"}

    found = json.loads(client.get(f"{path}.json").data)
    assert [item["amount_fen"] for item in found["items"]] == [
        item.amount_fen for item in read_content(award_list.content).items
    ]
    assert found["sha256"] == award_list.sha256
    assert len(found["audit_head"]) == 64

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{path}.xlsx").data)).get_sheet_by_index(0)
    assert [str(cell) for cell in sheet.to_python()[1][3:6]] == rows[1][3:6]

    content = client.get(f"{path}/content.json").data
    assert hashlib.sha256(content).hexdigest() == award_list.sha256


def test_the_same_workbook_again(session, client):
    path = f"/awards/{make_released_list(session).ref}.xlsx"

    assert client.get(path).data == client.get(path).data


def test_a_pdf_that_is_not_made_yet_is_said_so(session, client):
    notice = make_notice(session)

    answer = client.get(f"/notices/{notice.ref}.pdf")

    assert answer.status_code == 404
    assert "正在生成" in answer.text
    assert "PDF 正在生成" in client.get(f"/notices/{notice.ref}").text
    assert "PDF 正在生成" in client.get(f"/awards/{make_released_list(session, notice).ref}").text


def test_an_unreleased_list_is_nowhere_public(session, client):
    award_list = make_prepared_list(session)

    for path in (
        f"/awards/{award_list.ref}",
        f"/awards/{award_list.ref}.csv",
        f"/awards/{award_list.ref}/content.json",
    ):
        assert client.get(path).status_code == 404
    assert award_list.ref not in client.get("/awards").text
    assert "没有找到" in client.get(f"/verify?fingerprint={award_list.sha256}").text


def test_a_list_is_searched_and_sorted(session, client):
    award_list = make_released_list(session)
    items = read_content(award_list.content).items
    path = f"/awards/{award_list.ref}"

    found = client.get(f"{path}?q={items[1].uscc}").text
    assert items[1].project_no in found
    assert items[0].project_no not in found
    assert "没有符合条件" in client.get(f"{path}?q=不存在的单位").text
    by_amount = client.get(f"{path}?sort=amount").text
    best = max(items, key=lambda item: item.amount_fen)
    assert all(by_amount.index(best.project_no) <= by_amount.index(item.project_no) for item in items)
    assert client.get(f"{path}?from=nonsense&district=x").status_code == 200


def test_an_objection_by_hand(session, client):
    notice = make_notice(session)
    assert client.get(f"/notices/{notice.ref}/object").status_code == 200

    answer = client.post(f"/notices/{notice.ref}/object", data=statement(notice))

    assert answer.status_code == 303
    receipt = client.get(answer.location).text
    assert "异议已收到" in receipt
    assert "示例异议人" not in receipt
    assert "021-55550123" not in receipt
    assert "已收到 1 件" in client.get(f"/notices/{notice.ref}").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "请填写真实姓名"),
        ({"phone": "打我电话"}, "固定电话"),
        ({"grounds": "不公平"}, "20 至 4000"),
        ({"grounds": "长" * 5_000}, "20 至 4000"),
        ({"project_no": "SBC-2099-01-0001"}, "请从所列选项中选择"),
        ({"email": "不是邮箱"}, "邮箱格式不正确"),
        ({"truth": ""}, "请确认承诺"),
    ],
)
def test_a_faulty_objection_is_answered_in_words(session, client, changes, words):
    notice = make_notice(session)

    answer = client.post(f"/notices/{notice.ref}/object", data=statement(notice, **changes))

    assert answer.status_code == 200
    assert words in answer.text
    assert session.scalars(select(Objection)).all() == []


def test_one_address_does_not_flood_the_office(session, client):
    notice = make_notice(session)
    path = f"/notices/{notice.ref}/object"
    answers = [client.post(path, data=statement(notice, name="")).status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]
    assert client.get(path).status_code == 200


def test_after_the_notice_nobody_objects(session, client, clock):
    notice = make_notice(session)
    clock.move_to(after_notice(notice))

    assert client.get(f"/notices/{notice.ref}/object").status_code == 403
    assert client.post(f"/notices/{notice.ref}/object", data=statement(notice)).status_code == 403
    assert session.scalars(select(Objection)).all() == []


def test_the_office_publishes_decides_prepares_and_releases(session, client, clock, now):
    call = make_call(session, open=False, now=now)
    for total in ("90", "80"):
        make_reviewed(session, call, total=total)
    make_approved(session, call)
    first, second = make_staff(session, Role.ADMINISTRATOR), make_staff(session, Role.ADMINISTRATOR)
    sign_in(client, first)

    assert call.ref in client.get("/staff/publication").text
    page = client.get(f"/staff/publication/{call.ref}/notice").text
    assert "2026年3月24日" in page
    assert client.post(f"/staff/publication/{call.ref}/notice", data={"seen": "0" * 64}).status_code == 409
    seen = services.substance_of(services.plan_notice(session, call, now=now))
    sent = client.post(f"/staff/publication/{call.ref}/notice", data={"seen": seen})
    ref = sent.location.rpartition("/")[2]
    notice = queries.get_notice(session, ref)
    objection = make_objection(session, notice, seq=2)
    path = f"/staff/publication/objections/{objection.id}"
    decision = {"outcome": "uphold", "reply": "经核实属实。"}
    assert "确认处理" in client.post(path, data=decision).text
    assert notice.state is NoticeState.PUBLISHED
    assert client.post(path, data={**decision, "confirmed": "1"}).status_code == 303
    current = queries.find_running_notice(session, call)
    assert "本版更正" in client.get(f"/notices/{current.ref}").text
    assert "已被更正版替代" in client.get(f"/notices/{notice.ref}").text

    clock.move_to(local_instant(notice.ends_on, 12))
    sign_in(client, first)
    assert "公示期还没有结束" in client.get(f"/staff/publication/notices/{current.ref}/list").text
    clock.move_to(after_notice(notice))
    sign_in(client, first)
    named = {"doc_no": "示专项〔2026〕31 号", "announced_on": "2026-03-25"}
    ref = client.post(f"/staff/publication/notices/{current.ref}/list", data=named).location.rpartition("/")[2]
    assert "须由另一人核对后发布" in client.get(f"/staff/publication/lists/{ref}").text
    award_list = session.scalars(select(AwardList).where(AwardList.ref == ref)).one()
    release = {"sha256": award_list.sha256}
    assert client.post(f"/staff/publication/lists/{ref}/release", data=release).status_code == 403

    sign_in(client, second)
    assert client.get(f"/staff/publication/lists/{ref}/release").status_code == 200
    assert client.post(f"/staff/publication/lists/{ref}/release", data=release).status_code == 303
    session.expire_all()
    assert award_list.state is AwardListState.RELEASED
    assert "示专项〔2026〕31 号" in client.get(f"/awards/{ref}").text
    assert ref in client.get("/open-data").text


def test_a_prepared_list_can_be_discarded(session, client):
    award_list = make_prepared_list(session)
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))

    assert client.get(f"/staff/publication/lists/{award_list.ref}/discard").status_code == 200
    assert client.post(f"/staff/publication/lists/{award_list.ref}/discard").status_code == 303
    session.expire_all()
    assert award_list.state is AwardListState.DISCARDED


def test_the_office_of_other_scopes_finds_nothing(session, client):
    notice = make_notice(session)
    objection = make_objection(session, notice)
    sign_in(client, make_staff(session, Role.OFFICER, scope="SBC-2099-01"))

    assert client.get(f"/staff/publication/objections/{objection.id}").status_code == 404
    assert notice.ref not in client.get("/staff/publication").text


@pytest.mark.parametrize("typed", ["", "xyz", "0" * 64, "' OR 1=1"])
def test_what_does_not_verify(session, client, typed):
    assert client.get("/verify", query_string={"fingerprint": typed}).status_code == 200


def test_fingerprints_verify_with_spaces_and_capitals(session, client):
    notice = make_notice(session)
    application = queries.applications_of(session, read_content(notice.content).items)[0]
    spaced = " ".join(notice.sha256[at : at + 4] for at in range(0, 64, 4)).upper()

    assert notice.ref in client.get("/verify", query_string={"fingerprint": spaced}).text
    receipt = client.get("/verify", query_string={"fingerprint": current_revision(session, application).sha256}).text
    assert application.ref in receipt


def test_the_number_of_queries_does_not_grow(session, client):
    few, many = make_notice(session, awards=1), make_notice(session, awards=30)

    assert count_queries(client, f"/notices/{few.ref}") == count_queries(client, f"/notices/{many.ref}") <= 8
    one, thirty = make_released_list(session, few), make_released_list(session, many)
    assert count_queries(client, f"/awards/{one.ref}") == count_queries(client, f"/awards/{thirty.ref}") <= 4
    assert count_queries(client, "/notices") <= 4
    assert count_queries(client, "/awards") <= 4


def test_export_by_command(app, session):
    award_list = make_released_list(session)
    session.commit()
    runner = app.test_cli_runner()

    assert runner.invoke(args=["publication", "export", award_list.ref, "--format", "csv"]).output.startswith(
        "\ufeff批次"
    )
    assert runner.invoke(args=["publication", "export", award_list.ref, "--format", "pdf"]).exit_code == 1
    assert runner.invoke(args=["publication", "export", "GG-NONE-1", "--format", "json"]).exit_code == 1
