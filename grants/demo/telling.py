"""The table of demonstration accounts that ``flask demo accounts`` prints."""

from __future__ import annotations

import unicodedata

from grants.demo.companies import company, expert
from grants.demo.people import EXPERTS, UNVERIFIED, office
from grants.kernel.actor import Role
from grants.kernel.districts import DISTRICTS

ROLE_NAMES = {
    Role.ADMINISTRATOR: "管理员",
    Role.OFFICER: "经办人",
    Role.APPROVER: "审批人",
    Role.AUDITOR: "审计员",
}
ENTERPRISES_TOLD = (36, 38, 43, 0)
MAY = {
    36: "本批已受理，另有一份重复申报",
    38: "已退回，待补正",
    43: "草稿已填完，可直接提交",
    0: "首批已公告",
}


def account_table() -> str:
    """One line per account or group of accounts: role, address, what it can do here."""
    first_district, *_, last_district = (a for a in office() if a.role is Role.DISTRICT_OFFICER)
    lines = [("身份", "账号", "说明")]
    for account in office():
        if account.role in ROLE_NAMES:
            limit = f"单项不超过 {account.limit_fen // 1_000_000} 万元" if account.limit_fen else account.name
            lines.append((ROLE_NAMES[account.role], account.email, limit))
    names = f"{DISTRICTS[first_district.scope]}…{DISTRICTS[last_district.scope]}，共 {len(DISTRICTS)} 个区"
    lines.append(("区主管部门", f"{first_district.email} … {last_district.email}", names))
    lines.append(("评审专家", f"{expert(0).email} … {expert(EXPERTS - 1).email}", f"共 {EXPERTS} 名"))
    lines += [("企业", company(number).email, f"{company(number).name}：{MAY[number]}") for number in ENTERPRISES_TOLD]
    lines += [("企业（待核验）", company(number).email, company(number).name) for number in sorted(UNVERIFIED)]
    widths = [max(_width(line[column]) for line in lines) for column in (0, 1)]
    return "\n".join(f"{_pad(role, widths[0])}  {_pad(email, widths[1])}  {about}" for role, email, about in lines)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
