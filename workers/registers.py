"""Registers: asking services for a check, and reading the tables that administrators upload."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from grants.db import reading, writing
from grants.documents import StoredFile
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.registers import queries, services
from grants.registers.domain import REGISTERS, SAMPLES, Entry, Sheet, find_headings, heading_texts, read_sheet
from workers.base import PeriodicTask, finishing, outbox_task
from workers.celery_app import celery

PAUSES_S = (1, 5, 30)  # somebody waits for it
BATCH = 5_000  # records in one transaction: the others' turn comes in between


def ask_registers(questions: Sequence[services.Question]) -> services.Evidence:
    """Ask services outside any transaction; what they do not answer is None, unknown, or their last answer."""
    if not questions:
        return {}
    with writing() as session:
        admitted = services.admit_questions(session, questions, now=utc_now())
    outcomes = services.put_questions(admitted)
    with writing() as session:
        return services.settle_answers(session, outcomes, now=utc_now())


def mark_import_failed(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The end of a table that cannot be read for a reason of ours: the administrator may upload it again."""
    services.fail_import(session, UUID(payload["import_id"]), "register_import_failed")


@outbox_task("registers.read_import", final_failure=mark_import_failed, pauses_s=PAUSES_S)
def read_import(*, message_id: str, import_id: str) -> None:
    """Find the headings of an uploaded table."""
    with reading() as session:
        register, sha256, name = _upload(session, UUID(import_id))
    try:
        lines = services.read_kept(sha256, name=name)
        place = find_headings(REGISTERS[register], lines)
        if place is None:
            raise InvalidError("table_empty")
    except InvalidError as error:
        return _fail(message_id, import_id, error.code)
    samples = [cells[:100] for _, cells in lines[place + 1 : place + 1 + SAMPLES]]
    with finishing(message_id) as session:
        services.note_headings(
            session, UUID(import_id), heading_texts(lines[place][1]), _clipped(samples), now=utc_now()
        )
    return None


@outbox_task("registers.judge_import", final_failure=mark_import_failed, pauses_s=PAUSES_S)
def judge_import(*, message_id: str, import_id: str, number: str) -> None:
    """Judge every line by the mapping; stage the records, or list what is wrong."""
    with reading() as session:
        upload = queries.get_import(session, UUID(import_id))
        if not services.is_judged(upload, int(number)):
            return None
        register, sha256, name = _upload(session, upload.id)
        headings, mapping = list(upload.headings), dict(upload.mapping)
    try:
        lines = services.read_kept(sha256, name=name)
    except InvalidError as error:
        return _fail(message_id, import_id, error.code)
    place = find_headings(REGISTERS[register], lines) or 0
    sheet = read_sheet(REGISTERS[register], lines[place + 1 :], headings, mapping)
    if REGISTERS[register].single and not sheet.entries and not sheet.fault_count:
        return _fail(message_id, import_id, "table_empty")
    if sheet.fault_count:
        with finishing(message_id) as session:
            services.note_faults(session, UUID(import_id), int(number), sheet)
        return None
    return _stage(message_id, UUID(import_id), int(number), sheet)


@celery.task(name="registers.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Each hour: give up what nobody decided about, drop what a lost worker left, forget old answers."""
    with writing() as session:
        services.sweep_imports(session, now=utc_now())
    with writing() as session:
        services.forget_answers(session, now=utc_now())


def _stage(message_id: str, import_id: UUID, number: int, sheet: Sheet) -> None:
    with writing() as session:
        snapshot_id = services.begin_staging(session, import_id, number, now=utc_now())
    if snapshot_id is None:
        return
    entries: list[Entry] = sheet.entries
    for start in range(0, len(entries), BATCH):
        with writing() as session:
            if not services.is_staged(session, snapshot_id):
                return
            services.add_records(session, snapshot_id, entries[start : start + BATCH])
    with reading() as session:
        compared_with, difference = services.compare_staged(session, import_id, entries)
    with finishing(message_id) as session:
        services.finish_staging(
            session,
            import_id,
            snapshot_id,
            compared_with=compared_with,
            difference=difference,
            records=len(entries),
        )


def _upload(session: Session, import_id: UUID) -> tuple[str, str, str]:
    """Register, fingerprint and name of an upload."""
    upload = queries.get_import(session, import_id)
    return upload.register, session.get_one(StoredFile, upload.file_id).sha256, upload.file_name


def _fail(message_id: str, import_id: str, code: str) -> None:
    with finishing(message_id) as session:
        services.fail_import(session, UUID(import_id), code)


def _clipped(samples: Sequence[Sequence[str]]) -> list[list[str]]:
    """The first lines as they are shown: whole where they are short."""
    return [[cell if len(cell) <= 40 else f"{cell[:40]}…" for cell in cells] for cells in samples]
