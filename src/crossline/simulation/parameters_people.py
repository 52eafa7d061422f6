"""Figures about people and about how officers write them down, each once, with its basis (labels as in parameters.py)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.simulation.parameters import Parameter

# --- who there is ------------------------------------------------------------------------------------------------------

DOUBLE_BARRELLED: Final = Parameter(
    MappingProxyType({"british": 0.045, "caribbean": 0.07, "ghanaian": 0.04, "irish": 0.02}),
    "share by tradition",
    "[D]",
)
MIDDLE_NAME_SHARE: Final = Parameter(0.72, "share of people with a middle name", "[D]")
HOUSEHOLD_SIZE: Final = Parameter(
    MappingProxyType({1: 0.30, 2: 0.30, 3: 0.18, 4: 0.15, 5: 0.07}), "share of households", "[D]"
)
SHARED_SURNAME: Final = Parameter(0.84, "share of household members with the household's surname", "[D]")
SAME_NAME_STRANGER: Final = Parameter(
    0.02, "share of people named exactly as a stranger in the same force", "[D] a trap"
)
PHONES_WEIGHTS: Final = Parameter((0.12, 0.66, 0.22), "share with 0, 1, 2 telephones", "[D]")
PHONE_CHANGED: Final = Parameter(0.28, "share who changed number within the year", "[D]")
HOUSEHOLD_PHONE: Final = Parameter(0.06, "share who give a telephone they share with the household", "[D] a trap")
VEHICLE_SHARE: Final = Parameter(0.46, "share of adults with a vehicle", "[D]")
MOVED_SHARE: Final = Parameter(0.14, "share who moved home within the year", "[D]")
MONIKER_SHARE: Final = Parameter(0.62, "share of people linked to lines with a street name", "[D]")
MONIKER_SHARE_OTHERS: Final = Parameter(0.05, "share of others with one", "[D]")
ELSEWHERE_SHARE: Final = Parameter(0.04, "share of ordinary mentions of somebody whose home is in another force", "[D]")
LINE_PERSON_SHARE: Final = Parameter(
    0.03,
    "share of ordinary mentions of somebody who also stands behind a line",
    "[S] most have other offences; share [D]",
)

# --- how they are written ----------------------------------------------------------------------------------------------

ACCENTS_LOST: Final = Parameter(0.85, "chance that accents are left out", "[D]")
FORENAME_VARIANT: Final = Parameter(0.13, "chance of a short, familiar or other spelling where there is one", "[D]")
FORENAME_INITIAL: Final = Parameter(0.015, "chance of the initial alone", "[D]")
FORENAME_MISSING: Final = Parameter(0.012, "chance", "[D]")
TYPING_SLIP: Final = Parameter(0.022, "chance of a typing slip, for each name", "[D]")
NAMES_SWAPPED: Final = Parameter(0.007, "chance that forename and surname change places", "[D]")
SURNAME_VARIANT: Final = Parameter(0.045, "chance of another spelling where there is one", "[D]")
HALF_OF_DOUBLE: Final = Parameter(0.36, "chance that a double-barrelled name is written by one half", "[D]")
MIDDLE_WRITTEN: Final = Parameter(0.27, "chance that a middle name is written", "[D]")
MIDDLE_AS_FIRST: Final = Parameter(0.012, "chance that the middle name stands as the forename", "[D]")
DOB_MISSING: Final = Parameter(0.10, "chance", "[D]; custody and missing reports have it nearly always")
DOB_YEAR_ONLY: Final = Parameter(0.028, "chance", "[D]")
DOB_PLACEHOLDER: Final = Parameter(0.014, "chance of 1 January of the right year", "[D]")
DOB_SWAPPED: Final = Parameter(0.010, "chance that day and month change places, where both are 12 or less", "[D]")
DOB_SLIP: Final = Parameter(0.018, "chance of one wrong digit", "[D]")
DOB_MONTH_ONLY: Final = Parameter(0.006, "chance of year and month", "[D]")
SEX_MISSING: Final = Parameter(0.03, "chance", "[D]")
ALIAS_WRITTEN: Final = Parameter(0.34, "chance that a known street name is written", "[D]")
ALIAS_ONLY: Final = Parameter(0.05, "chance that intelligence about a line knows only the street name", "[D]")
NUMBER_SLIP: Final = Parameter(0.008, "chance of a wrong digit in a telephone number", "[D]")
PLATE_SLIP: Final = Parameter(0.010, "chance of a wrong letter in a plate", "[D]")
SECOND_NOMINAL: Final = Parameter(
    0.17,
    "chance that a force makes a second record of somebody it knows, at the second meeting",
    "[D] gives about 8 % of nominals",
)
PNC_SHARE: Final = Parameter(0.42, "share of adults and older children with a PNC-like id", "[D]")
PNC_WRITTEN: Final = Parameter(0.5, "chance that it is written in a custody record; a quarter of it elsewhere", "[D]")
