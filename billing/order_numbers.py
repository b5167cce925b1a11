"""The number by which people call an order, such as K7QM-3XPD: short enough to read out on the telephone.

It has no 0 or O and no 1, I or L, which look alike, and none of A, E, I, O and U, so that it is hardly
ever a word.
"""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
HALF = 4
WRITTEN_LENGTH = 2 * HALF + 1


def new_order_number() -> str:
    """Return a number at random, one of some 378,000 million. Whether an order has it is not asked."""
    return _written("".join(secrets.choice(ALPHABET) for _ in range(2 * HALF)))


def read_order_number(text: str) -> str:
    """Return the number that somebody typed in any case, with or without dash or spaces; else nothing."""
    signs = "".join(text.replace("-", "").split()).upper()
    is_one = text.isascii() and len(signs) == 2 * HALF and set(signs) <= set(ALPHABET)
    return _written(signs) if is_one else ""


def _written(signs: str) -> str:
    return f"{signs[:HALF]}-{signs[HALF:]}"
