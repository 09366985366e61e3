"""Pure rules of accounts: passwords, lock-outs, which roles exclude each other, where a sign-in may lead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from grants.kernel.actor import ANYWHERE, STAFF_ROLES, Role
from grants.kernel.districts import DISTRICTS

PASSWORD_MIN, PASSWORD_MAX = 10, 128
LONG_ENOUGH_FOR_ANY_KIND = 16
KINDS_NEEDED = 3
COMMON_PARTS = ("password", "qwerty", "123456", "abc123", "111111", "admin", "iloveyou", "woaini", "letmein")

LOCK_WINDOW = timedelta(minutes=15)
FAILURES_PER_EMAIL = 5
FAILURES_PER_SOURCE = 30

EMAIL_SHAPE = re.compile(r"[^@\s\x00-\x1f,;<>\"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
PHONE_SHAPE = re.compile(r"\+?[0-9][0-9 -]{5,24}")
PHONE_SIGNS = str.maketrans({"(": None, ")": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})
CALL_REF_SHAPE = re.compile(r"(?=.{1,32}\Z)[A-Z][A-Z0-9-]*-20[0-9]{2}-[0-9]{2}")  # as ``calls`` numbers them
PATH_SHAPE = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "鸿蒙设备"),
    ("Android", "安卓设备"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "Mac 电脑"),
    ("Linux", "Linux 电脑"),
)

GRANTABLE = (Role.DISTRICT_OFFICER, Role.OFFICER, Role.EXPERT, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)
EVERYWHERE_ONLY = frozenset({Role.EXPERT, Role.ADMINISTRATOR, Role.AUDITOR})
JUDGES = frozenset({Role.OFFICER, Role.APPROVER})


def normal_email(text: str) -> str:
    """An e-mail address as it is stored and compared: NFKC, without surrounding space, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def valid_email(email: str) -> bool:
    """Whether a normal address has the shape of one and at most 254 characters."""
    return len(email) <= 254 and EMAIL_SHAPE.fullmatch(email) is not None


def normal_phone(text: str) -> str:
    """A telephone number as it is stored: half-width, area codes without brackets, plain hyphens."""
    return unicodedata.normalize("NFKC", text).translate(PHONE_SIGNS).strip()


def valid_phone(text: str) -> bool:
    """Whether ``text`` can be a telephone number: digits, spaces, hyphens, a leading plus."""
    return PHONE_SHAPE.fullmatch(text) is not None


def normal_password(text: str) -> str:
    """What is hashed: NFKC, so that the same keys pressed on another machine give the same password."""
    return unicodedata.normalize("NFKC", text)


def password_faults(password: str, *, email: str, name: str = "") -> tuple[str, ...]:
    """Codes of the rules a new password breaks; empty when it may be used.

    At least 10 characters of three kinds (lower case, upper case, digits, others), or at least 16 of any; at most
    128; not built around the person's own name or address nor around one of the passwords everybody tries first.
    """
    text = normal_password(password)
    checks = (
        (len(text) < PASSWORD_MIN, "password_short"),
        (len(text) > PASSWORD_MAX, "password_long"),
        (len(text) < LONG_ENOUGH_FOR_ANY_KIND and _kinds(text) < KINDS_NEEDED, "password_kinds"),
        (len(set(text)) < PASSWORD_MIN // 2, "password_common"),
        (any(part in text.lower() for part in COMMON_PARTS), "password_common"),
        (_holds_own(text, email, name), "password_personal"),
    )
    return tuple(dict.fromkeys(code for broken, code in checks if broken))


def _kinds(text: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, _is_other)
    return sum(any(test(character) for character in text) for test in tests)


def _is_other(character: str) -> bool:
    return not character.isalnum() or (character.isalpha() and character.lower() == character.upper())


def _holds_own(text: str, email: str, name: str) -> bool:
    own = (email.partition("@")[0].lower(), name.strip().lower())
    return any(len(part) >= 3 and part in text.lower() for part in own)


def locked_until(failures: Sequence[datetime], *, allowed: int, now: datetime) -> datetime | None:
    """When the lock-out ends that ``failures`` (instants within the window, in any order) have caused; None without
    one.

    The lock lasts until fewer than ``allowed`` failures lie within the last 15 minutes.
    """
    recent = sorted((at for at in failures if at > now - LOCK_WINDOW), reverse=True)
    return recent[allowed - 1] + LOCK_WINDOW if len(recent) >= allowed else None


def role_conflict(held: Collection[Role], wanted: Role, *, is_member: bool) -> str:
    """The code of what excludes ``wanted`` for somebody who holds ``held``; empty when nothing does.

    ``is_member``: acts, or has asked to act, for an enterprise. Source: decision 10, the exclusions that hold in
    every case.
    """
    others = set(held) - {wanted}
    conflicts = (
        (is_member and wanted in STAFF_ROLES, "role_excludes_enterprise"),
        (wanted is Role.AUDITOR and bool(others), "role_auditor_alone"),
        (Role.AUDITOR in others, "role_auditor_alone"),
        (wanted is Role.EXPERT and bool(others & JUDGES), "role_expert_judges"),
        (wanted in JUDGES and Role.EXPERT in others, "role_expert_judges"),
    )
    return next((code for applies, code in conflicts if applies), "")


def may_belong_to_enterprise(held: Collection[Role]) -> bool:
    """Whether somebody who holds ``held`` may act for an enterprise: nobody of the office's side may."""
    return not set(held) & STAFF_ROLES


def valid_scope(role: Role, scope: str) -> bool:
    """Whether ``scope`` fits the role: a district for district officers, everything for those who serve all calls,
    everything or one call's number for officers and approvers."""
    if role is Role.DISTRICT_OFFICER:
        return scope in DISTRICTS
    if role in EVERYWHERE_ONLY:
        return scope == ANYWHERE
    return scope == ANYWHERE or CALL_REF_SHAPE.fullmatch(scope) is not None


def device_of(user_agent: str) -> tuple[str, str]:
    """Browser and system as a browser's own name tells, each by its plain name; empty where it does not.

    The first of the table that is found counts: a browser names those it wants to be taken for as well.
    """
    return _first_named(BROWSERS, user_agent), _first_named(SYSTEMS, user_agent)


def _first_named(signs: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for sign, name in signs if sign in user_agent), "")


def safe_path(text: str | None) -> str | None:
    """``text`` if it is a path of this site and nothing else (no host, no backslash, no control characters)."""
    return text if text and len(text) <= 2_000 and PATH_SHAPE.fullmatch(text) else None
