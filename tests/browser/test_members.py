"""A unit's people at phone width: inviting, registering by the mail's link, another level, handing over, removing, a
forgotten password; every page looked at by axe and without sideways scrolling."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from grants.accounts.models import Membership, Person
from grants.accounts.states import MembershipState
from grants.applications import services
from grants.applications.models import Answer
from grants.demo.load import load_definitions
from grants.kernel.clock import real_now
from grants.notifications import Mail
from tests.factories.accounts import PASSWORD, actor_of, make_membership
from tests.factories.calls import make_call
from tests.support.walking.by_browser import PHONE
from tests.support.walking.visitor import arrived, says, silent

pytestmark = pytest.mark.single_database

COLLEAGUE = "xin@shili.example"
NEW = "Xin-Mima-2026-ok"


@pytest.fixture
def unit(world):
    """A unit with its owner, and somebody who asks to join it."""
    with world.session() as session:
        load_definitions(session, now=real_now())
        owner = make_membership(session)
        asking = make_membership(session, organisation=owner.organisation, state=MembershipState.UNVERIFIED)
        return owner.person.email, owner.organisation.name, asking.person.name


def at_the_phone(world, email="", password=PASSWORD):
    """Somebody with a narrow screen."""
    visitor = world.visitor()
    visitor.page.set_viewport_size(PHONE)
    if email:
        enter(visitor, email, password)
    return visitor


def enter(visitor, email, password):
    visitor.open("/sign-in")
    visitor.fill({"email": email, "password": password})
    visitor.press("登录")


def follow(visitor, label):
    """Go where a link of the page leads."""
    link = visitor.page.locator("main a").filter(has_text=label).first
    visitor.open(link.get_attribute("href"))
    visitor.note_overflow()


def link_in_mail(world, address, part):
    """What the latest mail to an address leads to."""
    with world.session() as session:
        query = select(Mail.body).where(Mail.to_address == address).order_by(Mail.id.desc())
        body = next((text for text in session.scalars(query) if part in text), "")
    return part + body.split(part)[1].split()[0] if body else ""


def test_a_colleague_is_invited_registers_and_takes_over(world, unit):
    email, name, asking = unit
    owner = at_the_phone(world, email)
    owner.open("/organisation")
    follow(owner, "成员")
    says(owner, asking, "等待您同意加入")

    follow(owner, "邀请成员")
    owner.fill({"email": COLLEAGUE, "level": "signatory"})
    owner.press("发送邀请")
    arrived(owner, "/members")
    says(owner, f"邀请已发送到 {COLLEAGUE}", "签字人")
    owner.note_overflow()

    world.until(lambda session: session.scalar(select(Mail.delivered_at).where(Mail.to_address == COLLEAGUE)))
    colleague = at_the_phone(world)
    colleague.open(link_in_mail(world, COLLEAGUE, "/invitations/"))
    says(colleague, name, "签字人", COLLEAGUE)
    colleague.note_overflow()
    colleague.fill({"name": "新示例", "phone": "021-0000 0000", "new_password": PASSWORD})
    colleague.press("注册并接受邀请")
    says(colleague, "请再次输入密码")
    colleague.fill({"new_password": PASSWORD, "new_password_again": PASSWORD})
    colleague.press("注册并接受邀请")
    arrived(colleague, "/organisation")
    says(colleague, f"您已加入{name}", "签字人")
    follow(colleague, "成员")
    silent(colleague, "邀请成员", asking)

    owner.open(owner.path)
    follow(owner, f"办理{asking}")
    owner.fill({"decision": "decline"})
    owner.press("确认并通知申请人")
    says(owner, "请填写不同意的原因")
    owner.fill({"decision": "vouch", "level": "reader"})
    owner.press("确认并通知申请人")
    arrived(owner, "/members")
    follow(owner, "更改身份新示例")
    owner.fill({"level": "editor"})
    owner.press("更改身份")
    follow(owner, "移交负责人新示例")
    says(owner, "您转为经办人")
    owner.press("移交负责人身份")
    says(owner, "您现在是经办人", "只有本单位的负责人可以管理成员")

    colleague.open(colleague.path)
    follow(colleague, f"终止{asking}")
    colleague.fill({"reason": "不再办理申报"})
    colleague.press(f"终止{asking}的成员身份")
    arrived(colleague, "/members")
    follow(colleague, "退出本单位")
    says(colleague, "您是本单位唯一的负责人")
    with world.session() as session:
        kept = select(Membership.level).where(Membership.state == MembershipState.VERIFIED)
        assert sorted(session.scalars(kept)) == ["editor", "owner"]


def test_a_forgotten_password_is_set_again_and_the_account_shows_where_one_is_signed_in(world, unit):
    email, _, _ = unit
    person = at_the_phone(world)
    person.open("/sign-in")
    follow(person, "重新设置密码")
    person.fill({"email": email})
    person.press("发送链接")
    arrived(person, "/forgotten/sent")
    person.note_overflow()
    world.until(lambda session: session.scalar(select(Mail.delivered_at).where(Mail.to_address == email)))
    link = link_in_mail(world, email, "/forgotten/")

    person.open(link)
    person.note_overflow()
    person.fill({"new_password": NEW, "new_password_again": NEW})
    person.press("设置新密码")
    says(person, "新密码已生效")
    person.open(link)
    says(person, "链接已失效")

    enter(person, email, NEW)
    at_the_phone(world, email, NEW).leave()
    person.open("/account")
    person.note_overflow()
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="退出这台设备").first.click()
    says(person, "该设备上的登录已失效")


def test_the_profile_is_typed_once_and_its_author_shown(world, unit):
    email, name, _ = unit
    person = at_the_phone(world, email)
    person.open("/organisation")
    follow(person, "查看和更新资料")
    says(person, name, "近三年经营情况")
    person.fill({"a-org-employees": "120", "a-org-contact_name": "李样例"})
    person.press("保存")
    says(person, "单位资料已保存", "填写")
    person.note_overflow()

    with world.session() as session:
        membership = session.scalars(select(Membership).join(Membership.person).where(Person.email == email)).one()
        actor, call = actor_of(session, membership.person), make_call(session, now=real_now())
        draft = services.start_application(session, call, membership.organisation, actor=actor, now=real_now()).id
    person.open(f"/apply/{draft}/sections/org")
    staff = person.page.locator("[data-name='a-org-employees']")
    expect(staff).to_contain_text("取自单位资料")
    staff.locator("input").fill("121")
    expect(staff.locator("[data-origin]")).to_have_count(0)
    with world.session() as session:
        kept = session.get_one(Answer, (draft, "org.employees", ""))
        assert (kept.value, kept.origin) == (121, "")
