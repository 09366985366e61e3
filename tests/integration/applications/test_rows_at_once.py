"""Two people at one table in the same moment, on databases of their own: real transactions."""

import pytest

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.domain import digest, order_mark, table_mark
from grants.applications.domain.cell_texts import filled_columns
from grants.applications.domain.importing import ImportLine, cell_mark
from grants.applications.errors import OrderChangedError, RowChangedError, RowGoneError, TableChangedError
from grants.applications.models import Application
from grants.db import reading, writing
from tests.factories.accounts import actor_of, make_member
from tests.factories.applications import make_application, owner_of
from tests.integration.applications.test_at_once import at_once, own_app

__all__ = ["own_app"]
ROWS = ("r1", "r2", "r3")
TABLE = "oss"


@pytest.fixture
def draft(own_app, now):
    """Ids of a draft with three rows, its author and a colleague."""
    with own_app.app_context(), writing() as session:
        application = make_application(session, now=now)
        actor = owner_of(session, application)
        for row in ROWS:
            services.add_row(session, application, TABLE, row, actor=actor, now=now)
            entry = services.Entry("oss.name", row, f"组件 {row}")
            services.save_answers(session, application, [entry], actor=actor, now=now)
        return application.id, application.created_by, make_member(session, application.organisation).id


@pytest.fixture
def step(own_app, draft, now):
    """One service call by the author (0) or the colleague (1), in a transaction of its own."""

    def make(who, call):
        def run():
            with writing() as session:
                application = session.get_one(Application, draft[0])
                actor = actor_of(session, session.get_one(Person, draft[1 + who]))
                return call(session, application, actor=actor, now=now)

        return run

    return make


@pytest.fixture
def look(own_app, draft):
    """The draft as it is stored now."""

    def read():
        with own_app.app_context(), reading() as session:
            found = queries.load_draft(session, session.get_one(Application, draft[0]))
            assert found.present_files == ()
            return found

    return read


def edit(row, text):
    base = services.Base(1, digest(f"组件 {row}"))
    entry = services.Entry("oss.name", row, text, base)
    return lambda session, application, **by: services.save_answers(session, application, [entry], **by)


def delete(row, seen):
    return lambda session, application, **by: services.delete_row(session, application, TABLE, row, seen=seen, **by)


def move(row, places):
    seen = order_mark(ROWS)
    return lambda session, application, **by: services.move_row(
        session, application, TABLE, row, places=places, seen=seen, **by
    )


def take(lines, **how):
    return lambda session, application, **by: services.import_rows(session, application, TABLE, lines, **how, **by)


def order_of(draft):
    return [row.id for row in draft.rows[TABLE]]


def test_of_a_deletion_and_an_edit_of_the_same_row_one_is_told(own_app, step, look):
    table = look().definition.field(TABLE)
    seen = look().row_digest(table, "r2")

    edited, deleted = at_once(own_app, step(0, edit("r2", "改过的")), step(1, delete("r2", seen)))

    after = look()
    if isinstance(deleted, RowChangedError):
        assert after.value("oss.name", "r2") == "改过的"
        assert order_of(after) == ["r1", "r2", "r3"]
    else:
        assert isinstance(edited, RowGoneError)
        assert order_of(after) == ["r1", "r3"]


def test_of_a_move_and_a_deletion_both_hold_or_the_move_is_told(own_app, step, look):
    moved, deleted = at_once(own_app, step(0, move("r3", -2)), step(1, delete("r1", None)))

    assert deleted is None
    assert order_of(look()) == (["r2", "r3"] if isinstance(moved, OrderChangedError) else ["r3", "r2"])


def test_of_two_moves_one_is_told(own_app, step, look):
    results = at_once(own_app, step(0, move("r3", -2)), step(1, move("r1", 2)))

    assert sum(isinstance(result, OrderChangedError) for result in results) == 1
    assert order_of(look()) in (["r3", "r1", "r2"], ["r2", "r3", "r1"])


def test_an_import_and_an_edit_of_the_same_cell_lose_neither(own_app, step, look):
    draft = look()
    column = filled_columns(draft.definition.field(TABLE))[0]
    line = ImportLine(2, "r2", "rn", {column.path: "导入的"}, {column.path: cell_mark(column, "组件 r2")})

    edited, imported = at_once(own_app, step(0, edit("r2", "改过的")), step(1, take([line])))

    after = look().value("oss.name", "r2")
    clashes = len(edited.conflicts) + len(imported.plan.clashes)
    assert (clashes, after) in ((1, "改过的"), (1, "导入的"))
    assert after == ("导入的" if edited.conflicts else "改过的")


def test_an_import_beside_an_edit_of_another_row_keeps_both(own_app, step, look):
    line = ImportLine(2, "", "rn", {"oss.name": "导入的"})

    at_once(own_app, step(0, edit("r2", "改过的")), step(1, take([line])))

    after = look()
    assert order_of(after) == ["r1", "r2", "r3", "rn"]
    assert [after.value("oss.name", row) for row in ("r2", "rn")] == ["改过的", "导入的"]


def test_a_table_is_not_replaced_over_an_edit_that_was_not_seen(own_app, step, look):
    shown = table_mark(look(), look().definition.field(TABLE))
    line = ImportLine(2, "", "rn", {"oss.name": "导入的"})

    edited, replaced = at_once(own_app, step(0, edit("r2", "改过的")), step(1, take([line], replaces=shown)))

    if isinstance(replaced, TableChangedError):
        assert look().value("oss.name", "r2") == "改过的"
    else:
        assert isinstance(edited, RowGoneError)
        assert order_of(look()) == ["rn"]


def test_the_same_block_taken_twice_at_once_is_taken_once(own_app, step, look):
    lines = [ImportLine(number, "", f"rn{number}", {"oss.name": f"导入 {number}"}) for number in range(20)]

    at_once(own_app, step(0, take(lines)), step(0, take(lines)))

    assert len(order_of(look())) == len(ROWS) + 20
