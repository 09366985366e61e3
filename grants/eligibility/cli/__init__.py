"""``flask eligibility``: judge cases from files, judge recorded runs again, see what a definition would change, work
claims and the index of texts out anew."""

from grants.eligibility.cli import judging, rebuilding, replaying
from grants.eligibility.cli.group import group

__all__ = ["group", "judging", "rebuilding", "replaying"]
