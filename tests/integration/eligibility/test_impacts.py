"""What a changed definition or parameter would change: worked out by workers, by command, tried on a few cases."""

import json

import pytest
from sqlalchemy import func, select

from grants.eligibility.models import EligibilityRun, ImpactChange, ImpactChunk
from grants.eligibility.queries import impacts as queries
from grants.eligibility.services import drafts, impacts
from grants.eligibility.states import ImpactDirection
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.errors import ForbiddenError
from grants.programmes import services as programmes
from grants.programmes.domain.editing import add_item, edit_item, normalise
from grants.programmes.errors import ParameterFaultsError
from grants.programmes.services.drafts import RULE_ORDER
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.eligibility import base_case, make_case_call, make_checked
from tests.factories.programmes import make_version, shipped_text
from tests.support.outbox import drain_outbox
from tests.support.statements import counted

SBC = normalise(shipped_text("sbc"))
RAISED = edit_item(SBC, "parameters", "min_sales", {"default": "600000"}, order=())
ASKED = """- key: export_plan
  label: 出口计划
  kind: text
  required: true
"""


@pytest.fixture
def call(session):
    return make_case_call(session)


@pytest.fixture
def admin(session):
    return make_staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def ask(session, call, admin, now):
    """Ask for a preview and let the workers do it."""

    def ask(content, **given):
        programme = call.definition.programme
        preview = impacts.ask_impact(
            session, programme, content, **{"parameters": {}, **given}, actor=actor_of(session, admin), now=now
        )
        session.commit()
        drain_outbox()
        session.refresh(preview)
        return preview, queries.standing_of_preview(session, preview).tally

    return ask


def changes_of(session, preview):
    rows = session.scalars(select(ImpactChange).where(ImpactChange.preview_id == preview.id).order_by(ImpactChange.id))
    return [(row.application.ref, row.rule, row.direction, row.before, row.after) for row in rows]


def test_the_same_definition_changes_nothing(session, call, ask):
    make_checked(session, call=call)

    preview, tally = ask(SBC)

    assert (tally.judged, tally.changed, preview.total) == (1, 0, 1)
    assert preview.finished_at is not None
    assert changes_of(session, preview) == []


def test_a_raised_default_fails_those_below_it_and_says_what_was_read(session, call, ask):
    low = make_checked(session, call=call)
    high = make_checked(session, call=call, answers={"contracts": contracts(700_000)})

    preview, tally = ask(RAISED)

    assert (tally.judged, tally.changed) == (2, 1)
    assert tally.rules["SBC-21", ImpactDirection.TO_FAIL] == 1
    assert tally.proposals["accept", "reject"] == 1
    assert changes_of(session, preview) == [
        (low.ref, "SBC-21", ImpactDirection.TO_FAIL, "pass", "fail"),
        (low.ref, "", ImpactDirection.PROPOSAL, "accept", "reject"),
    ]
    first = session.scalars(select(ImpactChange).where(ImpactChange.rule == "SBC-21")).one()
    assert {"name": "min_sales", "value": "600000"} in first.read
    assert "600,000" in first.message
    assert high.ref not in {change[0] for change in changes_of(session, preview)}


def contracts(amount):
    first = base_case("sbc")["answers"]["contracts"][0]
    return [{**first, "software": str(amount), "invoiced": str(amount), "received": str(amount)}]


def test_a_calls_own_figure_stands_against_a_new_default(session, admin, now, ask, call):
    own = make_case_call(session, ref="SBC-2026-77", parameters=with_parameter(call, "min_sales", "450000"))
    make_checked(session, call=own)

    _, tally = ask(RAISED)

    assert (tally.judged, tally.changed) == (1, 0)


def with_parameter(call, key, value):
    return {**call.parameters, key: value}


def test_a_parameter_is_replaced_whatever_the_call_says(session, call, ask):
    make_checked(session, call=call)

    preview, tally = ask(SBC, parameters={"min_sales": "900000"}, call=call)

    assert tally.rules["SBC-21", ImpactDirection.TO_FAIL] == 1
    assert preview.parameters == {"min_sales": "900000"}


@pytest.mark.parametrize("given", [{"min_sales": "-5"}, {"min_sales": "viel"}, {"nothing": "5"}])
def test_a_parameter_out_of_bounds_is_refused(ask, given):
    with pytest.raises(ParameterFaultsError):
        ask(SBC, parameters=given)


def test_what_is_asked_newly_is_unknown_and_what_is_gone_is_left_out(session, call, ask):
    make_checked(session, call=call)
    lines = "".join(f"      {line}\n" for line in ASKED.splitlines())
    asked = SBC.replace("      - key: product_name\n", f"{lines}      - key: product_name\n", 1)
    if asked == SBC:
        asked = SBC.replace("      - {key: product_name", f"{lines}      - {{key: product_name", 1)
    rule = rule_text("SBC-99", 'export_plan != "无"')
    added = add_item(asked, "rules", rule)

    preview, tally = ask(added)

    assert tally.rules["SBC-99", ImpactDirection.TO_UNKNOWN] == 1
    assert ("SBC-99", "absent", "unknown") in {(found[1], *found[3:]) for found in changes_of(session, preview)}


def rule_text(key, require):
    return f"""- key: {key}
  title: 新规则
  clause: {{basis: guide, article: 九}}
  severity: return
  require: {require}
  message: 不符合。
  remedy: 请改正。
  sentence: 应当如此。
"""


def test_a_rule_that_is_gone_is_told(session, call, ask):
    make_checked(session, call=call)
    gone = edit_item(SBC, "rules", "SBC-04", {"key": "SBC-04x"}, order=RULE_ORDER)

    preview, _ = ask(gone)

    found = {(rule, before, after) for _, rule, _, before, after in changes_of(session, preview)}
    assert found == {("SBC-04", "pass", "absent"), ("SBC-04x", "absent", "pass")}


def test_a_case_that_does_not_fit_is_told_and_the_others_are_judged(session, call, ask):
    make_checked(session, call=call)
    number = SBC.replace(
        "{key: lab_name, label: 测试机构名称, kind: text", "{key: lab_name, label: 测试机构名称, kind: integer"
    )
    assert number != SBC

    _, tally = ask(number)

    assert (tally.judged, tally.unreadable) == (1, 1)
    assert "lab_name" in session.scalars(select(ImpactChange.message)).one()


def test_cases_are_cut_into_chunks_and_none_is_lost(session, call, ask, monkeypatch):
    monkeypatch.setattr(impacts, "CHUNK", 2)
    made = [make_checked(session, call=call) for _ in range(5)]

    preview, tally = ask(RAISED)

    assert session.scalar(select(func.count()).select_from(ImpactChunk)) == 3
    assert tally.judged == tally.changed == len(made)
    assert len(changes_of(session, preview)) == 2 * len(made)


def test_a_second_delivery_changes_nothing(session, call, ask, now):
    make_checked(session, call=call)
    preview, _ = ask(RAISED)
    before = changes_of(session, preview)

    impacts.cut_into_chunks(session, preview.id, now=now)
    impacts.record_chunk(session, preview.id, 1, [], now=now)

    assert impacts.read_chunk(session, preview.id, 1) is None
    assert changes_of(session, preview) == before
    assert queries.standing_of_preview(session, preview).tally.judged == 1


def test_a_programme_without_cases_is_finished_at_once(session, ask):
    preview, tally = ask(SBC)

    assert (preview.total, tally.judged) == (0, 0)
    assert preview.finished_at is not None


def test_only_administrators_ask(session, call, now):
    officer = actor_of(session, make_staff(session, Role.OFFICER))

    with pytest.raises(ForbiddenError):
        impacts.ask_impact(session, call.definition.programme, SBC, parameters={}, actor=officer, now=now)


def test_nothing_of_a_case_is_touched(session, call, ask):
    application = make_checked(session, call=call)
    before = (application.state, session.scalar(select(func.count()).select_from(EligibilityRun)))

    ask(RAISED)

    session.refresh(application)
    assert (application.state, session.scalar(select(func.count()).select_from(EligibilityRun))) == before


def test_the_pages_show_figures_and_cases(client, session, call, ask, admin):
    low = make_checked(session, call=call)
    preview, _ = ask(RAISED)
    sign_in(client, admin)

    page = client.get(f"/staff/impacts/{preview.id}").text
    some = client.get(f"/staff/impacts/{preview.id}?rule=SBC-21&direction=to_fail").text
    none = client.get(f"/staff/impacts/{preview.id}?rule=SBC-22&direction=nonsense").text

    assert "转为不符合" in page
    assert low.ref in some
    assert "首批销售最低金额：600,000 元" in some
    assert "没有结论有变的申报" in none
    assert "第 " in client.get("/staff/programmes/sbc/impacts").text


def test_the_list_takes_the_same_queries_for_one_and_for_many(client, session, call, ask, admin):
    make_checked(session, call=call)
    preview, _ = ask(RAISED)
    sign_in(client, admin)
    with counted() as one:
        client.get(f"/staff/impacts/{preview.id}")
    for _ in range(4):
        make_checked(session, call=call)
    more, _ = ask(RAISED)

    with counted() as many:
        client.get(f"/staff/impacts/{more.id}")

    assert one.queries == many.queries


def test_previewing_the_figures_of_a_call_by_page(client, session, call, admin):
    make_checked(session, call=call)
    sign_in(client, admin)
    session.commit()
    page = client.get(f"/staff/programmes/sbc/impacts?from={call.ref}").text
    assert 'name="p-min_sales"' in page

    version = call.definition.version
    made = client.post("/staff/programmes/sbc/impacts", data={"content": version, "p-min_sales": "900000"})
    wrong = client.post("/staff/programmes/sbc/impacts", data={"content": version, "p-min_sales": "many"})

    assert made.status_code == 303
    drain_outbox()
    assert "转为不符合" in client.get(made.location).text
    assert "应为数字" in wrong.text


def test_a_draft_is_tried_on_chosen_cases(client, session, call, admin, now):
    low = make_checked(session, call=call)
    draft = programmes.start_draft(session, call.definition.programme, actor=actor_of(session, admin), now=now)
    draft.content = draft.content.replace("default: 500000", "default: 600000")
    session.commit()
    sign_in(client, admin)

    page = client.get(f"/staff/programmes/sbc/draft/try?refs={low.ref}+SBC-2099-01-0001").text

    assert "建议受理 → <b>建议不予受理</b>" in page
    assert "首批销售最低金额：600,000 元" in page
    assert "市场主体登记信息·在本市登记：是" in page
    assert "本专项没有这些经过核验的申报：SBC-2099-01-0001" in page
    assert session.scalar(select(func.count()).select_from(ImpactChange)) == 0


def test_a_draft_is_published_only_after_its_impact(client, session, call, admin, now):
    make_checked(session, call=call)
    second = make_staff(session, Role.ADMINISTRATOR)
    draft = programmes.start_draft(session, call.definition.programme, actor=actor_of(session, admin), now=now)
    draft.content = draft.content.replace("default: 500000", "default: 600000")
    programmes.propose_draft(session, draft, summary="提高", actor=actor_of(session, admin), now=now)
    session.commit()
    sign_in(client, second)
    sent = {"decision": "approve", "seen": programmes.fingerprint_of(draft.content)}

    early = client.post("/staff/programmes/sbc/draft/decide", data=sent)
    drain_outbox()
    page = client.get("/staff/programmes/sbc/draft/decide").text
    done = client.post("/staff/programmes/sbc/draft/decide", data=sent)

    assert "还没有算完" in early.text
    assert "转为不符合" in page
    assert "收紧" in page
    assert done.status_code == 303
    session.expire_all()
    assert draft.published_id is not None


def test_the_command_tells_what_would_change(app, session, call, tmp_path):
    low = make_checked(session, call=call)
    session.commit()
    file = tmp_path / "next.yaml"
    file.write_text(RAISED, encoding="utf-8")
    runner = app.test_cli_runner()

    text = runner.invoke(args=["eligibility", "impact", "--definition", str(file), "--call", call.ref])
    lines = runner.invoke(args=["eligibility", "impact", "--definition", str(file), "--json"]).output.splitlines()
    replaced = ["eligibility", "impact", "--definition", str(file), "--set", "min_sales=100"]

    assert text.exit_code == 0
    assert "1 cases judged again, 1 change, 0 cannot be read" in text.output
    assert json.loads(lines[0])["application"] == low.ref
    assert json.loads(lines[-1])["judged"] == 1
    assert "0 change" in runner.invoke(args=replaced).output
    assert runner.invoke(args=["eligibility", "impact", "--definition", "sbc", "--call", "NO-1"]).exit_code == 1
    assert runner.invoke(args=[*replaced[:-1], "min_sales=x"]).exit_code == 1
    assert "KEY=VALUE" in runner.invoke(args=[*replaced[:-1], "min_sales"]).output


def test_the_installation_asks_for_a_proposed_draft_once(session, call, admin, now):
    draft = programmes.start_draft(session, call.definition.programme, actor=actor_of(session, admin), now=now)
    assert drafts.ask_for_draft(session, draft.id, actor=SYSTEM, now=now) is None
    draft.content = draft.content.replace("default: 500000", "default: 600000")
    programmes.propose_draft(session, draft, summary="提高", actor=actor_of(session, admin), now=now)

    once = drafts.ask_for_draft(session, draft.id, actor=SYSTEM, now=now)

    assert drafts.ask_for_draft(session, draft.id, actor=SYSTEM, now=now) is once
    assert make_version(session).id == call.definition_id
