"""HTTP ranges of one file (RFC 9110, section 14): a single range, or the whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_BYTES = 64 * 1024
PATTERN = re.compile(r"bytes=(\d{0,19})-(\d{0,19})$")


class RangeNotSatisfiableError(Exception):
    """The range asks for bytes that the file does not have: answer 416."""


@dataclass(frozen=True)
class ByteRange:
    """Bytes ``start`` to ``end``, both included."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start + 1


def read_range(header: str, size: int) -> ByteRange | None:
    """Read a Range header for a file of ``size`` bytes; None means the whole file.

    What is not one well-formed range is ignored, as the standard allows. Raises RangeNotSatisfiableError.
    """
    match = PATTERN.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        if not int(last) or not size:
            raise RangeNotSatisfiableError
        return ByteRange(max(0, size - int(last)), size - 1)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeNotSatisfiableError
    return ByteRange(start, end)


def blocks(file: BinaryIO, wanted: ByteRange) -> Iterator[bytes]:
    """The bytes of a range, a block at a time; closes the file."""
    with file:
        file.seek(wanted.start)
        left = wanted.length
        while left > 0 and (block := file.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block
