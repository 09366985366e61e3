"""The blueprint that operations hang on."""

from flask import Blueprint

bp = Blueprint("ops", __name__)
