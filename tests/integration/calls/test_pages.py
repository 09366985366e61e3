"""The pages of calls over HTTP: the guide with this call's figures, and an administrator's way to it."""

from datetime import timedelta

import pytest

from grants.calls import queries, services
from grants.calls.states import CallState
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.clock import SHANGHAI
from grants.kernel.money import yuan
from tests.factories.accounts import make_member, make_staff, sign_in
from tests.factories.calls import CONTACT, make_call, make_draft, parameters_for
from tests.factories.programmes import make_version

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def administrator(client, session):
    person = make_staff(session, Role.ADMINISTRATOR)
    sign_in(client, person)
    return person


def entered(now, **changes):
    """What an administrator types into the form of a call."""
    typed = {
        "ref": "SBC-2026-01",
        "title": "2026 年度示例批次申报指南（模拟）",
        "opens_on": "2026-03-20",
        "opens_time": "９：００",
        "closes_on": "2026-04-30",
        "closes_time": "16:00",
        "grace_minutes": "30",
        "contact": CONTACT,
        "shortfall": "cut_last",
        "p_sales_from": "2025-07-01",
        "p_sales_until": "2026-04-30",
        "p_min_sales": "50",
        "p_max_contracts": "3",
        "p_ip_months": "24",
        "p_report_months": "24",
        "p_ratio_bp": "27.5",
        "p_cap": "350",
        "p_experts": "7",
        "p_pass_mark": "60",
        "f_1_code": "software-ic",
        "f_1_title": "示例专项资金",
        "f_1_ceiling": "3,000",
    }
    days = ("formal_check", "correction", "credit_check", "panel_draw", "scoring", "decision", "notice", "objections")
    return {**typed, **dict.fromkeys((f"d_{key}" for key in (*days, "announcement")), "5"), **changes}


def test_an_administrator_plans_confirms_and_announces(client, session, now, administrator):
    version = make_version(session)
    assert str(version.id) in client.get("/staff/calls/new").text

    drafted = client.post(f"/staff/calls/new/{version.id}", data=entered(now))

    assert drafted.headers["Location"] == "/staff/calls/SBC-2026-01/announce"
    confirm = client.get("/staff/calls/SBC-2026-01/announce").text
    assert "27.5%" in confirm
    assert "350 万元" in confirm
    call = queries.get_call(session, "SBC-2026-01")
    assert (call.state, call.funds[0].ceiling_fen) == (CallState.DRAFT, yuan(30_000_000))
    assert f"{call.opens_at.astimezone(SHANGHAI):%m-%d %H:%M}" == "03-20 09:00"
    base = services.plan_fingerprint(call)
    assert client.post("/staff/calls/SBC-2026-01/announce", data={"base": base}).status_code == 303
    guide = client.get("/calls/SBC-2026-01").text
    assert "计入的首批销售合同软件金额合计不低于 50 万元" in guide
    assert "随机抽取 7 名专家" in guide
    assert client.post("/staff/calls/SBC-2026-01/announce", data={"base": base}).status_code == 403


def test_what_does_not_fit_is_shown_beside_its_field_and_nothing_is_kept(client, session, now, administrator):
    version = make_version(session)
    typed = entered(now, closes_on="2026-02-30", p_ratio_bp="60", f_1_ceiling="", f_2_code="x", d_notice="0")

    answer = client.post(f"/staff/calls/new/{version.id}", data=typed)

    assert answer.status_code == 200
    assert "这一天，请核对" in answer.text
    assert not queries.list_managed(session).items
    typed = entered(now, p_ratio_bp="60", f_1_ceiling="", closes_on="2026-03-01")
    answer = client.post(f"/staff/calls/new/{version.id}", data=typed)
    for sentence in ("支持比例：不得大于 5,000", "截止时间应晚于开始受理的时间", "限额应大于 0"):
        assert sentence in answer.text
    assert 'value="2026 年度示例批次申报指南（模拟）"' in answer.text
    assert not queries.list_managed(session).items


def test_an_old_confirmation_does_not_announce_a_changed_draft(client, session, now, administrator):
    call = make_draft(session)
    seen = services.plan_fingerprint(call)
    answer = client.post(f"/staff/calls/{call.ref}/edit", data=entered(now, ref=call.ref, base=seen))
    assert answer.status_code == 303

    assert client.post(f"/staff/calls/{call.ref}/announce", data={"base": seen}).status_code == 409
    stale = client.post(f"/staff/calls/{call.ref}/edit", data=entered(now, ref=call.ref, base=seen, title="后来的名称"))

    assert "状态刚刚已被改变" in stale.text
    assert 'value="后来的名称"' in stale.text
    session.expire_all()
    assert queries.get_call(session, call.ref).title == "2026 年度示例批次申报指南（模拟）"


def test_the_guide_never_shows_an_expression(client, session):
    for code in ("sbc", "hlw"):
        make_call(session, code=code)

    for ref in ("SBC-2026-01", "HLW-2026-01"):
        page = client.get(f"/calls/{ref}").text
        for token in ("sum(", "where(", "call.asof", "org.uscc", "min_sales", "（未取得）"):
            assert token not in page


def test_the_button_says_why_it_is_disabled(client, session, now, clock):
    call = make_call(session)
    assert "登录并开始申报" in client.get(f"/calls/{call.ref}").text
    sign_in(client, make_member(session))
    assert f'href="/apply/new/{call.ref}"' in client.get(f"/calls/{call.ref}").text

    clock.move_to(call.closes_at)

    page = client.get(f"/calls/{call.ref}").text
    assert "已经截止，不再接受申报" in page
    assert f'href="/apply/new/{call.ref}"' not in page


def test_drafts_and_what_does_not_exist_are_not_found(client, session):
    draft = make_draft(session)

    assert client.get(f"/calls/{draft.ref}").status_code == 404
    assert client.get("/calls/SBC-1999-01").status_code == 404
    assert client.get("/calls?phase=draft").status_code == 404
    assert client.get("/calls?after=nonsense").status_code == 422


def test_lists_show_each_phase(client, session, now):
    make_call(session, title="示例开放批次（模拟）")
    make_call(session, title="示例未来批次（模拟）", opens_at=now + timedelta(days=3))
    make_call(session, title="示例往期批次（模拟）", open=False)
    withdrawn = make_call(session, title="示例撤回批次（模拟）", opens_at=now + timedelta(days=3))
    services.withdraw_call(session, withdrawn, reason="示例", actor=SYSTEM, now=now)

    for address, title in (
        ("/calls", "示例开放批次"),
        ("/calls?phase=upcoming", "示例未来批次"),
        ("/calls?phase=closed", "示例往期批次"),
    ):
        page = client.get(address).text
        assert page.count("批次（模拟）") == 1
        assert title in page
    assert "已撤回" in client.get(f"/calls/{withdrawn.ref}").text


def test_a_title_full_of_markup_is_shown_as_text(client, session):
    call = make_call(session, title='<script>alert("x")</script>' + "长" * 120)

    page = client.get(f"/calls/{call.ref}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_other_roles_do_not_manage(client, session):
    call = make_draft(session)
    for role in (Role.OFFICER, Role.APPROVER, Role.AUDITOR):
        sign_in(client, make_staff(session, role))
        assert client.get("/staff/calls").status_code == 403
        assert client.post(f"/staff/calls/{call.ref}/announce").status_code == 403


def test_the_command_opens_a_call_and_tells_every_fault(app, session, now):
    make_version(session)
    words = ["calls", "open", "sbc", "--title", "示例批次（模拟）", "--contact", "示例受理中心"]
    words += ["--opens", "2026-03-20T09:00", "--closes", "2026-04-30T16:00", "--fund", "software-ic:示例资金:30000000"]
    pairs = [f"{key}={value}" for key, value in parameters_for("sbc", now.date()).items()]
    runner = app.test_cli_runner()

    opened = runner.invoke(args=[*words, *(word for pair in pairs for word in ("--parameter", pair))])
    refused = runner.invoke(args=words)

    assert (opened.exit_code, opened.output.strip()) == (0, "SBC-2026-01")
    assert queries.get_call(session, "SBC-2026-01").state is CallState.ANNOUNCED
    assert refused.exit_code == 1
    assert "parameters.sales_from" in refused.output
