"""Captions: read a WebVTT file strictly, keep cues as data, write our own file from them."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 500_000
MAX_CUE_MS = 7_000
MAX_LINES = 2
MAX_LINE_LENGTH = 42
MAX_CHARACTERS_A_SECOND = 20
SILENCE_MS = 10_000
END_LEEWAY_MS = 500  # captions made with another program may end a moment after the last picture

TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"\s*{TIME}\s+-->\s+{TIME}(?:\s.*)?$")
TAG = re.compile(r"<[^>]*>?")
VOICE = re.compile(r"<v(?:\.[^ >]+)?\s+([^>]+)>")
KNOWN_TAGS = re.compile(r"</?(?:v|i|b|c|lang)(?:[.\s][^>]*)?>$")


@dataclass(frozen=True)
class Remark:
    """What is wrong or doubtful in a line of the file."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}"


@dataclass
class Captions:
    """The cues of a file, and what is wrong with it. Cues are worth keeping only without errors."""

    cues: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def read_captions(content: bytes, duration_ms: int) -> Captions:
    """Read a WebVTT file for a film of ``duration_ms`` (0: not known yet) and check every rule."""
    found = Captions()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found.errors.append(Remark(line, "This is not UTF-8 text. Save the file with the encoding UTF-8."))
        return found
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if "\0" in text:
        found.errors.append(Remark(1, "There is a character in the file that is not text."))
    if lines[0] != "WEBVTT" and not lines[0].startswith(("WEBVTT ", "WEBVTT\t")):
        found.errors.append(Remark(1, "The first line must be WEBVTT."))
    for number, block in blocks_of(lines):
        read_block(number, block, found)
    if not found.cues and not found.errors:
        found.errors.append(Remark(len(lines), "There are no captions in the file."))
    check_times(found, duration_ms)
    found.errors.sort(key=lambda remark: remark.line)
    for cue in found.cues:
        del cue["line"]
    return found


def blocks_of(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Pieces between empty lines, after the head, each with the number of its first line (from 1)."""
    start, block = 0, []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            start = start if block else number
            block.append(line)
        elif block:
            if start > 1 or "-->" in "".join(block[:2]):
                yield start, block
            block = []


def read_block(number: int, block: list[str], found: Captions) -> None:
    """Read one cue; notes are passed over, styles and regions refused."""
    kind = block[0].split()[0]
    if kind == "NOTE":
        return
    if kind in ("STYLE", "REGION"):
        found.errors.append(Remark(number, f"{kind} blocks are not used here. Take it out."))
        return
    if "-->" not in block[0] and len(block) > 1:  # the cue's own name
        number, block = number + 1, block[1:]
    match = TIMING.match(block[0])
    if not match:
        example = "00:00:04.000 --> 00:00:06.500"
        found.errors.append(Remark(number, f"The times cannot be read. They look like this: {example}"))
        return
    numbers = [int(part or 0) for part in match.groups()]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (numbers[:4], numbers[4:]))
    cue = {"line": number, "start_ms": start, "end_ms": end, **read_words(number, block[1:], found)}
    found.cues.append(cue)


def read_words(number: int, lines: list[str], found: Captions) -> dict[str, str]:
    """The speaker and the plain words of a cue; checks tags and lengths."""
    raw = "\n".join(lines)
    for offset, line in enumerate(lines, start=1):
        unknown = [tag for tag in TAG.findall(line) if not KNOWN_TAGS.match(tag)]
        if unknown:
            found.errors.append(
                Remark(number + offset, f"{unknown[0]} is not allowed. Only v, i, b, c and lang are.")
            )
    voices = [html.unescape(voice).strip() for voice in VOICE.findall(raw)]
    if len(set(voices)) > 1:
        found.errors.append(Remark(number + 1, "Two people speak in one caption. Make two of it."))
    words = [html.unescape(TAG.sub("", line)).strip() for line in lines]
    words = [line for line in words if line]
    if not words:
        found.errors.append(Remark(number, "This caption has no words."))
    if len(words) > MAX_LINES:
        found.errors.append(Remark(number, f"More than {MAX_LINES} lines. Make two captions of it."))
    for offset, line in enumerate(words, start=1):
        if len(line) > MAX_LINE_LENGTH:
            found.errors.append(
                Remark(number + offset, f"{len(line)} characters; {MAX_LINE_LENGTH} fit on a line.")
            )
    return {"speaker": voices[0] if voices else "", "text": "\n".join(words)}


def check_times(found: Captions, duration_ms: int) -> None:
    """Order, overlap, length, reading speed, the film's end, long silence."""
    previous_start = previous_end = 0
    for cue in found.cues:
        for is_wrong, text in time_rules(cue, previous_start, previous_end, duration_ms):
            if is_wrong:
                found.errors.append(Remark(cue["line"], text))
        if cue["start_ms"] - previous_end > SILENCE_MS:
            found.warnings.append(
                Remark(cue["line"], "More than 10 seconds without a caption. Is there a [sound] to tell?")
            )
        previous_start, previous_end = cue["start_ms"], max(previous_end, cue["end_ms"])


def time_rules(
    cue: dict[str, Any], previous_start: int, previous_end: int, duration_ms: int
) -> list[tuple[bool, str]]:
    """Each rule about the times of one cue: is it broken, and how to say so."""
    length = cue["end_ms"] - cue["start_ms"]
    speed = len(cue["text"].replace("\n", " ")) * 1000 / length if length > 0 else 0
    is_in_order = cue["start_ms"] >= previous_start
    return [
        (length <= 0, "The caption ends before it starts."),
        (not is_in_order, "The caption starts before the one above it. Put them in order."),
        (is_in_order and cue["start_ms"] < previous_end, "The caption starts before the one above it ends."),
        (length > MAX_CUE_MS, "The caption stays for more than 7 seconds. Make two of it."),
        (
            speed > MAX_CHARACTERS_A_SECOND,
            f"{speed:.0f} characters a second; {MAX_CHARACTERS_A_SECOND} can be read. Shorten it.",
        ),
        (
            bool(duration_ms) and cue["end_ms"] > duration_ms + END_LEEWAY_MS,
            f"The caption ends after the film, which is {clock(duration_ms)[:-4]} long.",
        ),
    ]


def clock(milliseconds: int) -> str:
    """A time as WebVTT writes it: 00:00:04.000."""
    seconds, ms = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def write_vtt(cues: Sequence[dict[str, Any]]) -> str:
    """Write our own WebVTT from cues; nothing of an author's file is ever passed on as it was."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        words = html.escape(cue["text"], quote=False)
        speaker = re.sub(r"[<>&\n]", "", cue["speaker"])
        voice = f"<v {speaker}>" if speaker else ""
        parts.append(f"\n{clock(cue['start_ms'])} --> {clock(cue['end_ms'])}\n{voice}{words}\n")
    return "".join(parts)
