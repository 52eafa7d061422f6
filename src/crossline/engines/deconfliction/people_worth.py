"""The kinds of key that a person is looked up by, and what an agreement of each is worth, as measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from crossline.engines.deconfliction.verdicts import Verdict, surest
from crossline.vocabulary.codes import Code


class KeyKind(Code):
    """What a key of a person is made of."""

    NAME_DAY = "name_day", "Both names, or what they are short for, and the day of birth"
    SOUND_DAY = "sound_day", "The sounds of both names and the day of birth"
    TRANSPOSED = "transposed", "Both names and the day of birth, day and month either way round"
    STREET_NAME = "street_name", "Both names and a street name"
    INITIAL_DAY = "initial_day", "One name, the other's initial, the day of birth and the sex"
    NAME_YEAR = "name_year", "Both names and the year of birth, where one side knows no more than the year"


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
        KeyKind.NAME_DAY: Worth(Verdict.LIKELY, finds=0.584, strangers=0.0008),
        KeyKind.SOUND_DAY: Worth(Verdict.LIKELY, finds=0.632, strangers=0.0026),
        KeyKind.TRANSPOSED: Worth(Verdict.LIKELY, finds=0.202, strangers=0.0004),
        KeyKind.STREET_NAME: Worth(
            Verdict.LIKELY, finds=0.018, strangers=0.0057
        ),  # where 62 % have one, as round lines
        KeyKind.INITIAL_DAY: Worth(Verdict.MAY_BE, finds=0.683, strangers=0.031),
        KeyKind.NAME_YEAR: Worth(Verdict.MAY_BE, finds=0.065, strangers=0.033),
    }
)
"""[D] Likely: a kind by which fewer than one check in a hundred meets a stranger among two million people pointed to. May be:
fewer than one in ten. Fitted by bench/deconfliction_people.py on seeds 3, 4 and 21; docs/benchmarks.md reports other seeds."""


def judge(agreeing: Iterable[KeyKind]) -> Verdict | None:
    """What agreeing keys are worth together: as much as the strongest, since all hang on the same names. None for none."""
    return surest(WORTH[kind].verdict for kind in agreeing)
