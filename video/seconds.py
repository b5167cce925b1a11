"""Sets of watched seconds as bytes: bit 0 of byte 0 is the first second."""

from collections.abc import Iterable


def from_ranges(ranges: Iterable[tuple[int, int]], length: int) -> bytes:
    """The seconds of half-open ranges [from, to), cut to a film of ``length`` seconds."""
    bits = 0
    for start, end in ranges:
        start, end = max(0, start), min(end, length)
        if start < end:
            bits |= ((1 << (end - start)) - 1) << start
    return _to_bytes(bits)


def merge(before: bytes, reported: bytes, *, at_most: int) -> bytes:
    """Both together, with at most so many seconds that are new, the earliest first."""
    old = int.from_bytes(before, "little")
    new = int.from_bytes(reported, "little") & ~old
    surplus = new.bit_count() - at_most
    while surplus > 0:
        new &= ~(1 << (new.bit_length() - 1))
        surplus -= 1
    return _to_bytes(old | new)


def count(bitmap: bytes) -> int:
    """How many seconds are in the set."""
    return int.from_bytes(bitmap, "little").bit_count()


def _to_bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
