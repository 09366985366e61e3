"""Passwords, lock-outs, exclusions of roles, paths."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.accounts.domain import (
    locked_until,
    normal_email,
    normal_phone,
    password_faults,
    role_conflict,
    safe_path,
    valid_email,
    valid_phone,
    valid_scope,
)
from grants.kernel.actor import Role

NOON = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Shili-2026-Mima", ()),
        ("Ａｂ９８７２１３!xx", ()),
        ("春眠不觉晓处处闻啼鸟夜来风雨声花", ()),
        ("Ab1!", ("password_short", "password_common")),
        ("abcdefghijk", ("password_kinds",)),
        ("aaaaaaaaaaaaaaaaaaaa", ("password_common",)),
        ("My-Password-77", ("password_common",)),
        ("Jingban-77-xx", ("password_personal",)),
        ("x9-" * 60, ("password_long", "password_common")),
    ],
)
def test_password_faults(password, faults):
    assert password_faults(password, email="jingban@shili.example", name="陈示例") == faults


def test_email_and_phone():
    assert normal_email("  Chen＠Shili.Example ") == "chen@shili.example"
    assert valid_email("chen@shili.example")
    assert not any(map(valid_email, ("chen", "chen@shili", "a b@c.example", "a@b.example\n", "a@" + "b" * 250 + ".cn")))
    assert valid_phone("021-0000 0000")
    assert not any(map(valid_phone, ("", "abc", "12", "1" * 60)))


@pytest.mark.parametrize("minutes", [(0, 1, 2, 3), (16, 1, 2, 3, 4), ()])
def test_fewer_than_five_recent_failures_do_not_lock(minutes):
    failures = [NOON - timedelta(minutes=ago) for ago in minutes]

    assert locked_until(failures, allowed=5, now=NOON) is None


def test_the_lock_ends_when_the_fifth_latest_failure_is_fifteen_minutes_old():
    failures = [NOON - timedelta(minutes=ago) for ago in (9, 1, 2, 14, 3, 4)]

    until = locked_until(failures, allowed=5, now=NOON)

    assert until == NOON + timedelta(minutes=6)
    assert locked_until(failures, allowed=5, now=until - timedelta(seconds=1)) == until
    assert locked_until(failures, allowed=5, now=until) is None


@pytest.mark.parametrize(
    ("held", "is_member", "wanted", "code"),
    [
        ((), False, Role.OFFICER, ""),
        ((Role.OFFICER,), False, Role.APPROVER, ""),
        ((), True, Role.EXPERT, ""),
        ((Role.OFFICER,), False, Role.OFFICER, ""),
        ((), True, Role.OFFICER, "role_excludes_enterprise"),
        ((), True, Role.AUDITOR, "role_excludes_enterprise"),
        ((Role.OFFICER,), False, Role.AUDITOR, "role_auditor_alone"),
        ((Role.AUDITOR,), False, Role.EXPERT, "role_auditor_alone"),
        ((Role.EXPERT,), False, Role.APPROVER, "role_expert_judges"),
        ((Role.OFFICER,), False, Role.EXPERT, "role_expert_judges"),
    ],
)
def test_role_conflict(held, is_member, wanted, code):
    assert role_conflict(held, wanted, is_member=is_member) == code


@pytest.mark.parametrize(
    ("role", "scope", "fits"),
    [
        (Role.DISTRICT_OFFICER, "310115", True),
        (Role.DISTRICT_OFFICER, "*", False),
        (Role.DISTRICT_OFFICER, "320000", False),
        (Role.OFFICER, "SBC-2027-01", True),
        (Role.OFFICER, "sbc 2027", False),
        (Role.OFFICER, "INTERNET-PLUS-2-2027-01", True),
        (Role.OFFICER, "SBC-1999-01", False),
        (Role.OFFICER, f"{'A' * 25}-2027-01", False),
        (Role.APPROVER, "*", True),
        (Role.AUDITOR, "SBC-2027-01", False),
    ],
)
def test_valid_scope(role, scope, fits):
    assert valid_scope(role, scope) is fits


@pytest.mark.parametrize("path", ["/apply/", "/calls/SBC-2027-01?x=1#terms", "/"])
def test_paths_of_this_site_are_kept(path):
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "apply", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\\b", "/a\nb", "javascript:x"],
)
def test_other_addresses_are_not(path):
    assert safe_path(path) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("０２１－0000 0000", "021-0000 0000"), ("（021）00000000", "021-00000000"), (" 021—00000000 ", "021-00000000")],
)
def test_a_phone_is_stored_in_plain_digits(typed, stored):
    assert normal_phone(typed) == stored
    assert valid_phone(stored)
