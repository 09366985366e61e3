"""What is there before anything is measured: people who sign in, and drafts that wait for their submission.

One draft is filled in through the services, then copied within the database: a copy has an organisation, an owner, a
register entry, contract and invoice numbers of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from benchmarks.workbench import Workbench
from grants.accounts import queries as accounts
from grants.accounts import services
from grants.accounts.models import Person
from grants.db import writing
from grants.kernel.actor import SYSTEM, Actor, Role
from grants.kernel.clock import real_now
from grants.kernel.uscc import ALPHABET, make_uscc
from tests.factories.accounts import make_membership, make_organisation
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.registers import make_registers
from tests.support.browsing import RAW_TOKEN

COPIED = """
WITH numbers AS (SELECT * FROM unnest(%(numbers)s::int[], %(codes)s::text[]) AS given (n, uscc)),
ids AS (
    SELECT n, uscc, gen_random_uuid() AS organisation, gen_random_uuid() AS person, gen_random_uuid() AS application
    FROM numbers
),
organisations AS (
    INSERT INTO organisation (id, uscc, name, created_at)
    SELECT ids.organisation, ids.uscc, o.name, o.created_at
    FROM ids, application a JOIN organisation o ON o.id = a.organisation_id WHERE a.id = %(template)s
),
people AS (
    INSERT INTO person (id, email, name, phone, password_hash, created_at)
    SELECT ids.person, 'bench' || n || '@shili.example', p.name, p.phone, p.password_hash, p.created_at
    FROM ids, application a JOIN person p ON p.id = a.created_by WHERE a.id = %(template)s
),
sessions AS (
    INSERT INTO person_session (id, person_id, device, begun_at, seen_on)
    SELECT ids.person, ids.person, '', now(), now() AT TIME ZONE 'Asia/Shanghai' FROM ids
),
memberships AS (
    INSERT INTO membership (id, person_id, organisation_id, level, state, may_draft, stated_name, created_at,
                            decided_at, reason)
    SELECT gen_random_uuid(), ids.person, ids.organisation, m.level, m.state, m.may_draft, m.stated_name, m.created_at,
           m.decided_at, m.reason
    FROM ids, application a JOIN membership m ON m.person_id = a.created_by WHERE a.id = %(template)s
),
registered AS (
    INSERT INTO register_record (snapshot_id, uscc, record)
    SELECT r.snapshot_id, ids.uscc, r.record
    FROM ids, application a JOIN organisation o ON o.id = a.organisation_id JOIN register_record r ON r.uscc = o.uscc
    WHERE a.id = %(template)s
),
applications AS (
    INSERT INTO application (id, call_id, organisation_id, created_by, created_at, state, state_since, title,
                             requested_fen, revision_no)
    SELECT ids.application, a.call_id, ids.organisation, ids.person, a.created_at, a.state, a.state_since, a.title,
           a.requested_fen, 0
    FROM ids, application a WHERE a.id = %(template)s
),
answer_rows AS (
    INSERT INTO answer_row (application_id, table_key, row_id, position, deleted, version, changed_by, changed_at)
    SELECT ids.application, r.table_key, r.row_id, r.position, r.deleted, r.version, ids.person, r.changed_at
    FROM ids, answer_row r WHERE r.application_id = %(template)s
),
answers AS (
    INSERT INTO answer (application_id, field_key, row_id, value, version, changed_by, changed_at)
    SELECT ids.application, v.field_key, v.row_id,
           CASE WHEN v.field_key = 'org.uscc' THEN to_jsonb(ids.uscc)
                WHEN v.field_key LIKE '%%.contract_no' OR v.field_key LIKE '%%.reg_no'
                THEN to_jsonb((v.value #>> '{}') || '-' || n)
                WHEN v.field_key LIKE '%%.invoice_nos'
                THEN (SELECT jsonb_agg(number || '-' || n) FROM jsonb_array_elements_text(v.value) AS number)
                ELSE v.value END,
           v.version, ids.person, v.changed_at
    FROM ids, answer v WHERE v.application_id = %(template)s
),
attachments AS (
    INSERT INTO attachment (id, application_id, slot_key, row_id, file_id, attached_at, attached_by)
    SELECT gen_random_uuid(), ids.application, f.slot_key, f.row_id, f.file_id, f.attached_at, ids.person
    FROM ids, attachment f WHERE f.application_id = %(template)s AND f.removed_at IS NULL
)
SELECT application, person FROM ids ORDER BY n
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A complete draft and who submits it."""

    application_id: UUID
    person_id: UUID


def code_of(number: int) -> str:
    """A valid credit code of a series of its own."""
    body = ""
    for _ in range(5):
        number, digit = divmod(number, len(ALPHABET))
        body = ALPHABET[digit] + body
    return make_uscc("91310117", f"MA9{body}")


def fill_in_template(bench: Workbench) -> UUID:
    """One complete draft in an open call, made through the services."""
    now = real_now()
    with bench.app.app_context(), writing() as session:
        organisation = make_organisation(session, created_at=now)
        make_registers(session, organisation.uscc, now=now)
        person = make_membership(session, organisation=organisation, created_at=now).person
        call = make_call(session, now=now)
        application = make_application(
            session, call=call, organisation=organisation, person=person, complete=True, now=now
        )
        return application.id


def copy_drafts(bench: Workbench, template: UUID, count: int, *, first: int = 1) -> list[Waiting]:
    """So many drafts like ``template``, numbered from ``first``."""
    numbers = list(range(first, first + count))
    given = {"numbers": numbers, "codes": [code_of(number) for number in numbers], "template": template}
    with psycopg.connect(bench.url) as connection:
        rows = connection.execute(COPIED, given).fetchall()
    bench.execute("ANALYZE")
    return [Waiting(*row) for row in rows]


def make_officer(bench: Workbench) -> str:
    """An officer of every call; returns the cookie of their session."""
    now = real_now()
    with bench.app.app_context(), writing() as session:
        person = services.add_person(
            session, name="示例经办人", email="officer@shili.example", password_hash="-", phone="", now=now
        )
        services.grant_role(session, person, Role.OFFICER, scope="*", actor=SYSTEM, now=now)
        begun = services.begin_session(session, person, device="", now=now)
        return cookie_of(bench.app, begun.id)


def cookie_of(app: Flask, session_id: UUID) -> str:
    """The cookie of a session, with a token for forms; enterprises' sessions have the ids of their people."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    kept = {
        "_user_id": str(session_id),
        "_fresh": True,
        "_permanent": True,
        "csrf_token": RAW_TOKEN,
    }
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(kept)}"


def actor_for(session: Session, person_id: UUID) -> Actor:
    """The person as services know them."""
    return accounts.actor_of(session.get_one(Person, person_id))
