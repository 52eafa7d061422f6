"""What can be exported and how: the columns of the contract (docs/formats.md §3), and the formats each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from crossline.errors import UsageError


class What(StrEnum):
    """What can be exported. `flows` is ours, beside the contract's."""

    PEOPLE = "people"
    PHONES = "phones"
    ADDRESSES = "addresses"
    VEHICLES = "vehicles"
    LINES = "lines"
    LINE_NUMBERS = "line-numbers"
    SUCCESSIONS = "successions"
    OVERLAPS = "overlaps"
    PRIORITIES = "priorities"
    CONCERNS = "concerns"
    RETURNS = "returns"
    FIGURES = "figures"
    FLOWS = "flows"


class Format(StrEnum):
    """How it can be written."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GRAPHML = "graphml"
    STIX = "stix"
    FTM = "ftm"
    I2 = "i2"


_MENTIONS: Final = ("entity", "agency", "ref", "key")
_OVERLAPS: Final = ("left_agency", "left_ref", "right_agency", "right_ref", "kind", "scheme", "value")
_LINES: Final = (
    "line",
    "name",
    "status",
    "first_seen",
    "last_seen",
    "exporting_agency",
    "importing_agencies",
    "numbers",
    "holders",
    "score",
    "score_low",
    "score_high",
    "rank",
)
_RETURNS: Final = ("campaign", "metric", "value", "unit", "agencies_reporting", "agencies_missing", "status")
_FIGURES: Final = ("figure", "definition", "version", "period", "area", "value", "numerator", "denominator", "note")
_PRIORITIES: Final = ("line", "rank", "rank_low", "rank_high", "risk", "vulnerability", "opportunity")

COLUMNS: Final[Mapping[What, tuple[str, ...]]] = MappingProxyType(
    {
        What.PEOPLE: _MENTIONS,
        What.PHONES: _MENTIONS,
        What.ADDRESSES: _MENTIONS,
        What.VEHICLES: _MENTIONS,
        What.LINES: _LINES,
        What.LINE_NUMBERS: ("line", "number", "from_date", "to_date", "basis"),
        What.SUCCESSIONS: ("old_number", "new_number", "date", "score", "shared_contacts"),
        What.OVERLAPS: _OVERLAPS,
        What.PRIORITIES: _PRIORITIES,
        What.CONCERNS: ("entity", "agency", "ref", "key", "reason", "raised_at"),
        What.RETURNS: _RETURNS,
        What.FIGURES: _FIGURES,
        What.FLOWS: ("exporting_agency", "importing_agency", "lines"),
    }
)
"""The columns of each, in their order. Several values in one cell stand between semicolons."""

TABLES: Final = frozenset({Format.CSV, Format.JSON, Format.XLSX})
NETWORKS: Final = frozenset({Format.GRAPHML, Format.STIX, Format.FTM, Format.I2})
WITH_NETWORKS: Final = frozenset({What.PEOPLE, What.PHONES, What.ADDRESSES, What.VEHICLES, What.LINES})
NAMING: Final = frozenset({What.OVERLAPS, What.SUCCESSIONS, What.LINE_NUMBERS})
"""The tables that say a name, a number or an address of somebody. Numbers of lines are the lines'."""
WITH_PLACES: Final = frozenset({What.LINES, What.FLOWS, What.FIGURES})

CONTENT_TYPES: Final[Mapping[Format, str]] = MappingProxyType(
    {
        Format.CSV: "text/csv; charset=utf-8",
        Format.JSON: "application/json",
        Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format.GEOJSON: "application/geo+json",
        Format.GRAPHML: "application/graphml+xml",
        Format.STIX: "application/stix+json;version=2.1",
        Format.FTM: "application/x-ndjson",
        Format.I2: "text/csv; charset=utf-8",
    }
)
EXTENSIONS: Final[Mapping[Format, str]] = MappingProxyType(
    {
        Format.CSV: "csv",
        Format.JSON: "json",
        Format.XLSX: "xlsx",
        Format.GEOJSON: "geojson",
        Format.GRAPHML: "graphml",
        Format.STIX: "stix.json",
        Format.FTM: "ftm.jsonl",
        Format.I2: "i2.csv",
    }
)


@dataclass(frozen=True)
class Wanted:
    """One thing in one format it has."""

    what: What
    format: Format

    def file_name(self, number: str) -> str:
        """What the file is called: with the number of this export, by which it is found in the ledger."""
        return f"{self.what}-{number}.{EXTENSIONS[self.format]}"

    @property
    def names_people(self) -> bool:
        """Whether it says names, numbers or addresses, so that a victim's are withheld; the others give references only."""
        return self.format in NETWORKS or self.what in NAMING


def formats_of(what: What) -> tuple[Format, ...]:
    """The formats that this can be written in, in their order."""
    has = TABLES
    has = has | NETWORKS if what in WITH_NETWORKS else has
    has = has | {Format.GEOJSON} if what in WITH_PLACES else has
    return tuple(each for each in Format if each in has)


def wanted(what: str, format_: str) -> Wanted:
    """The words of a request. Raises UsageError, in a sentence that names what is possible."""
    if what not in frozenset(What):
        raise UsageError(f"{what!r} cannot be exported; choose one of {', '.join(What)}.")
    if format_ not in frozenset(Format):
        raise UsageError(f"{format_!r} is no export format; choose one of {', '.join(Format)}.")
    possible = formats_of(What(what))
    if Format(format_) not in possible:
        having = ", ".join(each for each in What if Format(format_) in formats_of(each))
        raise UsageError(
            f"{what} cannot be written as {format_}, which is for {having}; it can be written as {', '.join(possible)}."
        )
    return Wanted(What(what), Format(format_))
