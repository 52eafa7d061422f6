"""The bystanders whose numbers are asked for by mistake, since from afar they look like a deal line; each rhythm once.

Every figure is [D], our own assumption: these are the hard negatives that a detector of deal lines must refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Bystander(StrEnum):
    """Who else sends many texts, or takes many short calls and rings back."""

    TAXI = "taxi office"
    TAKEAWAY = "takeaway"
    SURGERY = "surgery"
    SCHOOL = "school"
    CHURCH = "church group"
    DELIVERY = "delivery firm"


WORKING_DAYS: Final = (0, 1, 2, 3, 4)
EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one kind of bystander uses its phone. Hours are UK clock hours; weekdays count from Monday, 0.

    contacts        people on its list (median of a lognormal, sd of log 0.4)
    bulk_days       weekdays on which a text goes to many; bulk_hours: at which hours; bulk_chance: how surely
    bulk_share      share of the list each such text goes to
    bulk_seconds    how long the sending takes
    reply_share     share of those reached who text back within three hours
    calls_a_day     inbound calls, by weekday_factor and hours
    call_seconds    mean seconds of a call
    follow_share    share of inbound calls that it answers with a text or a call; follow_text: by text
    follow_minutes  within how many minutes
    outbound_a_day  calls it makes of its own
    """

    contacts: float
    hours: tuple[int, ...]
    weekday_factor: tuple[float, ...]
    calls_a_day: float
    call_seconds: float
    bulk_days: tuple[int, ...] = ()
    bulk_hours: tuple[float, ...] = ()
    bulk_chance: float = 1.0
    bulk_share: float = 0.0
    bulk_seconds: float = 120.0
    reply_share: float = 0.0
    follow_share: float = 0.0
    follow_text: float = 0.0
    follow_minutes: float = 15.0
    outbound_a_day: float = 0.0


LIST_SIGMA: Final = 0.4
CUSTOMER_SHARE: Final = 0.03
"""Share of a bystander's contacts who are also customers of the town's lines: they ring taxis and have doctors too."""

_NIGHTS = (6, 6, 5, 3, 2, 2, 3, 5, 6, 4, 3, 3, 4, 4, 4, 5, 6, 7, 8, 8, 8, 8, 9, 9)
_EVENING = (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 3, 1, 1, 4, 9, 12, 12, 10, 8, 5, 2)
_OFFICE = (0, 0, 0, 0, 0, 0, 0, 1, 10, 8, 6, 5, 4, 4, 5, 5, 4, 2, 0, 0, 0, 0, 0, 0)
_DAY = (0, 0, 0, 0, 0, 0, 0, 3, 6, 8, 8, 8, 7, 7, 7, 7, 6, 4, 2, 0, 0, 0, 0, 0)
_SOCIAL = (0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 4, 3, 3, 3, 3, 3, 3, 4, 6, 8, 7, 4, 1, 0)
_LEVEL = (1.0,) * 7
_OFFICE_WEEK = (1.6, 1.3, 1.2, 1.2, 1.2, 0.3, 0.2)

RHYTHMS: Final = MappingProxyType(
    {
        Bystander.TAXI: Rhythm(
            contacts=900, hours=_NIGHTS, weekday_factor=(0.8, 0.8, 0.85, 0.95, 1.3, 1.4, 0.9), calls_a_day=110,
            call_seconds=28, follow_share=0.75, follow_text=0.8, follow_minutes=15, outbound_a_day=15,
        ),
        Bystander.TAKEAWAY: Rhythm(
            contacts=450, hours=_EVENING, weekday_factor=(0.7, 0.75, 0.8, 0.9, 1.5, 1.5, 0.85), calls_a_day=45,
            call_seconds=55, bulk_days=(4,), bulk_hours=(16.5,), bulk_chance=0.8, bulk_share=0.6, bulk_seconds=180,
            reply_share=0.02, follow_share=0.08, follow_minutes=40, outbound_a_day=12,
        ),
        Bystander.SURGERY: Rhythm(
            contacts=2_400, hours=_OFFICE, weekday_factor=_OFFICE_WEEK, calls_a_day=8, call_seconds=150,
            bulk_days=WORKING_DAYS, bulk_hours=(9.0,), bulk_share=0.045, bulk_seconds=120, outbound_a_day=4,
        ),
        Bystander.SCHOOL: Rhythm(
            contacts=420, hours=_OFFICE, weekday_factor=_OFFICE_WEEK, calls_a_day=10, call_seconds=95,
            bulk_days=WORKING_DAYS, bulk_hours=(8.6, 15.2), bulk_chance=0.3, bulk_share=0.95, bulk_seconds=150,
            outbound_a_day=6,
        ),
        Bystander.CHURCH: Rhythm(
            contacts=65, hours=_SOCIAL, weekday_factor=(0.8, 0.8, 1.2, 0.8, 0.8, 1.0, 1.6), calls_a_day=5,
            call_seconds=320, bulk_days=(2, 6), bulk_hours=(18.0,), bulk_chance=0.9, bulk_share=0.9, bulk_seconds=90,
            reply_share=0.25, follow_share=0.2, follow_minutes=120, outbound_a_day=4,
        ),
        Bystander.DELIVERY: Rhythm(
            contacts=3_000, hours=_DAY, weekday_factor=(1.2, 1.2, 1.1, 1.1, 1.1, 0.9, 0.4), calls_a_day=18,
            call_seconds=40, bulk_days=(0, 1, 2, 3, 4, 5), bulk_hours=(7.6,), bulk_share=0.04, bulk_seconds=240,
            reply_share=0.04, follow_share=0.3, follow_text=0.3, follow_minutes=60, outbound_a_day=25,
        ),
    }
)  # fmt: skip
