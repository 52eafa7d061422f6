"""Numbers, handsets and SIMs of the communications side, and streams of chance keyed by name.

The deal numbers come from the people side. Everybody else here gets a drama number with a six-digit suffix from 900001,
so that the two never meet. Inside the simulation a number is its code, an int32; it is written out only at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossline.simulation.parameters import DRAMA_COUNT, DRAMA_FIRST
from crossline.vocabulary.selectors import imei_check_digit

FIRST_SUFFIX: Final = 900_001
_OURS: Final = re.compile(r"#9\d{5}$")

Codes = NDArray[np.int32]


def chance(seed: int, *names: str | int) -> np.random.Generator:
    """A stream of its own for each name: the same whatever else is drawn, in whatever order, on whatever machine."""
    digest = sha256("\x1f".join(map(str, names)).encode()).digest()
    key = tuple(int(word) for word in np.frombuffer(digest, dtype="<u4"))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


@dataclass(frozen=True, slots=True)
class PersonalPhone:
    """A person's own phone, as the people side knows it. `number` is normalised."""

    number: str
    imei: str
    imsi: str


class Directory:
    """Every number of the simulation as a code: those given by the people side, then ours in order of reserving."""

    def __init__(self, given: Iterable[str]) -> None:
        self._given = tuple(sorted(set(given)))
        clashing = [number for number in self._given if _OURS.search(number)]
        if clashing:
            raise ValueError(f"{clashing[0]}: suffixes from {FIRST_SUFFIX} are kept for the communications side")
        self._codes = {number: code for code, number in enumerate(self._given)}
        self._next = len(self._given)

    def code(self, number: str) -> int:
        """The code of a number given by the people side."""
        return self._codes[number]

    def reserve(self, count: int) -> int:
        """The first of `count` codes nobody else has."""
        first = self._next
        self._next += count
        return first

    @property
    def count(self) -> int:
        """Codes given out so far."""
        return self._next

    def written(self, codes: Codes) -> list[str]:
        """Normalised numbers of the codes, in their order."""
        own = len(self._given)
        return [self._given[code] if code < own else _our_number(code - own) for code in codes.tolist()]


def _our_number(index: int) -> str:
    suffix, drama = divmod(index, DRAMA_COUNT.value)
    return f"+{DRAMA_FIRST.value + drama}#{FIRST_SUFFIX + suffix}"


def handset_and_sim(seed: int, name: str) -> tuple[str, str]:
    """An IMEI (test type code 00, right check digit) and an IMSI (test network 001-01) for a phone we invent."""
    rng = chance(seed, "handset", name)
    body = f"00{rng.integers(10**12):012d}"
    return body + imei_check_digit(body), f"00101{rng.integers(10**10):010d}"
