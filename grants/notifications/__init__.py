"""Telling people, webless: inbox rows and mails. Recipients are passed as values; who reads them is not known here.

``notify`` writes, in the business transaction, an inbox row, a mail and the message that has it delivered, once per
person and event; ``choices`` says who wants one mail a day, or none. A worker delivers (``delivery``), outside any
transaction. ``catalogue`` names the kinds; their words are the templates in ``templates/mail``.
"""

from grants.notifications.catalogue import CATALOGUE
from grants.notifications.choices import Manner, Theme, choices_of, choose, theme_of
from grants.notifications.delivery import MailRefusedError, deliver
from grants.notifications.digests import send_digests
from grants.notifications.inbox import count_unread, forget_facts, list_inbox, mark_all_read, open_item
from grants.notifications.letters import Letter, subject_of, text_of, use_site
from grants.notifications.mails import (
    Envelope,
    failing_addresses,
    get_envelope,
    list_mails,
    mark_delivered,
    mark_failed,
    note_failure,
)
from grants.notifications.models import InboxItem, Mail, MailChoice
from grants.notifications.telling import Recipient, notify, send_secret

__all__ = [
    "CATALOGUE",
    "Envelope",
    "InboxItem",
    "Letter",
    "Mail",
    "MailChoice",
    "MailRefusedError",
    "Manner",
    "Recipient",
    "Theme",
    "choices_of",
    "choose",
    "count_unread",
    "deliver",
    "failing_addresses",
    "forget_facts",
    "get_envelope",
    "list_inbox",
    "list_mails",
    "mark_all_read",
    "mark_delivered",
    "mark_failed",
    "note_failure",
    "notify",
    "open_item",
    "send_digests",
    "send_secret",
    "subject_of",
    "text_of",
    "theme_of",
    "use_site",
]
