"""Invented people and the households they live in: who they are, with what telephones, vehicles and homes over the year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from crossline.simulation.chance import Choice, stream
from crossline.simulation.geography import Address, address_in, homes_of
from crossline.simulation.name_origins import traditions_by_district, traditions_elsewhere
from crossline.simulation.names import Name, invent_name, spellings
from crossline.simulation.parameters import WINDOW_FROM, WINDOW_TO
from crossline.simulation.parameters_people import (
    HOUSEHOLD_PHONE,
    HOUSEHOLD_SIZE,
    MONIKER_SHARE_OTHERS,
    MOVED_SHARE,
    PHONE_CHANGED,
    PHONES_WEIGHTS,
    PNC_SHARE,
    SAME_NAME_STRANGER,
    SHARED_SURNAME,
    VEHICLE_SHARE,
)
from crossline.simulation.selectors import deal_number, handset, plate, sim
from crossline.simulation.vehicles import Vehicle, vehicle_for
from crossline.simulation.world import Place
from crossline.vocabulary.places import Town

WINDOW_DAYS: Final = (WINDOW_TO - WINDOW_FROM).days
SLOTS_A_PERSON: Final = 3  # numbers kept for each person: two at once, and one to change to
_SIZES: Final = Choice(HOUSEHOLD_SIZE.value)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone: number (normalised), handset and SIM, and when it was in use (`None`: all year)."""

    number: str
    imei: str
    imsi: str
    start: date | None = None
    end: date | None = None

    def in_use(self, day: date) -> bool:
        """Was it in use on that day?"""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. `moved` is when the second of `homes` took the place of the first; `role` is empty for most."""

    person_id: str
    name: Name
    sex: str
    born: date
    tradition: str
    force_id: str
    homes: tuple[Address, ...]
    moved: date | None
    phones: tuple[Phone, ...]
    vehicle: Vehicle | None
    moniker: str
    pnc: str
    role: str = ""

    def age_on(self, day: date) -> int:
        """Age in whole years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def home_on(self, day: date) -> Address:
        """Where they live on a day."""
        return self.homes[-1] if self.moved and day >= self.moved else self.homes[0]

    def phone_on(self, day: date, rng: Random) -> Phone | None:
        """A telephone they use on a day, if they have one."""
        held = [phone for phone in self.phones if phone.in_use(day)]
        return held[int(rng.random() * len(held))] if held else None


def invent_person(
    rng: Random,
    *,
    person_id: str,
    index: int,
    force_id: str,
    town: Town | Place,
    born: date,
    sex: str,
    home: Address | None = None,
    tradition: str = "",
    moniker_share: float = MONIKER_SHARE_OTHERS.value,
    role: str = "",
) -> Person:
    """Somebody who lives in `town`. `index` is theirs alone: numbers, handsets and plates follow from it."""
    tradition = tradition or traditions_by_district().get(town.lad_code, traditions_elsewhere()).draw(rng)
    name = invent_name(rng, tradition=tradition, sex=sex, birth_year=born.year, force_id=force_id)
    homes = [home or address_in(town, rng)]
    moved = None
    if rng.random() < MOVED_SHARE.value:
        homes.append(address_in(homes_of(force_id).draw(rng) if rng.random() < 0.4 else town, rng))
        moved = day_in_window(rng)
    age = WINDOW_FROM.year - born.year
    return Person(
        person_id=person_id,
        name=name,
        sex=sex,
        born=born,
        tradition=tradition,
        force_id=force_id,
        homes=tuple(homes),
        moved=moved,
        phones=_phones(rng, index) if age >= 11 else (),
        vehicle=vehicle_for(rng, plate(index)) if age >= 18 and rng.random() < VEHICLE_SHARE.value else None,
        moniker=invent_moniker(rng, name) if age >= 10 and rng.random() < moniker_share else "",
        pnc=pnc_like(index) if age >= 12 and rng.random() < PNC_SHARE.value else "",
        role=role,
    )


def invent_household(seed: int, force_id: str, number: int, first_index: int) -> tuple[Person, ...]:
    """The n-th household of a force, the same whenever it is asked for. Indexes run from `first_index`."""
    rng = stream(seed, "household", force_id, number)
    town = homes_of(force_id).draw(rng)
    home = address_in(town, rng)
    tradition = traditions_by_district().get(town.lad_code, traditions_elsewhere()).draw(rng)
    members: list[Person] = []
    for place in range(_SIZES.draw(rng)):
        member = invent_person(
            rng,
            person_id=f"P-{force_id}-{number:05d}-{place + 1}",
            index=first_index + place,
            force_id=force_id,
            town=town,
            born=_born(rng, members),
            sex="M" if rng.random() < (0.62 if place == 0 else 0.5) else "F",
            home=home,
            tradition=tradition if rng.random() < 0.94 else "",
        )
        if members and rng.random() < SHARED_SURNAME.value:
            member = replace(member, name=replace(member.name, surname=members[0].name.surname))
        if members and members[0].phones and rng.random() < HOUSEHOLD_PHONE.value:
            member = replace(member, phones=members[0].phones[:1])
        members.append(member)
    if number and rng.random() < SAME_NAME_STRANGER.value:
        stranger = invent_household(seed, force_id, number // 2, first_index=0)[0]
        members[0] = replace(members[0], name=replace(stranger.name, middle=""), sex=stranger.sex)
    return tuple(members)


def _born(rng: Random, members: list[Person]) -> date:
    """The first is grown up; the second mostly a partner; the rest children, brothers and sisters of one another."""
    if not members:
        age = 18 + int(58 * rng.random() ** 1.7)
    elif len(members) == 1 and rng.random() < 0.6:
        age = max(17, WINDOW_FROM.year - members[0].born.year + int(rng.gauss(0, 5)))
    else:
        age = 4 + int(14 * rng.random() ** 0.8) if rng.random() < 0.7 else 18 + int(8 * rng.random())
    return born_at(rng, age)


def born_at(rng: Random, age: int) -> date:
    """A birthday of somebody who is `age` half way through the window."""
    middle = WINDOW_FROM + timedelta(days=WINDOW_DAYS // 2)
    return middle - timedelta(days=int(age * 365.25) + int(rng.random() * 365))


def day_in_window(rng: Random) -> date:
    """Any day of the window."""
    return WINDOW_FROM + timedelta(days=int(rng.random() * (WINDOW_DAYS + 1)))


def pnc_like(index: int) -> str:
    """An id shaped like a national computer's, with letters where a year would stand, so it is nobody's."""
    return f"ZZ/{index % 10_000_000:07d}{'ABCDEFGHJKLMNPQRTUVWXYZ'[index % 23]}"


def invent_moniker(rng: Random, name: Name) -> str:
    """A street name: initials, a short form, or one of the usual words."""
    way = rng.random()
    forename, surname = name.forename, name.surname
    if way < 0.30:
        return f"{forename[0]}{surname[0]}".upper()
    if way < 0.50:
        known = spellings(forename)
        short = known[int(rng.random() * len(known))] if known else forename[: max(3, len(forename) // 2)]
        return short + rng.choice(("", "y", "z", "o", " Boy"))
    if way < 0.72:
        return (
            f"{rng.choice(('Lil', 'Big', 'Young', 'Mad', 'Younger', 'Tall'))} {forename[0] if way < 0.62 else forename}"
        )
    return rng.choice(_STREET_NAMES)


_STREET_NAMES: Final = (
    *("Smalls", "Tiny", "Ghost", "Biggz", "Shadow", "Flames", "Smiler", "Specs", "Ginger", "Stretch", "Tank", "Slim"),
    *("Chips", "Bones", "Dots", "Fingers", "Frosty", "Gizmo", "Hops", "Inkz", "Jinx", "Kaos", "Lucky", "Mouse"),
    *("Ninja", "Onez", "Patch", "Quickz", "Rico", "Scooby", "Trigz", "Uncs", "Vex", "Wavy", "Zeus", "Bear"),
)


def _phones(rng: Random, index: int) -> tuple[Phone, ...]:
    first = index * SLOTS_A_PERSON
    draw = rng.random()
    count = 0 if draw < PHONES_WEIGHTS.value[0] else 1 if draw < sum(PHONES_WEIGHTS.value[:2]) else 2
    phones = [Phone(deal_number(first + at), handset(first + at), sim(first + at)) for at in range(count)]
    if phones and rng.random() < PHONE_CHANGED.value:
        day = day_in_window(rng)
        old = phones[0]
        kept = rng.random() < 0.55  # a new number in the old handset
        new = Phone(
            deal_number(first + 2),
            old.imei if kept else handset(first + 2),
            sim(first + 2),
            start=day + timedelta(days=1),
        )
        phones[0] = replace(old, end=day)
        phones.append(new)
    return tuple(phones)
