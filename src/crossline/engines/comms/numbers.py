"""Numbers as call records write them: telephone numbers to one form, any other token kept as it stands."""

from __future__ import annotations

from hashlib import blake2b

from crossline.vocabulary.selectors import is_placeholder, normalise_phone

_SHORT = 6  # short codes and the plain ids of research releases: nothing to normalise


def number_of(text: str) -> str | None:
    """The one form of a party to a call; None when the text names nobody (blank, withheld, a filler).

    A telephone number becomes E.164, a synthetic one keeps its "#0042". An opaque token such as "u123" or a sender's
    name is kept as written, so that what comes out can be found again in what went in.
    """
    written = text.strip()
    if not written:
        return None
    if len(written) <= _SHORT and written.isascii() and written.isalnum():
        return None if is_placeholder(written) else written
    number = normalise_phone(written)
    if number is None:
        return None
    return number if number[0] in "+0123456789" else written


def id_of(number: str) -> int:
    """A 63-bit id of a number, the same on every machine and engine: what the analyses join on instead of text.

    Two of ten million numbers share an id about once in a hundred thousand data sets.
    """
    return int.from_bytes(blake2b(number.encode(), digest_size=8).digest(), "big") >> 1
