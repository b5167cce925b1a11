"""Ranges of a stored film (RFC 9110), answered by ourselves where films lie on this machine."""

import pytest

from video.ranges import ByteRange, RangeNotSatisfiableError, read_range

BYTES = bytes(range(100))


@pytest.fixture
def get(as_, priya, rental, clip_page):
    """Get the film of 100 bytes with a Range header."""
    client = as_(priya)
    address = client.post(f"/clips/{clip_page.pk}/lease/", "{}", content_type="application/json").json()[
        "urls"
    ]["480"]

    def get(header="", method="get"):
        headers = {"Range": header} if header else {}
        return getattr(client, method)(address, headers=headers)

    return get


def body(response):
    return b"".join(response.streaming_content)


def test_without_a_range_the_whole_file_comes(get):
    answer = get()
    assert (answer.status_code, answer["Content-Length"], answer["Accept-Ranges"]) == (200, "100", "bytes")
    assert answer["Content-Type"] == "video/mp4"
    assert "no-store" in answer["Cache-Control"]
    assert body(answer) == BYTES


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [("bytes=0-9", 0, 9), ("bytes=90-", 90, 99), ("bytes=-5", 95, 99), ("bytes=-500", 0, 99),
     ("bytes=50-5000", 50, 99), ("bytes=99-99", 99, 99)],
)  # fmt: skip
def test_a_range_comes_as_206(get, header, start, end):
    answer = get(header)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/100"
    assert answer["Content-Length"] == str(end - start + 1)
    assert body(answer) == BYTES[start : end + 1]


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_beyond_the_end_gets_416(get, header):
    answer = get(header)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */100")


@pytest.mark.parametrize(
    "header", ["bytes=5-2", "bytes=a-b", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=" + "9" * 40 + "-"]
)
def test_what_is_not_one_range_is_passed_over(get, header):
    assert get(header).status_code == 200


def test_head_says_how_long_without_sending(get):
    answer = get(method="head")
    assert (answer.status_code, answer["Content-Length"]) == (200, "100")


def test_nginx_sends_the_bytes_where_the_setting_says_so(get, settings):
    settings.CLIPS_ACCEL = True
    answer = get("bytes=0-9")
    assert answer["X-Accel-Redirect"].startswith("/_clips/renditions/")
    assert answer.content == b""


def test_an_empty_file_has_no_range():
    with pytest.raises(RangeNotSatisfiableError):
        read_range("bytes=-1", 0)
    assert read_range("bytes=0-0", 1) == ByteRange(0, 0)
