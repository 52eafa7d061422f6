"""What the police come to know of each line, when and where: the plan of reports about lines, before any is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Final

from crossline.simulation.apportion import apportion
from crossline.simulation.chance import Choice, lognormal, stream
from crossline.simulation.clock import at
from crossline.simulation.geography import RAILWAY
from crossline.simulation.networks import Network, Premises
from crossline.simulation.parameters import WINDOW_TO
from crossline.simulation.parameters_policing import LINE_KINDS
from crossline.simulation.people import Person
from crossline.simulation.world import Place

_BOTH_REPORT: Final = 0.18  # share of missing episodes that home force and finding force both write up [D]
_IMPORTER_SHARE: Final = MappingProxyType(
    {"advert": 0.82, "line_held": 0.4, "runner_arrest": 0.74, "vehicle_stop": 0.6}
)
"""Share of reports that the importing force writes; the rest by the exporter's, a few by the railway's [D]."""


@dataclass(frozen=True, slots=True)
class LineEvent:
    """One report to be written about a line. `about` and `premises` are set where the kind calls for them."""

    agency: str
    kind: str
    occurred: datetime
    network: Network
    serial: int
    about: Person | None = None
    premises: Premises | None = None
    market: Place | None = None
    found_agency: str = ""

    @property
    def day(self) -> date:
        """The day it happened."""
        return self.occurred.date()


def plan_line_events(
    networks: Sequence[Network], *, total: int, agency_ids: frozenset[str], seed: int
) -> list[LineEvent]:
    """`total` reports, more about the lines that were at work for longer or more carelessly. In order of line."""
    rng = stream(seed, "line events")
    weights = {
        network.line.line_id: lognormal(
            rng, median=float((network.active_to - network.active_from).days + 10), sigma=0.5
        )
        for network in networks
    }
    counts = apportion(total, weights)
    events = []
    for network in networks:
        planner = _Planner(network, agency_ids, stream(seed, "events", network.line.line_id))
        events += planner.plan(counts[network.line.line_id])
    return events


class _Planner:
    """Plans the events of one line."""

    def __init__(self, network: Network, agency_ids: frozenset[str], rng: Random) -> None:
        self._network, self._rng = network, rng
        self._railway = RAILWAY in agency_ids
        self._agencies = agency_ids
        kinds = dict(LINE_KINDS.value)
        if not network.premises:
            kinds |= {"premises_intelligence": 0.0, "premises_visit": 0.0}
        if len(network.line.periods) < 2:
            kinds["number_change"] = 0.0
        if not any(runner.moniker for runner in network.runners):
            kinds["moniker_only"] = 0.0
        self._kinds = Choice(kinds)
        self._serial = 0

    def plan(self, count: int) -> list[LineEvent]:
        """`count` events; an episode that two agencies write up is two of them."""
        found: list[LineEvent] = []
        while len(found) < count:
            event = self._event(self._kinds.draw(self._rng))
            found.append(event)
            both = event.kind == "runner_missing" and event.agency != event.found_agency
            if both and len(found) < count and self._rng.random() < _BOTH_REPORT:
                self._serial += 1
                found.append(replace(event, agency=event.found_agency, serial=self._serial))
        return found

    def _event(self, kind: str) -> LineEvent:
        self._serial += 1
        rng, line = self._rng, self._network.line
        market = rng.choice(line.markets)
        event = LineEvent(market.force_id, kind, self._moment(), self._network, self._serial, market=market)
        if share := _IMPORTER_SHARE.get(kind):
            event = replace(event, agency=self._where(market, importer=share))
        match kind:
            case "number_change":
                event = self._number_change(event)
            case "premises_intelligence" | "premises_visit" | "violence" if self._network.premises:
                event = self._at_premises(event, rng.choice(self._network.premises))
            case "runner_arrest":
                event = replace(event, about=self._runner())
            case "runner_missing":
                event = self._missing(event, market)
            case "rail_stop":
                event = replace(event, agency=RAILWAY if self._railway else market.force_id, about=self._runner())
            case "partner_concern":
                event = self._partner_concern(event)
        return event

    def _moment(self) -> datetime:
        network = self._network
        day = network.active_from + timedelta(
            days=int(self._rng.random() * ((network.active_to - network.active_from).days + 1))
        )
        return at(day, int(self._rng.triangular(6 * 60, 24 * 60 - 1, 16 * 60)))

    def _where(self, market: Place, *, importer: float) -> str:
        draw = self._rng.random()
        if self._railway and draw > 0.965:
            return RAILWAY
        return market.force_id if draw < importer else self._network.line.exporting_agency

    def _runner(self) -> Person:
        """A runner; some are met again and again."""
        runners = self._network.runners
        return runners[int(self._rng.random() ** 1.6 * len(runners))]

    def _number_change(self, event: LineEvent) -> LineEvent:
        """Customers tell of a new number within two weeks of its start."""
        later = [period for period in self._network.line.periods[1:] if period.start <= WINDOW_TO]
        if not later:
            return replace(event, kind="advert")
        period = later[int(self._rng.random() * len(later))]
        day = min(WINDOW_TO, max(self._network.active_from, period.start + timedelta(days=self._rng.randint(0, 14))))
        return replace(event, occurred=at(day, self._rng.randint(480, 1300)))

    def _at_premises(self, event: LineEvent, premises: Premises) -> LineEvent:
        span = (premises.end - premises.start).days + 1
        day = premises.start + timedelta(days=int(self._rng.random() * max(1, span)))
        when = at(min(day, WINDOW_TO), self._rng.randint(420, 1380))
        return replace(event, agency=premises.market.force_id, occurred=when, premises=premises, market=premises.market)

    def _missing(self, event: LineEvent, market: Place) -> LineEvent:
        children = [runner for runner in self._network.runners if runner.age_on(event.day) < 18]
        if not children:
            return replace(event, kind="runner_arrest", about=self._runner())
        child = children[int(self._rng.random() ** 2 * len(children))]
        if market.force_id == child.force_id:  # a local child is found in another market, or taken to the hub
            places = (*self._network.line.markets, self._network.line.hub)
            market = next((place for place in places if place.force_id != child.force_id), market)
        found = market.force_id
        if self._railway and self._rng.random() < 0.12:
            found = RAILWAY
        home = child.force_id if child.force_id in self._agencies else found
        agency = home if self._rng.random() < 0.55 else found
        return replace(event, agency=agency, about=child, found_agency=found, market=market)

    def _partner_concern(self, event: LineEvent) -> LineEvent:
        children = [runner for runner in self._network.runners if runner.age_on(event.day) < 18]
        if children and (not self._network.premises or self._rng.random() < 0.7):
            child = children[int(self._rng.random() * len(children))]
            return replace(event, agency=child.force_id, about=child)
        if self._network.premises:
            return self._at_premises(event, self._rng.choice(self._network.premises))
        return replace(event, kind="advert")
