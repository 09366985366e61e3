"""``docs/process.md`` from the tables in ``states.py``: ``python -m tests.support.process_document`` writes it.

The policies say who may do what; the words for it stand here, one for each event, and a house test asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from grants.accounts.states import MEMBERSHIP
from grants.applications.states import APPLICATION
from grants.calls.states import CALL, EXTENSION
from grants.decisions.states import PROPOSAL
from grants.documents.states import SCAN
from grants.eligibility.states import RECONSIDERATION, REVOCATION
from grants.kernel.lifecycle import Lifecycle
from grants.programmes.states import DEFINITION_DRAFT
from grants.publication.states import AWARD_LIST, NOTICE, OBJECTION
from grants.registers.states import IMPORT
from grants.reviews.states import ASSIGNMENT, PANEL

DOCUMENT = Path(__file__).parents[2] / "docs" / "process.md"

HEAD = """# The process: states, events, and who may do what

Written by `python -m tests.support.process_document` from the tables in `grants/*/states.py`; a house test says when
it is out of date. A state changes by its table only, in the transaction that also writes the audit entry. For the
Chinese words see docs/glossary.md.
"""

LIFECYCLES: Mapping[str, tuple[str, Lifecycle]] = {
    "membership": ("Membership of an enterprise (单位核验)", MEMBERSHIP),
    "definition_draft": ("Draft of a definition's next version (定义草稿)", DEFINITION_DRAFT),
    "register_import": ("Import of a register (登记信息导入)", IMPORT),
    "call": ("Call (批次)", CALL),
    "extension": ("Extension of a deadline (延期)", EXTENSION),
    "application": ("Application (申报)", APPLICATION),
    "reconsideration": ("Reconsideration of a rejection (复核申请)", RECONSIDERATION),
    "revocation": ("Revocation of an acceptance (撤销受理)", REVOCATION),
    "panel": ("Panel (专家组)", PANEL),
    "assignment": ("Assignment of an expert (评审任务)", ASSIGNMENT),
    "proposal": ("Proposal (资金方案)", PROPOSAL),
    "notice": ("Public notice (公示)", NOTICE),
    "objection": ("Objection (异议)", OBJECTION),
    "award_list": ("Award list (公告)", AWARD_LIST),
    "file": ("Scan of a file (安全检查)", SCAN),
}

WHO: Mapping[str, Mapping[str, str]] = {
    "membership": {
        "verify": "officer or administrator, never of their own membership",
        "refuse": "officer, administrator or a verified owner of the same organisation, with a reason",
        "vouch": "a verified owner of the same organisation",
        "resubmit": "the person, with new papers",
        "end": "the person, a verified owner of the same organisation, or an administrator",
    },
    "definition_draft": {
        "propose": "administrator, when the text has no fault and says something new, with a reason",
        "take_back": "administrator",
        "approve": "another administrator than the one who proposed it, after its difference and its impact",
        "refuse": "another administrator than the one who proposed it, with a reason",
        "discard": "administrator",
    },
    "register_import": {
        "ask_mapping": "worker, when a column has not been found among the headings",
        "map": "worker, when all have been found; administrator, by saying which heading is which column, or to have "
        "the difference worked out again",
        "find_faults": "worker, when a line cannot be read; nothing of the file is kept",
        "stage": "worker, with the records where nobody reads them yet and the difference to the snapshot in force",
        "fail": "worker, when the file cannot be read",
        "take": "administrator, while the difference still holds; where much would go, confirmed",
        "discard": "administrator; system, when nobody has decided for fourteen days",
    },
    "call": {
        "announce": "administrator, after a page that shows everything",
        "withdraw": "administrator, before it opens",
    },
    "extension": {
        "approve": "approver of the call or administrator, never who proposed it",
        "refuse": "approver of the call or administrator, with a reason",
    },
    "application": {
        "submit": "owner or signatory, verified; while the call is open, or until the last day of a correction",
        "expire": "system, when the time to submit or to correct is over",
        "discard": "owner of the organisation, or the editor who started it",
        "restore": "owner or editor within 30 days, while the call or the extension is open; worker, when more time "
        "was granted for a draft that had expired",
        "purge": "worker, 30 days after a draft that was never submitted has ended: answers and files are deleted",
        "start_check": "worker; an officer starts a failed check again",
        "finish_check": "worker, with one finding per rule; it proposes and decides nothing",
        "fail_check": "worker, when its attempts have run out",
        "pass_to_district": "worker, after the first check, where the programme has the district's stage",
        "pass_to_city": "officer of the district in which the case lies; system, when the district's deadline is over",
        "accept": "officer of the call, when every run that is due is there; against a failed rule with a reason",
        "return": "officer of the call, as often as the programme grants, naming everything to be put right, for the "
        "stage's working days",
        "reject": "officer of the call, on a rule found failed, or on what is still missing after the correction, with "
        "clause and reason; never on evidence that could not be read",
        "take_back": "officer of the call who has not rejected it, with a reason, asked to or not, until a case of the "
        "call is on public notice; the same revision is checked anew, its claims queue behind others",
        "revoke_acceptance": "officer of the call who confirms what another has proposed, on a rule found failed "
        "since, until the panel is drawn",
        "draw_panel": "officer of the call",
        "complete_review": "system, when enough sheets are in",
        "propose": "officer of the call, by the proposal that is approved",
        "decline": "officer of the call, by the proposal that is approved",
        "reopen": "officer of the call, by a new version of the proposal",
        "publish_notice": "administrator",
        "remove_from_notice": "administrator, when an objection was upheld",
        "release": "an administrator or approver of the call who did not prepare the list; those not funded let go "
        "of what may be used once only",
        "withdraw": "owner or signatory, until the panel is drawn; releases what the application claimed",
    },
    "reconsideration": {
        "uphold": "officer of the call who has not rejected it, with a reason",
        "take_back": "officer of the call who has not rejected it, with a reason, until a case of the call is on "
        "public notice",
        "find_wrong": "officer of the call who has not rejected it, with a reason, once a case of the call is on "
        "public notice: nothing can come of it any more",
    },
    "revocation": {
        "confirm": "officer of the call who has not proposed it, while the rule is held to have failed",
        "refuse": "officer of the call, with a reason; who proposed it takes it back so",
    },
    "panel": {
        "replace": "officer of the call, by drawing again",
        "complete": "system, when enough sheets are in",
    },
    "assignment": {
        "accept": "the expert, undertaking to have no conflict and to keep silence",
        "decline": "the expert, with a reason",
        "submit": "the expert, for good",
        "void": "system, when the panel is drawn again or the application withdrawn",
    },
    "proposal": {
        "submit": "the officer who prepared it",
        "approve": "an approver who did not prepare it, up to their limit",
        "return": "an approver, with a reason",
        "supersede": "system, when any figure it rests on changes; the approval is void",
    },
    "notice": {
        "supersede": "administrator, by a version that says what changed",
        "release": "an administrator or approver who did not prepare the list, after the last day, nothing undecided",
    },
    "objection": {
        "reject": "officer or administrator, with a reply",
        "uphold": "officer or administrator, with a reply",
    },
    "award_list": {
        "release": "an administrator or approver of the call who did not prepare it",
        "discard": "administrator or approver of the call",
    },
    "file": {
        "pass": "worker, when the kept bytes are sound and the scanner, where there is one, found nothing",
        "find": "worker, when either found something; nobody opens the file any more",
        "give_up": "worker, when its attempts have run out",
        "try_again": "administrator, for all scans that failed",
        "doubt": "worker, when a scan found something in another file of the same content",
    },
}


def document() -> str:
    """The whole text."""
    return "\n".join([HEAD, *(_chapter(key, *found) for key, found in LIFECYCLES.items())])


def _chapter(key: str, title: str, lifecycle: Lifecycle) -> str:
    rows = "\n".join(_rows(key, lifecycle))
    return f"## {title}\n\n| from | event | to | who |\n|---|---|---|---|\n{rows}\n"


def _rows(key: str, lifecycle: Lifecycle) -> Iterator[str]:
    merged: dict[tuple[str, str], list[str]] = {}
    for (state, event), after in lifecycle.transitions.items():
        merged.setdefault((event, str(after)), []).append(str(state))
    for (event, after), sources in merged.items():
        who = WHO[key].get(event, "")
        yield f"| {', '.join(f'`{source}`' for source in sources)} | {event} | `{after}` | {who} |"


def unexplained() -> list[str]:
    """Events of a table without a word on who may cause them."""
    return [
        f"{key}.{event}"
        for key, (_, lifecycle) in LIFECYCLES.items()
        for event in sorted({event for _, event in lifecycle.transitions})
        if event not in WHO[key]
    ]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
