"""The figures that the synthetic communications data is made to, each once, with its unit and its basis.

Basis labels as in `parameters`: [S] seen in a public source, [S2] seen quoted, [D] our own assumption, to be swept.
No public source gives a number's retention of customers, the texts a customer gets or the share of orders by app.
Shares are of one, times of day are UK clock hours. The rhythms of bystanders stand in their own module.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.simulation.parameters import Parameter, Scale

RECORDS_TARGET: Final = Parameter(
    MappingProxyType({Scale.TINY: 8_000, Scale.REGION: 400_000, Scale.NATION: 20_000_000}),
    "rows over all sets",
    "[D] what a trial, a region's investigations and a nation's hold",
)

# --- how a world is fitted to the rows asked for: rates first, then windows, then lists ------------------------------

ACTIVITY_RANGE: Final = Parameter((0.6, 1.5), "factor on blast and order rates", "[D] stays inside the bands seen")
WINDOW_SHARE_MIN: Final = Parameter(0.25, "share of an authorised period kept", "[D] before lists are touched")
WINDOW_DAYS_MIN: Final = Parameter(21, "days", "[D] two or three weeks are needed to see a succession")
WINDOW_DAYS_LAST: Final = Parameter(7, "days", "[D] last resort, when a very small world is asked for")
LIST_RANGE: Final = Parameter((0.3, 2.5), "factor on the sizes of contact lists", "[D]")

# --- customers of a line ---------------------------------------------------------------------------------------------

LIST_MEDIAN: Final = Parameter(80.0, "customers of a number", "[S] >100 on a seized phone (ITV 2021); median [D]")
LIST_SIGMA: Final = Parameter(0.5, "sd of log", "[D]")
LIST_MIN: Final = Parameter(8, "customers", "[D]")
POWDER_LIST_SHARE: Final = Parameter(0.3, "share of cocaine-only lines with a very long list", "[D]")
POWDER_LIST_MEDIAN: Final = Parameter(600.0, "customers", "[D] between the crack line and the longest list seen")
LIST_MAX: Final = Parameter(2_000, "customers", "[S] >2,000 contacts on one West Midlands phone (LBC)")
OTHER_LINES_MEAN: Final = Parameter(1.2, "other lines a customer uses, Poisson", "[S] in kind (IDMU 2025); number [D]")
POOL_FLOOR: Final = Parameter(2.5, "times the mean list", "[D] a town with two lines has not the same users on both")
POOL_OVER_LONGEST: Final = Parameter(1.25, "times the longest list", "[D] no line has all the users of a town")
POOL_LOAD: Final = Parameter(1.6, "list places for each user of a town", "[D] gives 1 + 1.2 lines for each who has any")
RECRUIT_FROM_TOWN: Final = Parameter(0.8, "share of recruits that the town's other lines know", "[D]")
FIRST_MARKET_SHARE: Final = Parameter(0.6, "share of the list in the first of several markets", "[D]")
ORDER_RATE: Final = Parameter((0.25, 0.9), "orders a customer-day, by line", "[S] in shape (IDMU 2025); bounds [D]")
ORDER_SIGMA: Final = Parameter(0.9, "sd of log of one user's rate", "[D] mean far above the median")
ORDER_RATE_MAX: Final = Parameter(6.0, "orders a customer-day, one user", "[D]")
APP_SHARE: Final = Parameter((0.10, 0.60), "share of orders by app, in no call record", "[S] in kind; number [D]")
GROWTH: Final = Parameter((0.03, 0.05), "net growth of a list a week", "[D]")
CHURN: Final = Parameter(0.03, "share of customers who leave a line a week", "[D]")
CUSTOMER_NUMBER_LIFE: Final = Parameter(400.0, "mean days a customer keeps a number", "[D] occasional")

# --- what happens to the list when the line changes number -----------------------------------------------------------

KEPT_SHARE: Final = Parameter((0.35, 0.95), "share of customers kept at a change", "[D] uniform; sweep 0.2-0.95")
REFILL_SHARE: Final = Parameter((0.2, 0.6), "share of those lost won anew from others", "[D]")
REFILL_DAYS: Final = Parameter(21, "days in which they are won", "[D]")
SPLIT_TAKES: Final = Parameter((0.3, 0.6), "share of customers a line that splits off takes along", "[D]")
LIST_BOUGHT_CHANCE: Final = Parameter(0.10, "chance at a change that a list is bought from another line", "[D]")
LIST_BOUGHT_SHARE: Final = Parameter((0.3, 0.6), "share of that line's list", "[D]")
RHYTHM_REDRAWN: Final = Parameter(0.5, "chance that a blast hour is redrawn at a change", "[D] partly")
STRAY_DAYS: Final = Parameter(10, "days after its end on which a number is still tried", "[D]")
STRAY_RATE: Final = Parameter(0.15, "of the usual orders on the first such day", "[D] falls by e every 3 days")
STRAY_FALL_DAYS: Final = Parameter(3.0, "days", "[D]")
TEST_CHANCE: Final = Parameter(0.3, "chance that a new SIM is tried out before its start", "[D]")
TEST_DAYS: Final = Parameter(5, "days before its start", "[D]")

# --- a deal line's day -----------------------------------------------------------------------------------------------

BLASTS_A_DAY: Final = Parameter(
    (0.25, 0.30, 0.30, 0.15), "share of lines with 1, 2, 3, 4", "[S] 60+ texts a day; shares [D]"
)
BLAST_HOURS: Final = Parameter(
    ((9.0, 11.5), (15.5, 18.5), (12.5, 14.5), (19.0, 21.0)),
    "clock hours, in the order taken up",
    "[D] morning and late afternoon",
)
BLAST_JITTER: Final = Parameter(1.0, "hours either way of the fixed hour", "[D]")
BLAST_CHANCE: Final = Parameter(0.92, "chance that a planned blast is sent", "[D]")
BLAST_REACH: Final = Parameter((0.75, 0.90), "share of the list that one blast goes to", "[D]")
BLAST_SECONDS: Final = Parameter((60.0, 300.0), "seconds one blast takes", "[D] within 1-5 minutes")
SILENT_DAY: Final = Parameter(0.03, "share of days on which a line does not work", "[D]")
REPLY_SHARE: Final = Parameter(0.5, "share of orders that answer a blast", "[D] replies within the hour")
REPLY_MINUTES: Final = Parameter(18.0, "mean minutes to the answer, cut at 60", "[D] within the hour")
REPLY_BY_TEXT: Final = Parameter(0.7, "share of answers by text", "[D] then short calls")
ORDER_BY_TEXT: Final = Parameter(0.4, "share of other orders by text", "[D]")
ORDER_HOURS: Final = Parameter(
    (2, 1, 1, 0, 0, 0, 0, 1, 2, 5, 7, 8, 8, 8, 7, 7, 8, 9, 9, 9, 8, 7, 6, 4),
    "weight of each hour",
    "[D] late morning to late evening",
)
WEEKDAY_FACTOR: Final = Parameter((0.95, 0.9, 0.92, 1.0, 1.15, 1.13, 0.95), "Monday to Sunday, mean 1", "[D]")
ORDER_SECONDS: Final = Parameter(25.0, "mean seconds of an order call, geometric", "[D] short")
MISSED_SHARE: Final = Parameter(0.08, "share of calls not answered: duration 0", "[D]")
CALL_BACK_SHARE: Final = Parameter(
    0.60, "share of orders followed by a call back", "[S] in kind (IDMU 2025); number [D]"
)
CALL_BACK_MINUTES: Final = Parameter(30.0, "minutes within which", "[D]")
RUNNER_CALLS_SHARE: Final = Parameter(0.4, "share of call-backs that the runner makes", "[S] in kind; number [D]")
RUNNER_REPORTS_SHARE: Final = Parameter(0.25, "share of those after which the runner rings the line", "[D]")
DISPATCH_BY_TEXT: Final = Parameter(0.7, "share of instructions to a runner by text", "[D]")
HOLDER_CALLS: Final = Parameter(0.8, "calls a day between line and holder's own phone", "[D]")
HOLDER_CALL_SECONDS: Final = Parameter(60.0, "mean seconds", "[D]")

# --- who carries what, and where -------------------------------------------------------------------------------------

CARRIED_BY_HOLDER: Final = Parameter((0.75, 1.0), "share of six-hour blocks; else a deputy has it", "[D]")
HOLDER_TRAVELS: Final = Parameter(0.20, "share of days the holder goes to a market", "[D]")
TRAVEL_HOURS: Final = Parameter((11, 20), "clock hours away on such a day", "[D]")
RUNNER_AWAY: Final = Parameter(0.65, "share of four-day stints a runner spends in a market", "[D]")
STINT_DAYS: Final = Parameter(4, "days", "[D]")
COMPANION_SHARES: Final = Parameter((0.15, 0.60), "share of six-hour blocks a companion is with the holder", "[D]")
HAUNTS: Final = Parameter((0.45, 0.25, 0.20, 0.10), "share of waking time at home and three other places", "[D]")
WAKING_HOURS: Final = Parameter((9, 23), "clock hours", "[D]")
PERSONAL_MEDIAN: Final = Parameter(11.0, "calls and texts a day on a person's own phone", "[D]")
PERSONAL_SIGMA: Final = Parameter(0.6, "sd of log", "[D]")
PERSONAL_CONTACTS: Final = Parameter(30, "people one talks to", "[D]")
PERSONAL_TEXTS: Final = Parameter(0.6, "share of texts", "[D]")
PERSONAL_SECONDS: Final = Parameter(140.0, "mean seconds of an ordinary call", "[D]")
PERSONAL_HOURS: Final = Parameter(
    (1, 1, 0, 0, 0, 0, 1, 2, 4, 5, 6, 6, 7, 6, 6, 6, 7, 8, 9, 9, 8, 7, 5, 3), "weight of each hour", "[D]"
)

# --- networks --------------------------------------------------------------------------------------------------------

NETWORKS: Final = Parameter(4, "networks, each with its own masts", "[S] four in the United Kingdom")
CELL_SPACING: Final = Parameter(
    ((150_000, 2_000.0, 7_000.0), (50_000, 2_000.0, 4_500.0), (15_000, 2_500.0, 3_500.0), (0, 3_000.0, 3_000.0)),
    "people at least, metres between masts, metres from the centre to the edge of town",
    "[D] denser in cities",
)
RURAL_SPACING: Final = Parameter(7_000.0, "metres between masts outside the town", "[D]")
RURAL_REACH: Final = Parameter(12_000.0, "metres beyond its edge", "[D]")
MAST_JITTER: Final = Parameter(0.3, "of the spacing", "[D] masts stand on no grid")
SECTORS: Final = Parameter((0, 120, 240), "degrees, before each mast's own turn", "[D] three cells a mast")
SERVING_SHARES: Final = Parameter(
    (0.40, 0.22, 0.14, 0.10, 0.08, 0.06), "share served by the nearest mast, the next…", "[S] >60 % outside the nearest"
)
OTHER_SIDE_CELL: Final = Parameter(0.04, "share of rows that carry the customer's cell as well", "[D] same network")

# --- what was asked for, and what came back --------------------------------------------------------------------------

BYSTANDERS_SHARE: Final = Parameter(0.08, "numbers wrongly asked for, to each rightly; at least one a set", "[D]")
CANDIDATES_SHARE: Final = Parameter(0.5, "share of sets that hold phones of possible holders of a line", "[D]")
BOTH_SIDES_SHARE: Final = Parameter(0.8, "share of rows between two authorised numbers that came twice", "[D]")
BOTH_SIDES_SECONDS: Final = Parameter(2, "seconds apart at most", "[S] operators' clocks differ")
STRAY_ROWS: Final = Parameter(0.0005, "share of rows outside the numbers or the period; at least two a set", "[D]")
STRAY_ROW_DAYS: Final = Parameter(20, "days outside at most", "[D]")
OBSERVED_DAYS: Final = Parameter(3, "days with rows on either side of a change that can be found", "[D]")
