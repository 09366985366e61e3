"""The office's pages of ranking and approval."""

from grants.decisions.views import approving, ranking
from grants.decisions.views.blueprint import bp

__all__ = ["approving", "bp", "ranking"]
