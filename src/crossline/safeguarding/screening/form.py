"""The national screening form and the tools of others, read from data: every version that was ever used, and what it says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_DATA: Final = Path(__file__).parent / "data"
HIGHEST: Final = 3
"""The highest level of an answer: 0 no, 1 low, 2 medium, 3 high."""
LEVELS: Final[Mapping[int, str]] = MappingProxyType({1: "1, low", 2: "2, medium", 3: "3, high"})
SCORE, WORD = "score", "word"
"""How a local tool says its result."""


@dataclass(frozen=True)
class Domain:
    """One of the eight parts of the form."""

    id: str
    title: str


@dataclass(frozen=True)
class Question:
    """One question. `is_indicator`: whether a yes is a sign of exploitation, not only what makes somebody easier to exploit."""

    id: str
    domain: str
    text: str
    prompt: str
    source: str
    is_indicator: bool = True


@dataclass(frozen=True)
class Band:
    """One band, from a score upwards."""

    id: str
    title: str
    starts_at: int
    meaning: str
    source: str


@dataclass(frozen=True)
class Floor:
    """What the band never falls below, and for whom."""

    id: str
    band: str
    wording: str
    source: str
    ages: tuple[int, int] | None = None
    age_not_known: bool = False
    question: str = ""
    with_indicators: bool = False


@dataclass(frozen=True)
class Ground:
    """On what a judgement may rest. `may_lower`: whether it can be a ground for less."""

    id: str
    title: str
    may_lower: bool
    source: str


@dataclass(frozen=True)
class Form:
    """One version of the form. Bands stand lowest first."""

    version: int
    title: str
    in_force_from: date
    authority: str
    information_within: timedelta
    information_authority: str
    domains: tuple[Domain, ...]
    questions: tuple[Question, ...]
    bands: tuple[Band, ...]
    strong_level: int
    strong_band: str
    strong_source: str
    floors: tuple[Floor, ...]
    grounds: tuple[Ground, ...]

    def rank(self, band: str) -> int:
        """How high a band is; the lowest is 0."""
        return [each.id for each in self.bands].index(band)

    def band(self, band: str) -> Band:
        return self.bands[self.rank(band)]

    def highest(self, *bands: str) -> str:
        """The highest of several; of none the lowest there is."""
        return max((self.bands[0].id, *bands), key=self.rank)

    def question(self, question: str) -> Question | None:
        return next((each for each in self.questions if each.id == question), None)


@dataclass(frozen=True)
class ToolResult:
    """What a tool can say, and to which band that corresponds; to none where it does not tell. `starts_at`: of a score."""

    word: str
    band: str
    starts_at: int | None = None


@dataclass(frozen=True)
class Tool:
    """A tool of a force or partnership. `covers`: the questions of the newest form that it asks about too."""

    id: str
    name: str
    kind: str
    asked: str
    source: str
    covers: tuple[str, ...]
    results: tuple[ToolResult, ...]
    most: int = 0

    def result_of(self, said: str) -> ToolResult | None:
        """What a result as it was said amounts to; None where the tool cannot have said that."""
        if self.kind == WORD:
            return next((each for each in self.results if each.word == said), None)
        if not (said.isascii() and said.isdecimal()) or int(said) > self.most:
            return None
        return [each for each in self.results if each.starts_at is not None and each.starts_at <= int(said)][-1]


@cache
def forms() -> Mapping[int, Form]:
    """Every version by its number; none is ever changed once it was used."""
    found = [_form(_read(path.name)) for path in sorted(_DATA.glob("screening_*.toml"))]
    return MappingProxyType({each.version: each for each in found})


def newest() -> Form:
    """The version that a screening is made with now."""
    return forms()[max(forms())]


@cache
def tools() -> Mapping[str, Tool]:
    """Every local tool by its id."""
    found = (_tool(each) for each in _read("local_tools.toml")["tool"])
    return MappingProxyType({each.id: each for each in found})


def unasked(tool: Tool, form: Form) -> list[Question]:
    """The questions that a tool leaves unasked."""
    return [each for each in form.questions if each.id not in tool.covers]


def _form(said: Mapping[str, Any]) -> Form:
    return Form(
        version=said["version"],
        title=said["title"],
        in_force_from=said["in_force_from"],
        authority=said["authority"],
        information_within=timedelta(days=said["information_days"]),
        information_authority=said["information_authority"],
        domains=tuple(Domain(**each) for each in said["domain"]),
        questions=tuple(Question(**each) for each in said["question"]),
        bands=tuple(Band(**_renamed(each)) for each in said["band"]),
        strong_level=said["strong"]["level"],
        strong_band=said["strong"]["band"],
        strong_source=said["strong"]["source"],
        floors=tuple(
            Floor(**each | ({"ages": tuple(each["ages"])} if "ages" in each else {})) for each in said["floor"]
        ),
        grounds=tuple(Ground(**each) for each in said["ground"]),
    )


def _tool(said: Mapping[str, Any]) -> Tool:
    results = tuple(ToolResult(**_renamed(each)) for each in said["results"])
    return Tool(**{**said, "covers": tuple(said["covers"]), "results": results})


def _renamed(said: Mapping[str, Any]) -> dict[str, Any]:
    """`from` reads well in data, and is a word of the language here."""
    return {"starts_at" if name == "from" else name: value for name, value in said.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def grounds_of(form: Form, chosen: Sequence[str]) -> list[Ground]:
    """The grounds that were chosen, in the form's order."""
    return [each for each in form.grounds if each.id in chosen]
