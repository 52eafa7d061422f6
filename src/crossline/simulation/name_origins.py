"""Which naming traditions the residents of a district follow, from its ethnic groups at the census.

Only for making people up in proportion and for checking that errors of matching fall on nobody more than on others. The
shares of traditions within an ethnic group are [D]; the residents by ethnic group are [S] (Census 2021, lad_ethnicity_2021.csv).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from crossline.simulation.chance import Choice

DATA: Final = Path(__file__).parent / "data"

_BRITISH: Final = MappingProxyType({"british": 1.0})
_MIXED: Final = MappingProxyType(
    {"british": 0.5, "caribbean": 0.1, "ghanaian": 0.1, "arab": 0.1, "chinese": 0.1, "spanish_latin": 0.1}
)
_AFRICAN: Final = MappingProxyType(
    {
        "yoruba": 0.22,
        "igbo": 0.10,
        "ghanaian": 0.20,
        "somali": 0.18,
        "eritrean_ethiopian": 0.08,
        "central_southern_african": 0.12,
        "sierra_leone_gambian": 0.10,
    }
)
_INDIAN: Final = MappingProxyType({"gujarati": 0.35, "punjabi": 0.40, "south_indian": 0.25})
_OTHER_ASIAN: Final = MappingProxyType(
    {"tamil": 0.30, "nepali": 0.15, "filipino": 0.15, "afghan": 0.20, "vietnamese": 0.10, "iranian": 0.10}
)
_OTHER: Final = MappingProxyType(
    {"kurdish_iraqi": 0.2, "turkish": 0.15, "iranian": 0.15, "afghan": 0.2, "spanish_latin": 0.15, "punjabi": 0.15}
)
_OTHER_WHITE: Final = MappingProxyType(
    {
        "polish": 0.28,
        "romanian": 0.20,
        "lithuanian_latvian": 0.10,
        "bulgarian": 0.06,
        "albanian": 0.06,
        "portuguese_brazilian": 0.08,
        "italian": 0.08,
        "spanish_latin": 0.05,
        "turkish": 0.05,
        "british": 0.04,
    }
)
_OTHER_BLACK: Final = MappingProxyType({"caribbean": 0.4, "yoruba": 0.2, "somali": 0.2, "ghanaian": 0.2})

# The end of the group's name as the two censuses print it, longest first where one ends another.
_GROUPS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "Northern Irish or British": _BRITISH,
        "White: Irish": {"irish": 1.0},
        "Gypsy or Irish Traveller": {"traveller": 1.0},
        "White: Irish Traveller": {"traveller": 1.0},
        "White: Roma": {"roma": 1.0},
        "Other White": _OTHER_WHITE,
        "Indian": _INDIAN,
        "Pakistani": {"pakistani": 1.0},
        "Bangladeshi": {"bangladeshi": 1.0},
        "Chinese": {"chinese": 1.0},
        "Filipino": {"filipino": 1.0},
        "Other Asian": _OTHER_ASIAN,
        "White and Black Caribbean": {"british": 0.5, "caribbean": 0.5},
        "White and Black African": {"british": 0.45, "yoruba": 0.2, "ghanaian": 0.2, "somali": 0.15},
        "White and Asian": {"british": 0.5, "pakistani": 0.2, "punjabi": 0.15, "gujarati": 0.15},
        "Other Mixed or Multiple ethnic groups": _MIXED,
        "Mixed ethnic groups": _MIXED,
        "Other Black": _OTHER_BLACK,
        "Caribbean": {"caribbean": 1.0},
        "African": _AFRICAN,
        "Arab": {"arab": 0.75, "kurdish_iraqi": 0.25},
        "Any other ethnic group": _OTHER,
        "Other ethnicities": _OTHER,
        "White": {"british": 0.55, "irish": 0.45},  # Northern Ireland's single group
    }
)
_ELSEWHERE: Final = MappingProxyType(  # districts the carrier has no census for (Scotland), [D]
    {
        "british": 0.895,
        "irish": 0.025,
        "polish": 0.025,
        "pakistani": 0.02,
        "punjabi": 0.01,
        "yoruba": 0.01,
        "chinese": 0.015,
    }
)


@cache
def traditions_by_district() -> Mapping[str, Choice[str]]:
    """For each district of the 2021 census: a draw of naming traditions in proportion to its residents."""
    weights: dict[str, dict[str, float]] = {}
    with (DATA / "lad_ethnicity_2021.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = weights.setdefault(row["lad21_code"], {})
            for tradition, share in _shares(row["ethnic_group"]).items():
                found[tradition] = found.get(tradition, 0.0) + share * int(row["residents"])
    return MappingProxyType({code: Choice(sorted(found.items())) for code, found in weights.items()})


@cache
def traditions_elsewhere() -> Choice[str]:
    """For districts without a census in the carrier, or made since (a few were merged in 2023)."""
    return Choice(_ELSEWHERE)


def _shares(group: str) -> Mapping[str, float]:
    for ending, shares in _GROUPS.items():
        if group == ending or group.endswith(ending):
            return shares
    raise ValueError(f"no naming traditions for the ethnic group {group!r}: add it to name_origins")
