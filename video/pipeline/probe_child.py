"""The child that opens a stranger's film: ``python -m video.pipeline.probe_child FILE READER``.

It reads packets but decodes nothing, and prints what it found as JSON. It imports neither Django nor anything
that knows a password.
"""

import json
import sys

import av

from video.pipeline.probing import FORMATS

OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS}


def look_at(path: str, reader: str) -> dict:
    """Measure the first picture stream and its length in seconds."""
    with av.open(path, format=reader, options=OPTIONS) as container:
        pictures, sounds = container.streams.video, container.streams.audio
        found = {
            "streams": len(container.streams),
            "has_picture": bool(pictures),
            "has_sound": bool(sounds),
            "width": 0,
            "height": 0,
            "rate": 0.0,
            "frames": 0,
            "seconds": 0.0,
        }
        if not pictures:
            return found
        stream = pictures[0]
        rate = stream.average_rate or stream.guessed_rate
        found |= {"width": stream.width, "height": stream.height, "rate": float(rate or 0)}
        count, last = 0, 0.0
        for packet in container.demux(stream):
            if packet.size:
                count += 1
                moment = packet.pts if packet.pts is not None else packet.dts
                if moment is not None:
                    last = max(last, float((moment + (packet.duration or 0)) * packet.time_base))
        start = float((stream.start_time or 0) * stream.time_base)
        said = float(stream.duration * stream.time_base) if stream.duration else 0.0
        # The header may promise more than the file holds; the longer counts, so that a cut is noticed.
        found |= {
            "frames": max(count, stream.frames or 0),
            "seconds": max(last - start, said) if count else 0.0,
        }
        return found


if __name__ == "__main__":
    json.dump(look_at(*sys.argv[1:3]), sys.stdout)
