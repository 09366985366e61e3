"""Editors with views of different ages, one after the other in every order: nothing accepted is ever lost.

The machine knows what each editor was shown and what the services accepted, and compares after every step: the database
holds exactly the last accepted value of every answer, versions rise by one with each, and who overwrote a value had
been shown it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.domain import digest
from grants.applications.errors import RowChangedError, RowGoneError
from grants.applications.models import Answer
from grants.applications.services import Base, Entry
from grants.applications.states import EDITABLE, ApplicationState
from grants.kernel.actor import Role
from grants.kernel.errors import DomainError
from tests.factories.accounts import actor_of, make_member, make_staff
from tests.factories.applications import make_application
from tests.factories.calls import NOON
from tests.factories.eligibility import set_state

EDITORS = (0, 1, 2)
FIELDS = ("product_name", "version")
COLUMN = "contracts.contract_no"
TABLE = "contracts"
EMPTY = Base(0, digest(None))
ROWS = ("ra", "rb", "rc")
TO_CORRECT = [{"path": path, "reason": "请核对。"} for path in ("product_name", TABLE)]
DUE_ON = date(2099, 1, 1)
texts = st.sampled_from([None, "甲", "乙", "丙", "丁"])
editors = st.sampled_from(EDITORS)


@dataclass
class Accepted:
    """An answer as the services last accepted it."""

    value: object = None
    version: int = 0

    @property
    def base(self):
        return Base(self.version, digest(self.value))


@dataclass
class View:
    """What an editor's page shows: bases by place, digests of rows, the order of the table."""

    bases: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)


class Editing(RuleBasedStateMachine):
    """One application, three editors, an office."""

    session = None

    @initialize()
    def begin(self):
        self.application = make_application(self.session, complete=True, now=NOON)
        owner = self.session.get_one(Person, self.application.created_by)
        people = [owner, *(make_member(self.session, self.application.organisation) for _ in EDITORS[1:])]
        self.actors = [actor_of(self.session, person) for person in people]
        self.officer = actor_of(self.session, make_staff(self.session, Role.OFFICER))
        self.times = count(1)
        standing = queries.load_draft(self.session, self.application).answers
        self.accepted = {place: Accepted(answer.value, answer.version) for place, answer in standing.items()}
        self.written = {place: {digest(answer.value)} for place, answer in standing.items()}
        self.gone = set()
        self.views = [View() for _ in EDITORS]
        for editor in EDITORS:
            self.look(editor)

    def teardown(self):
        self.session.rollback()
        self.session.expunge_all()

    def now(self):
        return NOON + timedelta(seconds=next(self.times))

    def attempt(self, step):
        """Do it as a request does: what is refused leaves nothing behind."""
        point = self.session.begin_nested()
        try:
            found = step()
            self.session.flush()
        except DomainError as error:
            point.rollback()
            self.session.expire_all()
            return error
        point.commit()
        return found

    @rule(editor=editors)
    def look(self, editor):
        draft = queries.load_draft(self.session, self.application)
        table = draft.definition.field(TABLE)
        rows = {row: draft.row_digest(table, row) for row in draft.row_ids(table)}
        places = [(path, "") for path in FIELDS] + [(COLUMN, row) for row in ROWS]
        stood = {place: draft.answers.get(place) for place in places}
        bases = {place: Base(a.version, digest(a.value)) if a else EMPTY for place, a in stood.items()}
        self.views[editor] = View(bases, rows)

    @rule(editor=editors, path=st.sampled_from(FIELDS), text=texts)
    def fill_in(self, editor, path, text):
        self.save(editor, {(path, ""): text})

    @rule(editor=editors, row=st.sampled_from(ROWS), text=texts, path=st.sampled_from(FIELDS), other=texts)
    def fill_in_a_cell_and_a_field(self, editor, row, text, path, other):
        self.save(editor, {(COLUMN, row): text, (path, ""): other})

    def save(self, editor, values):
        shown = dict(self.views[editor].bases)
        entries = [Entry(path, row, value, shown[path, row]) for (path, row), value in values.items()]
        outcome = self.attempt(
            lambda: services.save_answers(
                self.session, self.application, entries, actor=self.actors[editor], now=self.now()
            )
        )
        if isinstance(outcome, DomainError):
            gone = isinstance(outcome, RowGoneError) and self.names_missing_row(values)
            assert gone or not self.is_open(*values), outcome
            return
        assert self.is_open(*values), "saved what was not open"
        disputed = {(conflict.path, conflict.row): conflict for conflict in outcome.conflicts}
        for place, value in values.items():
            before = self.accepted.get(place, Accepted())
            was_shown = shown[place].version == before.version or shown[place].digest == digest(before.value)
            if place in disputed:
                assert not was_shown, "a conflict with what the editor was shown"
                assert disputed[place].theirs == before.value
                assert disputed[place].mine == value
            elif place in outcome.saved:
                assert was_shown, f"{place}: overwrote what the editor had not seen"
                self.accepted[place] = Accepted(value, before.version + 1)
                self.written.setdefault(place, set()).add(digest(value))
            if place in outcome.standing:
                self.views[editor].bases[place] = outcome.standing[place]

    def names_missing_row(self, values):
        rows = queries.load_draft(self.session, self.application).rows.get(TABLE, ())
        return any(row and row not in {one.id for one in rows} for _, row in values)

    @rule(editor=editors, row=st.sampled_from(ROWS))
    def add_a_row(self, editor, row):
        added = self.on_rows(services.add_row, editor, row)
        assert not isinstance(added, DomainError) or not self.is_open((COLUMN, row)) or row in self.gone

    @rule(editor=editors, row=st.sampled_from(ROWS), places=st.sampled_from([-1, 1]))
    def move_a_row(self, editor, row, places):
        self.on_rows(services.move_row, editor, row, places=places, seen=None)

    @rule(editor=editors, row=st.sampled_from(ROWS))
    def delete_a_row_as_it_was_shown(self, editor, row):
        seen = self.views[editor].rows.get(row)
        if seen is None:
            return
        draft = queries.load_draft(self.session, self.application)
        stands = draft.row_digest(draft.definition.field(TABLE), row)
        deleted = self.on_rows(services.delete_row, editor, row, seen=seen)
        if isinstance(deleted, RowChangedError):
            assert seen != stands, "a row that nobody had changed was kept"
        elif not isinstance(deleted, DomainError):
            assert seen == stands or row in self.gone, "a row was deleted that the editor had not seen so"
            self.gone.add(row)

    def on_rows(self, service, editor, row, **more):
        actor, application = self.actors[editor], self.application
        return self.attempt(lambda: service(self.session, application, TABLE, row, actor=actor, now=self.now(), **more))

    @precondition(lambda self: self.state in EDITABLE)
    @rule()
    def submit(self):
        before = {path: self.accepted[path, ""].value for path in FIELDS}
        paths = services.undertakings_of(queries.load_draft(self.session, self.application).definition)
        actor, application = self.actors[0], self.application
        revision = self.attempt(
            lambda: services.submit_application(
                self.session, application, actor=actor, now=self.now(), undertakings=paths
            )
        )
        if isinstance(revision, DomainError):
            event("refused")
            return
        event(f"submitted {revision.number}")
        frozen = queries.case_content(revision)["answers"]
        assert {path: frozen.get(path) for path in FIELDS} == before, "the revision holds something else"
        for place, answer in queries.load_draft(self.session, self.application).answers.items():
            if place[0] in paths:  # accepted with the submission itself
                self.accepted[place] = Accepted(answer.value, answer.version)
                self.written[place] = {digest(answer.value)}

    @precondition(lambda self: self.state is ApplicationState.SUBMITTED)
    @rule()
    def return_for_correction(self):
        set_state(self.session, self.application, ApplicationState.CHECKED)
        services.return_for_correction(
            self.session,
            self.application,
            items=TO_CORRECT,
            reason="请补正。",
            due_on=DUE_ON,
            actor=self.officer,
            now=self.now(),
        )

    @property
    def state(self):
        return self.application.state

    def is_open(self, *places):
        if self.state is ApplicationState.RETURNED:
            return all(path in ("product_name", COLUMN) for path, _ in places)
        return self.state is ApplicationState.DRAFT

    @invariant()
    def what_was_accepted_is_there(self):
        query = self.session.query(Answer.field_key, Answer.row_id, Answer.value, Answer.version)
        stored = {
            (path, row): (value, version)
            for path, row, value, version in query.filter(Answer.application_id == self.application.id)
            if version
        }
        for place, last in self.accepted.items():
            assert stored.get(place, (None, 0)) == (last.value, last.version), place
        for place, (value, _) in stored.items():
            assert digest(value) in self.written.get(place, {digest(None)}), f"{place}: nobody wrote {value!r}"


def run(session, *, examples, steps):
    machine = type("EditingHere", (Editing,), {"session": session})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("clock")
def test_nothing_accepted_is_lost_and_nothing_appears_that_nobody_wrote(session):
    run(session, examples=8, steps=20)


@pytest.mark.soak
@pytest.mark.usefixtures("clock")
def test_the_same_for_long(session):
    run(session, examples=150, steps=60)
