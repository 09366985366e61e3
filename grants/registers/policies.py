"""Who may see and change what the registers hold."""

from __future__ import annotations

from grants.kernel.actor import Actor, Role
from grants.kernel.verdict import Verdict, first_refusal
from grants.registers.models import RegisterImport
from grants.registers.states import IMPORT

SEE_REGISTERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def may_import(actor: Actor) -> Verdict:
    """Administrators take over what a register says."""
    return first_refusal((actor.has(Role.ADMINISTRATOR), "role_missing"))


def may_map(actor: Actor, upload: RegisterImport) -> Verdict:
    """Say which heading fills which column, while it is not decided."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (IMPORT.allows(upload.state, "map") and bool(upload.headings), "register_import_busy"),
    )


def may_take(actor: Actor, upload: RegisterImport) -> Verdict:
    """Take what has been looked at."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (IMPORT.allows(upload.state, "take"), "register_import_not_ready"),
    )


def may_discard(actor: Actor, upload: RegisterImport) -> Verdict:
    """Give an upload up, at any time before it is taken."""
    return first_refusal(
        (actor.has(Role.ADMINISTRATOR), "role_missing"),
        (IMPORT.allows(upload.state, "discard"), "register_import_ended"),
    )
