"""/dev/mail/: what the site would have sent, newest first."""

import os

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend

from elearning.dev_mail import dev_mail, read_messages


@pytest.fixture
def folder(tmp_path, settings):
    """Two messages in a folder, as Django writes them."""
    settings.EMAIL_FILE_PATH = tmp_path
    for number, subject in enumerate(["First", "Second: –"]):
        message = EmailMultiAlternatives(
            subject, "Open http://testserver/x/ now", "a@example.org", ["b@example.org"]
        )
        message.attach_alternative("<p>Open</p>", "text/html")
        EmailBackend(file_path=str(tmp_path)).send_messages([message])
        newest = max(tmp_path.glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1_000 + number, 1_000 + number))
    return tmp_path


def test_the_newest_comes_first(folder):
    assert [message.subject for message in read_messages(folder)] == ["Second: –", "First"]
    assert read_messages(folder)[0].to == "b@example.org"


@pytest.mark.django_db
def test_links_can_be_pressed(folder, rf):
    request = rf.get("/dev/mail/")
    request.user = AnonymousUser()
    body = dev_mail(request).content.decode()
    assert '<a href="http://testserver/x/"' in body


def test_an_empty_folder_is_no_trouble(tmp_path):
    assert read_messages(tmp_path / "nothing") == []


@pytest.mark.django_db
def test_it_is_not_there_outside_development(client):
    assert client.get("/dev/mail/").status_code == 404
