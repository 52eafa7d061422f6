"""Gateways, lawful bases and the seven golden rules, read from data with the authority of each: no law stands in the code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Ground:
    """A gateway or a lawful basis. `recipients`: for whom it stands; empty where for everybody."""

    id: str
    name: str
    label: str
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class GoldenRule:
    """One of the seven questions that are answered before anything is told."""

    id: str
    question: str
    label: str


@cache
def gateways() -> Mapping[str, Ground]:
    """Every gateway, by its id."""
    return _grounds("gateway")


@cache
def bases() -> Mapping[str, Ground]:
    """Every lawful basis, by its id."""
    return _grounds("basis")


@cache
def golden_rules() -> tuple[GoldenRule, ...]:
    """The seven, in their order."""
    return tuple(GoldenRule(**each) for each in _said()["rule"])


def gateways_for(recipient: str) -> list[Ground]:
    """The gateways through which a kind of recipient can be told."""
    return [each for each in gateways().values() if not each.recipients or recipient in each.recipients]


def _grounds(kind: str) -> Mapping[str, Ground]:
    found = (Ground(**{**each, "recipients": tuple(each.get("recipients", ()))}) for each in _said()[kind])
    return MappingProxyType({each.id: each for each in found})


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads((_DATA / "law.toml").read_text(encoding="utf-8"))
