"""What each phone did towards each line, with intervals: the likelihood of what was counted, days drawn again.

Whatever is not clearly something else is a customer, and so is whoever broadcasts reach: customers are counted and never
listed. A role is of one stretch of a line: a week, a month or all of its records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
from numpy.typing import NDArray

from crossline.engines.comms.networks.role_profiles import CONTACT_ROLES, KINDS, STANDARD_PROFILES, Role, RoleProfiles

Floats = NDArray[np.float64]
INTERVAL = (0.025, 0.975)
WHOLE = 0
"""The period of all records."""


@dataclass(frozen=True)
class RoleSettings:
    """What is asked before anything is said; all this platform's own [D]."""

    least_dealings: int = 5  # of a phone with a line in a stretch, broadcasts not counted
    least_days: int = 3  # on which it had dealings
    least_line_days: int = 5  # of the line in the stretch
    least_offers: int = 3  # broadcasts that reached a phone, from which it may be a buyer's whatever else it did
    offered_from: float = 0.1  # share of the broadcasts while it was about
    listed_from: float = 0.5  # lower end of "no customer" at which a phone is shown at all
    draws: int = 200
    seed: int = 22


@dataclass(frozen=True)
class ContactRole:
    """A phone's part in a stretch. `shares`: of CONTACT_ROLES, together one; `low`, `high`: their intervals."""

    line: int
    period: int
    other: int
    counts: tuple[float, ...]  # of KINDS
    reached: float
    broadcasts: float  # of the line while the phone was about
    days: int
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    no_customer_low: float

    @property
    def role(self) -> Role:
        """The likeliest role but a customer's."""
        return max(CONTACT_ROLES[1:], key=self.share)

    def share(self, role: Role) -> float:
        return self.shares[CONTACT_ROLES.index(role)]

    def interval(self, role: Role) -> tuple[float, float]:
        at = CONTACT_ROLES.index(role)
        return self.low[at], self.high[at]

    @property
    def no_customer(self) -> float:
        return 1.0 - self.shares[0]


@dataclass(frozen=True)
class Stretch:
    """One line in one period: who was in touch with it, by day. `counts`: (phones, days, kinds); `reached`: (phones, days)."""

    line: int
    period: int
    days: tuple[int, ...]
    broadcasts: Floats  # a day
    others: tuple[int, ...]
    counts: Floats
    reached: Floats

    @property
    def about(self) -> Floats:
        """For each phone and day the line's broadcasts, from the first day the phone was seen to the last."""
        seen = (self.counts.sum(2) + self.reached) > 0
        after = np.cumsum(seen, axis=1) > 0
        before = np.cumsum(seen[:, ::-1], axis=1)[:, ::-1] > 0
        about: Floats = (after & before) * self.broadcasts
        return about


def stretches(connection: duckdb.DuckDBPyConnection, *, whole: bool) -> Iterator[Stretch]:
    """The stretches of every line, from `contact_day` and `line_day`; of its periods, or of all its records."""
    period = str(WHOLE) if whole else "period"
    days: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for line, at, day, broadcasts in connection.execute(
        f"SELECT line, {period}, day, broadcasts FROM line_day ORDER BY line, day"
    ).fetchall():
        days[int(line), int(at)][int(day)] = float(broadcasts)
    rows = connection.execute(
        f"SELECT line, {period} AS at, other, day, reached, {', '.join(KINDS)} FROM contact_day ORDER BY ALL"
    ).fetchnumpy()
    line, at, other, day = (np.asarray(rows[name]) for name in list(rows)[:4])
    values = np.stack([np.asarray(rows[name], float) for name in ("reached", *KINDS)], axis=1)
    changed = (line[1:] != line[:-1]) | (at[1:] != at[:-1])
    begins: list[int] = [0, *(np.flatnonzero(changed) + 1).tolist()]
    part = {
        (int(line[first]), int(at[first])): slice(first, end) for first, end in pairwise([*begins, len(line)])
    }  # rows stand in order of line and period
    for key, by_day in sorted(days.items()):
        mine = part.get(key, slice(0, 0))
        others, row = np.unique(other[mine], return_inverse=True)
        listed = np.array(sorted(by_day))
        table = np.zeros((len(others), len(listed), 1 + len(KINDS)))
        np.add.at(table, (row, np.searchsorted(listed, day[mine])), values[mine])
        yield Stretch(
            *key,
            days=tuple(listed.tolist()),
            broadcasts=np.array([by_day[each] for each in listed.tolist()]),
            others=tuple(others.tolist()),
            counts=table[:, :, 1:],
            reached=table[:, :, 0],
        )


def roles_of(
    stretch: Stretch, settings: RoleSettings, profiles: RoleProfiles = STANDARD_PROFILES
) -> tuple[list[ContactRole], Floats]:
    """Phones of a stretch that are likelier something else than customers, and for every phone the share of a customer."""
    counts, reached, about = stretch.counts.sum(1), stretch.reached.sum(1), stretch.about.sum(1)
    shares = shares_for(counts, reached, about, profiles)
    buys = (reached >= settings.least_offers) & (reached >= settings.offered_from * about)
    shares[buys] = np.eye(len(CONTACT_ROLES))[0]  # whoever is offered is counted, not listed, even if they run as well
    dealt = (stretch.counts.sum(2) > 0).sum(1)
    enough = (counts.sum(1) >= settings.least_dealings) & (dealt >= settings.least_days)
    if len(stretch.days) < settings.least_line_days:
        enough &= False
    which = np.flatnonzero(enough & (shares[:, 0] < 0.5))
    drawn = _drawn(stretch, which, settings, profiles)
    low, high = np.quantile(drawn, INTERVAL, axis=0) if len(which) else (shares[which], shares[which])
    least = np.quantile(1.0 - drawn[:, :, 0], INTERVAL[0], axis=0) if len(which) else np.empty(0)
    found = [
        ContactRole(
            line=stretch.line,
            period=stretch.period,
            other=stretch.others[phone],
            counts=tuple(counts[phone].tolist()),
            reached=float(reached[phone]),
            broadcasts=float(about[phone]),
            days=int(dealt[phone]),
            shares=tuple(shares[phone].tolist()),
            low=tuple(low[place].tolist()),
            high=tuple(high[place].tolist()),
            no_customer_low=float(least[place]),
        )
        for place, phone in enumerate(which.tolist())
    ]
    return found, shares[:, 0]


def shares_for(counts: Floats, reached: Floats, about: Floats, profiles: RoleProfiles) -> Floats:
    """Shares of CONTACT_ROLES (last axis) for counts of KINDS (last axis), broadcasts that reached a phone, and all of them."""
    kinds = np.log(np.array([profiles.kinds[role] for role in CONTACT_ROLES]))
    hit = np.array([profiles.reached[role] for role in CONTACT_ROLES])
    before = np.log(np.array([profiles.before[role] for role in CONTACT_ROLES]))
    dealings = counts.sum(-1)
    missed = np.maximum(about - reached, 0.0)
    all_sent = reached + missed
    weight = np.minimum(1.0, profiles.most_dealings / np.maximum(dealings, 1.0))[..., None]
    sent = np.minimum(1.0, profiles.most_broadcasts / np.maximum(all_sent, 1.0))[..., None]
    likelihood = weight * (counts @ kinds.T) + sent * (
        reached[..., None] * np.log(hit) + missed[..., None] * np.log(1.0 - hit)
    )
    odds = likelihood + before
    odds = np.exp(odds - odds.max(-1, keepdims=True))
    shares: Floats = odds / odds.sum(-1, keepdims=True)
    return shares


def _drawn(stretch: Stretch, which: NDArray[np.int64], settings: RoleSettings, profiles: RoleProfiles) -> Floats:
    """The shares with the stretch's days drawn again, with replacement; shape (draws, phones, roles)."""
    size = len(stretch.days)
    times = day_draws(size, settings).astype(float)
    counts = np.einsum("bd,kdn->bkn", times, stretch.counts[which], optimize=True)
    reached, about = times @ stretch.reached[which].T, times @ stretch.about[which].T
    return shares_for(counts, reached, about, profiles)


def day_draws(days: int, settings: RoleSettings) -> NDArray[np.int64]:
    """How often each day is drawn; the same for the same number of days, whatever anything is called."""
    chance = np.random.default_rng(settings.seed)
    drawn: NDArray[np.int64] = chance.multinomial(days, np.full(days, 1.0 / days), settings.draws)
    return drawn
