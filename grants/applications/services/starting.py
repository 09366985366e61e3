"""Opening a draft."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Organisation
from grants.applications.domain.profiles import prefill
from grants.applications.models import AnswerRow, Application
from grants.applications.policies import may_start
from grants.applications.queries import load_profile
from grants.applications.services.answers import write_answers
from grants.calls.models import Call
from grants.calls.queries import find_own_close
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError
from grants.programmes.queries import definition_of

ORG = "org"


def start_application(
    session: Session, call: Call, organisation: Organisation, *, actor: Actor, now: datetime
) -> Application:
    """Open a draft with section A filled in from the organisation's profile.

    A second draft in the same call is allowed; the rule "only one" is judged at submission (decision 2).

    Raises:
        ForbiddenError: the call is not open, or the actor may not fill in for the organisation.
    """
    own = find_own_close(session, call.id, organisation.id)
    may_start(actor, call, organisation.id, now=now, extended_to=own).require()
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    application = Application(
        call=call,
        organisation=organisation,
        created_by=actor.person_id,
        created_at=now,
        state_since=now,
        extended_to=own,
    )
    session.add(application)
    session.flush()
    definition = definition_of(call.definition)
    registered = {"name": organisation.name, "uscc": organisation.uscc}
    profile = load_profile(session, organisation.id)
    given = prefill(definition, profile, registered=registered, call_year=call.year)
    for table, ids in given.rows.items():
        session.add_all(
            AnswerRow(
                application_id=application.id,
                table_key=table,
                row_id=row,
                position=position,
                changed_by=actor.person_id,
                changed_at=now,
            )
            for position, row in enumerate(ids, 1)
        )
    session.flush()
    for origin in sorted(set(given.origins.values())):
        values = {place: value for place, value in given.values.items() if given.origins[place] == origin}
        write_answers(session, application, values, by=actor.person_id, now=now, origin=origin)
    detail = {"call": call.ref, "organisation": organisation.uscc}
    audit.record(session, actor, "application.started", ("application", application.id), at=now, detail=detail)
    return application
