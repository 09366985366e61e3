"""Ranking, amounts within the budget, approval by a second person.

Enters: reviewed applications of a call. Leaves: an approved, frozen proposal. Any later edit makes a new version and
voids the approval.
"""
