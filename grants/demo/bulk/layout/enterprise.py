"""The rows of an enterprise: registration, verification, profile."""

from __future__ import annotations

from grants.accounts.models import Membership, Organisation, Person
from grants.accounts.states import Level, MembershipState
from grants.applications.domain.profiles import FROM_APPLICATION, kept_in_profile
from grants.applications.models import ProfileValue
from grants.db import uuid7
from grants.demo.bulk.cases import BulkCase
from grants.demo.bulk.layout.entries import add_file
from grants.demo.bulk.rows import Rows


def add_enterprise(rows: Rows, case: BulkCase) -> None:
    """Registration and its verification."""
    one, times, setting = case.one, case.times, case.setting
    membership_id, owner = uuid7(), case.actor.label
    rows.add(
        Person,
        id=case.person_id,
        email=one.email,
        name=one.contact,
        phone=one.phone,
        password_hash=setting.password_hash,
        created_at=times.registered_at,
        disabled_at=None,
    )
    rows.add(
        Organisation,
        id=case.organisation_id,
        uscc=one.uscc,
        name=one.name,
        created_at=times.registered_at,
    )
    proof_id = add_file(rows, case, setting.licence, times.registered_at)
    rows.add(
        Membership,
        id=membership_id,
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        level=Level.OWNER,
        state=MembershipState.VERIFIED,
        may_draft=True,
        stated_name=one.name,
        proof_file_id=proof_id,
        created_at=times.registered_at,
        decided_by=setting.officer_id,
        decided_at=times.verified_at,
        reason="",
    )
    subject = ("membership", membership_id)
    asked = {"organisation": one.uscc, "stated_name": one.name, "new": True, "proof": str(proof_id)}
    rows.record(owner, "membership.requested", subject, at=times.registered_at, detail=asked)
    told = {"organisation": one.uscc, "reason": ""}
    rows.record(str(setting.officer_id), "membership.verified", subject, at=times.verified_at, detail=told)
    facts = {"name": one.name, "ref": one.uscc}
    for kind, key, at in (
        ("account.registered", f"registered:{case.person_id}", times.registered_at),
        (
            "membership.verified",
            f"membership.verified:{membership_id}:{times.verified_at.isoformat()}",
            times.verified_at,
        ),
    ):
        rows.tell(case.recipient, kind, event_key=key, facts=facts, path="/organisation", at=at, delivered_at=at)
    _add_profile(rows, case)


def _add_profile(rows: Rows, case: BulkCase) -> None:
    """What the submission says in section A, kept for the next application."""
    for (path, row), value in kept_in_profile(case.draft, {}).items():
        rows.add(
            ProfileValue,
            organisation_id=case.organisation_id,
            field_key=path,
            row_id=row,
            value=value,
            version=1,
            origin=f"{FROM_APPLICATION}{case.setting.call['ref']}",
            changed_by=case.person_id,
            changed_at=case.times.submitted_at,
        )
