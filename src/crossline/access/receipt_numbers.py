"""Numbers of receipts: short enough to be read out on the telephone, drawn by chance so that they tell of no others."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misheard and misread."""
GROUPS, IN_A_GROUP = 3, 4


def receipt_number(prefix: str) -> str:
    """A number such as X-7F3K-2QWX-9ABC: 60 bits by chance, so that two alike are not to be expected in a million million."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))
    return "-".join([prefix, *groups])
