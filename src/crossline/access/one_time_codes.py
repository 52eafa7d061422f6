"""Time-based one-time codes (RFC 6238, over RFC 4226): six digits that a device makes of a shared secret and the clock.

SHA-1, six digits and steps of thirty seconds, because every authenticator app knows those and many know nothing else. No
database and no clock here: whoever calls says what time it is.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from typing import Final
from urllib.parse import quote, urlencode

STEP: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1
"""Steps before and after the present one whose code is taken: RFC 6238 §5.2 allows for one, of slow typing and clocks."""
SECRET_BYTES: Final = 20
RECOVERY_CODES: Final = 10
_RECOVERY_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH: Final = 10


def new_secret() -> bytes:
    """A secret of 160 bits, as RFC 4226 §4 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def code_of(secret: bytes, step: int, *, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of one step: the truncation of RFC 4226 §5.3."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), digest).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_at(seconds: float) -> int:
    """The step of a time in seconds since 1970."""
    return int(seconds // STEP)


def step_of(code: str, secret: bytes, *, seconds: float) -> int | None:
    """The step near this time whose code it is, or None. Every candidate is compared, in constant time."""
    present = step_at(seconds)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found


def as_typed(code: str) -> str:
    """A code without the spaces and hyphens that people put in."""
    return re.sub(r"[\s-]+", "", code).lower()


def written(secret: bytes) -> str:
    """The secret as people type it into a device: base 32 in groups of four."""
    plain = base64.b32encode(secret).decode()
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """The otpauth:// address that authenticator apps open."""
    query = urlencode(
        {
            "secret": base64.b32encode(secret).decode(),
            "issuer": issuer,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP,
        },
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def new_recovery_codes() -> list[str]:
    """Codes that stand in for a lost device, of some 49 bits each, without letters that look like digits."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def new_password() -> str:
    """A temporary password that can be read out over the telephone."""
    return "-".join(_recovery_code()[:5] for _ in range(4))


def _recovery_code() -> str:
    return "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(_RECOVERY_LENGTH))
