"""The blueprint that the pages of programmes hang on."""

from flask import Blueprint

bp = Blueprint("programmes", __name__)
