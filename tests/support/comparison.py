"""Two databases compared row by row: ids by what they stand for, the machine's own instants by whether they are set."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.models import Membership, Organisation, Person, RoleGrant
from grants.applications.models import Application, Attachment, Revision
from grants.calls.models import Call
from grants.db import Base
from grants.documents.models import StoredFile
from grants.eligibility.models import EligibilityRun
from grants.kernel.canonical import fingerprint
from grants.notifications import Mail
from grants.programmes.models import DefinitionVersion, Programme
from grants.registers.models import RegisterSnapshot

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBERED = frozenset({"outbox_message", "audit_entry", "register_record"})  # by the order of writing
NAMELESS = frozenset({"finding", "claim", "inbox_item", "attachment", "mail"})  # nothing refers to their ids but mails
SEALS = frozenset({"mac", "seq", "hash"})  # ``audit verify`` looks at them
SIGNATURES = frozenset({"signature"})  # over fingerprints that differ with the ids; the tests of receipts look at them
REAL_INSTANTS = frozenset({"created_at", "due_at", "sent_at", "done_at"})  # of messages


def tables_of(session: Session) -> dict[str, list[str]]:
    """Every table's rows as texts that say the same in two databases with the same content; sorted."""
    labels = labels_of(session)
    return {
        table.name: sorted(
            json.dumps(_plain(table.name, row._mapping, labels), ensure_ascii=False, sort_keys=True, default=str)
            for row in session.execute(select(table))
        )
        for table in Base.metadata.sorted_tables
    }


def labels_of(session: Session) -> dict[str, str]:
    """What every id, and every revision's fingerprint, stands for."""
    labels: dict[str, str] = {}
    for entity, label in LABELS:
        for thing in session.scalars(select(entity)):
            labels[str(thing.id)] = label(thing)
    for revision in session.scalars(select(Revision)):
        assert fingerprint(json.loads(revision.content)) == revision.sha256
        labels[revision.sha256] = f"fingerprint of {revision.application.ref}/{revision.number}"
    for membership in session.scalars(select(Membership)):
        labels[str(membership.proof_file_id)] = f"proof of {membership.person.email}"
    for attachment in session.scalars(select(Attachment)):
        place = f"{attachment.slot_key}/{attachment.row_id}"
        labels[str(attachment.file_id)] = f"paper {labels[str(attachment.application_id)]}/{place}"
    for mail in session.scalars(select(Mail)):
        labels[str(mail.id)] = f"mail {mail.to_address} {_replaced(mail.event_key, labels)}"
    return labels


LABELS: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (Person, lambda person: f"person {person.email}"),
    (RoleGrant, lambda grant: f"grant {grant.person.email} {grant.role}"),
    (Organisation, lambda organisation: f"organisation {organisation.uscc}"),
    (Membership, lambda membership: f"membership {membership.person.email}"),
    (Programme, lambda programme: f"programme {programme.code}"),
    (DefinitionVersion, lambda version: f"definition {version.fingerprint}"),
    (RegisterSnapshot, lambda snapshot: f"snapshot {snapshot.register} {snapshot.asof_on}"),
    (Call, lambda call: f"call {call.ref}"),
    (Application, lambda application: f"application {application.ref}"),
    (Revision, lambda revision: f"revision {revision.application.ref}/{revision.number}"),
    (EligibilityRun, lambda run: f"run {run.application.ref}/{run.kind}/{run.number}"),
    (StoredFile, lambda file: f"file {file.id}"),
)


def _plain(table: str, row: Mapping[Any, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    left_out = {"id"} if table in NUMBERED | NAMELESS else set()
    if table == "audit_entry":
        left_out |= SEALS
    if table == "receipt":
        left_out |= SIGNATURES
    plain = {str(column): _value(value, labels) for column, value in row.items() if str(column) not in left_out}
    if table == "outbox_message":
        plain |= {column: plain[column] is not None for column in REAL_INSTANTS}
    return plain


def _value(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, UUID | str):
        return _replaced(str(value), labels)
    if isinstance(value, dict | list):
        return json.loads(_replaced(json.dumps(value, ensure_ascii=False, sort_keys=True), labels))
    return value


def _replaced(text: str, labels: Mapping[str, str]) -> str:
    found = UUIDS.sub(lambda match: labels.get(match[0], match[0]), text)
    return re.sub(r"\b[0-9a-f]{64}\b", lambda match: labels.get(match[0], match[0]), found)
