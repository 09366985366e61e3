"""Pages of programmes: versions and their files, the workbench of the next version."""

from grants.programmes.views import drafts, parameters, proposing, rules, source, versions
from grants.programmes.views.blueprint import bp

__all__ = ["bp", "drafts", "parameters", "proposing", "rules", "source", "versions"]
