"""What the synthetic communications data is drawn from: towns, masts, customers, deal numbers, the phones of each set.

Nothing here is a call yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_bystanders import (
    OwnPhone,
    Premises,
    bystander_contacts,
    mixed_contacts,
)
from crossline.simulation.communications_cells import Network, Spot
from crossline.simulation.communications_customers import Customers
from crossline.simulation.communications_events import day_number
from crossline.simulation.communications_lines import DealNumber, Habits, draw_habits
from crossline.simulation.communications_lists import draw_lists
from crossline.simulation.communications_movement import Carrier, Movement, Person
from crossline.simulation.communications_numbers import Directory, PersonalPhone, chance
from crossline.simulation.communications_rhythms import Bystander
from crossline.simulation.world import AuthorisedSet, Line, Place


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One authorised set: days of its window (from 1970, both included) and the phones whose records it holds.

    `deals` are all deal numbers to draw; those not authorised are there only for the calls they have with `phones`.
    """

    source: AuthorisedSet
    first: int
    last: int
    deals: tuple[DealNumber, ...]
    premises: tuple[Premises, ...]
    phones: tuple[OwnPhone, ...]
    mistaken: int  # this code and the next belong to nobody in the set

    @property
    def codes(self) -> frozenset[int]:
        """Codes of the authorised numbers."""
        asked = set(self.source.numbers)
        deals = {deal.code for deal in self.deals if deal.number in asked}
        return frozenset(deals | {place.code for place in self.premises} | {phone.code for phone in self.phones})

    def authorised_deals(self) -> tuple[DealNumber, ...]:
        """The deal numbers that were asked for, line by line in order of their start."""
        asked = set(self.source.numbers)
        deals = [deal for deal in self.deals if deal.number in asked]
        return tuple(sorted(deals, key=lambda deal: (deal.line_id, deal.start)))

    def others(self) -> tuple[tuple[str, int], ...]:
        """Number and code of every authorised phone that is no deal line."""
        return (*((p.number, p.code) for p in self.premises), *((p.number, p.code) for p in self.phones))

    def expected_rows(self, activity: float) -> float:
        """Rows that the set will hold on average."""
        return (
            sum(deal.expected_rows(self.first, self.last, activity) for deal in self.authorised_deals())
            + sum(place.expected_rows(self.first, self.last, activity) for place in self.premises)
            + sum(phone.expected_rows(self.first, self.last) for phone in self.phones)
        )

    def numbers(self) -> tuple[str, ...]:
        """All numbers of the authorisation, sorted: those asked for rightly and those by mistake."""
        return tuple(sorted({*self.source.numbers, *(number for number, _ in self.others())}))


@dataclass(frozen=True, slots=True)
class World:
    """What all sets share, and the sets."""

    seed: int
    list_scale: float
    directory: Directory
    network: Network
    movement: Movement
    customers: Customers
    deals: Mapping[str, DealNumber]
    sets: tuple[SetPlan, ...]

    def with_sets(self, sets: Iterable[SetPlan]) -> World:
        """This world with other windows."""
        return replace(self, sets=tuple(sets))


def draw_world(
    lines: Sequence[Line],
    sets: Sequence[AuthorisedSet],
    personal_phones: Mapping[str, PersonalPhone],
    *,
    seed: int,
    list_scale: float,
) -> World:
    """Draw the world; `personal_phones` by person id are those of the people side, all others are invented here."""
    given = [period.number for line in lines for period in line.periods]
    given += [number for asked in sets for number in asked.numbers]
    directory = Directory([*given, *(phone.number for phone in personal_phones.values())])
    places: list[Place] = [place for line in lines for place in (line.hub, *line.markets)]
    network = Network(places, seed)
    movement = Movement(network, seed)
    horizon = max(day_number(asked.period_to) for asked in sets)
    customers, memberships = draw_lists(lines, network, directory, seed=seed, horizon=horizon, list_scale=list_scale)
    people = _People(lines, network, directory, personal_phones, seed)
    deals = {}
    for line in sorted(lines, key=lambda line: line.line_id):
        before: Habits | None = None
        for period in line.periods if line.markets else ():
            before = draw_habits(seed, line.line_id, period.number, before, has_runners=bool(line.runner_ids))
            deals[period.number] = DealNumber(
                number=period.number,
                line_id=line.line_id,
                code=directory.code(period.number),
                start=day_number(period.start),
                end=day_number(period.end) if period.end else horizon,
                habits=before,
                members=memberships[period.number],
                holder=people.person(line.holder_id),
                deputy=people.deputy(line),
                holder_code=people.code(line.holder_id),
                runners=tuple(people.person(runner) for runner in line.runner_ids),
                runner_codes=np.array([people.code(runner) for runner in line.runner_ids], dtype=np.int32),
            )
    world = World(seed, list_scale, directory, network, movement, customers, deals, ())
    drawing = _SetDrawing(world, lines, people)
    ordered = sorted(sets, key=lambda asked: (asked.agency, asked.ref))
    return world.with_sets(drawing.plan(asked) for asked in ordered)


class _People:
    """The people of all lines, and their own phones as far as anybody asked for them."""

    def __init__(
        self,
        lines: Sequence[Line],
        network: Network,
        directory: Directory,
        phones: Mapping[str, PersonalPhone],
        seed: int,
    ) -> None:
        self._network, self._directory, self._seed = network, directory, seed
        self._people: dict[str, Person] = {}
        self._own: dict[str, OwnPhone] = {}
        self.lines_of: dict[str, list[Line]] = {}
        for line in sorted(lines, key=lambda line: line.line_id):
            for person_id in (line.holder_id, *line.runner_ids):
                self.lines_of.setdefault(person_id, []).append(line)
        for person_id, theirs in sorted(self.lines_of.items()):
            holds = any(line.holder_id == person_id for line in theirs)
            markets = dict.fromkeys(network.town(market) for line in theirs for market in line.markets)
            carrier = Carrier.HOLDER if holds else Carrier.RUNNER
            self._people[person_id] = Person(person_id, carrier, network.town(theirs[0].hub), tuple(markets))
        self._codes = {
            person_id: directory.code(phones[person_id].number) if person_id in phones else directory.reserve(1)
            for person_id in self._people
        }
        self._owners = {phone.number: person_id for person_id, phone in phones.items()}

    def person(self, person_id: str) -> Person:
        """Who somebody of a line is."""
        return self._people[person_id]

    def code(self, person_id: str) -> int:
        """The code of their own phone."""
        return self._codes[person_id]

    def owner(self, number: str) -> Person | None:
        """Whose own phone a number is, if it is that of somebody of a line."""
        return self._people.get(self._owners.get(number, ""))

    def deputy(self, line: Line) -> Person:
        """Whoever has the deal phone when the holder has not."""
        markets = tuple(dict.fromkeys(self._network.town(market) for market in line.markets))
        return Person(f"{line.line_id} deputy", Carrier.HOLDER, self._network.town(line.hub), markets)

    def own_phone(self, person: Person, code: int | None = None, beside: Person | None = None) -> OwnPhone:
        """Somebody's own phone: the same each time it is asked for."""
        if person.key not in self._own:
            rng = chance(self._seed, "own phone", person.key)
            known = self._codes.get(person.key, code)
            at = self._directory.reserve(1) if known is None else known
            first = self._directory.reserve(figures.PERSONAL_CONTACTS.value)
            rate = figures.PERSONAL_MEDIAN.value * np.exp(rng.normal(0.0, figures.PERSONAL_SIGMA.value))
            self._own[person.key] = OwnPhone(
                number=self._directory.written(np.array([at], dtype=np.int32))[0],
                code=at,
                person=person,
                rate=float(rate),
                contacts=np.arange(first, first + figures.PERSONAL_CONTACTS.value, dtype=np.int32),
                beside=beside,
                share_beside=float(rng.uniform(*figures.COMPANION_SHARES.value)),
            )
        return self._own[person.key]


class _SetDrawing:
    """Draws what each set holds beside the deal numbers that were rightly asked for."""

    def __init__(self, world: World, lines: Sequence[Line], people: _People) -> None:
        self._lines = {line.line_id: line for line in sorted(lines, key=lambda line: line.line_id)}
        self._network, self._directory, self._customers = world.network, world.directory, world.customers
        self._deals, self._people = world.deals, people
        self._seed, self._scale = world.seed, world.list_scale

    def plan(self, asked: AuthorisedSet) -> SetPlan:
        """The set with its bystanders, its own phones and all deal numbers to draw."""
        rng = chance(self._seed, "set", asked.agency, asked.ref)
        first, last = day_number(asked.period_from), day_number(asked.period_to)
        deals = [self._deals[number] for number in dict.fromkeys(asked.numbers) if number in self._deals]
        wanted = dict.fromkeys([*asked.line_ids, *(deal.line_id for deal in deals)])
        lines = [self._lines[line_id] for line_id in wanted if line_id in self._lines] or list(self._lines.values())[:1]
        phones = [self._asked_phone(number, lines[0]) for number in asked.numbers if number not in self._deals]
        phones += self._candidates(asked, deals, (first, last), rng)
        phones = list({phone.code: phone for phone in phones}.values())
        theirs = {
            period.number
            for phone in phones
            for line in self._people.lines_of.get(phone.person.key, ())
            for period in line.periods
        }
        others = [self._deals[number] for number in sorted(theirs - set(asked.numbers)) if number in self._deals]
        premises = self._bystanders(len(deals), lines, (first + last) // 2, rng)
        mistaken = self._directory.reserve(2)
        return SetPlan(asked, first, last, (*deals, *others), premises, tuple(phones), mistaken)

    def _asked_phone(self, number: str, line: Line) -> OwnPhone:
        """The own phone behind a number that is no deal number: a line's person's, or somebody's nobody knows."""
        person = self._people.owner(number) or Person(
            f"number {number}", Carrier.RESIDENT, self._network.town(line.hub)
        )
        return self._people.own_phone(person, code=self._directory.code(number))

    def _candidates(
        self, asked: AuthorisedSet, deals: Sequence[DealNumber], window: tuple[int, int], rng: np.random.Generator
    ) -> list[OwnPhone]:
        """In some sets: own phones of a line's holder, of a companion of theirs and of a stranger from their town."""
        inside = [deal for deal in deals if deal.start <= window[1] and deal.end >= window[0]]
        if not inside or rng.random() >= figures.CANDIDATES_SHARE.value:
            return []
        deal = inside[int(rng.integers(len(inside)))]
        companion = Person(f"{deal.line_id} companion", Carrier.RESIDENT, deal.holder.home)
        stranger = Person(f"{asked.agency} {asked.ref} stranger", Carrier.RESIDENT, deal.holder.home)
        return [
            self._people.own_phone(deal.holder),
            self._people.own_phone(companion, beside=deal.holder),
            self._people.own_phone(stranger),
        ]

    def _bystanders(
        self, deals: int, lines: Sequence[Line], day: int, rng: np.random.Generator
    ) -> tuple[Premises, ...]:
        """Bystanders in the market towns of the set's lines, of as many kinds as there are numbers for."""
        count = max(1, round(deals * figures.BYSTANDERS_SHARE.value))
        kinds = list(Bystander)
        order = [kinds[at] for at in rng.permutation(len(kinds))]
        found = []
        for at in range(count):
            line = lines[int(rng.integers(len(lines)))]
            place = line.markets[int(rng.integers(len(line.markets)))] if line.markets else line.hub
            found.append(self._bystander(order[at % len(order)], self._network.town(place), line, day, rng))
        return tuple(found)

    def _bystander(self, kind: Bystander, town: int, line: Line, day: int, rng: np.random.Generator) -> Premises:
        size = bystander_contacts(rng, kind, self._scale)
        code = self._directory.reserve(1)
        known = [
            self._deals[period.number].members.customers for period in line.periods if period.number in self._deals
        ]
        customers = known[-1] if known else np.empty(0, np.int32)
        numbers = self._customers.codes(customers, np.full(len(customers), day))
        extent = self._network.extent(town)
        east, north = rng.normal(0.0, 0.25, 2) * extent
        return Premises(
            number=self._directory.written(np.array([code], dtype=np.int32))[0],
            code=code,
            kind=kind,
            spot=Spot(town, float(east), float(north)),
            contacts=mixed_contacts(rng, self._directory.reserve(size), size, numbers),
        )
