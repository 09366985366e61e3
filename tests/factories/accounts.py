"""People, organisations, memberships, roles, and signing them in."""

from datetime import date, datetime, timedelta
from itertools import count

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, object_session

from grants.accounts import queries, services
from grants.accounts.models import Invitation, Membership, Organisation, PasswordReset, Person
from grants.accounts.states import Level, MembershipState
from grants.kernel.actor import ANYWHERE, SYSTEM, Actor, Role
from grants.kernel.clock import local_instant, real_now
from grants.kernel.uscc import ALPHABET, make_uscc

CREATED_AT = local_instant(date(2026, 1, 5), 9)
PASSWORD = "Shili-2026-Mima"
_numbers = count(1)


def next_uscc() -> str:
    """A valid credit code nobody has yet in this process."""
    number, body = next(_numbers), ""
    for _ in range(5):
        number, digit = divmod(number, len(ALPHABET))
        body = ALPHABET[digit] + body
    return make_uscc("91310115", f"MA1{body}")


def make_person(
    session: Session,
    *,
    name: str = "",
    email: str = "",
    password: str = PASSWORD,
    phone: str = "021-0000 0000",
    created_at: datetime = CREATED_AT,
) -> Person:
    """Somebody who can sign in with PASSWORD and holds no role."""
    number = next(_numbers)
    return services.add_person(
        session,
        name=name or f"示例人员{number}",
        email=email or f"person{number}@shili.example",
        password_hash=services.hash_password(password),
        phone=phone,
        now=created_at,
    )


def make_organisation(
    session: Session, *, name: str = "", uscc: str = "", created_at: datetime = CREATED_AT
) -> Organisation:
    """A unit without members."""
    code = uscc or next_uscc()
    organisation = Organisation(uscc=code, name=name or f"示例软件{code[-6:]}有限公司", created_at=created_at)
    session.add(organisation)
    session.flush()
    return organisation


def make_membership(
    session: Session,
    *,
    person: Person | None = None,
    organisation: Organisation | None = None,
    level: Level = Level.OWNER,
    state: MembershipState = MembershipState.VERIFIED,
    may_draft: bool = False,
    reason: str = "",
    created_at: datetime = CREATED_AT,
) -> Membership:
    """A person who acts for an organisation; verified unless another state is asked for."""
    organisation = organisation or make_organisation(session)
    decided = state in {MembershipState.VERIFIED, MembershipState.REFUSED}
    membership = Membership(
        person=person or make_person(session),
        organisation=organisation,
        level=level,
        state=state,
        may_draft=may_draft,
        stated_name=organisation.name,
        reason=reason,
        created_at=created_at,
        decided_at=created_at if decided else None,
    )
    session.add(membership)
    session.flush()
    return membership


def make_invitation(
    session: Session,
    inviter: Membership,
    *,
    email: str = "",
    level: Level = Level.EDITOR,
    token: str = "",
    invited_at: datetime = CREATED_AT,
) -> Invitation:
    """An invitation by this owner that can be accepted for seven days; the caller may choose its token."""
    invitation = Invitation(
        organisation_id=inviter.organisation_id,
        email=email or f"invited{next(_numbers)}@shili.example",
        level=level,
        token_hash=services.hash_of(token or f"token-{next(_numbers)}"),
        invited_by=inviter.person_id,
        invited_at=invited_at,
        expires_at=invited_at + timedelta(days=7),
    )
    session.add(invitation)
    session.flush()
    return invitation


def make_reset(session: Session, person: Person, *, token: str, asked_at: datetime) -> PasswordReset:
    """A link to set another password, good for half an hour."""
    reset = PasswordReset(
        email=person.email,
        source="",
        asked_at=asked_at,
        person_id=person.id,
        token_hash=services.hash_of(token),
        expires_at=asked_at + timedelta(minutes=30),
    )
    session.add(reset)
    session.flush()
    return reset


def make_member(session: Session, organisation: Organisation | None = None, **membership: object) -> Person:
    """A person of an enterprise."""
    return make_membership(session, organisation=organisation, **membership).person  # type: ignore[arg-type]


def make_staff(
    session: Session, role: Role, *, scope: str = ANYWHERE, limit_fen: int | None = None, **person: str
) -> Person:
    """A person of the office or an expert; district officers need a district as ``scope``."""
    somebody = make_person(session, **person)  # type: ignore[arg-type]
    services.grant_role(session, somebody, role, scope=scope, limit_fen=limit_fen, actor=SYSTEM, now=CREATED_AT)
    session.refresh(somebody)
    return somebody


def actor_of(session: Session, person: Person) -> Actor:
    """The person as services know them, with what they hold by now."""
    session.flush()
    session.refresh(person, ["role_grants", "memberships"])
    return queries.actor_of(person)


def make_session(session: Session, person: Person) -> str:
    """Sign the person in at some browser; what its cookie holds."""
    return str(services.begin_session(session, person, device="", now=real_now()).id)


def sign_in(client: FlaskClient, person: Person) -> None:
    """Give the browser the person's session cookie, as a sign-in would."""
    session = object_session(person)
    assert session is not None, "the person must be of a session that is open"
    sign_in_by_key(client, make_session(session, person))


def sign_in_by_key(client: FlaskClient, key: str) -> None:
    """The same by a session key taken before."""
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = key
        cookie["_fresh"] = True
