"""The playlists that a player reads: measured from what ffmpeg wrote, written by ourselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from video.models import Rendition

FIRST_RUNG = "480"  # players begin with the first line: quick on a telephone, sharp enough elsewhere
SOUND_CODEC = "mp4a.40.2"


@dataclass(frozen=True)
class Measured:
    """What a playlist says about its file."""

    seconds: float
    peak_bits: int
    average_bits: int


def measure(playlist: str) -> Measured:
    """Read lengths and byte ranges: total seconds, and bits a second of the heaviest segment and of all."""
    lengths = [float(one) for one in re.findall(r"#EXTINF:([\d.]+)", playlist)]
    sizes = [int(one) for one in re.findall(r"#EXT-X-BYTERANGE:(\d+)", playlist)]
    seconds = sum(lengths)
    if not seconds or len(sizes) != len(lengths):
        raise ValueError("The playlist has no segments with byte ranges.")
    # A last segment of a few frames would look heavy; it counts only when there is no other.
    rates = [size * 8 / length for size, length in zip(sizes, lengths, strict=True) if length >= 0.5]
    rates = rates or [sum(sizes) * 8 / seconds]
    return Measured(seconds, round(max(rates)), round(sum(sizes) * 8 / seconds))


def picture_codec(file: Path) -> str:
    """The codec's name with profile and level, such as avc1.4d401f, from the file's head."""
    with file.open("rb") as opened:
        head = opened.read(8192)
    place = head.find(b"avcC")
    if place < 0:
        raise ValueError("The file is not H.264.")
    return "avc1." + head[place + 5 : place + 8].hex()


def master_playlist(renditions: Sequence["Rendition"]) -> str:
    """List the sizes, 480 first, each with the one sound."""
    sound = next((one for one in renditions if one.is_audio), None)
    pictures = [one for one in renditions if not one.is_audio]
    pictures.sort(key=lambda one: (one.name != FIRST_RUNG, -one.height))
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="2",URI="{sound.name}.m3u8"'
        )
    for one in pictures:
        peak, average, codecs, group = one.bitrate, one.average_bitrate, one.codecs, ""
        if sound:
            peak, average = peak + sound.bitrate, average + sound.average_bitrate
            codecs, group = f"{codecs},{sound.codecs}", ',AUDIO="sound"'
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},"
            f'RESOLUTION={one.width}x{one.height},CODECS="{codecs}"{group}'
        )
        lines.append(f"{one.name}.m3u8")
    return "\n".join(lines) + "\n"
