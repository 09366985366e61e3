"""Applications, their answers cell by cell, attachments, frozen revisions, claims; and which rows an actor may see."""

from grants.applications.models.answers import Answer, AnswerRow
from grants.applications.models.carrying import CarryOver
from grants.applications.models.colleagues import AnswerComment, SectionAssignment
from grants.applications.models.corrections import CorrectionRequest
from grants.applications.models.entries import Application, visible_to
from grants.applications.models.files import Attachment, SlotUpload
from grants.applications.models.papers import ApplicationPdf, Receipt
from grants.applications.models.presence import DraftPresence
from grants.applications.models.profiles import ProfileValue
from grants.applications.models.revisions import Claim, Revision

__all__ = [
    "Answer",
    "AnswerComment",
    "AnswerRow",
    "Application",
    "ApplicationPdf",
    "Attachment",
    "CarryOver",
    "Claim",
    "CorrectionRequest",
    "DraftPresence",
    "ProfileValue",
    "Receipt",
    "Revision",
    "SectionAssignment",
    "SlotUpload",
    "visible_to",
]
