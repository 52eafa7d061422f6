"""How assertions read as sentences, from either end: “Runs for” a line; a line “has as a runner”."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import AssertionType

PHRASES: Final[Mapping[AssertionType, tuple[str, str]]] = MappingProxyType(
    {
        AssertionType.USES: ("Uses", "Is used by"),
        AssertionType.LIVES_AT: ("Lives at", "Is the home of"),
        AssertionType.DRIVES: ("Drives", "Is driven by"),
        AssertionType.OWNS: ("Owns", "Belongs to"),
        AssertionType.ASSOCIATES_WITH: ("Associates with", "Associates with"),
        AssertionType.CONTROLS: ("Controls", "Is controlled by"),
        AssertionType.RUNS_FOR: ("Runs for", "Has as a runner"),
        AssertionType.STORES_AT: ("Stores goods at", "Stores goods of"),
        AssertionType.FOUND_AT: ("Was found at", "Found here:"),
        AssertionType.TRAVELS_TO: ("Travels to", "Is visited by"),
        AssertionType.EXPLOITED_BY: ("Is exploited by", "Exploits"),
        AssertionType.VICTIM_OF: ("Is a victim of", "Has as a victim"),
        AssertionType.SEIZED_FROM: ("Was seized from", "Lost to seizure:"),
        AssertionType.SOLD_AT: ("Is sold at", "Sold here:"),
        AssertionType.SUCCEEDED_BY: ("Was succeeded by", "Succeeded"),
        AssertionType.TAKES_ORDERS_ON: ("Takes orders on", "Takes the orders of"),
        AssertionType.SELLS_IN: ("Sells in", "Is a market of"),
        AssertionType.EXPORTS_FROM: ("Is run from", "Run from here:"),
    }
)
"""(read forwards, read backwards) for every type; a test walks the list."""


def phrase(type_: str, *, forwards: bool) -> str:
    """The words that stand between the one a page is about and the other."""
    return PHRASES[AssertionType(type_)][0 if forwards else 1]
