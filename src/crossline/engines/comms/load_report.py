"""What is told of a file of call records that was read: counts, and each refusal with its line and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

REFUSALS_LISTED = 100


class Refusal(StrEnum):
    """Why one row is not taken in; the value is the sentence a person reads."""

    SHAPE = "the line cannot be split into columns (too many commas, or not UTF-8)"
    START = "the time cannot be read; write it as 2026-03-02T14:10:00+00:00"
    OFFSET = "the time has no offset, so it may be an hour out; add +00:00 or +01:00"
    TYPE = "the type is none of voice, sms, mms, data"
    PARTY = "from or to names no number"
    NUMBERS = "neither end is a number of the authorisation"
    PERIOD = "the time is outside the authorised period"

    @property
    def column(self) -> str:
        """The column a row is refused for."""
        return _COLUMNS[self]


_COLUMNS = MappingProxyType(
    {
        Refusal.SHAPE: "start",
        Refusal.START: "start",
        Refusal.OFFSET: "start",
        Refusal.TYPE: "type",
        Refusal.PARTY: "from",
        Refusal.NUMBERS: "from",
        Refusal.PERIOD: "start",
    }
)


@dataclass(frozen=True)
class RefusedRow:
    """One refused row: its line in the file, why, and the value it was refused for."""

    line: int
    reason: Refusal
    value: str


@dataclass(frozen=True)
class LoadReport:
    """What became of a file's rows: `rows` = `accepted` + all of `refused` + `duplicates`."""

    rows: int
    accepted: int
    refused: Mapping[Refusal, int]
    refused_rows: tuple[RefusedRow, ...]  # the first hundred
    duplicates: int
    period: tuple[datetime, datetime] | None  # first and last accepted start, UTC
    numbers: int  # distinct subjects
    unknown_columns: tuple[str, ...]
    notes: tuple[str, ...]
