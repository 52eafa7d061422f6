"""What an application and an order have to hold, read from data with the authority of each: no law stands in the code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_DATA: Final = Path(__file__).parent / "data"
DDTRO: Final = "ddtro"
"""The kind of order whose application is drawn up here; the others are followed."""
RANK, LINE, CHOICE, TEXT = "rank", "line", "choice", "text"
"""How a part is answered."""


@dataclass(frozen=True)
class Part:
    """One part of an application. `needed_if`: asked for only where another part was answered so."""

    id: str
    section: str
    title: str
    label: str
    prompt: str = ""
    kind: str = TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""
    needed_if: tuple[str, ...] = ()

    def is_needed(self, answers: Mapping[str, str]) -> bool:
        """Whether the application is not complete without it."""
        if self.needed_if:
            part, answer = self.needed_if
            return answers.get(part) == answer
        return self.required


@dataclass(frozen=True)
class DraftOrder:
    """The words of the order that the court is asked to make, with places for what the application says."""

    title: str
    label: str
    heard: str
    ordered: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Application:
    """Everything that an application is made of."""

    title: str
    short: str
    law: str
    authority: str
    banner: str
    working_days: int
    working_days_authority: str
    holidays_authority: str
    provisions: tuple[tuple[str, str], ...]
    ranks: Mapping[str, str]  # each with its label
    parts: tuple[Part, ...]
    order: DraftOrder

    def sections(self) -> Mapping[str, list[Part]]:
        """The parts under their headings, in order."""
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.section, []).append(part)
        return found


@dataclass(frozen=True)
class OrderKind:
    """One kind of order. `about`: line, person or address."""

    id: str
    short: str
    name: str
    test: str
    applicant: str
    court: str
    shortest: str
    about: str
    authority: str


@cache
def application() -> Application:
    """The application for a drug dealing telecommunications restriction order."""
    said = _read("telecommunications_restriction.toml")
    plain = {name: value for name, value in said.items() if not isinstance(value, list | dict)}
    return Application(
        **plain,
        provisions=tuple((each["text"], each["label"]) for each in said["provision"]),
        ranks=MappingProxyType({each["name"]: each["label"] for each in said["rank"]}),
        parts=tuple(Part(**_tuples(each)) for each in said["part"]),
        order=DraftOrder(**_tuples(said["order"])),
    )


@cache
def order_kinds() -> Mapping[str, OrderKind]:
    """Every kind of order, by its id."""
    kinds: Sequence[Mapping[str, str]] = _read("order_kinds.toml")["kind"]
    return MappingProxyType({each["id"]: OrderKind(**each) for each in kinds})


@cache
def parts_of(kind: str) -> tuple[Part, ...]:
    """The parts that an order of a kind has to be described by."""
    if kind == DDTRO:
        return application().parts
    return tuple(Part(**_tuples(each)) for each in _read("order_kinds.toml")["part"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
