"""Keyed tokens: what a pointer and a check are looked up by, so that the table holds no number and no name."""

from __future__ import annotations

import hmac
from typing import Final

from django.conf import settings

TOKEN_BYTES: Final = 16


def token(text: str) -> bytes:
    """The token of a text of the form `kind:value`, under this installation's key."""
    return _keyed(f"token {text}")[:TOKEN_BYTES]


def key_mark() -> str:
    """Which key it is, telling nothing of it: pointers made under another one are made again."""
    return _keyed("mark of the key").hex()[:12]


def _keyed(text: str) -> bytes:
    key: bytes = settings.DECONFLICTION_KEY
    return hmac.digest(key, text.encode(), "sha256")
