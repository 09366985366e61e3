"""Rounds of any size: the rows that the services would write, worked out in parallel and written by COPY.

``cases`` works out one application from registration to check with the stages' own pure functions; ``rows`` lays it out
by table; ``writing`` writes tables; ``loading`` makes the round. A test makes the same cases through the services and
compares every table.
"""
