"""Captions are read strictly, each mistake with its line, and written anew."""

import pytest
import webvtt

from video.captions import read_captions, write_vtt

GOOD = """\
WEBVTT - made by hand

NOTE nobody reads this

opening
00:01.000 --> 00:03.000 align:start
<v Nadia>Hello, <i>Mia</i>.
I&#39;ll wait &amp; see.

00:00:04.000 --> 00:00:06.500
[baby laughs]
"""


def read(text, duration_ms=20_000):
    return read_captions(text.encode(), duration_ms)


def test_good_captions_become_cues_with_speakers():
    found = read(GOOD)
    assert found.errors == []
    assert found.cues == [
        {"start_ms": 1000, "end_ms": 3000, "speaker": "Nadia", "text": "Hello, Mia.\nI'll wait & see."},
        {"start_ms": 4000, "end_ms": 6500, "speaker": "", "text": "[baby laughs]"},
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_fine():
    found = read_captions(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), 20_000)
    assert (found.errors, len(found.cues)) == ([], 2)


def test_what_we_write_another_reader_understands():
    text = write_vtt(read(GOOD).cues)
    again = webvtt.from_string(text)
    assert [(one.start, one.end, one.voice) for one in again] == [
        ("00:00:01.000", "00:00:03.000", "Nadia"),
        ("00:00:04.000", "00:00:06.500", None),
    ]
    assert read(text).cues == read(GOOD).cues


def test_words_cannot_bring_tags_into_what_we_write():
    cues = [{"start_ms": 0, "end_ms": 1000, "speaker": "A>\n<b", "text": "<script>&"}]
    assert write_vtt(cues).endswith("<v Ab>&lt;script&gt;&amp;\n")


def one_cue(times="00:01.000 --> 00:03.000", words="Hello."):
    return f"WEBVTT\n\n{times}\n{words}\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "must be WEBVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nHi\n", 1, "must be WEBVTT"),
        ("WEBVTT\n", 2, "no captions"),
        (one_cue("00:03.000 --> 00:01.000"), 3, "ends before it starts"),
        (one_cue("00:01.000 --> 00:01.000"), 3, "ends before it starts"),
        (one_cue("0:1 --> 0:2"), 3, "times cannot be read"),
        (one_cue("00:61.000 --> 00:62.000"), 3, "times cannot be read"),
        (one_cue("00:01,000 --> 00:02,000"), 3, "times cannot be read"),
        (one_cue("00:01.000 --> 00:09.000"), 3, "more than 7 seconds"),
        (one_cue("00:19.000 --> 00:21.000"), 3, "after the film"),
        (one_cue(words="One\nTwo\nThree"), 3, "More than 2 lines"),
        (one_cue(words="a" * 43), 4, "43 characters; 42 fit"),
        (one_cue("00:01.000 --> 00:02.000", "a" * 30), 3, "30 characters a second"),
        (one_cue(words="<script>x"), 4, "<script> is not allowed"),
        (one_cue(words="<img src=x>x"), 4, "not allowed"),
        (one_cue(words="<00:00:01.500>x"), 4, "not allowed"),
        (one_cue(words="<v A>One\n<v B>Two"), 4, "Two people"),
        (one_cue(words="<i></i>"), 3, "no words"),
        ("WEBVTT\n\nSTYLE\n::cue { color: red }\n", 3, "STYLE"),
        ("WEBVTT\n\nREGION\nid:a\n", 3, "REGION"),
        (one_cue() + "\n00:02.000 --> 00:04.000\nAgain.\n", 6, "before the one above it ends"),
        (one_cue("00:05.000 --> 00:06.000") + "\n00:02.000 --> 00:04.000\nBack.\n", 6, "in order"),
        (one_cue(words="He\0llo"), 1, "not text"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, line, words):
    found = read(text)
    assert any(remark.line == line and words in remark.text for remark in found.errors), found.errors


def test_a_file_that_is_not_utf_8_is_refused_with_the_line():
    found = read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nCaf\xe9\n".encode("latin-1"), 0)
    assert [remark.line for remark in found.errors] == [4]


def test_a_long_silence_is_only_a_warning():
    found = read(one_cue("00:12.000 --> 00:14.000"))
    assert found.errors == []
    assert "[sound]" in found.warnings[0].text


def test_without_a_known_length_the_end_is_not_judged():
    assert read(one_cue("09:19.000 --> 09:21.000"), duration_ms=0).errors == []
