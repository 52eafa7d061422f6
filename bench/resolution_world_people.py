"""The people of the resolution world: households with the likenesses that mislead a matcher, and what they use over five years.

Families share a surname and an address, a father and a son one name, twins a birthday, brothers the forename Mohammed; a
household shares a telephone and a car, up to nine strangers a handset, dozens a hostel. Names, towns, invented addresses and
numbers are the simulation's reference data; every share is a [D] of this bench. Nothing here knows the engine that is measured.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from types import MappingProxyType
from typing import Final

from crossline.simulation.chance import Choice, poisson
from crossline.simulation.geography import Address, address_in, homes_of
from crossline.simulation.name_origins import traditions_by_district, traditions_elsewhere
from crossline.simulation.names import Name, invent_name, invent_surname
from crossline.simulation.people import invent_moniker, pnc_like
from crossline.simulation.selectors import deal_number, plate
from crossline.vocabulary.agencies import AgencyKind, agencies

LAST_DAY: Final = date(2026, 6, 30)
DAYS: Final = 5 * 365
FIRST_DAY: Final = LAST_DAY - timedelta(days=DAYS)

ORIGINS: Final = MappingProxyType(
    {
        "british": ("british",),
        "irish": ("irish", "traveller"),
        "south asian": ("pakistani", "bangladeshi", "gujarati", "punjabi", "south_indian", "tamil", "nepali"),
        "east european": ("polish", "romanian", "lithuanian_latvian", "bulgarian", "albanian", "roma"),
        "west african": ("yoruba", "igbo", "ghanaian", "sierra_leone_gambian", "central_southern_african"),
        "east african and arabic": (
            *("somali", "eritrean_ethiopian", "arab", "kurdish_iraqi", "iranian", "afghan", "turkish"),
        ),
        "chinese and vietnamese": ("chinese", "vietnamese", "filipino"),
        "caribbean": ("caribbean",),
        "south european and latin": ("portuguese_brazilian", "italian", "spanish_latin"),
    }
)
ORIGIN_OF: Final = MappingProxyType({each: origin for origin, all_ in ORIGINS.items() for each in all_})
_PATRONYMIC: Final = frozenset({"somali", "eritrean_ethiopian"})
_MOHAMMED: Final = frozenset({"pakistani", "bangladeshi", "somali", "afghan", "arab"})
_NAMESAKE_SON: Final = MappingProxyType({"british": 0.06, "irish": 0.08, "traveller": 0.18, "caribbean": 0.10})
_GIVEN_NEW_YEAR: Final = frozenset({"somali", "eritrean_ethiopian", "afghan", "kurdish_iraqi"})
_FEMININE: Final = (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"), ("ov", "ova"), ("ev", "eva"))
_KINDS: Final = Choice({"single": 0.36, "couple": 0.16, "family": 0.34, "sharers": 0.14})
_MOST_MENTIONS: Final = 100
_POWER: Final = 2.3  # share of people with k mentions falls as k to the minus this
_MENTIONS: Final = list(accumulate(k**-_POWER for k in range(1, _MOST_MENTIONS + 1)))
_EVEN_ORIGINS: Final = 0.22  # households drawn evenly over the traditions, so that each group is large enough to judge


@dataclass(frozen=True, slots=True)
class Held:
    """Something used from one day to another (days since the first day of the world, both included)."""

    value: str
    start: int = 0
    end: int = DAYS


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives from a day on."""

    address: Address
    start: int
    hostel: bool = False


@dataclass(slots=True)
class Someone:
    """One person. `called` is the middle or other name they go by; `former` the surname before `renamed_on`."""

    number: int
    name: Name
    sex: str
    born: date
    tradition: str
    force: str
    mentions: int
    homes: list[Home]
    called: str = ""
    former: str = ""
    renamed_on: int = 0
    moniker: str = ""
    phones: list[Held] = field(default_factory=list)
    shared_phones: list[str] = field(default_factory=list)
    vehicles: list[str] = field(default_factory=list)
    pncs: list[str] = field(default_factory=list)
    elsewhere: tuple[str, ...] = ()
    likeness: tuple[str, ...] = ()
    kin: list[Someone] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The group of naming traditions that errors are compared by."""
        return ORIGIN_OF[self.tradition]

    @property
    def age_band(self) -> str:
        """Age on the last day of the world."""
        age = LAST_DAY.year - self.born.year
        return "under 18" if age < 18 else "18 to 24" if age < 25 else "25 to 39" if age < 40 else "40 and over"

    def home_on(self, day: int) -> Home:
        """Where they live on a day."""
        return next(home for home in reversed(self.homes) if home.start <= day)


class Population:
    """Makes people, household after household, until asked no more. The same seed gives the same people."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"people/{seed}")
        police = [each for each in agencies().values() if each.kind is AgencyKind.TERRITORIAL and each.population]
        self._forces = Choice([(each.id, float(each.population or 0)) for each in police])
        self._force_ids = [each.id for each in police]
        self._traditions = Choice({each: 1.0 for each in ORIGIN_OF if each != "british"})
        self._people = self._numbers = self._plates = 0
        self._open_handsets: dict[str, tuple[str, int]] = {}
        self._hire_cars: dict[str, list[str]] = {}
        self._hostels: dict[str, list[Address]] = {}
        self._given_up: list[tuple[str, int]] = []

    def until(self, mentions: int) -> Iterator[Someone]:
        """People with so many mentions in all; the last one's are cut to fit."""
        left = mentions
        while left > 0:
            for person in self._household():
                if person.mentions and left > 0:
                    person.mentions = min(person.mentions, left)
                    left -= person.mentions
                    yield person

    def _household(self) -> list[Someone]:
        rng = self.rng
        force = self._forces.draw(rng)
        town = homes_of(force).draw(rng)
        own = traditions_by_district().get(town.lad_code, traditions_elsewhere())
        tradition = self._traditions.draw(rng) if rng.random() < _EVEN_ORIGINS else own.draw(rng)
        kind = _KINDS.draw(rng)
        home = Home(address_in(town, rng), 0)
        homes = [home]
        if rng.random() < 0.35:
            homes.append(self._new_home(force, 1 + int(rng.random() * DAYS)))
        if kind == "family":
            members = self._family(tradition, force, homes)
        else:
            size = {"single": 1, "couple": 2, "sharers": 3 + int(rng.random() * 3)}[kind]
            members = []
            for place in range(size):
                each = own.draw(rng) if kind == "sharers" else tradition
                sex = "M" if rng.random() < (0.72 if place == 0 else 0.35 if kind == "couple" else 0.6) else "F"
                members.append(self._someone(each, force, list(homes), sex, self._adult()))
            if kind == "couple" and rng.random() < 0.6 and tradition not in _PATRONYMIC:
                self._marry(members[1], members[0].name.surname)
        for person in members:
            self._belongings(person, members)
        if rng.random() < 0.3:
            landline = self._number(landline=True)
            for person in members:
                person.shared_phones.append(landline)
        if rng.random() < 0.46:
            car = self._plate()
            for person in members:
                person.vehicles.append(car)
        return members

    def _someone(self, tradition: str, force: str, homes: list[Home], sex: str, born: date) -> Someone:
        rng = self.rng
        self._people += 1
        if tradition in _GIVEN_NEW_YEAR and rng.random() < 0.15:
            born = date(born.year, 1, 1)  # a birthday that an office gave, and true for good
        name = invent_name(rng, tradition=tradition, sex=sex, birth_year=born.year, force_id=force)
        surname = feminine(name.surname) if sex == "F" and ORIGIN_OF[tradition] == "east european" else name.surname
        person = Someone(
            self._people, replace(name, surname=surname), sex, born, tradition, force, self._how_often(), homes
        )
        if tradition in _MOHAMMED and sex == "M" and rng.random() < 0.12:
            self._mohammed(person)
        elif person.name.middle and rng.random() < 0.06:
            person.called = person.name.middle
        return person

    def _family(self, tradition: str, force: str, homes: list[Home]) -> list[Someone]:
        rng = self.rng
        father = self._someone(tradition, force, list(homes), "M", self._adult(least=24))
        mother_born = father.born + timedelta(days=int(rng.gauss(700, 1200)))
        mother = self._someone(tradition, force, list(homes), "F", min(mother_born, _years_ago(19)))
        if tradition not in _PATRONYMIC and rng.random() < 0.62:
            self._marry(mother, father.name.surname)
        children = []
        count = 1 + min(5, poisson(rng, 1.6))
        youngest_parent = max(father.born, mother.born)
        brothers = tradition in _MOHAMMED and rng.random() < 0.3
        for _ in range(count):
            born = youngest_parent + timedelta(days=int(365.25 * (19 + rng.random() * 14)))
            child = self._someone(tradition, force, list(homes), "M" if rng.random() < 0.56 else "F", born)
            if born > _years_ago(8):
                child.mentions = 0  # small children are not mentioned by name
            child.name = replace(child.name, surname=self._childs_surname(child, father, mother))
            if tradition in _PATRONYMIC:
                child.name = replace(child.name, middle=father.name.forename)
            elif brothers and child.sex == "M" and not child.called:
                self._mohammed(child)
            children.append(child)
        self._twins(children)
        son = next((child for child in children if child.sex == "M" and not child.likeness), None)
        if son and rng.random() < _NAMESAKE_SON.get(tradition, 0.01):
            middle = father.name.middle if rng.random() < 0.5 else son.name.middle
            son.name = Name(father.name.forename, middle, father.name.surname)
            son.likeness += ("father and son of one name",)
            father.likeness += ("father and son of one name",)
        members = [father, mother, *children]
        for person in members:
            person.likeness += ("family at one address",)
            person.kin = [each for each in members if each is not person and each.sex == person.sex]
            if person is not father and rng.random() < 0.45:
                person.mentions = 0
        return members

    def _childs_surname(self, child: Someone, father: Someone, mother: Someone) -> str:
        if child.tradition in _PATRONYMIC:
            return father.name.middle or father.name.surname
        way = self.rng.random()
        plain = not set("- ") & set(father.name.surname + mother.name.surname)
        if way < 0.1:
            surname = mother.former or mother.name.surname
        elif way < 0.17 and plain and mother.name.surname != father.name.surname:
            surname = f"{mother.name.surname}-{father.name.surname}"
        else:
            surname = father.name.surname
        if child.tradition == "punjabi" and surname in ("Singh", "Kaur"):
            return "Singh" if child.sex == "M" else "Kaur"
        return feminine(surname) if child.sex == "F" and child.origin == "east european" else surname

    def _twins(self, children: list[Someone]) -> None:
        if len(children) < 2 or self.rng.random() > 0.05:
            return
        first, second = children[:2]
        second.born = first.born
        second.mentions = second.mentions if first.mentions else 0
        for _ in range(12):  # parents like a letter
            name = invent_name(
                self.rng, tradition=second.tradition, sex=second.sex, birth_year=first.born.year, force_id=second.force
            )
            if name.forename != first.name.forename:
                second.name = replace(second.name, forename=name.forename)
                if name.forename[0] == first.name.forename[0]:
                    break
        for child in (first, second):
            child.likeness += ("twins",)

    def _mohammed(self, person: Someone) -> None:
        if person.name.forename != "Mohammed":
            person.called = person.name.forename
            person.name = Name("Mohammed", person.name.forename, person.name.surname)
            person.likeness += ("called by the second of two forenames",)

    def _marry(self, wife: Someone, surname: str) -> None:
        if wife.origin == "east european":
            surname = feminine(surname)
        if wife.tradition == "punjabi":
            return
        wife.former = wife.name.surname
        wife.renamed_on = int((self.rng.random() * 1.6 - 1.0) * DAYS)  # most before the world begins
        wife.name = replace(wife.name, surname=surname)

    def _belongings(self, person: Someone, household: list[Someone]) -> None:
        rng = self.rng
        age = LAST_DAY.year - person.born.year
        if age >= 11:
            start = 0
            for _ in range(1 + poisson(rng, 1.1)):
                end = min(DAYS, start + 60 + int(rng.expovariate(1 / 900)))
                person.phones.append(Held(self._number(start=start), start, end))
                if end < DAYS:
                    self._given_up.append((person.phones[-1].value, end))
                start = end + 1
                if start > DAYS:
                    break
        if rng.random() < 0.07:
            person.shared_phones.append(self._handset(person.force))
        if age >= 17 and rng.random() < 0.12:
            person.vehicles.append(self._plate())
        if age >= 17 and rng.random() < 0.03:
            person.vehicles.append(rng.choice(self._hires(person.force)))
        if age >= 12 and rng.random() < (0.8 if person.mentions > 3 else 0.42):
            person.pncs = [pnc_like(person.number * 2 + at) for at in range(2 if rng.random() < 0.012 else 1)]
        if age >= 10 and rng.random() < (0.45 if person.mentions > 3 else 0.12):
            person.moniker = invent_moniker(rng, person.name)
        if rng.random() < 0.3:
            person.elsewhere = tuple(rng.choice(self._force_ids) for _ in range(1 + int(rng.random() * 2)))
        if age >= 18 and rng.random() < 0.25:
            start = 1 + int(rng.random() * DAYS)
            hostel = rng.random() < (0.4 if len(household) == 1 else 0.12)
            person.homes.append(self._new_home(person.force, start, hostel=hostel))
            person.homes.sort(key=lambda home: home.start)

    def _new_home(self, force: str, start: int, *, hostel: bool = False) -> Home:
        rng = self.rng
        if not hostel:
            return Home(address_in(homes_of(force).draw(rng), rng), start)
        made = self._hostels.setdefault(force, [])
        if not made or rng.random() < 0.03:
            made.append(replace(address_in(homes_of(force).draw(rng), rng), flat=""))
        return Home(rng.choice(made), start, hostel=True)

    def _handset(self, force: str) -> str:
        """A handset that three to nine people of a force use: the next place on the open one, or a new one."""
        number, places = self._open_handsets.get(force, ("", 0))
        if not places:
            number, places = self._number(), 3 + int(self.rng.random() * 7)
        self._open_handsets[force] = (number, places - 1)
        return number

    def _hires(self, force: str) -> list[str]:
        return self._hire_cars.setdefault(force, [self._plate() for _ in range(6)])

    def _number(self, *, landline: bool = False, start: int = 0) -> str:
        if start and self._given_up and self.rng.random() < 0.02:
            number, given_up = self._given_up[int(self.rng.random() * len(self._given_up))]
            if given_up + 180 < start:
                return number  # operators hand numbers out again
        self._numbers += 1
        if landline:
            return f"+441632960{self._numbers % 1000:03d}#{self._numbers // 1000 + 5000:04d}"
        return deal_number(self._numbers)

    def _plate(self) -> str:
        self._plates += 1
        return plate(self._plates)

    def _how_often(self) -> int:
        return 1 + bisect(_MENTIONS, self.rng.random() * _MENTIONS[-1])

    def _adult(self, least: int = 15) -> date:
        """Mostly young: who is mentioned in intelligence about lines is."""
        years = least + 55 * self.rng.random() ** 2.2
        return LAST_DAY - timedelta(days=int(365.25 * years))


def feminine(surname: str) -> str:
    """The form a daughter or a wife has: Kowalska of Kowalski."""
    for ending, hers in _FEMININE:
        if surname.endswith(ending):
            return surname.removesuffix(ending) + hers
    return surname


def other_surname(rng: Random, person: Someone) -> str:
    """A surname that somebody of the same tradition might give for themselves."""
    return invent_surname(rng, tradition=person.tradition, sex=person.sex)


def _years_ago(years: int) -> date:
    return LAST_DAY - timedelta(days=int(365.25 * years))
