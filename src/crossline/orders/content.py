"""What a saved text of an application holds, as plain values: answers by part, and the numbers and devices chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from crossline.orders.gathering import SCHEMES, Identifier
from crossline.orders.law import application
from crossline.wording import format_phone, format_span


@dataclass(frozen=True)
class Chosen:
    """A number or device as the application names it."""

    scheme: str
    value: str
    from_date: date | None
    to_date: date | None
    basis: str
    put_forward: bool = False

    @property
    def key(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def words(self) -> str:
        return f"{SCHEMES[self.scheme]} {format_phone(self.value)}"

    @property
    def period(self) -> str:
        return format_span(self.from_date, self.to_date, default="Not known")

    @classmethod
    def of(cls, identifier: Identifier) -> Chosen:
        """As the register offers it."""
        said = identifier
        return cls(said.scheme, said.value, said.from_date, said.to_date, said.basis, said.put_forward)


@dataclass(frozen=True)
class Content:
    """One version's answers and identifiers. The sentences are rows of their own, because each goes with its record."""

    answers: Mapping[str, str] = field(default_factory=dict)
    identifiers: tuple[Chosen, ...] = ()

    def answer(self, part: str) -> str:
        return self.answers.get(part, "").strip()

    def stored(self) -> dict[str, Any]:
        """As the row keeps it."""
        rows = [
            {**asdict(each), "from_date": _iso(each.from_date), "to_date": _iso(each.to_date)}
            for each in self.identifiers
        ]
        return {"answers": dict(self.answers), "identifiers": rows}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Content:
        """Back from the row."""
        rows = [
            {**each, "from_date": _day(each["from_date"]), "to_date": _day(each["to_date"])}
            for each in stored.get("identifiers", ())
        ]
        return cls(dict(stored.get("answers", {})), tuple(Chosen(**each) for each in rows))


def defaults() -> dict[str, str]:
    """The answers that a new application begins with."""
    return {part.id: part.default for part in application().parts if part.default}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
