"""The ordinary people of one force's area, met with in proportion to how often the police meet them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

from crossline.simulation.chance import stream
from crossline.simulation.geography import Address, address_in, homes_of, station_address, stations_of
from crossline.simulation.parameters_people import ELSEWHERE_SHARE, LINE_PERSON_SHARE
from crossline.simulation.people import SLOTS_A_PERSON, Person, Phone, born_at, invent_household, invent_person
from crossline.simulation.selectors import deal_number, handset, sim

FIRST_INDEX: Final = 70_000
"""Where the indexes of ordinary people begin: those before are deal numbers and line people."""
INDEXES_A_FORCE: Final = 70_000
HOUSEHOLD_INDEXES: Final = 5
_MOST_HOUSEHOLDS: Final = 12_800  # the rest of a force's indexes are for its homes and firms
_HOUSEHOLDS_A_REPORT: Final = 0.36  # [D] so that half of those met are met again
_REPORTS_A_HOME: Final = 260  # [D] ordinary reports for each children's home
_TRIES: Final = 60


@dataclass(frozen=True, slots=True)
class Home:
    """A children's home: an address and a telephone that everybody in it shares."""

    address: Address
    phone: Phone
    children: tuple[Person, ...]


class Community:
    """The people of one force. A household is the same whenever and by whomever it is asked for."""

    def __init__(self, force_id: str, *, position: int, reports: int, seed: int, keep: bool = True) -> None:
        self.force_id = force_id
        self._seed, self._keep = seed, keep
        self._first = FIRST_INDEX + position * INDEXES_A_FORCE
        self._count = max(12, min(_MOST_HOUSEHOLDS, int(reports * _HOUSEHOLDS_A_REPORT)))
        self._held: dict[int, tuple[Person, ...]] = {}
        self._others: Sequence[Community] = ()
        self._line_people: Sequence[Person] = ()
        rng = stream(seed, "facilities", force_id)
        base = self._first + _MOST_HOUSEHOLDS * HOUSEHOLD_INDEXES
        self.homes = tuple(
            self._home(rng, number, base + 200 + number * 8) for number in range(1 + reports // _REPORTS_A_HOME)
        )
        self.hostels = tuple(
            (address_in(homes_of(force_id).draw(rng), rng, premises="hostel"), _phone(base + at)) for at in range(2)
        )
        self.taxi_firms = tuple(
            (address_in(homes_of(force_id).draw(rng), rng, premises="taxi office"), _phone(base + 20 + at))
            for at in range(3)
        )
        self.stations = tuple(station_address(stations_of(force_id).draw(rng), rng) for _ in range(4))
        self.shops = tuple(address_in(homes_of(force_id).draw(rng), rng, premises="shop") for _ in range(40))

    def beside(self, others: Sequence[Community], line_people: Sequence[Person]) -> None:
        """The other forces' communities, from which somebody comes now and then; people of lines who live here."""
        self._others, self._line_people = others, line_people

    def adult(self, rng: Random, *, often: float = 1.0) -> Person:
        """A grown-up. `often` above 1 favours those the police meet again and again."""
        return self._somebody(rng, 18, 110, often)

    def child(self, rng: Random, *, often: float = 1.0) -> Person:
        """A child of ten or over."""
        return self._somebody(rng, 10, 17, often)

    def household_of(self, person: Person) -> tuple[Person, ...]:
        """Who they live with, themselves among them."""
        if not person.person_id.startswith(f"P-{self.force_id}-") or person.role:
            return (person,)
        return self.household(int(person.person_id.split("-")[-2]))

    def household(self, number: int) -> tuple[Person, ...]:
        """The n-th household."""
        found = self._held.get(number)
        if found is None:
            first = self._first + number * HOUSEHOLD_INDEXES
            found = invent_household(self._seed, self.force_id, number, first)
            if self._keep:
                self._held[number] = found
        return found

    def forget(self) -> None:
        """Let go of the households held; they can be made again."""
        self._held.clear()
        self._keep = False

    def _somebody(self, rng: Random, low: int, high: int, often: float) -> Person:
        here: Community = self
        if self._line_people and rng.random() < LINE_PERSON_SHARE.value:
            person = self._line_people[int(rng.random() * len(self._line_people))]
            if low <= person.age_on(_MIDDLE) <= high:
                return person
        if self._others and rng.random() < ELSEWHERE_SHARE.value:
            here = self._others[int(rng.random() * len(self._others))]
        for _ in range(_TRIES):
            members = here.household(int(rng.random() ** often * here._count))
            fitting = [p for p in members if low <= p.age_on(_MIDDLE) <= high]
            if fitting:
                return fitting[int(rng.random() * len(fitting))]
        return members[0]

    def _home(self, rng: Random, number: int, index: int) -> Home:
        town = homes_of(self.force_id).draw(rng)
        address = address_in(town, rng, premises="children's home")
        children = []
        for place in range(rng.randint(3, 6)):
            child = invent_person(
                rng,
                person_id=f"P-{self.force_id}-home{number:03d}-{place + 1}",
                index=index + place,
                force_id=self.force_id,
                town=town,
                born=born_at(rng, rng.randint(12, 16)),
                sex="M" if rng.random() < 0.55 else "F",
                home=address,
                role="looked after",
            )
            children.append(replace(child, homes=(address,), moved=None))
        return Home(address, _phone(index + 7), tuple(children))


_MIDDLE: Final = date(2026, 5, 1)


def _phone(index: int) -> Phone:
    first = index * SLOTS_A_PERSON
    return Phone(deal_number(first), handset(first), sim(first))
