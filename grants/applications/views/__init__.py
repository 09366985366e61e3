"""The enterprise's pages of an application: start, sections, rows, files, check and submit, receipt, withdrawal."""

from grants.applications.views import documents, endings, rows, sections, starting, submission
from grants.applications.views.page import bp

__all__ = ["bp", "documents", "endings", "rows", "sections", "starting", "submission"]
