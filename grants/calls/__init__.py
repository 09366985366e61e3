"""One round of a programme: pins a definition version; timetable, parameters, funds.

Enters: a published definition and an administrator's figures. Leaves: a call that enterprises may apply to while
``opens_at <= t < closes_at``. States: draft, announced, withdrawn (states.py); open and closed follow from the clock.
"""
