"""The database: one handle, column types, transactions, keyset paging. Dialect differences live in ``dialect``
alone."""

from grants.db.base import Base, db
from grants.db.dialect import (
    count_by_keys,
    in_one_go,
    insert_as_json,
    insert_many,
    install,
    lock_many,
    lock_one,
    plan_once,
    read_only,
)
from grants.db.keyset import Page, paginate
from grants.db.transactions import (
    begin_request,
    end_request,
    reading,
    reads_only,
    refuse,
    transactional,
    undo_and_read,
    writing,
)
from grants.db.types import BigId, Json, StrEnumType, UtcDateTime, uuid7

__all__ = [
    "Base",
    "BigId",
    "Json",
    "Page",
    "StrEnumType",
    "UtcDateTime",
    "begin_request",
    "count_by_keys",
    "db",
    "end_request",
    "in_one_go",
    "insert_as_json",
    "insert_many",
    "install",
    "lock_many",
    "lock_one",
    "paginate",
    "plan_once",
    "read_only",
    "reading",
    "reads_only",
    "refuse",
    "transactional",
    "undo_and_read",
    "uuid7",
    "writing",
]
