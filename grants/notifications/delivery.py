"""Handing a mail over: to an SMTP server, or into a folder as an .eml file.

``MAIL_URL``: ``folder:///path``; ``smtp://[user:password@]host[:port]`` (port 25, STARTTLS where the server offers
it and always before a password); ``smtps://…`` (port 465). ``?from=address`` names the sender. Delivery is at least
once: a mail keeps its Message-ID and its file name, so a second delivery can be recognised and, in a folder,
replaces the first.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from grants.kernel.clock import SHANGHAI
from grants.kernel.errors import DomainError
from grants.notifications.mails import Envelope

TIMEOUT_S = 20
SENDER = "no-reply@grants.example"
FOR_GOOD = range(500, 600)  # replies of an SMTP server that will not change by trying again


class MailRefusedError(DomainError):
    """The server has refused the mail for good."""

    code = "mail_refused"


def deliver(envelope: Envelope, mail_url: str) -> None:
    """Hand the mail over; takes up to 20 seconds per step and belongs outside any transaction.

    Raises:
        MailRefusedError: the server refuses recipient or content for good.
        OSError, smtplib.SMTPException: not now; may pass.
    """
    target = urlsplit(mail_url)
    if target.scheme == "folder":
        _write(envelope, Path(unquote(target.netloc + target.path)), _sender(target))
    elif target.scheme in {"smtp", "smtps"}:
        _send(envelope, target)
    else:
        raise ValueError(f"MAIL_URL begins with folder, smtp or smtps, not with {target.scheme!r}")


def compose(envelope: Envelope, sender: str) -> EmailMessage:
    """The mail as a message: plain text in UTF-8, marked as automatic."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"产业专项申报系统（模拟） <{sender}>"
    message["To"] = envelope.to_address
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.created_at.astimezone(SHANGHAI))
    message["Message-ID"] = f"<{envelope.id}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(envelope.body)
    return message


def _write(envelope: Envelope, folder: Path, sender: str) -> None:
    """Whole or not at all, under a name that sorts by the time of the event."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{envelope.created_at:%Y%m%dT%H%M%S}-{envelope.id}.eml"
    draft = folder / f".{envelope.id}.{os.getpid()}"
    draft.write_bytes(compose(envelope, sender).as_bytes())
    draft.replace(final)


def _send(envelope: Envelope, target: SplitResult) -> None:
    sender = _sender(target)
    try:
        with _server(target) as server:
            server.send_message(compose(envelope, sender), sender, [envelope.to_address])
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients[envelope.to_address]
        if code in FOR_GOOD:
            raise MailRefusedError(code=code, text=text.decode(errors="replace")) from error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code in FOR_GOOD:
            raise MailRefusedError(code=error.smtp_code, text=str(error.smtp_error)) from error
        raise


@contextmanager
def _server(target: SplitResult) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    host = target.hostname or "127.0.0.1"
    if target.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, target.port or 465, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(host, target.port or 25, timeout=TIMEOUT_S)
    with connection as server:
        server.ehlo()
        if target.scheme == "smtp" and (server.has_extn("starttls") or target.username):
            server.starttls(context=context)
            server.ehlo()
        if target.username:
            server.login(unquote(target.username), unquote(target.password or ""))
        yield server


def _sender(target: SplitResult) -> str:
    return parse_qs(target.query).get("from", [SENDER])[0]
