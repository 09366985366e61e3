"""The main navigation of the four sides, as data; an item is shown to whom its endpoint serves."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from grants.kernel.actor import Actor
from grants.web.guards import access_of, may_open


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A label and the endpoint it leads to; ``prefixes`` of endpoints under which it counts as current."""

    label: object
    endpoint: str
    prefixes: tuple[str, ...] = ()

    def fit(self, endpoint: str) -> int:
        """How closely an endpoint belongs here: the length of the longest prefix; 0 for not at all."""
        return max((len(one) for one in (self.endpoint, *self.prefixes) if endpoint.startswith(one)), default=0)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    label: object
    url: str
    is_current: bool


UNIT_PAGES = (  # of one's own unit and the people who act for it
    "applications.profile",
    "accounts.members",
    "accounts.invite",
    "accounts.withdraw_invitation",
    "accounts.change_level",
    "accounts.hand_over",
    "accounts.end_membership",
    "accounts.answer_request",
    "accounts.join_organisation",
    "accounts.leave_organisation",
    "accounts.resubmit_proof",
)
WORK_PAGES = (
    "desk.worklist",
    "desk.case",
    "desk.workload",
    "desk.overrules",
    "eligibility.acceptance",
    "eligibility.share",
)
MANAGED_PAGES = (
    "calls.manage",
    "calls.edit",
    "programmes.",
    "registers.",
    "eligibility.impact",
    "eligibility.list_impacts",
    "eligibility.try_draft",
    "eligibility.decide_draft",
)
NAVIGATION: dict[str, tuple[NavigationItem, ...]] = {
    "public": (
        NavigationItem(_l("首页"), "desk.home"),
        NavigationItem(_l("专项与指南"), "calls.list_calls", ("calls.",)),
        NavigationItem(_l("公示"), "publication.list_notices", ("publication.list_notices", "publication.notice")),
        NavigationItem(
            _l("立项名单"), "publication.list_awards", ("publication.list_awards", "publication.award_list")
        ),
    ),
    "enterprise": (
        NavigationItem(_l("我的申报"), "desk.enterprise_home", ("desk.enterprise", "applications.")),
        NavigationItem(_l("可申报的专项"), "calls.list_calls"),
        NavigationItem(_l("单位资料"), "accounts.organisation", UNIT_PAGES),
        NavigationItem(_l("通知"), "accounts.inbox"),
    ),
    "expert": (
        NavigationItem(_l("评审任务"), "reviews.desk", ("reviews.",)),
        NavigationItem(_l("通知"), "accounts.inbox"),
    ),
    "office": (
        NavigationItem(_l("待办"), "desk.worklist", WORK_PAGES),
        NavigationItem(_l("单位核验"), "accounts.list_memberships", ("accounts.list_memberships", "accounts.decide")),
        NavigationItem(_l("评审"), "reviews.list_panels", ("reviews.",)),
        NavigationItem(_l("排序与方案"), "decisions.list_calls", ("decisions.",)),
        NavigationItem(_l("公示与名单"), "publication.office", ("publication.office", "publication.prepare")),
        NavigationItem(_l("延期"), "calls.list_extensions", ("calls.extension", "calls.propose_extension")),
        NavigationItem(_l("专项管理"), "calls.manage", MANAGED_PAGES),
        NavigationItem(_l("人员与权限"), "accounts.list_people", ("accounts.person", "accounts.revoke_role")),
        NavigationItem(_l("审计"), "ops.audit_log", ("ops.audit",)),
        NavigationItem(_l("运行"), "ops.operations", ("ops.operations", "ops.clock", "ops.mails", "ops.outages")),
    ),
}


ACCOUNT_LINKS = {
    "sign_in_url": "accounts.sign_in",
    "sign_out_url": "accounts.sign_out",
    "inbox_url": "accounts.inbox",
    "account_url": "accounts.account",
}


FOOTER: tuple[tuple[object, tuple[tuple[object, str], ...]], ...] = (
    (
        _l("申报"),
        (
            (_l("专项与指南"), "calls.list_calls"),
            (_l("我的申报"), "desk.enterprise_home"),
            (_l("注册企业账号"), "accounts.register"),
        ),
    ),
    (
        _l("公开"),
        (
            (_l("公示"), "publication.list_notices"),
            (_l("立项名单"), "publication.list_awards"),
            (_l("开放数据目录"), "publication.open_data"),
            (_l("核验名单或回执"), "publication.verify"),
        ),
    ),
)


def account_links() -> dict[str, str]:
    """The addresses every layout shows beside the navigation."""
    return {name: url_for(endpoint) for name, endpoint in ACCOUNT_LINKS.items()}


def footer_groups(actor: Actor) -> list[tuple[object, list[tuple[object, str]]]]:
    """The links at the foot of public and enterprise pages, by group; whoever has not signed in is shown all."""
    return [
        (title, [(label, url_for(endpoint)) for label, endpoint in links if actor.is_anonymous or may_open(endpoint)])
        for title, links in FOOTER
    ]


def navigation(side: str, actor: Actor) -> list[NavigationLink]:
    """The links of one side that lead somewhere for this actor; current is the one the page belongs to most closely."""
    here = request.endpoint or ""
    closest = max(item.fit(here) for item in NAVIGATION[side])
    links = []
    for item in NAVIGATION[side]:
        access = access_of(current_app, item.endpoint)
        if access is not None and access.admits(actor):
            links.append(NavigationLink(item.label, url_for(item.endpoint), 0 < item.fit(here) == closest))
    return links
