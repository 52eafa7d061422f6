"""Numbers, handsets and plates that can never be real, and the ways people write them down.

A telephone number is one of Ofcom's drama numbers with a namespace suffix (`+447700900123#0042`). A handset has a test
type code (00…), a SIM the test network (001-01). A plate has the memory tag ZZ, which is never
issued, and a suffix. Postcodes stand in areas (ZA, ZB…) that Royal Mail has not; see geography.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from crossline.simulation.chance import Choice
from crossline.simulation.parameters import DRAMA_COUNT, DRAMA_FIRST, PEOPLE_SUFFIXES

_PLATE_LETTERS: Final = "ABCDEFGHJKLMNOPRSTUVWXYZ"
_STRIDE: Final = 379  # coprime with 1,000: neighbouring people do not get neighbouring numbers
_HANDSET_STRIDE: Final = 618_033_988_743  # coprime with 10^12, so that no two indexes share a handset
_SIM_STRIDE: Final = 3_819_660_113  # coprime with 10^10, likewise


def deal_number(index: int) -> str:
    """The n-th number of the people side, normalised."""
    suffix = index // DRAMA_COUNT.value
    if suffix not in PEOPLE_SUFFIXES.value:
        raise ValueError(f"number {index} is outside the suffixes kept for the people side")
    return f"+{DRAMA_FIRST.value + index * _STRIDE % DRAMA_COUNT.value}#{suffix:04d}"


def handset(index: int) -> str:
    """The n-th handset: 15 digits, test type code 00, right check digit."""
    body = f"00{(index + 1) * _HANDSET_STRIDE % 10**12:012d}"
    return body + str(_luhn(body))


def sim(index: int) -> str:
    """The n-th SIM: test network 001-01 and ten digits."""
    return f"00101{index * _SIM_STRIDE % 10**10:010d}"


def plate(index: int) -> str:
    """The n-th plate, spaced as on a car: memory tag ZZ, which is never issued, and a suffix."""
    letters, rest = [], index * 7_331 % 24**3
    for _ in range(3):
        rest, at = divmod(rest, 24)
        letters.append(_PLATE_LETTERS[at])
    return f"ZZ{51 + index % 25:02d} {''.join(letters)}#{index // 24**3:03d}"


def write_number(number: str, rng: Random) -> str:
    """A normalised number as somebody types it."""
    body, _, suffix = number.partition("#")
    national = "0" + body[3:]
    form = _NUMBER_FORMS.draw(rng)
    return form.format(area=national[1:5], local=national[5:], three=national[5:8], last=national[8:], suffix=suffix)


_NUMBER_FORMS: Final = Choice(
    {
        "0{area} {local}#{suffix}": 0.46,
        "0{area}{local}#{suffix}": 0.26,
        "+44 {area} {local} #{suffix}": 0.12,
        "+44{area}{local}#{suffix}": 0.06,
        "0044 {area} {local}#{suffix}": 0.04,
        "0{area}-{three}-{last}#{suffix}": 0.03,
        "(0{area}) {local} #{suffix}": 0.03,
    }
)


def write_plate(mark: str, rng: Random) -> str:
    """A plate as somebody types it."""
    way = rng.random()
    if way < 0.6:
        return mark
    if way < 0.9:
        return mark.replace(" ", "")
    return mark.replace(" ", "").lower()


def slip_digit(written: str, rng: Random) -> str:
    """A number copied down wrongly: one of the last six digits before the suffix is another."""
    head, hash_, suffix = written.partition("#")
    places = [at for at, char in enumerate(head) if char.isdigit()][-3:]
    if not places:
        return written
    at = places[rng.randrange(len(places))]
    return head[:at] + str((int(head[at]) + rng.randrange(1, 10)) % 10) + head[at + 1 :] + hash_ + suffix


def counter(first: int) -> Iterator[int]:
    """Indexes without end from `first`."""
    while True:
        yield first
        first += 1


def _luhn(body: str) -> int:
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return -total % 10
