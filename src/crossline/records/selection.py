"""The selection of the list of records as its address gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet

from crossline.records.models import Record
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import RecordKind
from crossline.wording import format_month

KINDS: Final = [(str(kind), kind.meaning) for kind in RecordKind]


@dataclass(frozen=True)
class RecordSelection:
    """What was chosen; empty where nothing was. `month` is 2026-03, the month in which the record was made."""

    kind: str = ""
    agency: str = ""
    month: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> RecordSelection:
        """From an address; a word that is on no list chooses nothing."""
        kind, agency, month = (given.get(name, "") for name in ("kind", "agency", "month"))
        return cls(
            kind=kind if kind in dict(KINDS) else "",
            agency=agency if agency in agencies() else "",
            month=month if _first_day(month) else "",
        )

    def within(self, records: QuerySet[Record]) -> QuerySet[Record]:
        """The records of these that are in the selection."""
        if self.kind:
            records = records.filter(kind=self.kind)
        if self.agency:
            records = records.filter(owner_id=self.agency)
        if first := _first_day(self.month):
            records = records.filter(made_at__year=first.year, made_at__month=first.month)
        return records

    def chosen(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The filters in use, each with the address that takes it away."""
        words = {
            "kind": ("Kind", dict(KINDS).get(self.kind, "")),
            "agency": ("Sent by", agencies()[self.agency].short_name if self.agency else ""),
            "month": ("Made in", format_month(self.month) if self.month else ""),
        }
        in_use = {name: getattr(self, name) for name, (_, said) in words.items() if said}
        return [
            (words[name][0], [(words[name][1], "?" + urlencode({n: v for n, v in in_use.items() if n != name}))])
            for name in in_use
        ]


def _first_day(month: str) -> date | None:
    try:
        return date.fromisoformat(f"{month}-01") if len(month) == len("2026-03") else None
    except ValueError:
        return None
