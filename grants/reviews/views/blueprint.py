"""The blueprint of the stage."""

from flask import Blueprint

bp = Blueprint("reviews", __name__)
