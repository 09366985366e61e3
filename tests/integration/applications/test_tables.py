"""A table as a whole: order, copies, deletions that can be taken back, and two people at it."""

import re
from html import unescape

import pytest

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.domain import order_mark
from grants.applications.errors import OrderChangedError
from grants.kernel.errors import InvalidError
from tests.factories.accounts import actor_of, make_member, sign_in
from tests.factories.applications import make_application, owner_of


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
        method = "POST" if "data" in request else "GET"
        return client.open(f"/apply/{application.id}/{path}", method=method, **request)

    return go


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def hidden(answer, name):
    """The value of the page's hidden field or button of that name."""
    html = answer.get_data(as_text=True)
    return unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1])


def deleting(answer, row):
    """The digest that the page's button for deleting a row carries."""
    html = answer.get_data(as_text=True)
    return re.search(rf'rows/{row}/delete" name="seen" value="([^"]+)"', html)[1]


def rows_of(session, application, table="contracts"):
    session.expire_all()
    return [row.id for row in queries.load_draft(session, application).rows.get(table, ())]


def with_rows(session, now, table="oss", count=3):
    """A draft with that many rows, and its author."""
    application = make_application(session, now=now)
    actor = owner_of(session, application)
    for number in range(1, count + 1):
        services.add_row(session, application, table, f"r{number}", actor=actor, now=now)
        entry = services.Entry(f"{table}.name", f"r{number}", f"组件{number}")
        services.save_answers(session, application, [entry], actor=actor, now=now)
    return application, actor


def test_rows_are_moved_and_the_button_keeps_the_focus(session, now, visit):
    application, _ = with_rows(session, now)
    page = visit(session, application, "tables/oss")

    answer = visit(session, application, "tables/oss/rows/r3/move", data={"to": "up", "order": hidden(page, "order")})
    shown = visit(session, application, answer.location.split(f"{application.id}/")[1])

    assert answer.status_code == 303
    assert rows_of(session, application, "oss") == ["r1", "r3", "r2"]
    assert "已移到第 2 行，共 3 行。" in text_of(shown)
    assert re.search(r'rows/r3/move" name="to" value="up" autofocus', shown.get_data(as_text=True))


@pytest.mark.parametrize(
    ("to", "status", "order"),
    [
        ("+2", 303, ["r2", "r3", "r1"]),
        ("+9999", 303, ["r2", "r3", "r1"]),
        ("-1", 303, ["r1", "r2", "r3"]),
        ("+0", 422, ["r1", "r2", "r3"]),
        ("2", 422, ["r1", "r2", "r3"]),
        ("+99999", 422, ["r1", "r2", "r3"]),
        ("sideways", 422, ["r1", "r2", "r3"]),
    ],
)
def test_a_dragged_row_goes_by_so_many_rows(session, now, visit, to, status, order):
    application, _ = with_rows(session, now)
    page = visit(session, application, "tables/oss")

    answer = visit(session, application, "tables/oss/rows/r1/move", data={"to": to, "order": hidden(page, "order")})

    assert answer.status_code == status
    assert rows_of(session, application, "oss") == order


@pytest.mark.parametrize(
    ("row", "places", "order"),
    [("r2", -1, ["r2", "r1", "r3"]), ("r1", 9, ["r2", "r3", "r1"]), ("r3", -9, ["r3", "r1", "r2"]), ("r1", -1, None)],
)
def test_a_row_goes_as_far_as_the_table_does(session, now, row, places, order):
    application, actor = with_rows(session, now)

    services.move_row(session, application, "oss", row, places=places, seen=None, actor=actor, now=now)

    assert rows_of(session, application, "oss") == (order or ["r1", "r2", "r3"])


def test_a_move_of_an_order_that_changed_meanwhile_is_refused_and_shown(session, now, visit):
    application, _ = with_rows(session, now)
    colleague = make_member(session, application.organisation)
    mine = hidden(visit(session, application, "tables/oss"), "order")
    theirs = hidden(visit(session, application, "tables/oss", person=colleague), "order")
    visit(session, application, "tables/oss/rows/r1/move", person=colleague, data={"to": "last", "order": theirs})

    answer = visit(session, application, "tables/oss/rows/r2/move", data={"to": "down", "order": mine})

    assert answer.status_code == 409
    assert "这张表的行刚刚被其他人添加、删除或移动过，没有移动" in text_of(answer)
    assert rows_of(session, application, "oss") == ["r2", "r3", "r1"]
    again = visit(
        session, application, "tables/oss/rows/r2/move", data={"to": "down", "order": hidden(answer, "order")}
    )
    assert again.status_code == 303
    assert rows_of(session, application, "oss") == ["r3", "r2", "r1"]


def test_a_move_after_a_deletion_is_refused(session, now):
    application, actor = with_rows(session, now)
    seen = order_mark(["r1", "r2", "r3"])
    services.delete_row(session, application, "oss", "r1", seen=None, actor=actor, now=now)

    with pytest.raises(OrderChangedError):
        services.move_row(session, application, "oss", "r3", places=-1, seen=seen, actor=actor, now=now)

    assert rows_of(session, application, "oss") == ["r2", "r3"]


def test_a_deleted_row_comes_back_with_its_cells_where_it_was(session, now, visit):
    application, _ = with_rows(session, now)
    page = visit(session, application, "tables/oss")

    deleted = visit(
        session, application, "tables/oss/rows/r2/delete", data={"seen": deleting(page, "r2"), "back": "table"}
    )
    shown = visit(session, application, deleted.location.split(f"{application.id}/")[1])

    assert rows_of(session, application, "oss") == ["r1", "r3"]
    assert "已删除组件“组件2”。" in text_of(shown)
    assert "撤销" in text_of(shown)
    restored = visit(session, application, "tables/oss/rows/r2/restore", data={})
    assert restored.status_code == 303
    assert rows_of(session, application, "oss") == ["r1", "r2", "r3"]
    assert queries.load_draft(session, application).value("oss.name", "r2") == "组件2"


def test_a_deleted_row_comes_back_to_its_place_after_others_were_moved(session, now):
    application, actor = with_rows(session, now, count=4)
    services.delete_row(session, application, "oss", "r2", seen=None, actor=actor, now=now)
    services.move_row(session, application, "oss", "r4", places=-2, seen=None, actor=actor, now=now)

    services.restore_row(session, application, "oss", "r2", actor=actor, now=now)

    assert rows_of(session, application, "oss") == ["r4", "r1", "r2", "r3"]


def test_deletion_on_the_section_s_page_asks_and_can_be_undone_there(session, now, visit):
    application, _ = with_rows(session, now)
    asked = visit(session, application, "tables/oss/rows/r1/delete")
    data = {"seen": hidden(asked, "seen"), "back": hidden(asked, "back")}

    deleted = visit(session, application, "tables/oss/rows/r1/delete", data=data)
    shown = visit(session, application, deleted.location.split(f"{application.id}/")[1].partition("#")[0])

    assert "/sections/product?deleted=" in deleted.location
    assert "已删除组件“组件1”。" in text_of(shown)
    restored = visit(session, application, "tables/oss/rows/r1/restore", data={"back": "section"})
    assert "/sections/product" in restored.location
    assert "已恢复组件“组件1”。" in text_of(visit(session, application, "sections/product"))


def test_a_row_that_a_colleague_has_changed_is_not_deleted_unasked(session, now, visit):
    application, _ = with_rows(session, now)
    colleague = make_member(session, application.organisation)
    page = visit(session, application, "tables/oss")
    entry = services.Entry("oss.licence", "r2", "MIT")
    services.save_answers(session, application, [entry], actor=actor_of(session, colleague), now=now)

    answer = visit(
        session, application, "tables/oss/rows/r2/delete", data={"seen": deleting(page, "r2"), "back": "table"}
    )

    assert answer.status_code == 409
    assert "这一行刚刚被其他人修改过，没有删除" in text_of(answer)
    assert "MIT" in text_of(answer)
    data = {"seen": hidden(answer, "seen"), "back": hidden(answer, "back")}
    deleted = visit(session, application, "tables/oss/rows/r2/delete", data=data)
    assert "/tables/oss?deleted=" in deleted.location
    assert rows_of(session, application, "oss") == ["r1", "r3"]


def test_deleted_rows_are_listed_until_they_are_restored(session, now, visit):
    application, actor = with_rows(session, now)
    services.delete_row(session, application, "oss", "r3", seen=None, actor=actor, now=now)

    page = visit(session, application, "tables/oss")

    assert "已删除的行" in text_of(page)
    assert "组件“组件3”" in text_of(page)
    visit(session, application, "tables/oss/rows/r3/restore", data={})
    assert "已删除的行" not in text_of(visit(session, application, "tables/oss"))


def test_a_copy_stands_behind_its_row_and_is_made_once(session, now, visit):
    application, _ = with_rows(session, now)
    data = {"new_id": "rcopy"}

    first = visit(session, application, "tables/oss/rows/r1/copy", data=data)
    second = visit(session, application, "tables/oss/rows/r1/copy", data=data)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location.endswith("/tables/oss/rows/rcopy")
    assert rows_of(session, application, "oss") == ["r1", "rcopy", "r2", "r3"]
    assert queries.load_draft(session, application).value("oss.name", "rcopy") == "组件1"


def test_neither_copies_nor_restored_rows_pass_the_limit(session, now):
    application, actor = with_rows(session, now, "contracts", 0)
    for number in range(10):
        services.add_row(session, application, "contracts", f"r{number}", actor=actor, now=now)
    with pytest.raises(InvalidError):
        services.copy_row(session, application, "contracts", "r1", new_id="rx", actor=actor, now=now)
    services.delete_row(session, application, "contracts", "r1", seen=None, actor=actor, now=now)
    services.add_row(session, application, "contracts", "rx", actor=actor, now=now)

    with pytest.raises(InvalidError):
        services.restore_row(session, application, "contracts", "r1", actor=actor, now=now)


def test_rows_that_are_fixed_or_follow_another_table_are_not_ordered(session, now, visit):
    application = make_application(session, complete=True, now=now)

    for table in ("org.years", "uses"):
        page = visit(session, application, f"tables/{table}")
        assert page.status_code == 200
        assert "上移" not in text_of(page)
    assert visit(session, application, "tables/uses/rows/r1/copy", data={"new_id": "r9"}).status_code == 404


def test_sums_and_documents_stand_with_the_table(session, now, visit):
    application = make_application(session, complete=True, now=now)
    draft = queries.load_draft(session, application)
    total = sum(draft.value("contracts.software", row) for row in draft.row_ids(draft.definition.field("contracts")))

    section, whole = visit(session, application, "sections/sales"), visit(session, application, "tables/contracts")

    assert f"{total // 100:,}" in text_of(section)
    assert f"{total // 100:,}" in text_of(whole)
    assert "材料 4/4" in text_of(section)
    assert f"/apply/{application.id}/documents#slot-a6-r1" in section.get_data(as_text=True)


def test_a_grid_shows_its_sums(session, now, visit):
    application = make_application(session, complete=True, now=now)
    draft = queries.load_draft(session, application)
    years = draft.row_ids(draft.definition.field("org.years"))
    revenue = sum(draft.value("org.years.revenue", year) for year in years)

    page = visit(session, application, "sections/org").get_data(as_text=True)

    foot = page[page.index("<tfoot") : page.index("</tfoot>")]
    assert "data-total" in foot
    assert f"{revenue // 1_000_000:,}" in foot
