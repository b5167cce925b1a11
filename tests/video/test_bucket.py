"""The same code with a bucket, over the real protocol. moto checks neither signature nor expiry: this shows
that addresses have the right shape and that no film byte passes through us, not that the bucket is closed."""

from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer

from tests import factories as make
from video.services import withdraw_consent


@pytest.fixture
def bucket(settings, monkeypatch):
    """A bucket on this machine that the store "clips" uses."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}".replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    with urlopen(Request(f"{endpoint}/moto-api/reset", method="POST")):  # noqa: S310
        client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-west-2")
    client.create_bucket(Bucket="films", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    options = {
        "bucket_name": "films",
        "location": "clips",
        "endpoint_url": endpoint,
        "region_name": "eu-west-2",
        "signature_version": "s3v4",
        "addressing_style": "path",
        "querystring_auth": True,
        "querystring_expire": 120,
        "default_acl": None,
        "file_overwrite": False,
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "clips": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    yield client
    server.stop()


def keys(bucket):
    return {one["Key"] for one in bucket.list_objects_v2(Bucket="films").get("Contents", [])}


def test_the_lease_hands_out_presigned_addresses(bucket, as_, priya, rental, course):
    page = make.make_clip_page(course.session_page)
    urls = as_(priya).post(f"/clips/{page.pk}/lease/", "{}", content_type="application/json").json()["urls"]
    query = parse_qs(urlsplit(urls["480"]).query)
    assert query["X-Amz-Expires"] == ["120"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    with urlopen(Request(urls["480"], headers={"Range": "bytes=10-19"})) as answer:  # noqa: S310
        assert answer.status == 206
        assert answer.read() == bytes(range(10, 20))


def test_the_poster_is_sent_for_to_the_bucket(bucket, as_, priya, rental, course):
    page = make.make_clip_page(course.session_page)
    answer = as_(priya).get(f"/clips/{page.pk}/poster.jpg")
    assert answer.status_code == 302
    assert "X-Amz-Signature" in answer["Location"]


def test_our_own_door_for_files_is_shut(bucket, as_, priya, rental, course):
    page = make.make_clip_page(course.session_page)
    assert page.pk
    assert as_(priya).get("/films/anything/").status_code == 404


def test_withdrawing_deletes_the_objects(bucket, edith, rental, course):
    page = make.make_clip_page(course.session_page)
    assert any(key.endswith("480.mp4") for key in keys(bucket))
    withdraw_consent(clip=page.clip, actor=edith, now=timezone.now())
    assert {key.split("/")[1] for key in keys(bucket)} == {"originals"}
