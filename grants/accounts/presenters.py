"""Words of accounts: one sentence per code, one label per state, role and level; where each person is at home."""

from __future__ import annotations

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.accounts.domain import device_of
from grants.kernel.actor import ANYWHERE, Actor, Role
from grants.kernel.districts import DISTRICTS
from grants.web.guards import access_of

REASONS: dict[str, object] = {
    "credentials_wrong": _l("邮箱或密码不正确。"),
    "locked_out": _l("登录失败次数过多，暂时不能登录，请稍后再试。"),
    "sign_in_busy": _l("此刻登录的人较多，请稍候几秒再试一次。"),
    "password_weak": _l("新密码不符合要求，请按提示修改。"),
    "password_short": _l("密码至少 10 个字符。"),
    "password_long": _l("密码不超过 128 个字符。"),
    "password_kinds": _l("请包含大写字母、小写字母、数字、符号中的至少三种，或使用 16 个以上字符。"),
    "password_common": _l("密码过于常见或重复，容易被猜到，请换一个。"),
    "password_personal": _l("密码中请不要包含您的姓名或邮箱名。"),
    "email_invalid": _l("请填写完整的电子邮箱，例如 jingban@shili.example。"),
    "email_taken": _l("这个邮箱已有账号。"),
    "forgotten_too_often": _l("请求次数过多。请查收已发送的邮件（包括垃圾邮件），或一小时后再试。"),
    "reset_link_over": _l("这个链接已使用过、已过期，或者之后又发送过新的链接。请重新申请。"),
    "membership_exists": _l("您已登记或已申请办理这个单位，无需重复提交。"),
    "membership_decided": _l("这项申请已办理，不能再次办理。"),
    "membership_not_refused": _l("只有未通过核验或已终止的，可以重新提交材料。"),
    "membership_ended": _l("这项身份已终止，请返回查看最新情况。"),
    "membership_ended_before": _l("您曾代表这个单位。请返回“单位资料”，在该单位下重新提交材料。"),
    "level_cannot_manage": _l("只有本单位的负责人可以管理成员。"),
    "member_not_verified": _l("只能更改已加入的成员，请返回查看最新情况。"),
    "member_disabled": _l("该成员的账号已停用，请移交给其他成员。"),
    "own_membership_change": _l("不能更改自己的身份。需要退出或移交的，请使用相应的操作。"),
    "last_owner": _l(
        "您是本单位唯一的负责人，请先把负责人身份移交给其他成员，再退出。没有其他成员的，请联系受理部门。"
    ),
    "decline_without_reason": _l("请填写不同意的原因，申请人将看到这段文字。"),
    "end_without_reason": _l("请填写终止的原因，对方将看到这段文字。"),
    "already_member": _l("使用这个邮箱的人已经是本单位的成员。"),
    "too_many_invitations": _l("等待接受的邀请已有 20 份，请先撤回不再需要的邀请。"),
    "invitation_other_address": _l("这份邀请发给另一个邮箱，请使用收到邀请的邮箱登录后接受。"),
    "invitation_accepted": _l("这份邀请已被接受，不能再次使用。"),
    "invitation_withdrawn": _l("这份邀请已被撤回。需要加入的，请联系邀请您的单位。"),
    "invitation_expired": _l("这份邀请已过期。请联系邀请您的单位重新发送。"),
    "invitation_unknown": _l("没有找到这份邀请。链接可能不完整，或者之后又发送过一封新的邀请邮件，请使用最新的一封。"),
    "invitation_lapsed": _l("邀请人已不再是该单位的负责人，这份邀请失效。请联系该单位现任负责人重新邀请。"),
    "own_membership": _l("不能核验自己的申请，请由其他工作人员办理。"),
    "reason_missing": _l("核验不通过时请写明原因，申请人将看到这段文字。"),
    "own_roles": _l("不能更改自己的权限，请由其他管理员办理。"),
    "role_not_grantable": _l("这个角色不能在这里授予。"),
    "scope_invalid": _l("适用范围与角色不符：区主管部门须选择一个区，其余角色选择全部或填写一个批次编号。"),
    "limit_only_for_approvers": _l("只有审批人员可以设审批限额，限额须大于零。"),
    "role_excludes_enterprise": _l("此人是申报企业的经办人，不能同时担任管理部门角色。"),
    "enterprise_excludes_role": _l("您持有管理部门角色，不能同时作为企业经办人。"),
    "role_auditor_alone": _l("审计角色不能与其他角色由同一人担任。"),
    "role_expert_judges": _l("评审专家不能同时担任经办或审批人员。"),
    "mail_refused": _l("邮件服务器拒收这封邮件。"),
}

STATES: dict[str, tuple[str, object]] = {
    "membership.unverified": ("act", _l("待核验")),
    "membership.verified": ("ok", _l("已核验")),
    "membership.refused": ("law", _l("未通过")),
    "membership.ended": ("end", _l("已终止")),
}

ROLES: dict[str, object] = {
    Role.DISTRICT_OFFICER: _l("区主管部门"),
    Role.OFFICER: _l("经办人员"),
    Role.EXPERT: _l("评审专家"),
    Role.APPROVER: _l("审批人员"),
    Role.ADMINISTRATOR: _l("管理员"),
    Role.AUDITOR: _l("审计人员"),
}

LEVELS: dict[str, object] = {
    "owner": _l("负责人"),
    "editor": _l("经办人"),
    "signatory": _l("签字人"),
    "reader": _l("查看人"),
}

LEVEL_OPTIONS: dict[str, object] = {
    "owner": _l("负责人：填写和提交申报，邀请和管理成员"),
    "editor": _l("经办人：填写申报、上传材料，不能提交"),
    "signatory": _l("签字人：确认承诺书、提交和撤回申报，不能填写"),
    "reader": _l("查看人：查看申报和发表填报意见，不能更改"),
}

HOMES = ("desk.worklist", "reviews.desk", "desk.enterprise_home", "calls.manage", "accounts.list_people")
LAYOUTS = ((Role.ENTERPRISE, "enterprise"), (Role.EXPERT, "expert"))


def device_words(user_agent: str) -> str:
    """A session's browser and system in words."""
    named = [word for word in device_of(user_agent) if word]
    return str(_("，")).join(named) or str(_("未知的浏览器"))


def scope_label(scope: str) -> str:
    """A grant's scope in words: everything, a district, or a call's number."""
    return str(_("全部")) if scope == ANYWHERE else DISTRICTS.get(scope, scope)


def home_url(actor: Actor) -> str:
    """The first page of this person's side; who belongs to none yet comes to the page about their unit."""
    for endpoint in HOMES:
        if endpoint in current_app.view_functions:
            access = access_of(current_app, endpoint)
            if access is not None and not access.anybody and access.admits(actor):
                return url_for(endpoint)
    return url_for("accounts.account" if actor.is_staff() else "accounts.organisation")


def layout_of(actor: Actor) -> str:
    """The layout of a person's own pages: their side's; the public one for who has none yet."""
    side = "office" if actor.is_staff() else next((name for role, name in LAYOUTS if actor.has(role)), "public")
    return f"layouts/{side}.html"
