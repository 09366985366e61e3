"""An upload on its way: read, mapped, judged, looked at, taken or given up."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from grants.audit import AuditEntry
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.kernel.uscc import make_uscc
from grants.outbox import publish
from grants.registers import queries, services
from grants.registers.errors import UnknownRegisterError
from grants.registers.models import RegisterRecord, RegisterSnapshot
from grants.registers.states import ImportState as S
from tests.factories.accounts import actor_of, make_staff
from tests.factories.registers import ASOF, make_snapshot

FIRST, SECOND, THIRD = (make_uscc("91310115", f"MA1K000{number}") for number in (1, 2, 3))
BANS = f"统一社会信用代码,限制起始日期\n{FIRST},2025-01-01\n{SECOND},2025/2/1\n"


@pytest.fixture
def administrator(session):
    return actor_of(session, make_staff(session, Role.ADMINISTRATOR))


@pytest.fixture
def upload(session, now, drain, administrator):
    """Hand a table in and let the worker come to its end."""

    def hand_in(text=BANS, register="bans", *, name="限制名单.csv", asof_on=ASOF, wait=True):
        received = services.keep_table(text.encode(), name=name)
        made = services.start_import(
            session, register, received=received, source="示例来源", asof_on=asof_on, actor=administrator, now=now
        )
        if wait:
            drain()
        return made

    return hand_in


def collected(session, now, uscc, register="bans"):
    found = services.collect(session, uscc, registers=frozenset({register}), authorised=True, now=now)
    return found[register]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def take(session, made, administrator, now, **options):
    services.take_import(session, made, actor=administrator, now=now, **{"confirmed": False, **options})


def test_what_was_uploaded_counts_from_the_moment_it_is_taken(session, now, upload, administrator):
    made = upload()

    assert made.state is S.READY
    assert (made.difference["added"], made.difference["after"], made.compared_with) == (2, 2, None)
    assert collected(session, now, FIRST) is None
    take(session, made, administrator, now)
    assert collected(session, now, FIRST)["rows"] == [{"starts_on": "2025-01-01"}]
    kinds = session.scalars(select(AuditEntry.kind).where(AuditEntry.kind.like("register.%")).order_by(AuditEntry.id))
    assert list(kinds) == ["register.import_uploaded", "register.imported"]


def test_the_difference_to_what_is_in_force_is_shown_before(session, now, upload):
    former = make_snapshot(
        session, "bans", [(FIRST, {"starts_on": "2024-01-01"}), (THIRD, {"starts_on": "2023-01-01"})]
    )

    made = upload()

    change = made.difference
    assert made.compared_with == former.id
    assert [change[kind] for kind in ("added", "removed", "changed", "unchanged")] == [1, 1, 1, 0]
    assert change["examples"]["changed"] == [
        {"uscc": FIRST, "before": [{"starts_on": "2024-01-01"}], "after": [{"starts_on": "2025-01-01"}]}
    ]
    assert change["examples"]["removed"][0]["uscc"] == THIRD


def test_former_snapshots_stay(session, now, upload, administrator):
    former = make_snapshot(session, "bans", [(FIRST, {"starts_on": "2024-01-01"})])
    take(session, upload(), administrator, now, confirmed=True)

    kept = queries.page_of_snapshots(session, "bans").items
    assert [one.records for one in kept] == [2, 1]
    assert queries.page_of_records(session, former).items[0].record == {"starts_on": "2024-01-01"}


def test_columns_that_are_not_found_are_asked_for_and_remembered(session, now, upload, drain, administrator):
    text = f"主体,公布日\n{FIRST},2025-01-01\n"
    made = upload(text)
    assert (made.state, made.headings, made.samples) == (S.UNMAPPED, ["主体", "公布日"], [[FIRST, "2025-01-01"]])

    services.map_import(session, made, {"uscc": 0, "starts_on": 1}, actor=administrator)
    drain()
    take(session, made, administrator, now)

    assert upload(text, asof_on=ASOF + timedelta(days=1)).state is S.READY


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"starts_on": 1}, "register_mapping_without_code"),
        ({"uscc": 0, "starts_on": 0}, "register_mapping_twice"),
        ({"uscc": 0, "starts_on": 7}, "register_mapping_unknown"),
        ({"uscc": 0, "name": 1}, "register_mapping_unknown"),
    ],
)
def test_a_mapping_has_to_make_sense(session, upload, administrator, mapping, code):
    made = upload("主体,公布日\n")

    with pytest.raises(InvalidError) as refused:
        services.map_import(session, made, mapping, actor=administrator)

    assert refused.value.code == code


def test_every_bad_row_is_named_and_nothing_is_kept(session, upload):
    made = upload(BANS + f"123,2025-01-01\n{THIRD},去年\n{THIRD},=1+1\n")

    assert (made.state, made.fault_count) == (S.FAULTY, 3)
    assert [(fault["line"], fault["column"]) for fault in made.faults] == [
        (4, "统一社会信用代码"),
        (5, "限制起始日期"),
        (6, "限制起始日期"),
    ]
    assert (count(session, RegisterSnapshot), count(session, RegisterRecord)) == (0, 0)


def test_a_code_twice_in_a_register_of_single_records_is_a_fault(session, upload):
    head = "统一社会信用代码,登记状态,成立日期,经营异常,本市登记,单位名称,所在区"
    line = f"{FIRST},存续,2015-06-01,否,是,示例,浦东新区"

    assert upload(f"{head}\n{line}\n{line}\n", "reg").faults[0]["line"] == 3


def test_a_table_without_rows_is_taken_only_when_confirmed(session, now, upload, administrator):
    make_snapshot(session, "bans", [(FIRST, {"starts_on": "2024-01-01"})])
    made = upload("统一社会信用代码,限制起始日期\n")
    assert (made.state, made.difference["notable"]) == (S.READY, True)

    with pytest.raises(InvalidError) as refused:
        take(session, made, administrator, now)
    take(session, made, administrator, now, confirmed=True)

    assert refused.value.code == "register_import_unconfirmed"
    assert collected(session, now, FIRST)["rows"] == []


@pytest.mark.parametrize(
    ("text", "register", "name", "error"),
    [
        ("统一社会信用代码,登记状态,成立日期,经营异常,本市登记,单位名称,所在区\n", "reg", "a.csv", "table_empty"),
        ("\n\n", "bans", "a.csv", "table_empty"),
        ("甲,乙", "bans", "a.xlsx", "file_truncated"),
        ('甲,"乙\n', "bans", "a.csv", "table_broken"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(upload, text, register, name, error):
    made = upload(text, register, name=name)

    assert (made.state, made.error) == (S.FAILED, error)


def test_a_hostile_name_is_only_a_name(session, upload):
    made = upload(name="../../<img src=x onerror=1>\x00\u202e.csv")

    assert made.state is S.READY
    assert "/" not in made.file_name
    assert "\u202e" not in made.file_name


@pytest.mark.parametrize(
    ("register", "changes", "code"),
    [
        ("bans", {"asof_on": date(2026, 3, 19)}, "register_import_future"),
        ("bans", {"source": " "}, "register_import_source"),
        ("bans", {"source": "长" * 121}, "register_import_source"),
    ],
)
def test_what_makes_no_sense_is_not_taken_in(session, now, administrator, register, changes, code):
    given = {"source": "示例", "asof_on": ASOF, **changes}

    with pytest.raises(InvalidError) as refused:
        services.start_import(
            session, register, received=services.keep_table(b"a", name="a.csv"), actor=administrator, now=now, **given
        )

    assert refused.value.code == code


def test_a_register_that_is_asked_is_not_imported(session, now, administrator, ask_by):
    ask_by("bans")

    with pytest.raises(InvalidError) as refused:
        services.require_importable("bans", source="示例", asof_on=ASOF, now=now)
    with pytest.raises(UnknownRegisterError):
        services.require_importable("rumours", source="示例", asof_on=ASOF, now=now)

    assert refused.value.code == "register_is_asked"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.EXPERT])
def test_only_administrators_import(session, now, upload, role):
    somebody, made = actor_of(session, make_staff(session, role)), upload()

    for refused in (
        lambda: services.take_import(session, made, confirmed=True, actor=somebody, now=now),
        lambda: services.discard_import(session, made, actor=somebody, now=now),
        lambda: services.map_import(session, made, {"uscc": 0}, actor=somebody),
        lambda: services.compare_again(session, made, actor=somebody),
    ):
        with pytest.raises(ForbiddenError):
            refused()


def test_a_difference_that_no_longer_holds_is_worked_out_again(session, now, upload, drain, administrator):
    first, second = upload(), upload(BANS.replace(SECOND, THIRD))
    take(session, first, administrator, now)

    with pytest.raises(InvalidError) as refused:
        take(session, second, administrator, now)
    services.compare_again(session, second, actor=administrator)
    drain()

    assert refused.value.code == "register_import_outdated"
    assert [second.difference[kind] for kind in ("added", "removed", "unchanged")] == [1, 1, 1]
    take(session, second, administrator, now, confirmed=True)
    assert collected(session, now, THIRD)["rows"]


def test_a_second_delivery_and_an_earlier_mapping_change_nothing(session, upload, drain, administrator):
    made = upload()
    staged, records = made.snapshot_id, count(session, RegisterRecord)
    publish(session, "register_import.mapped", {"import_id": str(made.id), "number": "1"})
    publish(session, "register_import.received", {"import_id": str(made.id)})

    drain()

    assert (made.state, made.snapshot_id, count(session, RegisterRecord)) == (S.READY, staged, records)


def test_judging_again_leaves_one_staged_snapshot(session, upload, drain, administrator):
    made = upload()

    services.map_import(session, made, {"uscc": 0}, actor=administrator)
    drain()

    assert (count(session, RegisterSnapshot), count(session, RegisterRecord)) == (1, 2)
    assert made.difference["examples"]["added"][0]["after"] == [{"starts_on": None}]


def test_what_is_given_up_goes(session, now, upload, administrator):
    made = upload()

    services.discard_import(session, made, actor=administrator, now=now)

    assert (made.state, count(session, RegisterSnapshot), count(session, RegisterRecord)) == (S.DISCARDED, 0, 0)
    with pytest.raises(ForbiddenError):
        take(session, made, administrator, now)


def test_what_nobody_decides_about_is_given_up(session, now, upload):
    made, staged = (
        upload(),
        RegisterSnapshot(register="bans", source="失去的", asof_on=ASOF, imported_at=now, records=0, staged=True),
    )
    session.add(staged)
    session.flush()

    services.sweep_imports(session, now=now + timedelta(hours=1))
    assert (made.state, count(session, RegisterSnapshot)) == (S.READY, 2)
    services.sweep_imports(session, now=now + timedelta(days=2))
    assert (made.state, count(session, RegisterSnapshot)) == (S.READY, 1)
    services.sweep_imports(session, now=now + timedelta(days=15))
    assert (made.state, made.decided_by, count(session, RegisterSnapshot)) == (S.DISCARDED, None, 0)
