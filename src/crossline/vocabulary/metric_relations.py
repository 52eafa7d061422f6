"""How the intensification-week metrics hang together: parts and wholes, shares, and what must never be one series.

Relations that published weeks bear out: domain §8.3 [S]; tolerances cover their rounding [D].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PartsOfWhole:
    """How parts make a whole: `exhaustive` ones add up to it, others may not exceed it. `tolerance` is in its unit."""

    whole: str
    parts: tuple[str, ...]
    exhaustive: bool
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A published percentage: `part` as a share of `whole`, rounded to `decimals`."""

    share: str
    part: str
    whole: str
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class Breach:
    """Figures that cannot all be right."""

    relation: PartsOfWhole
    whole_value: float
    parts_total: float


RELATIONS: Final[tuple[PartsOfWhole, ...]] = (
    PartsOfWhole("ARR_T", ("ARR_M", "ARR_F"), exhaustive=False),  # sex is not always recorded
    PartsOfWhole("ARR_T", ("ARR_ADULT", "ARR_CHILD"), exhaustive=True),
    PartsOfWhole("CHG_N", ("CHG_MSA", "CHG_DRUG"), exhaustive=False),
    PartsOfWhole("CHG_DRUG", ("CHG_DRUG_A", "CHG_DRUG_B"), exhaustive=False),
    PartsOfWhole("SG_T", ("SG_ADULT", "SG_CHILD"), exhaustive=True),
    PartsOfWhole("SG_T", ("SG_F", "SG_M"), exhaustive=False),
    PartsOfWhole("SG_ADULT", ("SG_F_A", "SG_M_A"), exhaustive=False),
    PartsOfWhole("SG_CHILD", ("SG_F_C", "SG_M_C"), exhaustive=False),
    PartsOfWhole("SG_F", ("SG_F_A", "SG_F_C"), exhaustive=True),
    PartsOfWhole("SG_M", ("SG_M_A", "SG_M_C"), exhaustive=True),
    PartsOfWhole("LINE_CLOSED", ("LINE_CLOSED_T1", "LINE_CLOSED_T2"), exhaustive=True),
    PartsOfWhole("W_TOTAL", ("W_BLADED", "W_FIREARM", "W_OTHER"), exhaustive=True),
    PartsOfWhole("W_FIREARM", ("W_FIREARM_S1", "W_FIREARM_S5", "W_FIREARM_IMIT"), exhaustive=True),
    PartsOfWhole("W_BLADED", ("W_KNIFE", "W_MACHETE", "W_SWORD", "W_ZOMBIE"), exhaustive=False),
    PartsOfWhole("W_OTHER", ("W_CROSSBOW", "W_KNUCK"), exhaustive=False),
    PartsOfWhole("D_CLASSA_KG", ("D_CRACK_KG", "D_HEROIN_KG", "D_COKE_KG"), exhaustive=False, tolerance=0.15),
    PartsOfWhole("D_CLASSA_G", ("D_CRACK_G", "D_HEROIN_G", "D_COKE_G"), exhaustive=False, tolerance=150.0),
    PartsOfWhole("D_VALUE_A", ("D_CRACK_GBP", "D_HEROIN_GBP", "D_COKE_GBP"), exhaustive=False),
    PartsOfWhole("D_VALUE_AB", ("D_VALUE_A",), exhaustive=False),
    PartsOfWhole("OPS", ("JOINT_OPS",), exhaustive=False),
)
"""Parts and wholes. Where sex may be unrecorded the parts may fall short; where they must add up, they must."""

SHARES: Final[tuple[ShareOf, ...]] = (
    ShareOf("ARR_ADULT_PCT", "ARR_ADULT", "ARR_T"),
    ShareOf("ARR_CHILD_PCT", "ARR_CHILD", "ARR_T"),
)

SUBSTITUTED: Final[tuple[tuple[str, ...], ...]] = (("LINE_ID", "LINE_DISR", "LINE_SEIZED", "LINE_CLOSED", "DEV_LINE"),)
"""Metrics that press notices use for one another and that must never be charted as one series. [S] domain §8.4"""


def breaches(values: Mapping[str, float]) -> list[Breach]:
    """Relations that given figures break. With a part missing, the others still may not exceed the whole."""
    found = []
    for relation in RELATIONS:
        if relation.whole not in values:
            continue
        present = [values[part] for part in relation.parts if part in values]
        whole, total = values[relation.whole], sum(present)
        over = total > whole + relation.tolerance
        short = len(present) == len(relation.parts) and total < whole - relation.tolerance
        if over or (relation.exhaustive and short):
            found.append(Breach(relation, whole, total))
    return found
