from datetime import date

import pytest

from grants.kernel.uscc import make_uscc
from grants.registers import queries
from tests.factories.registers import make_snapshot

USCC = make_uscc("91310115", "MA1K0001")
OTHER = make_uscc("91310115", "MA1K0002")
TABLE = f"主体,限制起始日期\n{USCC},2025-01-01\n"


@pytest.fixture
def registers(app, session):
    return lambda *arguments: app.test_cli_runner().invoke(args=["registers", *map(str, arguments)])


@pytest.fixture
def table(tmp_path):
    def write(text=TABLE, name="bans.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="gb18030")
        return path

    return write


OPTIONS = ("--asof", "2026-03-01", "--source", "示例来源", "--map", "uscc=主体")


def test_the_difference_is_shown_and_nothing_taken_without_yes(session, registers, table):
    make_snapshot(session, "bans", [(OTHER, {"starts_on": "2024-01-01"})])
    session.commit()

    shown = registers("import", "bans", table(), *OPTIONS)

    assert shown.exit_code == 0, shown.output
    assert "1 added, 1 removed" in shown.output
    assert len(queries.page_of_snapshots(session, "bans").items) == 1


def test_yes_takes_it(session, registers, table):
    taken = registers("import", "bans", table(), *OPTIONS, "--yes")

    assert taken.exit_code == 0, taken.output
    snapshot = queries.find_newest_snapshot(session, "bans", by=date(2026, 3, 1))
    assert (snapshot.source, snapshot.records) == ("示例来源", 1)


@pytest.mark.parametrize(
    ("text", "name", "options", "words"),
    [
        (TABLE + "123,去年\n", "bans.csv", OPTIONS, "line 3, 主体"),
        (TABLE, "bans.csv", OPTIONS[:4], "no heading for uscc"),
        (TABLE, "bans.pdf", OPTIONS, "table_kind"),
        ("", "bans.csv", OPTIONS, "empty"),
        (TABLE, "bans.csv", ("--asof", "2999-01-01", *OPTIONS[2:]), "register_import_future"),
    ],
)
def test_what_cannot_be_taken_says_why_and_exits_1(session, registers, table, text, name, options, words):
    refused = registers("import", "bans", table(text, name), *options, "--yes")

    assert refused.exit_code == 1
    assert words in refused.output
    assert queries.page_of_snapshots(session, "bans").items == ()


def test_status_exits_1_while_a_register_cannot_be_read(session, registers):
    make_snapshot(session, "bans")
    session.commit()

    told = registers("status", "--json")

    assert told.exit_code == 1
    assert '"register": "bans", "adapter": "imported", "asof": "2026-03-01"' in told.output
