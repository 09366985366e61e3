"""The group that the commands hang on."""

from flask.cli import AppGroup

group = AppGroup("eligibility", help="Judging cases.")
