"""The second lock: authenticator app, recovery codes, passkeys."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tests.factories import PASSWORD, make_user
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
INLINE_SCRIPT = re.compile(r"<script(?![^>]*src=)(?![^>]*application/json)|<style|style=|onclick=")


@pytest.fixture
def ann():
    return make_user("Ann Hope", email="ann@example.org")


@pytest.fixture
def anns_client(as_, ann):
    """Ann, who has shown just now who she is."""
    client = as_(ann)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def code_for(secret: str) -> str:
    """What an authenticator app would show now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_setting_up_an_app_asks_who_it_is(as_, ann):
    assert as_(ann).get("/account/2fa/totp/activate/").url.startswith("/account/reauthenticate/")


def test_an_app_is_set_up_and_gives_recovery_codes(anns_client, ann, django_capture_on_commit_callbacks):
    page = anns_client.get("/account/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64' in page.content.decode()
    code = code_for(page.context["form"].secret)
    with django_capture_on_commit_callbacks(execute=True):
        response = anns_client.post("/account/2fa/totp/activate/", {"code": code})
    assert response.url == "/account/2fa/recovery-codes/"
    assert len(anns_client.get("/account/2fa/recovery-codes/").context["unused_codes"]) == 10
    assert {message.subject for message in send_waiting_mail()} >= {"Your authenticator app is set up"}


def test_a_wrong_code_does_not_set_it_up(anns_client, ann):
    anns_client.get("/account/2fa/totp/activate/")
    assert anns_client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.exists()


def test_with_an_app_the_password_alone_is_not_enough(client, ann):
    secret = TOTP.activate(ann, "JBSWY3DPEHPK3PXP").instance.wrap().instance.data["secret"]
    response = client.post("/account/login/", {"login": ann.email, "password": PASSWORD, "next": "/account/"})
    assert response.url == "/account/2fa/authenticate/"
    assert client.get("/account/").status_code == 302
    assert client.post("/account/2fa/authenticate/", {"code": "nonsense"}).status_code == 422
    assert client.post("/account/2fa/authenticate/", {"code": code_for(secret)}).url == "/account/"


def test_a_recovery_code_works_once(ann):
    TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(ann).get_unused_codes()[0]
    for client, is_in in ((Client(), True), (Client(), False)):
        client.post("/account/login/", {"login": ann.email, "password": PASSWORD})
        client.post("/account/2fa/authenticate/", {"code": code})
        assert (client.get("/account/").status_code == 200) is is_in


def test_guessing_codes_has_an_end(client, ann):
    TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    client.post("/account/login/", {"login": ann.email, "password": PASSWORD})
    statuses = [client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code for _ in range(12)]
    assert 429 in statuses


def test_the_app_is_turned_off_again(anns_client, ann):
    TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    assert anns_client.get("/account/2fa/totp/deactivate/").status_code == 200
    assert anns_client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_the_page_for_a_passkey_carries_its_options_as_data(anns_client):
    body = anns_client.get("/account/2fa/webauthn/add/").content.decode()
    options = json.loads(re.search(r'id="passkey-options"[^>]*>(.*?)</script>', body, re.S).group(1))
    assert options["creation_options"]["publicKey"]["rp"]["name"] == "Familiar Faces"
    assert not INLINE_SCRIPT.search(body)
    assert "dist/passkeys.js" in body


def test_signing_in_by_passkey_starts_with_a_challenge(client):
    response = client.get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert response.json()["request_options"]["publicKey"]["challenge"]


MADE_UP = [
    "",
    "{}",
    "[]",
    "3",
    "nonsense",
    '{"id": 3}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}, "clientExtensionResults": {}}',
]


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_made_up_passkey_is_not_added(anns_client, credential):
    anns_client.get("/account/2fa/webauthn/add/")
    sent = {"name": "Mine", "passwordless": "True", "credential": credential}
    assert anns_client.post("/account/2fa/webauthn/add/", sent).status_code == 422
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_made_up_passkey_does_not_sign_in(client, credential):
    client.get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"})
    response = client.post("/account/2fa/webauthn/login/", {"credential": credential})
    assert response.status_code < 500
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "page", ["", "totp/activate/", "webauthn/", "webauthn/add/", "recovery-codes/generate/"]
)
def test_the_pages_open_without_inline_script_or_style(anns_client, ann, page):
    if "generate" in page:
        TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    body = anns_client.get(f"/account/2fa/{page}").content.decode()
    assert "<h1>" in body
    assert not INLINE_SCRIPT.search(body)
