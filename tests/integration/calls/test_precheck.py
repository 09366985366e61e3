"""The pre-check: what it tells of which answers, to whom, when, and that nothing of it stays."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grants.db import Base
from grants.kernel.actor import Role
from tests.factories.accounts import make_staff, sign_in
from tests.factories.calls import make_call, make_draft
from tests.support.statements import counted

SOUND = {
    "a-org-name": "示例软件有限公司",
    "a-org-uscc": "91310115MA1K00015K",
    "a-org-org_type": "企业",
    "a-org-is_branch": "no",
    "a-org-industry_code": "6513",
    "a-category": "工业",
    "a-rd_invest": "260",
    "rows-copyrights": "r1",
    "a-copyrights-holders--r1": "示例软件有限公司",
    "rows-contracts": "r1",
    "a-contracts-related--r1": "no",
    "a-contracts-software--r1": "600000",
    "a-contracts-invoiced--r1": "600000",
    "a-contracts-received--r1": "600000",
}
TALLY = re.compile(r"</svg>(不满足|提示|满足|未填写|提交后核验|不适用) (\d+)</li>")


def day(name, text):
    return dict(zip((f"{name}-y", f"{name}-m", f"{name}-d"), text.split("-"), strict=True))


def sound(**changes):
    """Answers with which everything that can be told here holds; underscores of keys stand as they are."""
    days = {
        **day("a-dev_done_date", "2025-11-01"),
        **day("a-contracts-signed_on--r1", "2025-12-01"),
        **day("a-contracts-first_invoice_on--r1", "2026-01-10"),
    }
    return {**SOUND, **days, **changes}


def tally(page):
    return {word: int(count) for word, count in TALLY.findall(page)}


def part(page, heading):
    """The part of the result under a heading."""
    return page.partition(f'<h2 class="h-s">{heading}</h2>')[2].partition("</section>")[0]


@pytest.fixture(autouse=True)
def fresh_limits(app):
    for limiter in app.extensions["limiter"]:
        limiter.reset()


@pytest.fixture
def call(session, now):
    found = make_call(session, now=now)
    session.commit()
    return found


@pytest.fixture
def ask(client, clock, call):
    """Send a form as a stranger's browser would, and give the page."""

    def go(at=None, **typed):
        return client.forging().post(f"/calls/{(at or call).ref}/precheck", data=typed)

    return go


def test_anybody_asks_without_an_account_a_cookie_or_a_token(client, clock, call, ask):
    page, answer = client.forging().get(f"/calls/{call.ref}/precheck"), ask(**sound())

    assert (page.status_code, answer.status_code) == (200, 200)
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'method="post"' in page.text
    assert "csrf_token" not in page.text


def test_sound_answers_meet_all_that_can_be_told_and_give_an_amount(ask):
    page = ask(**sound()).text

    assert tally(page) == {"满足": 18, "提交后核验": 22}
    assert "能在这里判断的条件都满足" in page
    assert "18 <small>万元</small>" in page
    assert "仅供参考，不构成承诺" in page
    assert "<dt>申请金额</dt>" not in page
    assert "登录并开始申报" in page


def test_what_does_not_hold_is_told_with_clause_reason_and_remedy(ask):
    page = ask(**sound(**{"a-category": "其他", "a-org-is_branch": "yes"})).text

    against = part(page, "不满足的条件")
    assert "有 1 项条件不满足，按现在填写的内容不能申报" in page
    assert tally(page)["不满足"] == 2
    assert "申报单位填报为分支机构，不能独立申报。" in against
    assert "《软件首版次突破专项支持申报指南（模拟）》二(1)" in against
    assert "由具有法人资格的总公司申报。" in against
    assert against.index("申报单位不是分支机构") < against.index("产品类别在支持范围内"), "the grave first"
    assert ("不符合的不予受理" in against, "不符合的退回补正" in against) == (True, True)


def test_a_hint_is_no_fault(ask):
    page = ask(**sound(**{"a-rd_invest": "10"})).text

    assert tally(page)["提示"] == 1
    assert "低于 1,000,000 元" in part(page, "提示")
    assert "能在这里判断的条件都满足" in page


def test_of_nothing_filled_in_nothing_is_held_against_anybody(ask):
    page = ask().text

    assert "不满足" not in tally(page)
    assert "满足" not in tally(page)
    assert "还不能估算，未填写：" in page
    empty = part(page, "没有填写，还不能判断")
    assert '未填写：<a href="#a-org-uscc">统一社会信用代码</a>' in empty
    assert '<a href="#table-contracts">首批销售合同</a>' in empty
    assert "未取得" not in page


def test_what_only_registers_papers_or_the_form_will_tell_is_listed_so(ask):
    page = ask(**sound()).text

    later = page.partition("提交后核验，这里不能判断</h2>")[2]
    groups = dict(re.findall(r"</svg>([^<]+)，(\d+) 项</summary>", later))
    assert groups == {
        "查询登记、信用等信息后核验": "12",
        "按申报表的其他内容核验": "5",
        "按申报材料核验": "3",
        "提交时作出的承诺": "1",
        "提交时或以后的环节核验": "1",
    }
    assert "没有生效中的严重失信记录" in later


def test_answers_stay_in_the_form(ask):
    page = ask(**sound(**{"a-org-name": '甲"><script>乙'})).text

    assert 'value="甲&#34;&gt;&lt;script&gt;乙"' in page
    assert re.search(r'<input checked[^>]*name="a-org-org_type" type="radio" value="企业"', page)
    assert re.search(r'name="a-contracts-signed_on--r1-m" type="text" value="12"', page)


def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_judged(ask):
    answer = ask(**sound(**{"a-contracts-software--r1": "约六十万", **day("a-dev_done_date", "2025-13-40")}))

    assert answer.status_code == 422
    assert 'href="#a-contracts-software--r1"' in answer.text
    assert 'href="#a-dev_done_date-y"' in answer.text
    assert "合同 1，合同软件金额" in answer.text
    assert "参考金额" not in answer.text


def test_rows_come_and_go_by_buttons_and_keep_what_was_typed(ask):
    more = ask(add="contracts", **sound()).text
    assert 'name="rows-contracts" value="r1 r2"' in more
    assert "参考金额" not in more

    rows = {"rows-contracts": "r1 r2", "a-contracts-software--r2": "77"}
    fewer = ask(remove="contracts|r1", **sound(**rows)).text
    assert 'name="rows-contracts" value="r2"' in fewer
    assert re.search(r'name="a-contracts-software--r2"[^>]*value="77"', fewer)
    assert "a-contracts-software--r1" not in fewer


def test_a_row_with_nothing_in_it_counts_for_nothing(ask):
    page = ask(**sound(**{"rows-contracts": "r1 r2 r3"})).text

    assert tally(page) == {"满足": 18, "提交后核验": 22}
    assert 'id="a-contracts-software--r3"' in page, "and can still be filled in"


def test_a_table_stops_growing_at_its_limit(ask):
    full = " ".join(f"r{number}" for number in range(1, 11))

    page = ask(add="contracts", **sound(**{"rows-contracts": full})).text

    assert f'name="rows-contracts" value="{full}"' in page
    assert 'name="add" value="contracts"' not in page


def test_a_call_is_tried_before_it_opens_and_after_it_closed_but_not_once_withdrawn(session, now, client, ask):
    upcoming = make_call(session, now=now, opens_at=now + timedelta(days=5))
    closed = make_call(session, now=now, opens_at=now - timedelta(days=50), closes_at=now - timedelta(days=2))
    draft = make_draft(session, now=now)
    session.commit()

    assert "现在可以先预检" in ask(upcoming, **sound()).text
    late = ask(closed, **sound())
    assert (late.status_code, "不再接受申报" in late.text) == (200, True)
    assert re.search(r"<button[^>]*disabled[^>]*>开始申报</button>", late.text)
    assert ask(draft, **sound()).status_code == 404
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    assert client.get(f"/calls/{draft.ref}/precheck").status_code == 200


def test_the_pages_of_a_call_lead_to_it(client, clock, call):
    for page in (f"/calls/{call.ref}", "/calls", "/"):
        assert f'href="/calls/{call.ref}/precheck"' in client.get(page).text, page


def test_nothing_of_it_is_kept_neither_in_a_table_nor_in_a_log(session, ask, caplog):
    def rows():
        return {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }

    before, secret = rows(), "极少见的单位名称有限公司"
    with caplog.at_level(logging.DEBUG), counted() as found:
        answer = ask(**sound(**{"a-org-name": secret}))

    assert (answer.status_code, secret in answer.text) == (200, True)
    assert rows() == before
    assert secret not in caplog.text
    assert found.queries <= 6


def test_other_programmes_ask_their_own_questions(session, now, ask):
    hlw = make_call(session, code="hlw", now=now)
    session.commit()
    typed = {
        "a-org-uscc": "91310115MA1K00015K",
        "a-org-is_branch": "no",
        "a-track": "P",
        "a-total_invest": "1000",
        "a-own_funds": "600",
        "a-bank_loan": "50",
        "rows-budget": "r1",
        "a-budget-amount--r1": "1000",
        "a-budget-eligible--r1": "900",
    }

    page = ask(hlw, **typed).text

    assert "自有资金与贷款合计 6,500,000 元，低于总投资 10,000,000 元的 70%。" in part(page, "不满足的条件")
    assert "270 <small>万元</small>" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"rows-contracts": "r1," * 100_000},
        {"rows-contracts": "r0 r1000 rx r-1 <script>"},
        {f"a-{number}": "x" for number in range(10_000)},
        {"a-org-name": "长" * 400_000},
        {"a-copyrights-holders--r1": "甲\n" * 5_000, "rows-copyrights": "r1"},
        {"a-contracts-software--r1": "9" * 5_000, "rows-contracts": "r1"},
        {"a-category": "不在其中", "a-org-is_branch": "maybe", "a-org-org_type": "\u202e企业"},
        {"a-org-uscc": "\x00\u202e", "a-rd_invest": "NaN", **day("a-dev_done_date", "0-0-0")},
        {"add": "nowhere", "remove": "nowhere|r1"},
        {"add": "org.years"},
        {"remove": "contracts|"},
    ],
)
def test_hostile_input_is_read_within_bounds_or_refused(ask, typed):
    answer = ask(**typed)

    assert answer.status_code in {200, 413, 422}
    assert len(answer.text) < 1_000_000
    assert "<script>" not in answer.text


def test_one_address_may_not_ask_without_end(ask):
    codes = [ask().status_code for _ in range(31)]

    assert codes == [200] * 30 + [429]


def test_a_script_is_told_every_finding_and_whether_it_stands(client, clock, call):
    headers = {"Accept": "application/json"}

    told = client.post(f"/calls/{call.ref}/precheck", data=sound(), headers=headers).json
    refused = client.post(f"/calls/{call.ref}/precheck", data=sound(**{"a-rd_invest": "?"}), headers=headers)

    found = {one["finding"]["rule"]: one for one in told["findings"]}
    assert (found["SBC-21"]["stands"], found["SBC-21"]["finding"]["verdict"]) == (True, "pass")
    assert (found["SBC-05"]["stands"], found["SBC-05"]["awaited"]) == (False, "register")
    assert told["amount"]["entitled_fen"] == 18_000_000
    assert (refused.status_code, refused.json["code"]) == (422, "precheck_unreadable")
