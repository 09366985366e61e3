"""Rows by table, with the entries of the log sealed by their macs, and letters by their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from grants.accounts.models import Membership, Organisation, Person
from grants.applications.models import (
    Answer,
    AnswerRow,
    Application,
    Attachment,
    Claim,
    ProfileValue,
    Receipt,
    Revision,
)
from grants.audit.log import current_key, sign_entry
from grants.audit.models import AuditEntry, AuditSubject
from grants.db import Base, uuid7
from grants.documents.models import StoredFile
from grants.eligibility.models import CheckSummary, EligibilityRun, Finding
from grants.kernel.canonical import canonical_json
from grants.notifications import InboxItem, Mail, Recipient
from grants.notifications.letters import write_letter
from grants.outbox import TOPICS, Message

ORDER: tuple[type[Base], ...] = (  # so that every foreign key finds its row
    Person,
    Organisation,
    StoredFile,
    Membership,
    Application,
    AnswerRow,
    ProfileValue,
    Answer,
    Attachment,
    Revision,
    Receipt,
    Claim,
    EligibilityRun,
    Finding,
    CheckSummary,
    InboxItem,
    Mail,
    Message,
    AuditSubject,
    AuditEntry,
)


@dataclass
class Rows:
    """Rows of some cases: by entity, as mappings of column names. ``made_at``: the machine's own instant."""

    made_at: datetime
    by_entity: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: {entity: [] for entity in ORDER})
    entries: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, entity: type[Base], **values: Any) -> None:
        """One row; every column that the database does not fill in itself must be given."""
        self.by_entity[entity].append(values)

    def record(
        self,
        actor: str,
        kind: str,
        subject: tuple[str, str | UUID],
        *,
        at: datetime,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """What ``audit.record`` adds; ``actor`` is the label of an actor."""
        subject_kind, subject_key = subject[0], str(subject[1])
        self.entries[subject_kind, subject_key] += 1
        key = current_key()
        values = {
            "subject_kind": subject_kind,
            "subject_key": subject_key,
            "subject_no": self.entries[subject_kind, subject_key],
            "kind": kind,
            "actor": actor,
            "at": at,
            "detail": canonical_json(detail or {}).decode(),
        }
        self.add(AuditEntry, **values, key_id=key.id, mac=sign_entry(key, values))

    def publish_done(self, topic: str, payload: Mapping[str, str]) -> None:
        """A message whose work has been done."""
        self.add(
            Message,
            topic=topic,
            payload=dict(payload),
            lane=TOPICS[topic],
            attempt=1,
            created_at=self.made_at,
            due_at=self.made_at,
            claimed_until=None,
            sent_at=self.made_at,
            done_at=self.made_at,
            dead_at=None,
            error=None,
        )

    def tell(
        self,
        to: Recipient,
        kind: str,
        *,
        event_key: str,
        facts: Mapping[str, str],
        path: str,
        at: datetime,
        delivered_at: datetime,
    ) -> None:
        """What ``notify`` adds for one person, and the delivery of the mail."""
        self.add(
            InboxItem,
            id=uuid7(),
            person_id=to.person_id,
            event_key=event_key,
            kind=kind,
            facts=dict(facts),
            path=path,
            created_at=at,
            read_at=None,
        )
        letter = write_letter(kind, facts, to=to.name, path=path)
        mail_id = uuid7()
        self.add(
            Mail,
            id=mail_id,
            event_key=event_key,
            to_address=to.email,
            addressed_to=to.name,
            subject=letter.subject,
            body=letter.body,
            created_at=at,
            delivered_at=delivered_at,
            attempts=1,
            error=None,
        )
        self.publish_done("mail.requested", {"mail_id": str(mail_id)})

    def close(self) -> None:
        """Add the counters of the log's subjects, once all entries are there."""
        for (kind, key), count in self.entries.items():
            self.add(AuditSubject, kind=kind, key=key, entries=count)
