"""/dev/mail/: the messages that the site would have sent, with links to press. Development only."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 50
# Django's file backend writes this line after each message.
END_OF_MESSAGE = b"-" * 79


class ReadMessage(NamedTuple):
    """One message as the page shows it."""

    subject: str
    to: str
    sent_at: str
    text: str


@login_not_required
@never_cache
@require_safe
def dev_mail(request: HttpRequest) -> HttpResponse:
    """GET: the newest messages first."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", settings.VAR_DIR / "mail"))
    return render(request, "dev/mail.html", {"mails": read_messages(folder)[:SHOWN], "folder": folder.name})


def read_messages(folder: Path) -> list[ReadMessage]:
    """Every message in the folder, newest first."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [message for path in files[:SHOWN] for message in reversed(read_file(path))]


def read_file(path: Path) -> list[ReadMessage]:
    """The messages of one file, in the order in which they were written."""
    parts = path.read_bytes().split(END_OF_MESSAGE)
    return [_read(part.strip() + b"\n") for part in parts if part.strip()]


def _read(raw: bytes) -> ReadMessage:
    message = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    return ReadMessage(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent_at=str(message["Date"] or ""),
        text=body.get_content() if body else "",
    )
