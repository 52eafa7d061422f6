"""The county lines of the nation: brands, hubs, markets, and the numbers one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from crossline.simulation.chance import Choice, lognormal, stream
from crossline.simulation.geography import RAILWAY, hubs_of, markets_for, towns_of
from crossline.simulation.parameters import (
    BRAND_LIFE_MEDIAN,
    BRAND_LIFE_SIGMA,
    BRAND_NAME_EXPONENT,
    BRAND_OPENED_BEFORE,
    DRUGS,
    GAP_DAYS_MAX,
    HANDSET_KEPT_SHARE,
    HUB_POPULATION_MIN,
    INTERNAL_SHARE,
    MARKETS_WEIGHTS,
    MERGE_SHARE,
    NUMBER_KEPT_SHARE,
    NUMBER_LIFE_MEDIAN,
    NUMBER_LIFE_RANGE,
    NUMBER_LIFE_SIGMA,
    ORIGIN_SHARES,
    OVERLAP_SHARE,
    SPLIT_SHARE,
    WINDOW_FROM,
    WINDOW_TO,
)
from crossline.simulation.selectors import counter, deal_number, handset, sim
from crossline.simulation.world import Line, NumberPeriod, Place
from crossline.vocabulary.agencies import forces

DATA: Final = Path(__file__).parent / "data"
_GOLDEN: Final = 0.618_033_988_75
_SHORTEST: Final = 20  # days of the window a line is at work, or it would leave no trace
_EARLIEST_START: Final = 75  # days before the window in which the number in use at its start was taken up


def make_lines(*, brands: int, force_ids: Sequence[str], seed: int) -> list[Line]:
    """Every line, without its people (holder and runners are put in by networks.py). Successions, splits and merges set."""
    rng = stream(seed, "lines")
    territorial = frozenset(force_ids) - {RAILWAY}
    origins, names, drugs = _origins(territorial), _brand_names(), Choice(DRUGS.value)
    taken: set[tuple[str, str]] = set()
    indexes = counter(1)
    lines = []
    for number in range(1, brands + 1):
        internal = rng.random() < INTERNAL_SHARE.value
        hub = hubs_of(origins.draw(rng)).draw(rng)
        brand = _free_brand(rng, names, hub, taken)
        opened, closed = _life(rng)
        lines.append(
            Line(
                line_id=f"L-{number:04d}",
                brand=brand,
                exporting_agency=hub.force_id,
                hub=hub,
                markets=_markets(rng, hub, territorial, internal=internal),
                opened=opened,
                closed=closed,
                periods=tuple(_periods(rng, opened=opened, closed=closed, indexes=indexes, kept=_keeps(number))),
                holder_id="",
                runner_ids=(),
                drugs=drugs.draw(rng),
                internal=internal,
            )
        )
    return _merged(_split(lines, stream(seed, "splits")), stream(seed, "merges"))


def _origins(territorial: frozenset[str]) -> Choice[str]:
    """Exporting forces: the published shares for some, the rest of the nation's by people who live in large towns."""
    named = ORIGIN_SHARES.value
    urban = {
        force.id: float(sum(t.population for t in towns_of(force.id) if t.population >= HUB_POPULATION_MIN.value))
        for force in forces()
        if force.id not in named
    }
    others = sum(urban.values())
    shares = dict(named) | {force: (1.0 - sum(named.values())) * people / others for force, people in urban.items()}
    return Choice([(force, shares[force]) for force in sorted(territorial)])


def _brand_names() -> Choice[str]:
    names = [name for name in (DATA / "brand_names.csv").read_text(encoding="utf-8").split("\n")[1:] if name]
    return Choice([(name, (place + 3.0) ** -BRAND_NAME_EXPONENT.value) for place, name in enumerate(names)])


def _free_brand(rng: Random, names: Choice[str], hub: Place, taken: set[tuple[str, str]]) -> str:
    """A name no other line of the hub has; other hubs may have it, as they do."""
    for _ in range(500):
        brand = names.draw(rng)
        if (hub.name, brand) not in taken:
            taken.add((hub.name, brand))
            return brand
    raise ValueError(f"no brand name is left for another line from {hub.name}: lengthen brand_names.csv")


def _markets(rng: Random, hub: Place, territorial: frozenset[str], *, internal: bool) -> tuple[Place, ...]:
    likely = markets_for(hub, territorial, internal=internal)
    first = likely.draw(rng)
    wanted = Choice(list(enumerate(MARKETS_WEIGHTS.value, start=1))).draw(rng)
    found = [first]
    for _ in range(40):
        if len(found) == wanted:
            break
        other = likely.draw(rng)
        if other.name not in {place.name for place in found}:
            found.append(other)
    return tuple(found)


def _life(rng: Random) -> tuple[date, date | None]:
    """Opened and closed (`None`: still at work), for a line at work for some of the window."""
    span = (WINDOW_TO - WINDOW_FROM).days
    while True:
        opened = WINDOW_FROM + timedelta(days=int(rng.uniform(-BRAND_OPENED_BEFORE.value, span - _SHORTEST)))
        closed = opened + timedelta(
            days=int(lognormal(rng, median=BRAND_LIFE_MEDIAN.value, sigma=BRAND_LIFE_SIGMA.value))
        )
        if (closed - max(opened, WINDOW_FROM)).days >= _SHORTEST:
            return opened, closed if closed <= WINDOW_TO else None


def _keeps(number: int) -> bool:
    """Does the n-th line keep its number throughout? Spread evenly, so that small nations have their share too."""
    return number * _GOLDEN % 1.0 < NUMBER_KEPT_SHARE.value


def _periods(
    rng: Random, *, opened: date, closed: date | None, indexes: Iterator[int], kept: bool
) -> Iterator[NumberPeriod]:
    """The numbers of a line in order, from the one in use at the window's start."""
    start = max(opened, WINDOW_FROM - timedelta(days=int(rng.random() * _EARLIEST_START)))
    index = next(indexes)
    imei = handset(index)
    if kept:
        yield NumberPeriod(deal_number(index), imei, sim(index), start, closed)
        return
    while True:
        life = lognormal(rng, median=NUMBER_LIFE_MEDIAN.value, sigma=NUMBER_LIFE_SIGMA.value)
        least, most = NUMBER_LIFE_RANGE.value
        end: date | None = start + timedelta(days=int(min(most, max(least, life))))
        if end and end >= (closed or WINDOW_TO) - timedelta(days=6):
            end = closed
        yield NumberPeriod(deal_number(index), imei, sim(index), start, end)
        if end is None or end == closed:
            return
        overlapped = rng.random() < OVERLAP_SHARE.value
        start = end + timedelta(days=-rng.randint(1, 3) if overlapped else rng.randint(0, GAP_DAYS_MAX.value))
        index = next(indexes)
        imei = imei if rng.random() < HANDSET_KEPT_SHARE.value else handset(index)


def _split(lines: list[Line], rng: Random) -> list[Line]:
    """A few lines began when a deputy of another line left with part of its customers, the day its number changed."""
    found = list(lines)
    parents = [line for line in lines if len(line.periods) >= 2 and line.periods[1].start > WINDOW_FROM]
    for at, line in enumerate(lines):
        if rng.random() >= SPLIT_SHARE.value or line.opened <= WINDOW_FROM:
            continue
        near = [p for p in parents if p.line_id != line.line_id and p.exporting_agency == line.exporting_agency]
        if not near:
            continue
        parent = min(near, key=lambda p: (abs((p.periods[1].start - line.opened).days), p.line_id))
        start = parent.periods[1].start
        if (line.periods[0].end or WINDOW_TO) <= start + timedelta(days=3) or (line.closed and line.closed <= start):
            continue
        first = replace(line.periods[0], start=start)
        found[at] = replace(
            line,
            opened=start,
            hub=parent.hub,
            markets=parent.markets,
            internal=parent.internal,
            periods=(first, *line.periods[1:]),
            split_from=parent.periods[0].number,
        )
    return found


def _merged(lines: list[Line], rng: Random) -> list[Line]:
    """A few lines were taken over: the last number's customers went to a number of another line of the same market."""
    found = list(lines)
    for at, line in enumerate(lines):
        if line.closed is None or rng.random() >= MERGE_SHARE.value * 4:
            continue
        towns = {place.name for place in line.markets}
        for other in lines:
            if other.line_id == line.line_id or not towns & {place.name for place in other.markets}:
                continue
            after = [p for p in other.periods if line.closed <= p.start <= line.closed + timedelta(days=21)]
            if after:
                found[at] = replace(line, merged_into=after[0].number)
                break
    return found


def successions(lines: Sequence[Line]) -> list[tuple[str, str, date, str]]:
    """(old number, new number, first day of the new, line): within lines, then by split and by merger."""
    found = []
    started = {period.number: period.start for line in lines for period in line.periods}
    for line in lines:
        for old, new in zip(line.periods, line.periods[1:], strict=False):
            found.append((old.number, new.number, new.start, line.line_id))
        if line.split_from:
            found.append((line.split_from, line.periods[0].number, line.periods[0].start, line.line_id))
        if line.merged_into:
            found.append((line.periods[-1].number, line.merged_into, started[line.merged_into], line.line_id))
    return found
