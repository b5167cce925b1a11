"""Mail leaves with the transaction that it tells about, once, and its job keeps nothing of it."""

import smtplib

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from elearning.mail import deliver_mail, send_mail_template
from tests.factories import make_user
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
TEMPLATE = "account/login_code"


def test_a_message_has_text_and_the_same_in_the_layout():
    send_mail_template(TEMPLATE, to="ann@example.org", code="K7M-PX")
    (message,) = send_waiting_mail()
    assert message.subject == "K7M-PX is your sign-in code"
    assert "K7M-PX" in message.body
    (html, kind) = message.alternatives[0]
    assert kind == "text/html"
    assert "K7M-PX" in html


def test_rows_are_stored_as_ids_and_read_again():
    ann = make_user("Ann O'Hara")
    send_mail_template("account/email_confirmation", to=ann, user=ann, activate_url="http://testserver/x")
    stored = str(DBTaskResult.objects.get().args_kwargs)
    assert ann.email not in stored
    assert "O'Hara" not in stored
    (message,) = send_waiting_mail()
    assert message.to == [ann.email]
    assert "Hello Ann O'Hara," in message.body


def test_what_a_job_had_to_carry_is_wiped_when_it_has_left():
    send_mail_template(TEMPLATE, to="ann@example.org", code="K7M-PX")
    send_waiting_mail()
    assert DBTaskResult.objects.get().args_kwargs == {"args": [], "kwargs": {}}


def test_a_job_that_runs_again_sends_nothing_more():
    send_mail_template(TEMPLATE, to="ann@example.org", code="K7M-PX")
    send_waiting_mail()
    DBTaskResult.objects.update(status="READY")
    assert send_waiting_mail() == []


def test_no_commit_no_mail():
    with transaction.atomic():
        send_mail_template(TEMPLATE, to="ann@example.org", code="K7M-PX")
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()


def test_a_row_that_is_gone_gets_no_mail():
    ann = make_user("Ann")
    send_mail_template("account/email_confirmation", to=ann, user=ann, activate_url="http://testserver/x")
    ann.delete()
    assert send_waiting_mail() == []


def test_a_mail_server_that_is_away_leaves_the_job_to_be_tried_again(monkeypatch):
    def refuse(self):
        raise smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no")})

    send_mail_template(TEMPLATE, to="ann@example.org", code="K7M-PX")
    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMultiAlternatives, "send", refuse)
        with pytest.raises(AssertionError, match="MailNotSentError"):
            send_waiting_mail()
    job = DBTaskResult.objects.get()
    assert "ann@example.org" not in job.traceback
    DBTaskResult.objects.update(status="READY")
    assert len(send_waiting_mail()) == 1


def test_mail_goes_through_the_mail_queue():
    assert deliver_mail.queue_name == "mail"
