"""Submissions, corrections, withdrawals, results and checks in any order: one holder passes, and nobody stays failed
by what was let go."""

from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from grants import outbox
from grants.applications import services as applications
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.errors import StaleEvidenceError
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from tests.factories.accounts import make_organisation
from tests.factories.calls import NOON
from tests.factories.eligibility import base_case, correct_case, make_case_call, set_state, submit_case
from tests.factories.registers import make_registers
from tests.support.outbox import drain_outbox

APPLICATIONS = 4
THINGS = 3
STEPS = 14
SPELLINGS = ("FP{}-01", "fp {}01", "ＦＰ{}（01）")


_numbers = count(1)


class Claimants(RuleBasedStateMachine):
    """Applications of two calls that use some of three invoices. ``queues`` is the model: who wants each, in order."""

    session = None
    calls = ()
    round = 0

    @initialize()
    def begin(self):
        Claimants.round += 1
        self.standing = {}
        self.queues = {thing: [] for thing in range(THINGS)}
        self.judged = []
        self.now = NOON

    def contracts(self, things, spelling):
        rows = base_case("sbc")["answers"]["contracts"]
        number = next(_numbers)
        shared = [self.written(thing, spelling) for thing in sorted(things)]
        rows[0] |= {"contract_no": f"HT-{number}", "invoice_nos": [f"EIGEN{number}-1", *shared]}
        rows[1] |= {"contract_no": f"HT-{number}-2", "invoice_nos": [f"EIGEN{number}"]}
        return rows

    def written(self, thing, spelling):
        return spelling.format(f"{self.round:04d}{thing}")

    def want(self, application, things):
        for thing, queue in self.queues.items():
            if thing in things and application not in queue:
                queue.append(application)
            if thing not in things and application in queue:
                queue.remove(application)

    @precondition(lambda self: len(self.standing) < APPLICATIONS)
    @rule(things=st.sets(st.integers(0, THINGS - 1)), call=st.integers(0, 1), spelling=st.sampled_from(SPELLINGS))
    def submit(self, things, call, spelling):
        organisation = make_organisation(self.session)
        make_registers(self.session, organisation.uscc)
        application = submit_case(
            self.session,
            call=self.calls[call],
            organisation=organisation,
            answers={"contracts": self.contracts(things, spelling)},
            same_papers=True,
            now=self.tick(),
        )
        self.standing[application.id] = application
        self.want(application.id, things)

    @precondition(lambda self: self.standing)
    @rule(pick=st.randoms(use_true_random=False), things=st.sets(st.integers(0, THINGS - 1)))
    def correct(self, pick, things):
        application = self.standing[pick.choice(sorted(self.standing))]
        answers = {"contracts": self.contracts(things, SPELLINGS[0])}
        correct_case(self.session, application, now=self.tick(), **answers)
        self.want(application.id, things)

    @precondition(lambda self: self.standing)
    @rule(pick=st.randoms(use_true_random=False))
    def withdraw(self, pick):
        application = self.standing.pop(pick.choice(sorted(self.standing)))
        now = self.tick()
        applications.advance(self.session, application, "withdraw", actor=SYSTEM, now=now)
        applications.release_claims(self.session, application, now=now)
        outbox.publish(self.session, "application.withdrawn", {"application_id": str(application.id)})
        self.want(application.id, ())

    @precondition(lambda self: self.standing)
    @rule(pick=st.randoms(use_true_random=False))
    def lose(self, pick):
        """One is finally not funded; with it lets go who has lost in the same call before."""
        application = self.standing.pop(pick.choice(sorted(self.standing)))
        set_state(self.session, application, S.NOT_FUNDED, now=self.tick())
        applications.let_go_uses(self.session, application.call_id, now=self.tick())
        self.want(application.id, ())

    @precondition(lambda self: self.standing)
    @rule(pick=st.randoms(use_true_random=False))
    def begin_check(self, pick):
        """A worker reads and judges, and is slow to write."""
        application = self.standing[pick.choice(sorted(self.standing))]
        revision_id = queries.find_revision_id(self.session, application)
        if services.start_check(self.session, revision_id, actor=SYSTEM, now=self.tick()):
            case = services.read_case(self.session, revision_id, RunKind.SUBMIT, now=self.now)
            self.judged.append(services.judge(case))

    @precondition(lambda self: self.judged)
    @rule()
    def end_check(self):
        with suppress(StaleEvidenceError):  # its message is still open
            services.record_run(self.session, self.judged.pop(0), actor=SYSTEM, now=self.tick())

    @rule()
    def work(self):
        """The workers come to rest: of those that stand exactly the first of each queue has nobody before it."""
        drain_outbox()
        for key, application in self.standing.items():
            assert application.state in (S.CHECKED, S.DISTRICT_REVIEW)
            beaten = any(key in queue and queue[0] != key for queue in self.queues.values())
            finding = next(f for f in queries.latest_findings(self.session, application) if f.rule == "SBC-27")
            assert finding.verdict == ("fail" if beaten else "pass"), (key, self.queues)

    def tick(self):
        self.now += timedelta(seconds=1)
        return self.now

    def teardown(self):
        if hasattr(self, "standing"):
            self.work()


@pytest.mark.parametrize("examples", [8, pytest.param(150, marks=pytest.mark.soak)])
def test_whatever_happens_the_first_holds(session, examples):
    Claimants.session = session
    Claimants.calls = [make_case_call(session) for _ in range(2)]
    profile = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Claimants, settings=profile)
