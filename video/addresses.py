"""Short-lived addresses of stored files: one call, whether they lie on this machine or in a bucket."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from video.models.clips import clip_store

SALT = "video.addresses"


@dataclass(frozen=True)
class StoredFile:
    """What a good address on this machine stands for."""

    name: str
    clip_id: int


class AddressOverError(Exception):
    """The address was good once; its time is over."""


def is_local() -> bool:
    """Whether films lie on this machine's disk, so that we serve them ourselves."""
    try:
        clip_store().path("")
    except NotImplementedError:
        return False
    return True


def address_of_file(request: HttpRequest, name: str, *, clip_id: int) -> str:
    """Return an address that plays the stored file ``name`` for CLIPS_ADDRESS_SECONDS.

    In a bucket: presigned by the store. On this machine: a token for this clip, person and browser session.
    """
    if not is_local():
        return clip_store().url(name)
    token = signing.dumps(
        {"name": name, "clip": clip_id, "viewer": viewer_of(request)}, salt=SALT, compress=True
    )
    return reverse("video:stored_file", args=[token])


def read_address(request: HttpRequest, token: str) -> StoredFile | None:
    """Return what the token stands for, or None if it is not the asker's or not ours.

    Raises AddressOverError when it was good.
    """
    try:
        found = signing.loads(token, salt=SALT, max_age=settings.CLIPS_ADDRESS_SECONDS)
    except signing.SignatureExpired:
        raise AddressOverError from None
    except signing.BadSignature:
        return None
    if not constant_time_compare(found["viewer"], viewer_of(request)):
        return None
    return StoredFile(found["name"], found["clip"])


def viewer_of(request: HttpRequest) -> str:
    """A mark of the person and the browser session, from which neither can be read."""
    person = request.user.pk if request.user.is_authenticated else "nobody"
    session = request.session.session_key if request.user.is_authenticated else ""
    return salted_hmac(SALT, f"{person}:{session}").hexdigest()[:24]
