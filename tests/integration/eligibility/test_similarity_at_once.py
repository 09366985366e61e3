"""The same check delivered several times at once, and the index brought up to date meanwhile: one sketch each."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import select

from grants.applications.queries import current_revision
from grants.db import db, reading, writing
from grants.eligibility import services
from grants.eligibility.models import TextBand, TextSketch
from grants.eligibility.services import similarity
from grants.eligibility.services.similarity.storing import unpack
from grants.eligibility.states import RunKind
from grants.factory import create_app
from grants.kernel.actor import SYSTEM
from tests.factories.eligibility import make_case_call, submit_case
from tests.support.alike import proposal, written
from tests.support.databases import dispose, make_settings

TEXTS, DELIVERIES = 2, 3
_numbers = count(1)


@pytest.fixture
def own_app(database_kind, databases, worker_id):
    """An application on a database of its own, where transactions are real."""
    name = f"similarity_{worker_id}_{next(_numbers)}"
    url = databases.copy(database_kind, name)
    app = create_app(make_settings(url, databases.folder / name / database_kind))
    yield app
    dispose(app)


def test_checks_and_index_at_once_leave_one_sketch_for_each_text(own_app, now):
    with own_app.app_context():
        with writing() as session:
            call, dice = make_case_call(session, "hlw"), random.Random(1)
            submitted = [
                submit_case(session, code="hlw", call=call, answers={"summary": written(proposal(dice))})
                for _ in range(TEXTS)
            ]
            revisions = [current_revision(session, application).id for application in submitted]
            for revision_id in revisions:
                services.start_check(session, revision_id, actor=SYSTEM, now=now)
        db.session.remove()
    barrier = Barrier(TEXTS * DELIVERIES + 1)

    def deliver(revision_id):
        with reading() as session:
            judged = services.judge(services.read_case(session, revision_id, RunKind.SUBMIT, now=now))
        barrier.wait()
        with writing() as session:
            services.record_run(session, judged, actor=SYSTEM, now=now)

    def index():
        with reading() as session:
            versions = similarity.comparing_versions(session)
            batch, left_out = similarity.read_batch(session, versions, after=None)
        sketches = similarity.sketch_batch(batch, left_out, versions)
        barrier.wait()
        with writing() as session:
            similarity.write_batch(session, sketches, now=now)

    def work(one):
        with own_app.app_context():
            try:
                one()
            finally:
                db.session.remove()

    jobs = [lambda key=key: deliver(key) for key in revisions for _ in range(DELIVERIES)]
    with ThreadPoolExecutor(len(jobs) + 1) as pool:
        list(pool.map(work, [*jobs, index]))

    with own_app.app_context(), reading() as session:
        kept = session.scalars(select(TextSketch)).all()
        bands = {
            tuple(row) for row in session.execute(select(TextBand.sketch_id, TextBand.band_no, TextBand.band_hash))
        }
        said = {(row.id, *band) for row in kept for band in unpack(row.bands)}
        assert sorted(row.revision_id for row in kept) == sorted(revisions)
        assert bands == said
        db.session.remove()
