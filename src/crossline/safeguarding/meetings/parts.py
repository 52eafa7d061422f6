"""The parts of minutes and who may be given each, and when a late action goes to the centre: read from data."""

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
POLICE: Final = "police"
EVERYBODY: Final = "everybody"


@dataclass(frozen=True)
class Part:
    """One part. `to`: kinds of recipient as referrals have them, the police, or everybody who was invited."""

    id: str
    title: str
    prompt: str
    to: tuple[str, ...]
    label: str
    required: bool = False

    def is_for(self, capacity: str) -> bool:
        """Whether it may be given to a kind of recipient, or to the police."""
        return capacity in self.to or EVERYBODY in self.to


@cache
def parts() -> Mapping[str, Part]:
    """Every part by its id, in the order in which minutes show them."""
    return MappingProxyType({each["id"]: Part(**{**each, "to": tuple(each["to"])}) for each in _said()["part"]})


def escalated_after() -> timedelta:
    """How late an action is once the centre's coordinators see it as theirs to help with."""
    return timedelta(days=int(_said()["escalated_days"]))


def parts_authority() -> str:
    """On what the table of parts rests."""
    return str(_said()["authority"])


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads((_DATA / "minutes.toml").read_text(encoding="utf-8"))
