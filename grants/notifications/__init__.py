"""Telling people, webless: inbox rows and mails. Recipients are passed as values; who reads them is not known here.

``notify`` writes, in the business transaction, an inbox row, a mail and the message that has it delivered, once per
person and event. A worker delivers (``delivery``), outside any transaction. ``catalogue`` names the kinds; their
words are the templates in ``templates/mail``.
"""

from grants.notifications.catalogue import CATALOGUE
from grants.notifications.delivery import MailRefusedError, deliver
from grants.notifications.inbox import count_unread, list_inbox, mark_all_read, open_item
from grants.notifications.letters import Letter, subject_of, text_of, use_site
from grants.notifications.mails import Envelope, get_envelope, list_mails, mark_delivered, note_failure
from grants.notifications.models import InboxItem, Mail
from grants.notifications.telling import Recipient, notify

__all__ = [
    "CATALOGUE",
    "Envelope",
    "InboxItem",
    "Letter",
    "Mail",
    "MailRefusedError",
    "Recipient",
    "count_unread",
    "deliver",
    "get_envelope",
    "list_inbox",
    "list_mails",
    "mark_all_read",
    "mark_delivered",
    "note_failure",
    "notify",
    "open_item",
    "subject_of",
    "text_of",
    "use_site",
]
