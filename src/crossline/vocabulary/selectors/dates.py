"""Dates as far as they are known: a year, a month of a year, or a day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_YEAR_FIRST: Final = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2})(?:[t ][0-9:.+\-z ]*)?)?)?")
_DAY_FIRST: Final = re.compile(r"(?:([0-9]{1,2})[-/. ])?([0-9]{1,2})[-/. ]([0-9]{4})")
_MONTH_IN_LETTERS: Final = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*)?([a-z]{3,9})[-/., ]*([0-9]{4})")
_EIGHT_DIGITS: Final = re.compile(r"(1[89][0-9]{2}|20[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTHS: Final = MappingProxyType(
    {
        name: number
        for number, name in enumerate(
            ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
        )
    }
)
_FIRST_YEAR, _LAST_YEAR = 1850, 2150
_EPOCHS: Final = frozenset({(1900, 1, 1), (1970, 1, 1), (1899, 12, 30), (1899, 12, 31)})


class Precision(StrEnum):
    """How far a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as far as it is known; `day` is never there without `month`."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        """How far it is known."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def earliest(self) -> date:
        """The first day it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it may be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def is_placeholder(self) -> bool:
        """1 January is what systems write when only the year is known; some first days of clocks say nothing at all."""
        return (self.month, self.day) == (1, 1) or self._is_epoch

    @property
    def evidence(self) -> PartialDate | None:
        """What may be relied on: the year of a 1 January, nothing of a clock's first day, else all of it."""
        if self._is_epoch:
            return None
        return PartialDate(self.year) if self.is_placeholder else self

    @property
    def _is_epoch(self) -> bool:
        return (self.year, self.month, self.day) in _EPOCHS

    def agrees_with(self, other: PartialDate) -> bool:
        """Could both be the same day?"""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def age_range_on(self, day: date) -> tuple[int, int]:
        """Youngest and oldest age in whole years that somebody born then may have on a day."""
        return _age(self.latest, day), _age(self.earliest, day)

    def __str__(self) -> str:
        """As ISO 8601: 2008, 2008-04 or 2008-04-11."""
        written = f"{self.year:04d}"
        if self.month is not None:
            written += f"-{self.month:02d}"
        if self.day is not None:
            written += f"-{self.day:02d}"
        return written


def parse_partial_date(text: str) -> PartialDate | None:
    """A date from ISO text, whole or partial, or as the British write it (11/04/2008, 11 Apr 2008); else None."""
    written = " ".join(text.casefold().split())
    if found := _YEAR_FIRST.fullmatch(written) or _EIGHT_DIGITS.fullmatch(written):
        return _checked(int(found[1]), _number(found[2]), _number(found[3]))
    if found := _DAY_FIRST.fullmatch(written):
        return _checked(int(found[3]), int(found[2]), _number(found[1]))
    if (found := _MONTH_IN_LETTERS.fullmatch(written)) and found[2][:3] in _MONTHS:
        return _checked(int(found[3]), _MONTHS[found[2][:3]], _number(found[1]))
    return None


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _checked(year: int, month: int | None, day: int | None) -> PartialDate | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return None
    return PartialDate(year, month, day)


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
