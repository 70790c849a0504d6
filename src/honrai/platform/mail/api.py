"""Sends one plain-text mail. Called from jobs only, so that no page waits for a mail server."""

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from django.conf import settings

_TIMEOUT = 30


class MailRefusedError(RuntimeError):
    """No mail server is set, it did not answer, or it refused; the job tries again later."""


def send(*, to: str, subject: str, text: str, key: str) -> None:
    """Send a mail and return when the server has taken it.

    Args:
        to: one address.
        subject: may be Japanese; holds no name and no matter.
        text: plain text.
        key: stable key of the event told of; becomes the Message-ID, so that a repeated delivery can be recognised.

    Raises:
        MailRefusedError: see the class.
    """
    url = urlsplit(settings.CONFIG.smtp_url)
    if not url.hostname:
        raise MailRefusedError("no mail server is set: HONRAI_SMTP_URL is empty")
    message = _message(to, subject, text, key)
    server_class = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with server_class(url.hostname, url.port or 25, timeout=_TIMEOUT) as server:
            if url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefusedError(f"{url.hostname}: {error}") from error


def _message(to: str, subject: str, text: str, key: str) -> EmailMessage:
    sender = settings.CONFIG.mail_from
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2].strip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
