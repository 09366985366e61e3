"""Applications by the ten thousand, for the pages: one checked application, copied within the database.

A copy has an organisation, a revision, a run with its findings, a summary and log entries of its own; the texts are the
same. Its entries carry the seals of their pattern, so this database is for reading pages only.
"""

from __future__ import annotations

import psycopg

from benchmarks.workbench import Workbench

BATCH = 10_000
# Keys rise with the number, as keys made one after the other do: {table} tells the tables apart.
KEY = "('{table}0000000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
APPLICATION, ORGANISATION, REVISION, RUN, FINDING = (
    KEY.format(table=table, n=n) for table, n in zip("abcde", ("n", "n", "n", "n", "n * 100 + f.position"), strict=True)
)
NUMBERS = "generate_series(%(first)s::int, %(last)s::int) AS n"
REF = "c.ref || '-' || lpad(n::text, 6, '0')"
COPIES = (
    f"""INSERT INTO organisation (id, uscc, name, profile, created_at)
    SELECT {ORGANISATION}, 'BENCH' || lpad(n::text, 13, '0'), o.name || n, o.profile, o.created_at
    FROM {NUMBERS}, application a JOIN organisation o ON o.id = a.organisation_id WHERE a.id = %(pattern)s""",
    f"""INSERT INTO application (id, call_id, organisation_id, created_by, created_at, state, state_since, title,
        requested_fen, district_code, ref, receipt_no, submitted_at, revision_no)
    SELECT {APPLICATION}, a.call_id, {ORGANISATION}, a.created_by, a.created_at, a.state, a.state_since, a.title,
        a.requested_fen, a.district_code, {REF}, n, a.submitted_at, 1
    FROM {NUMBERS}, application a JOIN call c ON c.id = a.call_id WHERE a.id = %(pattern)s""",
    f"""INSERT INTO revision (id, application_id, number, content, sha256, submitted_by, submitted_at)
    SELECT {REVISION}, {APPLICATION}, 1, r.content, r.sha256, r.submitted_by, r.submitted_at
    FROM {NUMBERS}, revision r WHERE r.application_id = %(pattern)s""",
    f"""INSERT INTO eligibility_run (id, application_id, revision_id, kind, number, definition_id, "case", evidence,
        code_version, finished_at, passed, failed, unknown)
    SELECT {RUN}, {APPLICATION}, {REVISION}, r.kind, r.number, r.definition_id, r."case", r.evidence, r.code_version,
        r.finished_at, r.passed, r.failed, r.unknown
    FROM {NUMBERS}, eligibility_run r WHERE r.application_id = %(pattern)s""",
    f"""INSERT INTO finding (id, run_id, position, rule, title, severity, verdict, cause, due, clause, message, remedy,
        read, evidence)
    SELECT {FINDING}, {RUN}, f.position, f.rule, f.title, f.severity, f.verdict, f.cause, f.due, f.clause, f.message,
        f.remedy, f.read, f.evidence
    FROM {NUMBERS}, eligibility_run r JOIN finding f ON f.run_id = r.id WHERE r.application_id = %(pattern)s""",
    f"""INSERT INTO check_summary (application_id, revision_id, proposal, passed, failed, warned, unknown, checked_at)
    SELECT {APPLICATION}, {REVISION}, s.proposal, s.passed, s.failed, s.warned, s.unknown, s.checked_at
    FROM {NUMBERS}, check_summary s WHERE s.application_id = %(pattern)s""",
    f"""INSERT INTO audit_subject (kind, key, entries) SELECT s.kind, ({APPLICATION})::text, s.entries
    FROM {NUMBERS}, audit_subject s WHERE s.kind = 'application' AND s.key = %(pattern)s::text""",
    f"""INSERT INTO audit_entry (subject_kind, subject_key, subject_no, kind, actor, at, detail, key_id, mac)
    SELECT e.subject_kind, ({APPLICATION})::text, e.subject_no, e.kind, e.actor, e.at, e.detail, e.key_id, e.mac
    FROM {NUMBERS}, audit_entry e WHERE e.subject_kind = 'application' AND e.subject_key = %(pattern)s::text""",
)
PATTERN = "SELECT id FROM application WHERE state = 'checked' ORDER BY receipt_no LIMIT 1"
COUNT = "SELECT count(*) FROM application WHERE ref IS NOT NULL"


def fill_up(bench: Workbench, size: int) -> None:
    """Copy a checked application until there are ``size`` submitted ones."""
    pattern, there = bench.ask(PATTERN)[0], int(str(bench.ask(COUNT)[0]))
    first = int(str(bench.ask("SELECT max(receipt_no) FROM application")[0])) + 1
    last = first + size - there
    with psycopg.connect(bench.url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for start in range(first, last, BATCH):
            given = {"first": start, "last": min(start + BATCH, last) - 1, "pattern": pattern}
            with connection.transaction():
                for statement in COPIES:
                    connection.execute(statement, given)
        connection.execute("VACUUM ANALYZE")
