"""The blueprint that the pages of the registers hang on."""

from flask import Blueprint

bp = Blueprint("registers", __name__)
