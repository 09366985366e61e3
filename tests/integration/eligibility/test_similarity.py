"""Similar texts: found across calls, stored with their working, shown as declared, indexed by command."""

import json
import random
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.models import StockPhrases, TextBand, TextSketch
from grants.eligibility.queries.similarity import find_alike
from grants.eligibility.services.similarity import (
    Sketch,
    comparing_versions,
    read_batch,
    sketch_batch,
    store_sketches,
    write_batch,
)
from grants.eligibility.services.similarity.comparing import sketch
from grants.eligibility.services.similarity.storing import remove_sketches, unpack
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import utc_now
from grants.programmes.domain.similarity import bare_text
from tests.factories.accounts import make_organisation
from tests.factories.calls import NOON
from tests.factories.eligibility import check, correct_case, make_case_call, set_state, submit_case
from tests.support.alike import proposal, reworded, sentences, written
from tests.support.statements import counted
from workers import texts

HOUR = timedelta(hours=1)


@pytest.fixture
def dice():
    return random.Random(20)


@pytest.fixture
def call(session):
    return make_case_call(session, "hlw")


@pytest.fixture
def submit(session, call):
    """Submit a text, some hours after noon; checked by ``check``."""

    def submit(parts, *, after=0, boilerplate=True, **given):
        halves = {"summary": parts[: len(parts) // 2], "innovation": parts[len(parts) // 2 :]}
        answers = {field: written(half, boilerplate=boilerplate) for field, half in halves.items()}
        return submit_case(session, code="hlw", answers=answers, now=NOON + after * HOUR, **{"call": call, **given})

    return submit


@pytest.fixture
def command(app, session):
    """Run ``flask eligibility index``; gives its figures."""

    def command(*options):
        session.flush()
        answer = app.test_cli_runner().invoke(args=["eligibility", "index", "--json", *options])
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.output)

    return command


def finding_of(session, application):
    found = queries.latest_findings(session, application)
    return next(finding for finding in found if finding.rule == "HLW-22")


def rows_of(session, application):
    used = next(used for used in finding_of(session, application).evidence if used["root"] == "earlier_texts")
    return used["record"]


def kept_bands(session):
    """Every band in the table, and every band that the sketches say there is."""
    session.flush()
    rows = session.execute(select(TextBand.sketch_id, TextBand.band_no, TextBand.band_hash))
    said = {(row.id, *band) for row in session.scalars(select(TextSketch)) for band in unpack(row.bands)}
    return {tuple(row) for row in rows}, said


def test_a_text_copied_from_another_call_is_found_with_its_working(session, dice, submit):
    parts = proposal(dice)
    earlier = submit(parts, call=make_case_call(session, "hlw"))
    check(session, earlier)
    later = submit(dice.sample(parts, len(parts)), after=2)

    run = check(session, later, now=NOON + 2 * HOUR)

    (row,) = rows_of(session, later)
    finding = finding_of(session, later)
    assert (finding.verdict, finding.severity) == ("fail", "manual")
    assert earlier.ref in finding.message
    assert (row["application"], row["declared_continuation"]) == (earlier.ref, False)
    assert row["revision"] == str(current_revision(session, earlier).id)
    assert Decimal(row["similarity"]) == (Decimal(row["shared"]) / Decimal(row["smaller"])).quantize(Decimal("0.0001"))
    assert Decimal(row["similarity"]) >= Decimal("0.85")
    assert services.replay_run(session, run).agrees


def test_a_recorded_run_agrees_when_what_it_was_compared_with_has_gone(session, dice, submit):
    parts = proposal(dice)
    earlier = submit(parts)
    check(session, earlier)
    later = submit(parts, after=1)
    run = check(session, later, now=NOON + HOUR)

    remove_sketches(session, session.scalars(select(TextSketch)).all())

    assert rows_of(session, later)
    assert services.replay_run(session, run).agrees


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_a_reworded_copy_is_shown_and_does_not_fail(session, dice, submit, share):
    parts = proposal(dice, count=40)
    check(session, submit(parts))
    later = submit(reworded(share)(dice, parts), after=1)

    check(session, later, now=NOON + HOUR)

    (row,) = rows_of(session, later)
    assert Decimal("0.3") <= Decimal(row["similarity"]) < Decimal("0.85")
    assert finding_of(session, later).verdict == "pass"


def test_own_work_on_the_same_topic_is_not_shown(session, dice, submit):
    check(session, submit(sentences(dice, "港航物流", 20), boilerplate=False))
    later = submit(sentences(dice, "港航物流", 20), after=1, boilerplate=False)

    check(session, later, now=NOON + HOUR)

    assert (rows_of(session, later), finding_of(session, later).verdict) == ([], "pass")


def test_what_was_withdrawn_or_submitted_later_is_not_compared_with(session, dice, submit):
    parts = proposal(dice)
    withdrawn, later = submit(parts), submit(parts, after=3)
    check(session, withdrawn)
    check(session, later)
    set_state(session, withdrawn, S.WITHDRAWN)
    application = submit(parts, after=2)

    check(session, application, now=NOON + 2 * HOUR)

    assert rows_of(session, application) == []


def test_who_was_checked_before_the_earlier_text_is_checked_again(session, dice, submit, drain):
    parts = proposal(dice)
    earlier, later = submit(parts), submit(parts, after=1)
    check(session, later, now=NOON + HOUR)
    before = rows_of(session, later)
    check(session, earlier, now=NOON + HOUR)

    drain()

    assert before == []
    assert [row["application"] for row in rows_of(session, later)] == [earlier.ref]
    assert finding_of(session, later).verdict == "fail"
    assert session.scalar(select(func.count()).select_from(TextSketch)) == 2


def test_a_text_of_another_programme_is_found(session, dice, submit):
    parts = proposal(dice)
    other = submit_case(session, code="sbc", now=NOON)
    text = bare_text([written(parts)])
    revision, programme_id = current_revision(session, other), other.call.definition.programme_id
    store_sketches(session, [Sketch(other.id, revision.id, programme_id, text, sketch(text, set()))], now=NOON)
    later = submit(parts, after=1)

    check(session, later, now=NOON + HOUR)

    assert [row["application"] for row in rows_of(session, later)] == [other.ref]


def test_a_second_delivery_leaves_one_sketch(session, dice, submit):
    application = submit(proposal(dice))
    check(session, application)
    bands = kept_bands(session)

    check(session, application)
    services.record_run(
        session,
        services.judge(services.read_case(session, current_revision(session, application).id, "submit", now=NOON)),
        actor=SYSTEM,
        now=NOON,
        again=True,
    )

    assert session.scalar(select(func.count()).select_from(TextSketch)) == 1
    assert kept_bands(session) == bands
    assert bands[0] == bands[1]


def test_a_corrected_text_replaces_the_sketch_with_its_bands(session, dice, submit):
    parts = proposal(dice)
    application = submit(parts)
    check(session, application)
    former = session.scalars(select(TextSketch)).one().text
    set_state(session, application, S.RETURNED)
    correct_case(session, application, now=NOON + HOUR, summary=written(proposal(dice)), innovation=written(parts[:5]))

    check(session, application, now=NOON + HOUR)

    row = session.scalars(select(TextSketch)).one()
    there, said = kept_bands(session)
    assert row.revision_id == current_revision(session, application).id
    assert row.text != former
    assert there == said


def test_a_continuation_is_declared_by_naming_ones_own_earlier_application(session, dice, submit):
    organisation, parts = make_organisation(session), proposal(dice)
    earlier = submit(parts, organisation=organisation)
    check(session, earlier)
    declared = [*parts[:-1], f"本项目为 {earlier.ref} 的延续，新增{parts[-1]}"]
    own = submit(declared, after=1, organisation=organisation)
    foreign = submit(declared, after=2)

    check(session, own, now=NOON + HOUR)
    check(session, foreign, now=NOON + 2 * HOUR)

    (row,) = rows_of(session, own)
    finding = finding_of(session, own)
    assert (row["declared_continuation"], finding.verdict) == (True, "pass")
    assert {read["name"] for read in finding.read} >= {"earlier_texts[1].declared_continuation"}
    assert {row["declared_continuation"] for row in rows_of(session, foreign)} == {False}
    assert finding_of(session, foreign).verdict == "fail"


def test_a_longer_number_that_begins_alike_declares_nothing(session, dice, submit):
    organisation, parts = make_organisation(session), proposal(dice)
    earlier = submit(parts, organisation=organisation)
    check(session, earlier)
    later = submit([*parts, f"延续 {earlier.ref}7"], after=1, organisation=organisation)

    check(session, later, now=NOON + HOUR)

    assert [row["declared_continuation"] for row in rows_of(session, later)] == [False]


def test_what_many_applicants_write_is_left_out_and_the_evidence_says_which(session, dice, submit, command):
    for number in range(22):
        check(session, submit(proposal(dice), after=number))

    figures = command()
    stock = session.scalars(select(StockPhrases)).one()
    application = submit(proposal(dice), after=30)
    copy = submit(proposal(random.Random(20)), after=31)  # as the first of them
    check(session, application, now=NOON + 30 * HOUR)
    check(session, copy, now=NOON + 31 * HOUR)

    assert figures == {"stock_phrases": 1, "sketched": 22, "removed": 0}
    assert {"本项目符合", "核心成员具"} <= set(stock.shingles.split("\n"))
    assert (stock.organisations, stock.texts) == (22, 22)
    assert rows_of(session, application) == []
    assert [(row["stock"], row["similarity"]) for row in rows_of(session, copy)] == [(str(stock.id), "1.0000")]
    assert command() == {"stock_phrases": 0, "sketched": 0, "removed": 0}


def test_the_index_is_made_from_revisions_and_taken_up_where_it_was_broken_off(session, dice, submit, command):
    texts = [proposal(dice) for _ in range(5)]
    submitted = [submit(parts, after=number, boilerplate=False) for number, parts in enumerate(texts)]
    set_state(session, submitted[4], S.WITHDRAWN)
    versions = comparing_versions(session)
    batch, left_out = read_batch(session, versions, after=None, limit=3)
    write_batch(session, sketch_batch(batch, left_out, versions), now=NOON)  # and then the machine is switched off

    rest = command()
    later = submit(texts[0], after=9, boilerplate=False)
    check(session, later, now=NOON + 9 * HOUR)
    everything = kept_bands(session)
    again = command("--rebuild")

    assert (len(batch), rest["sketched"], again["sketched"]) == (3, 1, 5)
    assert [row["application"] for row in rows_of(session, later)] == [submitted[0].ref]
    assert everything == kept_bands(session)
    assert everything[0] == everything[1]


def test_sketches_of_what_was_withdrawn_are_removed(session, dice, submit, command):
    stays, goes = submit(proposal(dice)), submit(proposal(dice), after=1)
    check(session, stays)
    check(session, goes)
    set_state(session, goes, S.WITHDRAWN)

    assert command()["removed"] == 1

    there, said = kept_bands(session)
    assert session.scalars(select(TextSketch.application_id)).all() == [stays.id]
    assert there == said


def test_what_is_looked_at_is_bounded_however_many_share_a_band(session, dice, submit, monkeypatch):
    parts = proposal(dice)
    for number in range(6):
        check(session, submit(parts, after=number))
    application = submit(parts, after=9)
    monkeypatch.setattr("grants.eligibility.queries.similarity.CANDIDATES", 4)
    bands = unpack(session.scalars(select(TextSketch.bands).limit(1)).one())

    found = find_alike(session, bands, to=application)

    assert (len(found.earlier), len(found.later)) == (4, 0)


def test_a_check_reads_the_same_number_of_statements_whatever_is_there(session, dice, submit):
    for number in range(3):
        check(session, submit(proposal(dice), after=number))
    application = submit(proposal(dice), after=40)
    revision_id = current_revision(session, application).id

    def read():
        session.expire_all()
        with counted() as found:
            services.read_case(session, revision_id, "submit", now=utc_now())
        return found.queries

    few = read()
    for number in range(3, 12):
        check(session, submit(proposal(dice), after=number))

    assert read() == few


def test_the_sweep_sketches_what_no_check_has_and_removes_what_was_withdrawn(session, dice, submit):
    goes, stays = submit(proposal(dice)), submit(proposal(dice), after=1)
    check(session, goes)
    set_state(session, goes, S.WITHDRAWN)
    session.commit()

    texts.sweep()
    texts.sweep()

    there, said = kept_bands(session)
    assert session.scalars(select(TextSketch.application_id)).all() == [stays.id]
    assert there == said
