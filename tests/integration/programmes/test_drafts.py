"""Writing the next version of a definition by two persons: by service and by page."""

import pytest
from sqlalchemy import select

from grants.audit import AuditEntry
from grants.kernel.actor import ANONYMOUS, SYSTEM, Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.notifications import InboxItem
from grants.outbox import Message
from grants.programmes import queries, services
from grants.programmes.domain.editing import item_keys, part_text, read_item
from grants.programmes.errors import DefinitionFaultsError, DraftMovedError
from grants.programmes.states import DraftState
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.programmes import make_version


@pytest.fixture
def version(session):
    return make_version(session)


@pytest.fixture
def first(session):
    return make_staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def second(session):
    return make_staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def draft(session, version, first, now):
    return services.start_draft(session, version.programme, actor=actor_of(session, first), now=now)


def seen_of(draft, part="parameters"):
    return services.fingerprint_of(part_text(draft.content, part))


def save(session, draft, part, old, new, *, by, now):
    text = part_text(draft.content, part)
    assert old in text
    services.save_part(
        session, draft, part, text.replace(old, new), seen=seen_of(draft, part), actor=actor_of(session, by), now=now
    )


def raise_the_threshold(session, draft, by, now):
    save(session, draft, "parameters", "default: 500000", "default: 600000", by=by, now=now)


def propose(session, draft, by, now):
    return services.propose_draft(session, draft, summary="提高最低销售额", actor=actor_of(session, by), now=now)


def approve(session, draft, by, now):
    seen = services.fingerprint_of(draft.content)
    return services.decide_draft(
        session, draft, approved=True, note="", seen=seen, actor=actor_of(session, by), now=now
    )


def test_a_draft_begins_from_the_version_in_force_under_the_next_number(session, draft, version, first, now):
    head, _, last = version.version.rpartition(".")

    assert f"version: {head}.{int(last) + 1}" in draft.content.replace('"', "")
    assert draft.base is version
    assert services.start_draft(session, version.programme, actor=actor_of(session, first), now=now) is draft


def test_only_administrators_write(session, version, draft, now):
    for actor in (ANONYMOUS, SYSTEM, actor_of(session, make_staff(session, Role.OFFICER))):
        with pytest.raises(ForbiddenError):
            services.start_draft(session, version.programme, actor=actor, now=now)
        with pytest.raises(ForbiddenError):
            services.save_part(session, draft, "rules", "", seen=seen_of(draft, "rules"), actor=actor, now=now)


def test_two_who_change_the_same_part_do_not_write_over_each_other(session, draft, first, second, now):
    seen = seen_of(draft)
    raise_the_threshold(session, draft, first, now)
    text = part_text(draft.content, "parameters")

    with pytest.raises(DraftMovedError):
        services.save_part(session, draft, "parameters", "", seen=seen, actor=actor_of(session, second), now=now)

    assert part_text(draft.content, "parameters") == text
    assert draft.revision == 2


def test_two_who_change_different_parts_do_not_hinder_each_other(session, draft, first, second, now):
    seen = seen_of(draft, "stages")
    raise_the_threshold(session, draft, first, now)

    text = part_text(draft.content, "stages") + "  # 备注\n"
    services.save_part(session, draft, "stages", text, seen=seen, actor=actor_of(session, second), now=now)

    assert "default: 600000" in draft.content
    assert "# 备注" in draft.content
    assert draft.edited_by == second.id


def test_a_faulty_draft_is_kept_and_not_proposed(session, draft, first, now):
    save(session, draft, "rules", "require: not org.is_branch", "require: not org.is_brunch", by=first, now=now)

    with pytest.raises(DefinitionFaultsError) as refused:
        propose(session, draft, first, now)

    assert any("is_brunch" in str(fault) for fault in refused.value.faults)
    assert draft.state is DraftState.DRAFTING


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x [1]\nb: [*x, *x]\n", "锚点"),
        ("a: " + "[" * 60 + "]" * 60 + "\n", "嵌套"),
        ("a: !!python/object:os.system x\n", "标签"),
        ("a: 'unfinished\n", "YAML"),
    ],
)
def test_hostile_text_is_kept_as_text_and_told(session, draft, first, now, text, says):
    seen = services.fingerprint_of(draft.content)
    services.save_part(session, draft, "", text, seen=seen, actor=actor_of(session, first), now=now)

    with pytest.raises(DefinitionFaultsError) as refused:
        propose(session, draft, first, now)

    assert draft.content == text
    assert any(says in str(fault) for fault in refused.value.faults)


def test_what_is_too_large_is_refused_and_nothing_lost(session, draft, first, now):
    before = draft.content
    seen = services.fingerprint_of(before)

    with pytest.raises(InvalidError) as refused:
        services.save_part(
            session, draft, "", "# " + "长" * 170_000, seen=seen, actor=actor_of(session, first), now=now
        )

    assert refused.value.code == "draft_too_large"
    assert draft.content == before


def test_a_draft_that_says_nothing_new_is_not_proposed(session, draft, first, now):
    with pytest.raises(InvalidError) as refused:
        propose(session, draft, first, now)

    assert refused.value.code == "draft_without_difference"


def test_it_takes_another_person_to_publish(session, draft, first, second, now):
    raise_the_threshold(session, draft, first, now)
    propose(session, draft, first, now)
    assert "definition.proposed" in session.scalars(select(Message.topic)).all()
    assert session.scalars(select(InboxItem.person_id)).all() == [second.id]

    with pytest.raises(ForbiddenError) as refused:
        approve(session, draft, first, now)
    approve(session, draft, second, now)

    assert refused.value.code == "own_draft"
    published = queries.get_newest_published(session, "sbc")
    assert queries.definition_of(published).parameter("min_sales").default == 600_000
    assert (draft.state, draft.published_id, published.loaded_by) == (DraftState.PUBLISHED, published.id, first.id)
    kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert [kind for kind in kinds if kind.startswith("definition")][-6:] == [
        "definition_draft.started",
        "definition_draft.edited",
        "definition_draft.proposed",
        "definition.loaded",
        "definition.published",
        "definition_draft.approved",
    ]
    assert queries.find_open_draft(session, "sbc") is None


def test_what_is_proposed_stands_still_until_it_is_taken_back(session, draft, first, second, now):
    raise_the_threshold(session, draft, first, now)
    propose(session, draft, first, now)

    with pytest.raises(ForbiddenError) as refused:
        save(session, draft, "parameters", "default: 600000", "default: 700000", by=second, now=now)
    services.take_back_draft(session, draft, actor=actor_of(session, second), now=now)
    save(session, draft, "parameters", "default: 600000", "default: 700000", by=second, now=now)

    assert refused.value.code == "draft_proposed"
    assert "default: 700000" in draft.content


def test_a_refusal_says_why_and_opens_the_draft_again(session, draft, first, second, now):
    raise_the_threshold(session, draft, first, now)
    propose(session, draft, first, now)
    seen = services.fingerprint_of(draft.content)
    with pytest.raises(InvalidError):
        services.decide_draft(
            session, draft, approved=False, note=" ", seen=seen, actor=actor_of(session, second), now=now
        )

    services.decide_draft(
        session, draft, approved=False, note="太高", seen=seen, actor=actor_of(session, second), now=now
    )

    assert (draft.state, draft.note, draft.decided_by) == (DraftState.DRAFTING, "太高", second.id)
    propose(session, draft, second, now)
    approve(session, draft, first, now)
    assert draft.state is DraftState.PUBLISHED


def test_only_what_was_shown_is_published(session, draft, first, second, now):
    raise_the_threshold(session, draft, first, now)
    propose(session, draft, first, now)

    with pytest.raises(IllegalTransitionError):
        services.decide_draft(
            session, draft, approved=True, note="", seen="0" * 64, actor=actor_of(session, second), now=now
        )

    assert draft.state is DraftState.PROPOSED


def test_a_version_published_meanwhile_has_to_be_compared_anew(session, draft, first, second, now):
    raise_the_threshold(session, draft, first, now)
    propose(session, draft, first, now)
    other = draft.base.source.replace(f'version: "{draft.base.version}"', 'version: "77.1"')
    version = services.load_definition(session, other, actor=SYSTEM, now=now)
    services.publish_definition(session, version, actor=SYSTEM, now=now)

    with pytest.raises(IllegalTransitionError):
        approve(session, draft, second, now)


def test_a_loaded_file_is_published_by_another_person(session, version, first, second, now):
    text = version.source.replace(f'version: "{version.version}"', 'version: "77.1"')
    loaded = services.load_definition(session, text, actor=actor_of(session, first), now=now)

    with pytest.raises(ForbiddenError) as refused:
        services.publish_definition(session, loaded, actor=actor_of(session, first), now=now)
    services.publish_definition(session, loaded, actor=actor_of(session, second), now=now)

    assert refused.value.code == "definition_own_load"


def test_the_pages_edit_a_rule_and_tell_its_faults(client, session, version, first):
    sign_in(client, first)
    assert client.post("/staff/programmes/sbc/draft/start").status_code == 303
    page = client.get("/staff/programmes/sbc/draft/rules/SBC-04").text
    assert "not org.is_branch" in page
    sent = form_of(session, "SBC-04", require="not org.is_brunch")

    told = client.post("/staff/programmes/sbc/draft/check-rule", data=sent).json
    saved = client.post("/staff/programmes/sbc/draft/rules/SBC-04", data=sent)
    session.expire_all()

    assert [(fault["entry"], fault["line"], fault["column"]) for fault in told["faults"]] == [("require", 1, 5)]
    assert saved.status_code == 303
    assert (
        read_item(queries.get_open_draft(session, "sbc").content, "rules", "SBC-04")["require"] == "not org.is_brunch"
    )
    again = client.get("/staff/programmes/sbc/draft").text
    assert "草稿有 1 处错误" in again
    assert client.get("/staff/programmes/sbc/draft/propose").status_code == 303


def form_of(session, rule_key, **changes):
    draft = queries.get_open_draft(session, "sbc")
    rule = read_item(draft.content, "rules", rule_key)
    seen = services.fingerprint_of(services.rule_text(draft, rule_key))
    given = {**rule, "basis": rule["clause"]["basis"], "article": rule["clause"]["article"], "mode": "require"}
    return {
        "at": "submit",
        **{name: value for name, value in given.items() if isinstance(value, str)},
        "seen": seen,
        **changes,
    }


def test_the_second_editor_sees_both_texts(client, session, version, first, second):
    sign_in(client, first)
    client.post("/staff/programmes/sbc/draft/start")
    mine = form_of(session, "SBC-04", title="我的名称")
    theirs = form_of(session, "SBC-04", title="对方的名称")
    client.post("/staff/programmes/sbc/draft/rules/SBC-04", data=theirs)
    sign_in(client, second)

    answer = client.post("/staff/programmes/sbc/draft/rules/SBC-04", data=mine)

    assert answer.status_code == 409
    assert "我的名称" in answer.text
    assert "title: 对方的名称" in answer.text
    session.expire_all()
    retried = {**mine, "seen": form_of(session, "SBC-04")["seen"]}
    assert retried["seen"] in answer.text
    assert client.post("/staff/programmes/sbc/draft/rules/SBC-04", data=retried).status_code == 303


def test_a_rule_is_added_and_removed_by_page(client, session, version, first):
    sign_in(client, first)
    client.post("/staff/programmes/sbc/draft/start")
    new = form_of(session, "SBC-04", key="SBC-99", title="人数")

    assert client.post("/staff/programmes/sbc/draft/new-rule", data=new).status_code == 303
    taken = client.post("/staff/programmes/sbc/draft/new-rule", data=new)
    session.expire_all()
    assert item_keys(queries.get_open_draft(session, "sbc").content, "rules")[-1] == "SBC-99"
    assert "规则编号“SBC-99”已被使用" in taken.text
    assert client.post("/staff/programmes/sbc/draft/rules/SBC-99/remove").status_code == 303
    session.expire_all()
    assert "SBC-99" not in queries.get_open_draft(session, "sbc").content


def test_the_source_is_edited_and_checked_by_part(client, session, version, first):
    sign_in(client, first)
    client.post("/staff/programmes/sbc/draft/start")
    draft = queries.get_open_draft(session, "sbc")
    text = part_text(draft.content, "values").replace("call.asof", "call.asoff")

    told = client.post("/staff/programmes/sbc/draft/source/check?part=values", data={"text": text}).json
    sent = {"text": text.replace("\n", "\r\n"), "seen": seen_of(draft, "values")}
    assert client.post("/staff/programmes/sbc/draft/source?part=values", data=sent).status_code == 303

    assert (told["faults"][0]["line"], told["faults"][0]["column"]) == (2, 40)
    session.expire_all()
    assert part_text(queries.get_open_draft(session, "sbc").content, "values") == text
    assert client.get("/staff/programmes/sbc/draft/source?part=nothing").status_code == 404
    assert "call.asoff" in client.get("/staff/programmes/sbc/draft/source").text


def test_a_draft_that_cannot_be_taken_apart_is_edited_whole(client, session, version, first, now):
    sign_in(client, first)
    client.post("/staff/programmes/sbc/draft/start")
    draft = queries.get_open_draft(session, "sbc")
    seen = services.fingerprint_of(draft.content)
    client.post("/staff/programmes/sbc/draft/source", data={"text": "rules: [", "seen": seen})

    assert "全文有语法错误" in client.get("/staff/programmes/sbc/draft").text
    assert "rules: [" in client.get("/staff/programmes/sbc/draft/source").text
    assert client.get("/staff/programmes/sbc/draft/source?part=rules").status_code == 422
    assert client.get("/staff/programmes/sbc/draft/rules/SBC-04").status_code == 422


def test_the_difference_page_shows_what_became_stricter(client, session, draft, first, now):
    raise_the_threshold(session, draft, first, now)
    sign_in(client, first)

    page = client.get("/staff/programmes/sbc/draft/difference").text

    assert "收紧" in page
    assert "600000" in page
