"""Which rows an application of a large round has, stage by stage, in the order in which the services write them."""

from grants.demo.bulk.cases import BulkCase
from grants.demo.bulk.layout.application import add_answers, add_application, add_papers, add_revision
from grants.demo.bulk.layout.check import add_check
from grants.demo.bulk.layout.enterprise import add_enterprise
from grants.demo.bulk.rows import Rows

__all__ = ["lay_out"]


def lay_out(rows: Rows, case: BulkCase) -> None:
    """Add every row of one case."""
    add_enterprise(rows, case)
    add_application(rows, case)
    add_answers(rows, case)
    add_papers(rows, case)
    revision_id, content = add_revision(rows, case)
    add_check(rows, case, revision_id, content)
