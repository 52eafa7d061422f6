"""Draw the rows of one authorised set as the operators returned them, with second copies and rows out of bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_bystanders import BystanderTraffic
from crossline.simulation.communications_events import NONE, Events, join
from crossline.simulation.communications_lines import LineTraffic
from crossline.simulation.communications_movement import BLOCK_DAYS, DAY_SECONDS, at
from crossline.simulation.communications_numbers import Codes, chance
from crossline.simulation.communications_world import SetPlan, World


@dataclass(frozen=True, slots=True)
class SetRows:
    """The rows of one set in order of time, and what only the truth knows of them."""

    rows: Events
    duplicated: int
    planted: int
    days_in_use: dict[str, int]  # by deal number: days of its use on which the set has a row of it


class SetDrawing:
    """Draws the sets of one world."""

    def __init__(self, world: World, activity: float) -> None:
        self._world = world
        self._lines = LineTraffic(world.customers, world.movement, seed=world.seed, activity=activity)
        self._others = BystanderTraffic(world.network, world.movement, seed=world.seed, activity=activity)

    def draw(self, plan: SetPlan) -> SetRows:
        """All rows of the set."""
        codes = np.array(sorted(plan.codes), dtype=np.int32)
        days: dict[str, NDArray[np.int64]] = {}
        rows = join(list(self._parts(plan, codes, days)))
        rng = chance(self._world.seed, "both sides", plan.source.agency, plan.source.ref)
        rows, twice = self._both_sides(plan, rows, codes, rng)
        planted = self._outside(plan, rows, codes, rng)
        rows = join([rows, planted])
        rows = rows.take(np.argsort(rows.start, kind="stable"))
        return SetRows(rows, twice, len(planted), {number: len(np.unique(seen)) for number, seen in days.items()})

    def _parts(self, plan: SetPlan, codes: Codes, days: dict[str, NDArray[np.int64]]) -> Iterator[Events]:
        """Rows inside the window that concern an authorised number, phone by phone and block by block."""
        wanted = plan.codes
        reach = figures.STRAY_DAYS.value
        for deal in plan.deals:
            seen = []
            for block in _blocks(max(plan.first, deal.start - reach), min(plan.last, deal.end + reach)):
                found = _inside(plan, self._lines.block(deal, block, wanted))
                if deal.code not in wanted:
                    found = found.take(np.isin(found.sender, codes) | np.isin(found.receiver, codes))
                day = found.start // DAY_SECONDS
                seen.append(np.unique(day[(day >= deal.start) & (day <= deal.end)]))
                yield found
            if deal.code in wanted:
                days[deal.number] = np.concatenate(seen) if seen else np.empty(0, np.int64)
        for place in plan.premises:
            for block in _blocks(plan.first, plan.last):
                yield _inside(plan, self._others.premises(place, block))
        for phone in plan.phones:
            for block in _blocks(plan.first, plan.last):
                yield _inside(plan, self._others.own(phone, block))

    def _both_sides(self, plan: SetPlan, rows: Events, codes: Codes, rng: np.random.Generator) -> tuple[Events, int]:
        """A row between two authorised numbers mostly comes twice: once from each side's operator, seconds apart."""
        both = np.isin(rows.sender, codes) & np.isin(rows.receiver, codes)
        rows = replace(rows, heard=both & (rows.sender_cell == NONE))
        which = np.flatnonzero(both)
        which = which[rng.random(len(which)) < figures.BOTH_SIDES_SHARE.value]
        once = rows.take(which)
        apart = figures.BOTH_SIDES_SECONDS.value
        other_side = np.where(once.heard, once.sender, once.receiver)
        cells = self._cells(plan, other_side, once.start)
        again = replace(
            once,
            start=once.start + rng.integers(-apart, apart + 1, len(once)),
            sender_cell=np.where(once.heard, cells, NONE).astype(np.int32),
            receiver_cell=np.where(once.heard, NONE, cells).astype(np.int32),
            heard=~once.heard,
        )
        again = _inside(plan, again)
        return join([rows, again]), len(again)

    def _cells(self, plan: SetPlan, phones: Codes, start: NDArray[np.int64]) -> Codes:
        """The cell of each phone of the set at each time."""
        cells = np.full(len(phones), NONE, np.int32)
        deals = {deal.code: deal for deal in plan.deals}
        own = {phone.code: phone for phone in plan.phones}
        block_of = start // (DAY_SECONDS * BLOCK_DAYS)
        for code, block in sorted(set(zip(phones.tolist(), block_of.tolist(), strict=True))):
            theirs = (phones == code) & (block_of == block)
            track = self._lines.cells(deals[code], block) if code in deals else self._others.track(own[code], block)
            cells[theirs] = at(track, block, start[theirs])
        return cells

    def _outside(self, plan: SetPlan, rows: Events, codes: Codes, rng: np.random.Generator) -> Events:
        """Rows that should not have come: half of another number, half from outside the period."""
        if not len(rows):
            return rows
        count = max(2, round(len(rows) * figures.STRAY_ROWS.value))
        chosen = rows.take(rng.integers(len(rows), size=count))
        late = np.arange(count) % 2 == 0
        away = rng.integers(1, figures.STRAY_ROW_DAYS.value + 1, count)
        day = np.where(rng.random(count) < 0.5, plan.first - away, plan.last + away)
        shifted = day * DAY_SECONDS + chosen.start % DAY_SECONDS
        sender_asked, receiver_asked = np.isin(chosen.sender, codes), np.isin(chosen.receiver, codes)
        return replace(
            chosen,
            start=np.where(late, shifted, chosen.start),
            sender=np.where(~late & sender_asked, plan.mistaken, chosen.sender).astype(np.int32),
            receiver=np.where(~late & receiver_asked, plan.mistaken + 1, chosen.receiver).astype(np.int32),
        )


def _blocks(first: int, last: int) -> range:
    """The blocks that days first to last lie in."""
    return range(first // BLOCK_DAYS, last // BLOCK_DAYS + 1) if first <= last else range(0)


def _inside(plan: SetPlan, found: Events) -> Events:
    """The rows that start in the plan's window."""
    return found.take((found.start >= plan.first * DAY_SECONDS) & (found.start < (plan.last + 1) * DAY_SECONDS))
