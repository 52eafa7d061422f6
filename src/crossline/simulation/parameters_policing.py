"""Figures about reports: how many of what kind, how graded and how handled, each once, with its basis."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.simulation.parameters import Parameter

ORDINARY_KINDS: Final = Parameter(
    MappingProxyType(
        {
            "shoplifting": 0.135,
            "domestic": 0.130,
            "traffic_stop": 0.120,
            "antisocial": 0.105,
            "burglary": 0.085,
            "possession": 0.075,
            "assault": 0.075,
            "missing_home": 0.045,
            "missing_care": 0.055,
            "search": 0.055,
            "vehicle_theft": 0.035,
            "welfare_concern": 0.035,
            "neighbours": 0.030,
            "local_dealer": 0.025,
            "burglary_intelligence": 0.025,
            "fraud": 0.020,
            "custody_other": 0.030,
            "warrant_other": 0.010,
            "hostel": 0.020,
        }
    ),
    "share of ordinary reports",
    "[D] loosely after the shares of police recorded crime",
)
RAILWAY_KINDS: Final = Parameter(
    MappingProxyType(
        {
            "fare_dispute": 0.26,
            "railway_theft": 0.24,
            "search": 0.16,
            "assault": 0.12,
            "possession": 0.10,
            "antisocial_station": 0.12,
        }
    ),
    "share of the railway police's ordinary reports",
    "[D]",
)
LINE_KINDS: Final = Parameter(
    MappingProxyType(
        {
            "advert": 0.125,
            "line_held": 0.095,
            "number_change": 0.06,
            "premises_intelligence": 0.09,
            "premises_visit": 0.115,
            "runner_arrest": 0.14,
            "runner_missing": 0.135,
            "vehicle_stop": 0.08,
            "rail_stop": 0.04,
            "partner_concern": 0.06,
            "violence": 0.055,
            "moniker_only": 0.035,
        }
    ),
    "share of the reports about lines",
    "[D]",
)
HANDLING_P: Final = Parameter(
    MappingProxyType({True: 0.50, False: 0.63}),
    "share with lawful sharing permitted, of hearsay and of what officers saw",
    "[D] about 60 % of all",
)
CONDITIONS_WRITTEN: Final = Parameter(0.78, "share of handling C with its conditions written out", "[D]")
TEXT_ONLY: Final = Parameter(0.012, "share of reports whose objects stand in the text alone", "[D]")
AUDIENCE_LISTED: Final = Parameter(0.03, "share of reports with an explicit list of agencies", "[D]")
SENSITIVE_SHARE: Final = Parameter(
    MappingProxyType({"intelligence": 0.55, "missing": 0.5, "concern": 0.7, "custody": 0.3, "visit": 0.35}),
    "share marked OFFICIAL-SENSITIVE by kind; 0.12 for others",
    "[D]",
)
SOURCE_GRADES: Final = Parameter((0.30, 0.62, 0.08), "share of intelligence from sources graded 1, 2, 3", "[D]")
INFORMATION_GRADES: Final = Parameter(
    MappingProxyType({"A": 0.30, "B": 0.24, "C": 0.24, "D": 0.20, "E": 0.02}), "share of intelligence", "[D]"
)
REPEAT_THRESHOLD: Final = Parameter(
    (3, 90), "episodes, in days: counted as repeated", "[D] domain §6.4: repeat count in 90 days"
)
DECOY_FAR_MISSING: Final = Parameter(0.05, "share of other missing children found far off, with family", "[D] a trap")
NEIGHBOUR_SUSPICION: Final = Parameter(
    0.3, "share of neighbour complaints that suspect drugs and are wrong", "[D] a trap"
)
