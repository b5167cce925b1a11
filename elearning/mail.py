"""Mail, sent by the background worker: queued in the transaction it tells about, so both happen or neither.

A message is templates/emails/<room>/<message>.subject.txt and .txt, and .html where there is a button.
Jobs are stored, so they carry ids: rows are read again when the message is written, and what a job had to
carry (an address without a row, a link with a token) is wiped once the message has left.
"""

import logging
import smtplib
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template import Context
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django_tasks import TaskContext, task
from django_tasks_db.models import DBTaskResult

log = logging.getLogger("elearning.mail")

HTML_FROM_TEXT = "emails/from_text.html"
MESSAGE_ID_HOST = "mail.elearning.invalid"


class MailNotSentError(Exception):
    """The mail server did not take a message; the text names the kind of error, never the address."""


def send_mail_template(
    template: str, *, to: models.Model | str, headers: dict[str, str] | None = None, **values: Any
) -> None:
    """Queue the message ``template`` ("teams/invitation") for ``to``: a row with an ``email``, or an address.

    ``values`` are what the templates know: rows, stored as their ids, and plain text and numbers. They also
    know SITE_NAME, SUPPORT_EMAIL, BASE_URL (no slash at the end) and ``to``. ``headers`` go with the message.
    """
    packed = {name: _pack(value) for name, value in values.items()}
    deliver_mail.enqueue(template=template, to=_pack(to), values=packed, headers=headers or {})


@task(queue_name="mail", takes_context=True)
def deliver_mail(
    context: TaskContext,
    template: str = "",
    to: Any = None,
    values: dict | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """Write and send one queued message. Run again after it was sent, it finds itself wiped and does nothing.

    Raises MailNotSentError, upon which the message is tried again later.
    """
    if not template:
        return
    try:
        known = {name: _unpack(value) for name, value in (values or {}).items()}
        receiver = _unpack(to)
    except models.ObjectDoesNotExist:
        log.info("mail dropped, its subject is gone", extra={"template": template})
        _wipe(context.task_result.id)
        return
    message = write_message(template, receiver, known)
    message.extra_headers.update(headers or {})
    # The same id on a second try lets the receiving side see that it is the same message.
    message.extra_headers["Message-ID"] = f"<{context.task_result.id}@{MESSAGE_ID_HOST}>"
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSentError(type(error).__name__) from None
    _wipe(context.task_result.id)


def write_message(template: str, to: models.Model | str, values: dict[str, Any]) -> EmailMultiAlternatives:
    """Return the message as it will be sent: subject in one line, text, and the same in the site's layout."""
    known = {
        "SITE_NAME": settings.SITE_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "BASE_URL": settings.BASE_URL,
        "to": to,
        **values,
    }
    subject = " ".join(_render_text(f"emails/{template}.subject.txt", known).split())
    text = _render_text(f"emails/{template}.txt", known).strip() + "\n"
    known |= {"subject": subject, "text": text}
    address = to if isinstance(to, str) else to.email  # type: ignore[attr-defined]
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    message.attach_alternative(_html_template(template).render(known), "text/html")
    return message


def _html_template(template: str) -> Any:
    try:
        return get_template(f"emails/{template}.html")
    except TemplateDoesNotExist:
        return get_template(HTML_FROM_TEXT)


def _render_text(name: str, known: dict[str, Any]) -> str:
    """Render plain text, in which an apostrophe is an apostrophe and not an HTML entity."""
    return get_template(name).template.render(Context(known, autoescape=False))  # type: ignore[attr-defined]


def _pack(value: Any) -> Any:
    return {"row": value._meta.label, "pk": value.pk} if isinstance(value, models.Model) else value


def _unpack(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"row", "pk"}:
        return apps.get_model(value["row"])._default_manager.get(pk=value["pk"])
    return value


def _wipe(job_id: str) -> None:
    DBTaskResult.objects.filter(pk=job_id).update(args_kwargs={"args": [], "kwargs": {}})
