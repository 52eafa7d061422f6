"""The parts of a safety plan and the questions about outcomes, with their clocks: read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_DATA: Final = Path(__file__).parent / "data"
NOT_KNOWN: Final = "not_known"
"""The answer that asks again."""
THE_END: Final = "end"


@dataclass(frozen=True)
class PlanPart:
    """One part of a plan, with where it comes from."""

    id: str
    title: str
    prompt: str
    source: str
    label: str
    required: bool = False


@dataclass(frozen=True)
class Point:
    """A point in time at which outcomes are asked for, in days from when the plan was opened; at the end of it for 0."""

    id: str
    title: str
    days: int
    label: str


@dataclass(frozen=True)
class Question:
    """One question with its closed list of answers, "not known" the last of them."""

    id: str
    title: str
    values: tuple[tuple[str, str], ...]
    label: str


@cache
def plan_parts() -> Mapping[str, PlanPart]:
    """Every part by its id, in the order in which a plan shows them."""
    return MappingProxyType({each["id"]: PlanPart(**each) for each in _said("safety_plan")["part"]})


def longest_until_review() -> timedelta:
    """The longest that a plan stands without being reviewed."""
    return timedelta(days=int(_said("safety_plan")["longest_review_days"]))


@cache
def points() -> Mapping[str, Point]:
    """Every point in time by its id, in their order."""
    return MappingProxyType({each["id"]: Point(**each) for each in _said("outcomes")["point"]})


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its id."""
    return MappingProxyType({each["id"]: _question(each) for each in _said("outcomes")["question"]})


def asked_again_after() -> timedelta:
    """When a question that was answered "not known" is asked again."""
    return timedelta(days=int(_said("outcomes")["again_days"]))


def _question(said: Mapping[str, Any]) -> Question:
    values = tuple((value, words) for value, words in said["values"])
    return Question(**{**said, "values": (*values, (NOT_KNOWN, "Not known"))})


@cache
def _said(file: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{file}.toml").read_text(encoding="utf-8"))
