"""The calls and texts of a deal number: blasts to its list, orders, calls back, instructions to runners.

Drawn in blocks of four weeks from streams named for the number and the block, so two authorised sets that hold the same
number hold the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_customers import Customers
from crossline.simulation.communications_events import (
    NONE,
    OFF,
    SMS,
    VOICE,
    Events,
    call_seconds,
    clock_hours,
    events,
    join,
    midnights,
    weekdays,
)
from crossline.simulation.communications_lists import Membership
from crossline.simulation.communications_movement import BLOCK_DAYS, Movement, Person, at
from crossline.simulation.communications_numbers import Codes, chance

_HOUR = 3_600
_MINUTE = 60
Flags = NDArray[np.bool_]
DayNumbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a number works: the clock hours of its blasts; the chance that one is sent; whether runners take calls."""

    blast_hours: tuple[float, ...]
    blast_chance: float
    has_runners: bool

    @property
    def calls_back(self) -> float:
        """Rows that follow one order, on average."""
        back = figures.CALL_BACK_SHARE.value
        by_runner = figures.RUNNER_CALLS_SHARE.value * self.has_runners
        return back * ((1 - by_runner) + by_runner * (1 + figures.RUNNER_REPORTS_SHARE.value))

    @property
    def blast_rows(self) -> float:
        """Rows a day for each customer on the list, on average."""
        return len(self.blast_hours) * self.blast_chance * sum(figures.BLAST_REACH.value) / 2


@dataclass(frozen=True, slots=True)
class DealNumber:
    """One deal number with all that its traffic depends on. Days count from 1970; `end` is its last day in use."""

    number: str
    line_id: str
    code: int
    start: int
    end: int
    habits: Habits
    members: Membership
    holder: Person
    deputy: Person
    holder_code: int
    runners: tuple[Person, ...]
    runner_codes: Codes

    def expected_rows(self, first: int, last: int, activity: float) -> float:
        """Rows from first to last day, in use, on average."""
        first, last = max(first, self.start), min(last, self.end)
        if last < first:
            return 0.0
        working = (1.0 - figures.SILENT_DAY.value) * self.members.overlap(first, last)
        blasts = self.habits.blast_rows * min(activity, 1.0 / figures.BLAST_CHANCE.value) * working.sum()
        orders = (1.0 + self.habits.calls_back) * activity * float((working * self.members.rate).sum())
        return float(blasts + orders + figures.HOLDER_CALLS.value * (last - first + 1))


def draw_habits(seed: int, line_id: str, number: str, before: Habits | None, *, has_runners: bool) -> Habits:
    """A number's habits: those of the line's number before it, partly redrawn; drawn anew for a line's first."""
    rng = chance(seed, "habits", line_id, number)
    hours = [float(rng.uniform(*span)) for span in figures.BLAST_HOURS.value]
    count = 1 + int(rng.choice(len(figures.BLASTS_A_DAY.value), p=figures.BLASTS_A_DAY.value))
    redrawn = rng.random(len(hours)) < figures.RHYTHM_REDRAWN.value
    if before is not None:
        count = count if rng.random() < figures.RHYTHM_REDRAWN.value else len(before.blast_hours)
        for which, hour in enumerate(before.blast_hours):
            hours[which] = hours[which] if redrawn[which] else hour
    return Habits(tuple(hours[:count]), figures.BLAST_CHANCE.value, has_runners)


@dataclass(frozen=True, slots=True)
class _Work:
    """A deal number's days in use in one block. `on_list` is (days, customers); `sent`, `blasts` are (days, blasts)."""

    deal: DealNumber
    block: int
    days: DayNumbers
    working: Flags
    on_list: Flags
    sent: Flags
    blasts: NDArray[np.float64]  # seconds at which each begins


@dataclass(frozen=True, slots=True)
class _Taken:
    """Orders taken: when, from which number, on which day."""

    start: NDArray[np.float64]
    customers: Codes
    days: DayNumbers


class LineTraffic:
    """Draws the rows of deal numbers."""

    def __init__(self, customers: Customers, movement: Movement, *, seed: int, activity: float) -> None:
        self._customers, self._movement = customers, movement
        self._seed, self._activity = seed, activity

    def block(self, deal: DealNumber, block: int, wanted: frozenset[int]) -> Events:
        """Everything the number sent and received in the block, and calls of its runners whose phones are wanted."""
        rng = chance(self._seed, "traffic", deal.number, block)
        first = block * BLOCK_DAYS
        days = np.arange(max(first, deal.start), min(first + BLOCK_DAYS, deal.end + 1), dtype=np.int64)
        parts = []
        if len(days):
            work = self._work(deal, block, days, rng)
            parts += [self._blasts(work, rng), *self._orders(work, wanted, rng), self._with_holder(work, rng)]
        parts += [self._tried_out(deal, first, rng), self._stray(deal, first, rng)]
        found = join(parts)
        return found.seen_from(deal.code, at(self.cells(deal, block), block, found.start))

    def cells(self, deal: DealNumber, block: int) -> Codes:
        """Where the deal phone is: with its holder most of the time, else with a deputy."""
        rng = chance(self._seed, "carrying", deal.number, block)
        share = chance(self._seed, "carried", deal.line_id).uniform(*figures.CARRIED_BY_HOLDER.value)
        holder = self._movement.of(deal.holder, block)
        where = holder.unless(share, self._movement.of(deal.deputy, block), rng)
        return self._movement.cells(where, phone=deal.number, block=block)

    def _work(self, deal: DealNumber, block: int, days: DayNumbers, rng: np.random.Generator) -> _Work:
        working = rng.random(len(days)) >= figures.SILENT_DAY.value
        joined = (deal.members.joins <= days[:, None]) & (deal.members.leaves > days[:, None])
        shape = (len(days), len(deal.habits.blast_hours))
        sent = (rng.random(shape) < min(deal.habits.blast_chance * self._activity, 1.0)) & working[:, None]
        jitter = figures.BLAST_JITTER.value
        hours = np.array(deal.habits.blast_hours) + rng.uniform(-jitter, jitter, shape)
        blasts = midnights(days)[:, None] + hours * _HOUR
        return _Work(deal, block, days, working, joined & working[:, None], sent, blasts)

    def _blasts(self, work: _Work, rng: np.random.Generator) -> Events:
        """One text to most of the list within minutes."""
        length = rng.uniform(*figures.BLAST_SECONDS.value, work.sent.shape)
        reach = rng.uniform(*figures.BLAST_REACH.value, work.sent.shape)
        chosen = rng.random((*work.sent.shape, work.on_list.shape[1]), dtype=np.float32) < reach[:, :, None]
        day, blast, member = np.nonzero(chosen & work.sent[:, :, None] & work.on_list[:, None, :])
        start = work.blasts[day, blast] + rng.random(len(day)) * length[day, blast]
        whom = work.deal.members.customers[member]
        codes = self._customers.codes(whom, work.days[day])
        return events(start, SMS, work.deal.code, codes, NONE, receiver_cell=self._home(whom, rng))

    def _orders(self, work: _Work, wanted: frozenset[int], rng: np.random.Generator) -> list[Events]:
        """Orders by customers, half of them in answer to a blast, and what follows from them."""
        weekday = np.array(figures.WEEKDAY_FACTOR.value)[weekdays(work.days)] * self._activity
        count = rng.poisson(work.deal.members.rate * work.on_list * weekday[:, None])
        day, member = np.nonzero(count)
        times = count[day, member]
        day, member = np.repeat(day, times), np.repeat(member, times)
        total = len(day)
        blast = rng.integers(work.sent.shape[1], size=total)
        answers = (rng.random(total) < figures.REPLY_SHARE.value) & work.sent[day, blast]
        minutes = np.minimum(rng.exponential(figures.REPLY_MINUTES.value, total), 60.0)
        answered = work.blasts[day, blast] + figures.BLAST_SECONDS.value[1] + minutes * _MINUTE
        unprompted = midnights(work.days)[day] + clock_hours(rng, figures.ORDER_HOURS.value, total) * _HOUR
        start = np.where(answers, answered, unprompted)
        by_text = rng.random(total) < np.where(answers, figures.REPLY_BY_TEXT.value, figures.ORDER_BY_TEXT.value)
        kind = np.where(by_text, SMS, VOICE).astype(np.int8)
        seconds = call_seconds(rng, figures.ORDER_SECONDS.value, figures.MISSED_SHARE.value, total)
        whom = work.deal.members.customers[member]
        codes = self._customers.codes(whom, work.days[day])
        orders = events(start, kind, codes, work.deal.code, seconds, sender_cell=self._home(whom, rng))
        taken = _Taken(start, codes, work.days[day])
        return [orders, *self._follow(work, taken, wanted, rng)]

    def _follow(self, work: _Work, taken: _Taken, wanted: frozenset[int], rng: np.random.Generator) -> list[Events]:
        """The call back: by the line itself, or by the runner of the day, whom the line tells and who may report."""
        deal, total = work.deal, len(taken.start)
        back = rng.random(total) < figures.CALL_BACK_SHARE.value
        by_runner = back & (rng.random(total) < figures.RUNNER_CALLS_SHARE.value * deal.habits.has_runners)
        by_line = back & ~by_runner
        span = figures.CALL_BACK_MINUTES.value * _MINUTE
        later = taken.start + (0.1 + 0.9 * rng.random(total)) * span
        seconds = call_seconds(rng, figures.ORDER_SECONDS.value, figures.MISSED_SHARE.value, total)
        told, by_text, reports = rng.random(total), rng.random(total), rng.random(total)
        roster = rng.integers(max(len(deal.runners), 1), size=BLOCK_DAYS)
        parts = [events(later[by_line], VOICE, deal.code, taken.customers[by_line], seconds[by_line])]
        if not by_runner.any():
            return parts
        runner = deal.runner_codes[roster[taken.days % BLOCK_DAYS]]
        kind = np.where(by_text < figures.DISPATCH_BY_TEXT.value, SMS, VOICE).astype(np.int8)
        early = taken.start + 0.1 * span * told
        parts.append(events(early[by_runner], kind[by_runner], deal.code, runner[by_runner], seconds[by_runner]))
        report = by_runner & (reports < figures.RUNNER_REPORTS_SHARE.value)
        done = later + span * reports
        parts.append(events(done[report], VOICE, runner[report], deal.code, seconds[report]))
        held = by_runner & np.isin(runner, np.fromiter(wanted, np.int32, len(wanted)))
        if held.any():
            cells = self._runner_cells(work, runner[held], later[held])
            whom = taken.customers[held]
            parts.append(events(later[held], VOICE, runner[held], whom, seconds[held], sender_cell=cells))
        return parts

    def _runner_cells(self, work: _Work, runner: Codes, start: NDArray[np.float64]) -> Codes:
        cells = np.full(len(runner), NONE, np.int32)
        for person, code in zip(work.deal.runners, work.deal.runner_codes.tolist(), strict=True):
            theirs = runner == code
            if theirs.any():
                where = self._movement.of(person, work.block)
                track = self._movement.cells(where, phone=person.key, block=work.block)
                cells[theirs] = at(track, work.block, start[theirs].astype(np.int64))
        return cells

    def _with_holder(self, work: _Work, rng: np.random.Generator) -> Events:
        """Calls between the deal phone and its holder's own, when somebody else has the deal phone."""
        deal, days = work.deal, work.days[work.working]
        day = np.repeat(days, rng.poisson(figures.HOLDER_CALLS.value, len(days)))
        start = midnights(day) + clock_hours(rng, figures.PERSONAL_HOURS.value, len(day)) * _HOUR
        outbound = rng.random(len(day)) < 0.5
        seconds = call_seconds(rng, figures.HOLDER_CALL_SECONDS.value, figures.MISSED_SHARE.value, len(day))
        sender = np.where(outbound, deal.code, deal.holder_code)
        return events(start, VOICE, sender, np.where(outbound, deal.holder_code, deal.code), seconds)

    def _tried_out(self, deal: DealNumber, first: int, rng: np.random.Generator) -> Events:
        """A new SIM is tried on the holder's own phone in the days before it is given out."""
        tries = rng.integers(1, 4) if rng.random() < figures.TEST_CHANCE.value else 0
        days = deal.start - 1 - rng.integers(figures.TEST_DAYS.value, size=tries)
        days = days[(days >= first) & (days < first + BLOCK_DAYS)]
        start = midnights(days) + rng.uniform(10, 22, len(days)) * _HOUR
        return events(start, VOICE, deal.code, deal.holder_code, rng.geometric(1 / 15, len(days)))

    def _stray(self, deal: DealNumber, first: int, rng: np.random.Generator) -> Events:
        """Customers who have not heard try an ended number for some days: texts, and calls that nobody answers."""
        since = np.arange(1, figures.STRAY_DAYS.value + 1)
        days = deal.end + since
        inside = (days >= first) & (days < first + BLOCK_DAYS)
        rate = figures.STRAY_RATE.value * np.exp(-(since - 1) / figures.STRAY_FALL_DAYS.value) * self._activity
        there = (deal.members.joins <= deal.end) & (deal.members.leaves > deal.end)
        count = rng.poisson(deal.members.rate * there * (rate * inside)[:, None])
        day, member = np.nonzero(count)
        start = midnights(days[day]) + clock_hours(rng, figures.ORDER_HOURS.value, len(day)) * _HOUR
        kind = np.where(rng.random(len(day)) < figures.ORDER_BY_TEXT.value, SMS, VOICE).astype(np.int8)
        codes = self._customers.codes(deal.members.customers[member], days[day])
        return events(start, kind, codes, deal.code, 0, receiver_cell=OFF)

    def _home(self, whom: Codes, rng: np.random.Generator) -> Codes:
        """The customer's own cell in the few rows that carry it."""
        known = rng.random(len(whom), dtype=np.float32) < figures.OTHER_SIDE_CELL.value
        return np.where(known, self._customers.home_cell[whom], np.int32(NONE)).astype(np.int32)
