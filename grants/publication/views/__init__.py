"""Pages of publication: for everybody, and for the office."""

from grants.publication.views import awards, notices, objections, office, releasing, verifying
from grants.publication.views.blueprint import bp

__all__ = ["awards", "bp", "notices", "objections", "office", "releasing", "verifying"]
