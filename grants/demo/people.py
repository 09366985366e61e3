"""Who is there to sign in as: the office, the pool of experts, the enterprises. One password for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from grants.accounts import queries, services
from grants.accounts.models import Membership
from grants.demo.companies import Company, company, expert, person_name
from grants.demo.papers import Papers
from grants.kernel.actor import ANYWHERE, SYSTEM, Actor, Role
from grants.kernel.districts import DISTRICTS
from grants.kernel.money import yuan
from grants.reviews.services import add_expert

PASSWORD = "Yanshi-2026-Zhanghao"
ENTERPRISES = 60
EXPERTS = 40
UNVERIFIED = frozenset({47, 48})  # wait in the officers' queue; their people may draft
REFUSED = frozenset({49})
LICENCE = "营业执照与授权书"
REFUSAL = "授权书没有加盖公章，请补齐后重新提交。"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the office: what it may do, where, and up to which single award."""

    email: str
    name: str
    role: Role
    scope: str = ANYWHERE
    limit_fen: int | None = None


def office() -> tuple[Account, ...]:
    """Everybody on the office's side, in the order in which they are told."""
    named = (
        ("admin1@example.com", Role.ADMINISTRATOR, None),
        ("admin2@example.com", Role.ADMINISTRATOR, None),
        ("officer1@example.com", Role.OFFICER, None),
        ("officer2@example.com", Role.OFFICER, None),
        ("approver1@example.com", Role.APPROVER, None),
        ("approver2@example.com", Role.APPROVER, yuan(3_000_000)),
        ("auditor@example.com", Role.AUDITOR, None),
    )
    staff = [
        Account(email, person_name(2_000 + 3 * number), role, limit_fen=limit_fen)
        for number, (email, role, limit_fen) in enumerate(named)
    ]
    districts = [
        Account(f"district{code}@example.com", person_name(2_100 + 3 * number), Role.DISTRICT_OFFICER, scope=code)
        for number, code in enumerate(DISTRICTS)
    ]
    return (*staff, *districts)


class Actors:
    """The demonstration's people as services know them, read once each."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Actor] = {}

    def by_email(self, email: str) -> Actor:
        """The person with this address."""
        if email not in self._known:
            person = queries.find_person_by_email(self._session, email)
            if person is None:
                raise LookupError(email)
            self._known[email] = queries.actor_of(queries.get_person(self._session, person.id))
        return self._known[email]

    def officer(self, number: int = 1) -> Actor:
        return self.by_email(f"officer{number}@example.com")

    def approver(self) -> Actor:
        return self.by_email("approver1@example.com")

    def administrator(self, number: int = 1) -> Actor:
        return self.by_email(f"admin{number}@example.com")

    def district(self, code: str) -> Actor:
        return self.by_email(f"district{code}@example.com")

    def owner(self, number: int) -> Actor:
        """The owner of the enterprise with this number."""
        return self.by_email(company(number).email)


def add_office(session: Session, *, password_hash: str, now: datetime) -> None:
    """Make the office's accounts with their roles."""
    for account in office():
        person = services.add_person(
            session,
            name=account.name,
            email=account.email,
            password_hash=password_hash,
            phone="021-55550000",
            now=now,
        )
        services.grant_role(
            session,
            person,
            account.role,
            scope=account.scope,
            limit_fen=account.limit_fen,
            actor=SYSTEM,
            now=now,
        )


def add_pool(session: Session, *, password_hash: str, now: datetime) -> None:
    """Make the experts' accounts and put them into the pool."""
    for number in range(EXPERTS):
        one = expert(number)
        person = services.add_person(
            session, name=one.name, email=one.email, password_hash=password_hash, phone="021-55560000", now=now
        )
        add_expert(
            session,
            person,
            employer=one.employer,
            employer_uscc=one.employer_uscc,
            strata=one.specialties,
            field=one.field,
            actor=SYSTEM,
            now=now,
        )


def add_enterprises(
    session: Session, papers: Papers, *, password_hash: str, now: datetime, decided_from: datetime
) -> None:
    """Register the enterprises, four minutes apart; an officer decides on their papers from ``decided_from`` on."""
    memberships = [
        register(
            session,
            company(number),
            papers,
            password_hash=password_hash,
            now=now + timedelta(minutes=4 * number),
        )
        for number in range(ENTERPRISES)
    ]
    officer = Actors(session).officer(2)
    for number, membership in enumerate(memberships):
        if number in UNVERIFIED:
            continue
        refused = number in REFUSED
        services.decide_membership(
            session,
            membership,
            verified=not refused,
            reason=REFUSAL if refused else "",
            actor=officer,
            now=decided_from + timedelta(minutes=4 * number),
        )


def register(session: Session, one: Company, papers: Papers, *, password_hash: str, now: datetime) -> Membership:
    """Register one enterprise with its contact as owner, as its registration page does."""
    registration = services.Registration(
        uscc=one.uscc,
        organisation_name=one.name,
        name=one.contact,
        email=one.email,
        phone=one.phone,
        password_hash=password_hash,
        proof=papers.of(LICENCE),
    )
    membership = services.register_enterprise(session, registration, now=now)
    if membership is None:
        raise LookupError(f"{one.email} is registered already")
    return membership
