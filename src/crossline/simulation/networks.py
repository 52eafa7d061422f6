"""Who is behind each line: holders, deputies, runners (many of them children), the tenants of homes taken over, groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from crossline.simulation.chance import Choice, poisson, stream
from crossline.simulation.geography import Address, address_in, homes_of
from crossline.simulation.parameters import (
    ASSOCIATES_MEAN,
    GROUP_LINES_MAX,
    GROUP_SHARE,
    HOLDER_AGES,
    MALE_SHARE,
    PREMISES_WEEKS,
    RUNNER_ADULT_AGES,
    RUNNER_CHILD_AGES,
    RUNNER_CHILD_SHARE,
    RUNNER_FROM_HUB_SHARE,
    RUNNERS_MEAN,
    TENANT_AGES,
    TENANTS_MEAN,
    TRAVEL_SHARES,
    WINDOW_FROM,
    WINDOW_TO,
)
from crossline.simulation.parameters_people import MONIKER_SHARE
from crossline.simulation.people import Person, born_at, invent_person
from crossline.simulation.selectors import counter
from crossline.simulation.world import Line, Place

FIRST_INDEX: Final = 20_000
"""Where the indexes of line people begin: the numbers before are deal numbers."""
_CHILD_AGES: Final = Choice(RUNNER_CHILD_AGES.value)
_TRAVEL: Final = Choice(TRAVEL_SHARES.value)
_SHARED_RUNNER: Final = 0.12  # share of runners who also run for another line of the same group [D]


@dataclass(frozen=True, slots=True)
class Group:
    """A mapped group. `ref` is the exporting force's id for it."""

    ref: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Premises:
    """A home taken over in a market, from the first to the last day of it."""

    address: Address
    tenant: Person
    market: Place
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Network:
    """A line with everybody and everything behind it."""

    line: Line
    holder: Person
    deputies: tuple[Person, ...]
    runners: tuple[Person, ...]
    associates: tuple[Person, ...]
    premises: tuple[Premises, ...]
    group: Group | None
    travel: str
    users: tuple[Person, ...]  # people who buy, met now and then as witnesses
    kin: tuple[tuple[str, Person], ...]  # a parent, brother or sister at home, by the id of a runner under 18

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody of the network, tenants and users among them."""
        tenants = tuple(place.tenant for place in self.premises)
        at_home = tuple(person for _, person in self.kin)
        return (self.holder, *self.deputies, *self.runners, *self.associates, *tenants, *self.users, *at_home)

    def kin_of(self, person: Person) -> tuple[Person, ...]:
        """Those at home with a runner, as far as they come into it."""
        return tuple(kin for person_id, kin in self.kin if person_id == person.person_id)

    @property
    def active_from(self) -> date:
        """First day of the window on which it was at work."""
        return max(self.line.opened, WINDOW_FROM)

    @property
    def active_to(self) -> date:
        """Last day of the window on which it was at work."""
        return self.line.closed or WINDOW_TO

    def number_on(self, day: date) -> str:
        """The deal number in use on a day, or the one nearest before it."""
        started = [period for period in self.line.periods if period.start <= day]
        return (started or self.line.periods[:1])[-1].number


def make_networks(lines: Sequence[Line], seed: int) -> list[Network]:
    """The people of every line. The lines in the networks carry their holder and runners."""
    groups = _groups(lines, stream(seed, "groups"))
    indexes = counter(FIRST_INDEX)
    heads: dict[str, Network] = {}
    found = []
    for line in lines:
        group = groups.get(line.line_id)
        head = heads.get(group.ref) if group else None
        network = _network(line, group, head, stream(seed, "network", line.line_id), indexes)
        if group and head is None:
            heads[group.ref] = network
        found.append(network)
    return found


def _groups(lines: Sequence[Line], rng: Random) -> dict[str, Group]:
    """Groups of one to three lines run from the same force."""
    open_groups: dict[str, tuple[Group, int]] = {}
    found: dict[str, Group] = {}
    for line in lines:
        if rng.random() >= GROUP_SHARE.value:
            continue
        agency = line.exporting_agency
        group, room = open_groups.get(agency, (None, 0))
        if group is None or room == 0:
            number = len(found) + 1
            name = f"{rng.choice(_GROUP_WORDS)} {rng.choice(('Boys', 'Crew', 'Group', 'Mandem', 'Firm'))}"
            group, room = (
                Group(f"OCG/{agency.upper()}/{number:04d}", name, agency),
                rng.randint(1, GROUP_LINES_MAX.value),
            )
        found[line.line_id] = group
        open_groups[agency] = (group, room - 1)
    return found


_GROUP_WORDS: Final = (
    *("Larchfield", "Tollgate", "Quarry", "Millrace", "Harrow Lane", "Ninth Avenue", "Canal Street", "Ferrybank"),
    *("Northgate", "Brickfields", "Ropewalk", "Sandpit", "Coldharbour Row", "Tanner Street", "Elmhurst", "Viaduct"),
    *("Chapel Hill", "Gasworks", "Paper Mill", "Kiln Lane", "Foundry", "Riverside", "Old Dock", "Signal Box"),
)


def _network(line: Line, group: Group | None, head: Network | None, rng: Random, indexes: Iterator[int]) -> Network:
    makers = _Makers(line, rng, indexes)
    holder = head.holder if head and rng.random() < 0.5 else makers.someone("holder", HOLDER_AGES.value, line.hub)
    runners = [makers.runner() for _ in range(max(1, poisson(rng, RUNNERS_MEAN.value)))]
    if head:
        runners += [runner for runner in head.runners if rng.random() < _SHARED_RUNNER]
    premises = [
        makers.premises(market) for market in line.markets for _ in range(poisson(rng, TENANTS_MEAN.value * 0.85))
    ]
    known = head.runners if head else ()
    children = [runner for runner in runners if runner.age_on(WINDOW_FROM) < 18 and runner not in known]
    deputies = tuple(makers.someone("deputy", (18, 30), line.hub) for _ in range(poisson(rng, 0.8)))
    named = replace(line, holder_id=holder.person_id, runner_ids=tuple(runner.person_id for runner in runners))
    return Network(
        line=named,
        holder=holder,
        deputies=deputies,
        runners=tuple(runners),
        associates=tuple(
            makers.someone("associate", (17, 45), line.hub) for _ in range(poisson(rng, ASSOCIATES_MEAN.value))
        ),
        premises=tuple(premises),
        group=group,
        travel=_TRAVEL.draw(rng),
        users=tuple(makers.someone("user", (22, 60), rng.choice(line.markets)) for _ in range(1 + poisson(rng, 1.2))),
        kin=tuple((child.person_id, kin) for child in children for kin in makers.kin(child)),
    )


class _Makers:
    """Makes the people of one line, one index after another."""

    def __init__(self, line: Line, rng: Random, indexes: Iterator[int]) -> None:
        self._line, self._rng, self._indexes = line, rng, indexes

    def someone(self, role: str, ages: tuple[int, int], place: Place, home: Address | None = None) -> Person:
        """Somebody between two ages who lives in a place."""
        age = ages[0] + int(self._rng.random() ** 1.4 * (ages[1] - ages[0] + 1))
        return self._made(role, age, place, home)

    def runner(self) -> Person:
        """A runner: a child or somebody young, mostly from the hub."""
        rng = self._rng
        child = rng.random() < RUNNER_CHILD_SHARE.value
        low, high = RUNNER_ADULT_AGES.value
        age = _CHILD_AGES.draw(rng) if child else low + int(rng.random() ** 1.3 * (high - low + 1))
        from_hub = rng.random() < RUNNER_FROM_HUB_SHARE.value
        return self._made("runner", age, self._line.hub if from_hub else rng.choice(self._line.markets))

    def kin(self, child: Person) -> Iterator[Person]:
        """A parent, and now and then a brother or sister of nearly the same age, with name and home in common."""
        rng = self._rng
        town = next(place for place in (self._line.hub, *self._line.markets) if place.force_id == child.force_id)
        for role, share, ages in (("parent", 0.7, (33, 55)), ("sibling", 0.3, (12, 19))):
            if rng.random() < share:
                person = self.someone(role, ages, town, child.homes[0])
                name = replace(person.name, surname=child.name.surname)
                phones = child.phones if rng.random() < 0.12 and child.phones else person.phones
                yield replace(person, name=name, phones=phones, homes=child.homes, moved=child.moved)

    def premises(self, market: Place) -> Premises:
        """A home in a market, with its tenant, taken over for one to four weeks while the line was at work."""
        rng = self._rng
        first, last = max(self._line.opened, WINDOW_FROM), self._line.closed or WINDOW_TO
        weeks = rng.uniform(*PREMISES_WEEKS.value)
        start = first + timedelta(days=int(rng.random() * max(1, (last - first).days - 7)))
        home = address_in(market, rng, flat_share=0.75)
        tenant = self.someone("tenant", TENANT_AGES.value, market, home)
        home = tenant.home_on(start)
        return Premises(home, tenant, market, start, min(last, start + timedelta(days=int(7 * weeks))))

    def _made(self, role: str, age: int, place: Place, home: Address | None = None) -> Person:
        index, rng = next(self._indexes), self._rng
        male = {"tenant": 0.64, "user": 0.64, "parent": 0.25, "sibling": 0.5}.get(role, MALE_SHARE.value)
        return invent_person(
            rng,
            person_id=f"P-lines-{index:06d}",
            index=index,
            force_id=place.force_id,
            town=place if rng.random() < 0.8 else homes_of(place.force_id).draw(rng) if home is None else place,
            born=born_at(rng, age),
            sex="M" if rng.random() < male else "F",
            home=home,
            moniker_share=MONIKER_SHARE.value if role in ("holder", "deputy", "runner", "associate") else 0.08,
            role=role,
        )
