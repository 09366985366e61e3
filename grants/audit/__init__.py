"""The sealed, append-only log (decision 33): a row in the business transaction, one sealer outside it, a key outside
the database."""

from grants.audit.log import AuditKey, Happening, record, record_all, use_key
from grants.audit.models import AuditEntry, AuditSubject
from grants.audit.sealing import AuditReport, head, oldest_unsealed_at, seal_pending, verify
from grants.audit.triggers import TRIGGERS, create_triggers, drop_triggers

__all__ = [
    "TRIGGERS",
    "AuditEntry",
    "AuditKey",
    "AuditReport",
    "AuditSubject",
    "Happening",
    "create_triggers",
    "drop_triggers",
    "head",
    "oldest_unsealed_at",
    "record",
    "record_all",
    "seal_pending",
    "use_key",
    "verify",
]
