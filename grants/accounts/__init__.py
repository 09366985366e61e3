"""People, organisations, memberships, roles, sign-in, the inbox page.

Enters: a registration, a licence or authorisation to approve. Leaves: an actor. States: a membership is unverified,
verified, refused or ended (states.py); an officer owns the step from unverified on.
"""
