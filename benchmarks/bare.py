"""The bare limits: what Flask, psycopg and Jinja cost by themselves, without sign-in, forms, translations or layout.

``gunicorn benchmarks.bare:app`` serves the pages under the same settings as ours; ``insert_one`` is the bare
submission: one row of 4 kB, one audit row, one commit.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import uuid

import psycopg
from flask import Flask, Response, request

CONTENT = "x" * 4_096
PIECE = 65_536
TABLES = (
    "CREATE TABLE bare_revision (id uuid PRIMARY KEY, content text NOT NULL)",
    "CREATE TABLE bare_audit (id bigserial PRIMARY KEY, kind text NOT NULL, revision_id uuid NOT NULL)",
    "CREATE TABLE bare_answer (id integer PRIMARY KEY, value jsonb NOT NULL, version integer NOT NULL)",
    "CREATE TABLE bare_file (id uuid PRIMARY KEY, sha256 text NOT NULL, size integer NOT NULL)",
    "CREATE TABLE bare_case (id integer PRIMARY KEY, content text NOT NULL, done_at timestamptz)",
)
WORKLIST = """
SELECT a.ref, a.title, a.state, a.requested_fen, a.district_code, o.name, a.submitted_at
FROM application a JOIN organisation o ON o.id = a.organisation_id
WHERE a.id > %s AND a.ref IS NOT NULL ORDER BY a.id LIMIT 25
"""
CASE = """
SELECT a.ref, a.title, a.state, a.requested_fen, a.district_code, o.name, r.content
FROM application a JOIN organisation o ON o.id = a.organisation_id
JOIN revision r ON r.application_id = a.id AND r.number = a.revision_no WHERE a.ref = %s
"""
WORKLIST_SOURCE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>列表</title></head><body>
<table><thead><tr><th>编号</th><th>产品</th><th>状态</th><th>申请</th><th>区</th><th>企业</th><th>提交</th></tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>
</body></html>"""
CASE_SOURCE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ row[0] }}</title></head><body>
<dl>{% for cell in row %}<dd>{{ cell }}</dd>{% endfor %}</dl></body></html>"""

app = Flask("bare")
WORKLIST_PAGE = app.jinja_env.from_string(WORKLIST_SOURCE)  # compiled once
CASE_PAGE = app.jinja_env.from_string(CASE_SOURCE)
_kept = threading.local()


def make_tables(url: str) -> None:
    """The tables of the bare limits, beside ours."""
    with psycopg.connect(url) as connection:
        for statement in TABLES:
            connection.execute(statement)


def connection() -> psycopg.Connection:
    """This thread's connection to DATABASE_URL."""
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(os.environ["DATABASE_URL"])
    return _kept.connection


def insert_one(to: psycopg.Connection) -> None:
    """The bare submission."""
    key = uuid.uuid4()
    to.execute("INSERT INTO bare_revision (id, content) VALUES (%s, %s)", (key, CONTENT))
    to.execute("INSERT INTO bare_audit (kind, revision_id) VALUES ('submitted', %s)", (key,))
    to.commit()


def save_one(to: psycopg.Connection, answer: int, value: str) -> None:
    """The bare save: one row replaced, one audit row, one commit."""
    to.execute(
        "INSERT INTO bare_answer (id, value, version) VALUES (%s, to_jsonb(%s::text), 1) "
        "ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = bare_answer.version + 1",
        (answer, value),
    )
    to.execute("INSERT INTO bare_audit (kind, revision_id) VALUES ('saved', %s)", (uuid.UUID(int=answer),))
    to.commit()


@app.get("/worklist")
def worklist() -> str:
    """25 rows by keyset."""
    reading = connection()
    rows = reading.execute(WORKLIST, (uuid.UUID(int=0),)).fetchall()
    reading.rollback()
    return WORKLIST_PAGE.render(rows=rows)


@app.get("/case/<ref>")
def case(ref: str) -> str:
    """One application with its revision as it is stored."""
    reading = connection()
    row = reading.execute(CASE, (ref,)).fetchone()
    reading.rollback()
    return CASE_PAGE.render(row=row)


@app.post("/save")
def save() -> dict[str, object]:
    """The bare save, from a form."""
    save_one(connection(), int(request.form["answer"]), request.form["value"])
    return {"saved": request.form["answer"]}


@app.post("/upload")
def upload() -> dict[str, object]:
    """The bare upload: the body to a file on disk, its fingerprint and an audit row, one commit."""
    fingerprint, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as file:
        while piece := request.stream.read(PIECE):
            fingerprint.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    to, key = connection(), uuid.uuid4()
    to.execute("INSERT INTO bare_file (id, sha256, size) VALUES (%s, %s, %s)", (key, fingerprint.hexdigest(), size))
    to.execute("INSERT INTO bare_audit (kind, revision_id) VALUES ('uploaded', %s)", (key,))
    to.commit()
    return {"saved": str(key)}


@app.post("/submit")
def submit() -> Response:
    """The bare submission, from a form."""
    request.form.get("csrf_token")
    insert_one(connection())
    return Response(status=303, headers={"Location": "/"})
