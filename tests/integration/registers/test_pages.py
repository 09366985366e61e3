"""The pages of the registers, as administrators use them."""

import csv
import io

import pytest

from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.kernel.uscc import make_uscc
from grants.registers import services
from grants.registers.domain import REGISTERS
from grants.registers.presenters import FAULTS_SHOWN
from grants.registers.states import ImportState as S
from tests.factories.accounts import make_staff, sign_in
from tests.factories.registers import make_import, make_snapshot
from tests.support.registry import says
from tests.support.statements import queries_of

FIRST, SECOND = make_uscc("91310115", "MA1K0001"), make_uscc("91310115", "MA1K0002")
LISTS = ("/staff/registers", "/staff/registers/bans")
TABLE = f"统一社会信用代码,限制起始日期\n{FIRST},2025-01-01\n"


@pytest.fixture
def administrator(session):
    return make_staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def browser(client, administrator):
    sign_in(client, administrator)
    return client


def hand_in(browser, text=TABLE, name="限制名单.csv", **changes):
    given = {"asof_on-y": "2026", "asof_on-m": "3", "asof_on-d": "1", "source": "示例来源", **changes}
    file = (io.BytesIO(text.encode()), name)
    return browser.post(
        "/staff/registers/bans/imports", data={**given, "file": file}, content_type="multipart/form-data"
    )


def test_every_register_is_listed_with_its_source_and_age(session, browser):
    make_snapshot(session, "reg", [(FIRST, {"status": "存续"})])

    page = browser.get("/staff/registers").text

    assert all(register.label in page for register in REGISTERS.values())
    assert "示例reg登记库" in page
    assert "数据已旧" in page  # the machine's day is months later
    assert page.count("尚未导入") == len(REGISTERS) - 1


def test_a_service_is_shown_with_its_state(session, now, browser, server, ask_by):
    ask_by("bans", attempts=1, trip_after=1)
    server.behaviour = says({}, status=503)
    found = services.read(session, FIRST, registers=frozenset({"bans"}), authorised=True, now=now)
    outcomes = services.put_questions(services.admit_questions(session, found.questions, now=now))
    services.settle_answers(session, outcomes, now=now)
    session.commit()

    listed, page = browser.get("/staff/registers").text, browser.get("/staff/registers/bans").text

    assert "接口查询" in listed
    assert "返回错误状态 503" in listed
    assert "上传并核对" not in page


def test_a_service_that_has_just_failed_is_not_called_sound(session, now, browser, server, ask_by):
    ask_by("bans", attempts=1, trip_after=3)
    server.behaviour = says({}, status=503)
    found = services.read(session, FIRST, registers=frozenset({"bans"}), authorised=True, now=now)
    outcomes = services.put_questions(services.admit_questions(session, found.questions, now=now))
    services.settle_answers(session, outcomes, now=now)
    session.commit()

    assert all("连续 1 次查询失败" in browser.get(path).text for path in LISTS)


def test_an_import_from_upload_to_snapshot(session, browser, drain):
    answer = hand_in(browser)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "正在读取" in browser.get(address).text

    drain()
    page = browser.get(address).text
    assert "与现有数据的差异" in page
    assert FIRST in page

    taken = browser.post(f"{address}/take")
    assert taken.headers["Location"].endswith("/staff/registers/bans")
    register = browser.get("/staff/registers/bans").text
    assert "限制名单.csv" in register


def test_bad_rows_are_named_on_the_page(session, browser, drain):
    address = hand_in(browser, TABLE + f"{SECOND},<b>去年</b>\n").headers["Location"]
    drain()

    page = browser.get(address).text

    assert "第 3 行" in page
    assert "限制起始日期" in page
    assert "&lt;b&gt;去年&lt;/b&gt;" in page
    assert "/take" not in page


def test_every_bad_row_can_be_downloaded(session, browser, drain):
    lines = "".join(f"{FIRST},={number}\n" for number in range(FAULTS_SHOWN + 50))
    address = hand_in(browser, TABLE.replace("限制起始日期", "限制起始日期（必填）") + lines).headers["Location"]
    drain()

    page = browser.get(address).text
    answer = browser.get(f"{address}/faults.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert page.count("是公式，请改为数值后再导入") == FAULTS_SHOWN
    assert f"{address}/faults.csv" in page
    assert rows[0] == ["行", "列", "原因"]
    assert [row[0] for row in rows[1:]] == [str(number + 3) for number in range(FAULTS_SHOWN + 50)]


def test_columns_are_chosen_on_the_page(session, browser, drain):
    address = hand_in(browser, f"主体,公布日\n{FIRST},2025-01-01\n").headers["Location"]
    drain()
    assert "哪一列是什么" in browser.get(address).text

    refused = browser.post(f"{address}/mapping", data={"column_uscc": "0", "column_starts_on": "0"})
    browser.post(f"{address}/mapping", data={"column_uscc": "0", "column_starts_on": "1"})
    drain()

    assert (refused.status_code, "同一列不能对应两个项目" in refused.text) == (422, True)
    assert "与现有数据的差异" in browser.get(address).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "名单.pdf"}, "只接受"),
        ({"text": ""}, "空的"),
        ({"source": ""}, "请填写这一项"),
        ({"asof_on-y": str(real_now().year + 1)}, "不能晚于今天"),
        ({"asof_on-m": "13"}, "13"),
    ],
)
def test_an_upload_that_makes_no_sense_is_refused_with_words(session, browser, changes, words):
    answer = hand_in(browser, **changes)

    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_fifth_that_goes_has_to_be_confirmed(session, browser, drain):
    make_snapshot(session, "bans", [(SECOND, {"starts_on": "2024-01-01"})])
    address = hand_in(browser).headers["Location"]
    drain()
    assert "请再核对一次" in browser.get(address).text

    refused = browser.post(f"{address}/take")
    taken = browser.post(f"{address}/take", data={"confirmed": "y"})

    assert (refused.status_code, "勾选确认" in refused.text) == (422, True)
    assert taken.status_code == 303


def test_the_records_of_a_snapshot_are_found_by_code(session, browser):
    snapshot = make_snapshot(
        session, "bans", [(FIRST, {"starts_on": "2024-01-01"}), (SECOND, {"starts_on": "2023-01-01"})]
    )

    page = browser.get(f"/staff/registers/snapshots/{snapshot.id}?q={SECOND.lower()}").text

    assert (SECOND in page, FIRST in page, "2023-01-01" in page) == (True, False, True)
    assert browser.get("/staff/registers/snapshots/01934567-89ab-7def-8123-456789abcdef").status_code == 404
    assert browser.get("/staff/registers/rumours").status_code == 404


def test_a_staged_snapshot_is_not_shown(session, browser, administrator):
    waiting = make_import(session, administrator, state=S.READY)

    assert browser.get(f"/staff/registers/snapshots/{waiting.snapshot_id}").status_code == 404


def test_an_auditor_reads_and_changes_nothing(session, client, administrator):
    waiting = make_import(session, administrator, state=S.READY)
    sign_in(client, make_staff(session, Role.AUDITOR))

    page = client.get(f"/staff/registers/imports/{waiting.id}")

    assert (page.status_code, "/take" in page.text) == (200, False)
    assert "上传并核对" not in client.get("/staff/registers/bans").text
    assert client.post(f"/staff/registers/imports/{waiting.id}/take").status_code == 403


@pytest.mark.parametrize("state", [S.UNMAPPED, S.FAULTY, S.READY])
def test_an_auditor_reads_an_upload_in_every_state(session, client, administrator, state):
    waiting = make_import(session, administrator, state=state)
    sign_in(client, make_staff(session, Role.AUDITOR))

    page = client.get(f"/staff/registers/imports/{waiting.id}")

    assert (page.status_code, "<select" in page.text) == (200, False)


def test_lists_take_one_number_of_queries(session, browser, administrator):
    make_import(session, administrator, state=S.READY)
    make_snapshot(session, "bans")
    few = [queries_of(browser, address) for address in LISTS]
    for _ in range(12):
        make_import(session, make_staff(session, Role.ADMINISTRATOR), state=S.READY)
        make_snapshot(session, "bans")

    assert [queries_of(browser, address) for address in LISTS] == few
