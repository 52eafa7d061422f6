"""The kinds of key that a person is looked up by, and what an agreement of each is worth, as measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import Code


class KeyKind(Code):
    """What a key of a person is made of."""

    NAME_DAY = "name_day", "Both names, or what they are short for, and the day of birth"
    SOUND_DAY = "sound_day", "The sounds of both names and the day of birth"
    TRANSPOSED = "transposed", "Both names and the day of birth, day and month either way round"
    STREET_NAME = "street_name", "Both names and a street name"
    INITIAL_DAY = "initial_day", "One name, the other's initial, the day of birth and the sex"
    NAME_YEAR = "name_year", "Both names and the year of birth, where one side knows no more than the year"


class Verdict(Code):
    """How sure an agreement of keys is; the surest first. Neither is an identification: a person rings and asks."""

    LIKELY = "likely", "Likely the same person"
    MAY_BE = "may_be", "May be the same person"


@dataclass(frozen=True, slots=True)
class Worth:
    """What one kind of key is worth.

    `finds`: share of pairs of mentions of one person by two agencies in which it agrees. `strangers`: of two million other
    people, how many agree with somebody who is asked after, on average.
    """

    verdict: Verdict
    finds: float
    strangers: float


WORTH: Final[Mapping[KeyKind, Worth]] = MappingProxyType(
    {
        KeyKind.NAME_DAY: Worth(Verdict.LIKELY, finds=0.584, strangers=0.0014),
        KeyKind.SOUND_DAY: Worth(Verdict.LIKELY, finds=0.631, strangers=0.0038),
        KeyKind.TRANSPOSED: Worth(Verdict.LIKELY, finds=0.202, strangers=0.0010),
        KeyKind.STREET_NAME: Worth(Verdict.LIKELY, finds=0.03, strangers=0.001),
        KeyKind.INITIAL_DAY: Worth(Verdict.MAY_BE, finds=0.683, strangers=0.035),
        KeyKind.NAME_YEAR: Worth(Verdict.MAY_BE, finds=0.07, strangers=0.46),
    }
)
"""[D] Likely: alone it meets a stranger in fewer than one check of a hundred among two million people pointed to. May be: in
fewer than one of ten, or, of the year, in about half of those few checks that know no day. Measured by
bench/deconfliction_people.py on seeds 3 and 4; docs/benchmarks.md reports it on others."""


def judge(agreeing: Iterable[KeyKind]) -> Verdict | None:
    """What agreeing keys are worth together: as much as the strongest, since all hang on the same names. None for none."""
    verdicts = {WORTH[kind].verdict for kind in agreeing}
    return next((each for each in Verdict if each in verdicts), None)
