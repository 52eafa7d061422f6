"""What the synthetic nation is made to: its sizes, its calendar and the figures of county lines, each once, with its basis.

Basis labels are those of the domain notes: [S] seen in a public source, [S2] seen quoted, [K] background knowledge,
[D] our own assumption, to be tuned. Figures about people and about ordinary policing stand in their own two modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T]):
    """One figure of the simulation: its value, the unit it is in and where it comes from."""

    value: T
    unit: str
    basis: str


class Scale(StrEnum):
    """How large a nation to write: `tiny` is for tests, `region` for a trial, `nation` for the real load."""

    TINY = "tiny"
    REGION = "region"
    NATION = "nation"


class Deliveries(StrEnum):
    """How often each agency sends: everything once at the year's end, or each month what is new or has changed in it."""

    YEARLY = "yearly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Size:
    """What a scale holds. `agencies` empty means every force there is; `overlaps` are the planted pairs of investigations."""

    agencies: tuple[str, ...]
    brands: int
    investigations: int
    overlaps: int
    reports: int
    homicides_known: tuple[int, int]


SIZES: Final[Mapping[Scale, Size]] = MappingProxyType(
    {
        Scale.TINY: Size(
            agencies=("metropolitan", "kent", "norfolk"),
            brands=6,
            investigations=4,
            overlaps=2,
            reports=150,
            homicides_known=(20, 100),
        ),
        Scale.REGION: Size(
            agencies=(
                *("metropolitan", "city-of-london", "kent", "essex", "suffolk", "norfolk"),
                *("sussex", "surrey", "hampshire", "thames-valley", "btp"),
            ),
            brands=60,
            investigations=15,
            overlaps=7,
            reports=5_000,
            homicides_known=(480, 600),
        ),
        Scale.NATION: Size(
            agencies=(),
            brands=1_000,
            investigations=200,
            overlaps=24,
            reports=250_000,
            homicides_known=(480, 600),
        ),
    }
)

WINDOW_FROM: Final = date(2025, 11, 1)
"""First day of the twelve months that the reports cover."""
WINDOW_TO: Final = date(2026, 10, 31)
"""Last day of them; deliveries are made on the day after."""

# --- lines -------------------------------------------------------------------------------------------------------------

LINE_REPORT_SHARE: Final = Parameter(
    0.20, "share of reports about county lines", "[D] most policing is about other things"
)
BRAND_LIFE_MEDIAN: Final = Parameter(270.0, "days", "[D] domain §1.9: brand life median 9 months")
BRAND_LIFE_SIGMA: Final = Parameter(0.8, "sd of log", "[D] long tail of brands that live for years")
BRAND_OPENED_BEFORE: Final = Parameter(
    230, "days before the window in which the oldest brands opened", "[S2] ~600 new lines identified a year"
)
NUMBER_LIFE_MEDIAN: Final = Parameter(42.0, "days", "[D] domain §1.9: median 6 weeks; comms §7 has 33 days")
NUMBER_LIFE_SIGMA: Final = Parameter(0.95, "sd of log", "[D] tail to over 2 years (domain §1.9)")
NUMBER_LIFE_RANGE: Final = Parameter((4, 900), "days", "[D] comms §7: 4 days and up; [S2] some numbers run for years")
NUMBER_KEPT_SHARE: Final = Parameter(
    0.62, "share of brands that keep one number throughout", "[D] set so that the stock is [S] about 2 numbers a brand"
)
GAP_DAYS_MAX: Final = Parameter(5, "days between two numbers", "[D] comms §7: 0-5 days")
OVERLAP_SHARE: Final = Parameter(0.15, "share of changes at which both numbers run 1-3 days", "[D] comms §7")
HANDSET_KEPT_SHARE: Final = Parameter(0.35, "share of changes that keep the handset", "[D] comms §7: 35 %")
SPLIT_SHARE: Final = Parameter(0.03, "share of lines that began by splitting off another", "[D] a few")
MERGE_SHARE: Final = Parameter(0.02, "share of closed lines that were taken over by another", "[D] a few")
INTERNAL_SHARE: Final = Parameter(0.12, "share of lines inside one force", "[D] domain §1.9: 90:10, internal rising")
MARKETS_WEIGHTS: Final = Parameter(
    (0.80, 0.13, 0.07), "share of lines with 1, 2, 3 market towns", "[D] comms §7: 80 % one"
)
MARKET_DISTANCE_MODE: Final = Parameter(95_000.0, "metres, hub to the likeliest market", "[D] an hour or two by rail")
MARKET_DISTANCE_RANGE: Final = Parameter((25_000.0, 420_000.0), "metres", "[D]")
MARKET_POPULATION: Final = Parameter((8_000, 220_000), "people in a market town", "[S] market, coastal and rural towns")
COAST_WEIGHT: Final = Parameter(2.2, "times as likely for a seaside town", "[S] coastal towns named; factor [D]")
HUB_POPULATION_MIN: Final = Parameter(60_000, "people", "[S] urban hubs; bound [D]")
ORIGIN_SHARES: Final = Parameter(
    MappingProxyType({"metropolitan": 0.33, "west-midlands": 0.13, "merseyside": 0.12, "greater-manchester": 0.07}),
    "share of external lines by exporting force; the rest by urban population",
    "[S] domain §1.9 scenario D (Met, June 2020) for London; the others [D] between the published scenarios",
)
DRUGS: Final = Parameter(
    MappingProxyType(
        {
            ("crack", "heroin"): 0.72,
            ("crack", "heroin", "cocaine"): 0.10,
            ("cocaine",): 0.08,
            ("cocaine", "cannabis"): 0.06,
            ("cannabis",): 0.04,
        }
    ),
    "share of lines",
    "[S] primarily crack and heroin; shares [D]",
)
BRAND_NAME_EXPONENT: Final = Parameter(
    0.75, "power of rank in a brand name's popularity", "[D] names recur across hubs"
)
GROUP_SHARE: Final = Parameter(0.45, "share of lines held by a mapped group", "[D] ~1,500 groups [S]")
GROUP_LINES_MAX: Final = Parameter(3, "lines of one group", "[D]")

NUMBER_LEARNT_MEDIAN: Final = Parameter(
    14.0,
    "days from a number's first use to an agency's knowing it as the line's",
    "[D] no source; monthly deliveries only",
)
NUMBER_LEARNT_SIGMA: Final = Parameter(0.8, "sd of log", "[D] nine in ten within about 5 weeks; some much later")

# --- people of a line --------------------------------------------------------------------------------------------------

RUNNERS_MEAN: Final = Parameter(4.0, "runners a line", "[D]")
RUNNER_CHILD_SHARE: Final = Parameter(0.52, "share of runners under 18", "[S] a third of those linked; ~40 % on rail")
RUNNER_CHILD_AGES: Final = Parameter(
    MappingProxyType({11: 0.01, 12: 0.02, 13: 0.06, 14: 0.15, 15: 0.24, 16: 0.28, 17: 0.24}),
    "share by age",
    "[S] min 11; 15-19 are 46 % of those linked; the shape [D]",
)
RUNNER_ADULT_AGES: Final = Parameter((18, 27), "years", "[S] 20-25: 29 %; bounds [D]")
HOLDER_AGES: Final = Parameter((19, 36), "years", "[D]")
MALE_SHARE: Final = Parameter(0.90, "share of people linked to lines", "[S] 89-91 % male")
RUNNER_FROM_HUB_SHARE: Final = Parameter(0.72, "share of runners from the hub; the rest are local", "[D]")
TENANTS_MEAN: Final = Parameter(2.6, "premises taken over, a line and market", "[D] 1-4 at once, 1-4 weeks each")
PREMISES_WEEKS: Final = Parameter((1, 4), "weeks one address is used", "[D] domain §1.9")
TENANT_AGES: Final = Parameter((24, 66), "years", "[D] adults with needs")
ASSOCIATES_MEAN: Final = Parameter(1.6, "associates of a holder who run nothing", "[D]")
CASH_ON_COURIER: Final = Parameter((180, 4_800), "pounds", "[S2] £1,000-£5,000 on child couriers; lower bound [D]")
TRAVEL_SHARES: Final = Parameter(
    MappingProxyType({"rail": 0.45, "hire car": 0.25, "private hire": 0.20, "coach": 0.10}),
    "share of journeys",
    "[D] domain §1.9: shares are not public",
)

# --- namespaces --------------------------------------------------------------------------------------------------------

DRAMA_FIRST: Final = Parameter(
    447_700_900_000, "first number of the range", "[S] Ofcom keeps 07700 900000-900999 for drama"
)
DRAMA_COUNT: Final = Parameter(1_000, "numbers in the range", "[S]")
PEOPLE_SUFFIXES: Final = Parameter(
    range(10_000), "namespace suffixes of the people side", "[D] the communications side uses 900001 and up"
)
AUTHORISATION_DAYS: Final = Parameter((90, 365), "days of records in one authorised set", "[D] comms §7")
