"""What may be known of a line when it is put in order. Lines are ranked, never people.

There is deliberately no field for ethnicity, nationality, religion, sex, age of a suspect, a person's home
or whether somebody is a victim: what is not here cannot be weighed. None always means not known, never nought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Harm(StrEnum):
    """The harms a force returns for a line, each 0 to 5 (formats, lines.csv)."""

    CHILD_EXPLOITATION = "child_exploitation"
    VIOLENCE = "violence"
    WEAPONS = "weapons"
    SEXUAL_VIOLENCE = "sexual_violence"
    ADULT_EXPLOITATION = "adult_exploitation"
    DRUG_HARM = "drug_harm"


@dataclass(frozen=True)
class HarmReturn:
    """The harms of a line as one agency sees them. Whichever agency sees a harm, it is the line's harm."""

    agency: str
    levels: Mapping[Harm, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class LineFacts:
    """One line. Counts are not negative; grades are 0 to 5."""

    line: str
    harm_returns: tuple[HarmReturn, ...] = ()
    forces_touched: int | None = None  # exporting and importing forces together
    numbers_in_year: int | None = None  # deal numbers in the last twelve months
    customers: int | None = None  # estimate, from distinct contacts
    days_since_seen: int | None = None
    holder_attribution: int | None = None  # 0-5: how strongly the number is attributed to a holder
    holder_located: bool | None = None
    number_live: bool | None = None  # the current deal number is known and in use
    investigation_open: bool | None = None
    child_at_imminent_risk: bool = False  # a person has said so: comes before every score
