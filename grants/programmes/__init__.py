"""Programmes and their versioned definitions.

Enters: one YAML file per version, loaded by an administrator or shipped in ``definitions/``. Leaves: a compiled
``Definition`` that a call pins, and the pure functions over it - findings, amounts, gaps - that calls, applications,
eligibility, reviews and decisions share. A published version is never changed; the administrator owns publication.
"""
