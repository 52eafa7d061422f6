"""How officers write people, telephones, vehicles and addresses down: rightly, mostly, and in the ways they go wrong."""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from random import Random
from typing import Any, Final

from crossline.simulation.geography import Address
from crossline.simulation.names import spellings, without_accents
from crossline.simulation.parameters_people import (
    ACCENTS_LOST,
    ALIAS_WRITTEN,
    DOB_MISSING,
    DOB_MONTH_ONLY,
    DOB_PLACEHOLDER,
    DOB_SLIP,
    DOB_SWAPPED,
    DOB_YEAR_ONLY,
    FORENAME_INITIAL,
    FORENAME_MISSING,
    FORENAME_VARIANT,
    HALF_OF_DOUBLE,
    MIDDLE_AS_FIRST,
    MIDDLE_WRITTEN,
    NAMES_SWAPPED,
    NUMBER_SLIP,
    PLATE_SLIP,
    PNC_WRITTEN,
    SECOND_NOMINAL,
    SEX_MISSING,
    SURNAME_VARIANT,
    TYPING_SLIP,
)
from crossline.simulation.people import Person, Phone
from crossline.simulation.selectors import slip_digit, write_number, write_plate
from crossline.simulation.vehicles import Vehicle

Mention = dict[str, Any]

CUSTODY: Final = 0.45
"""Care: a custody sergeant checks; error rates are less than half."""
ROUTINE: Final = 1.0
HEARSAY: Final = 1.7
"""Care: what an officer was told, spelt as it sounded."""


class ForceIds:
    """The nominal ids one force has given: one for each person it knows, and by mistake a second for some."""

    def __init__(self, agency: str, seed_rng: Random) -> None:
        self._prefix = "".join(part[0] for part in agency.split("-")).upper() + agency[-1].upper()
        self._rng = seed_rng
        self._given: dict[str, list[str]] = {}
        self._next = 0

    def nominal(self, person_id: str) -> str:
        """An id for a person met again: their own, or now and then one newly made for them."""
        known = self._given.get(person_id)
        if known is None:
            self._given[person_id] = [self._new()]
            return self._given[person_id][0]
        if len(known) == 1 and self._rng.random() < SECOND_NOMINAL.value:
            known.append(self._new())
            return known[1]
        return known[int(self._rng.random() * len(known))]

    def _new(self) -> str:
        self._next += 1
        return f"{self._prefix}{self._next * 7 % 10 + 10 * self._next:06d}"


def write_person(
    person: Person, *, day: date, rng: Random, ids: ForceIds, care: float = ROUTINE, id_share: float = 0.5
) -> Mention:
    """The mention of a person in a report of that day. `care` multiplies every error rate."""
    forename, surname = _names(person, rng, care)
    middle = None
    if person.name.middle and forename and rng.random() < MIDDLE_WRITTEN.value:
        middle = person.name.middle if rng.random() < 0.7 else person.name.middle[0]
    dob, age = _birth(person, day, rng, care)
    mention: Mention = {
        "kind": "person",
        "forename": forename or None,
        "middle": middle,
        "surname": surname or None,
        "aliases": [person.moniker] if person.moniker and rng.random() < ALIAS_WRITTEN.value else [],
        "dob": dob,
        "age": age,
        "sex": None if rng.random() < SEX_MISSING.value * care else person.sex,
        "ids": _ids(person, rng, ids, care, id_share),
    }
    return mention


def write_moniker(person: Person) -> Mention:
    """A person of whom only the street name was told."""
    empty = dict.fromkeys(("forename", "middle", "surname"))
    return {
        "kind": "person",
        **empty,
        "aliases": [person.moniker],
        "dob": None,
        "age": None,
        "sex": person.sex,
        "ids": {},
    }


def write_phone(phone: Phone, *, rng: Random, handset_share: float = 0.0) -> tuple[Mention, bool]:
    """The mention of a telephone, and whether its number is right; handset and SIM are known when it was in a hand."""
    written = write_number(phone.number, rng)
    slipped = rng.random() < NUMBER_SLIP.value
    known = rng.random() < handset_share
    mention = {
        "kind": "phone",
        "number": slip_digit(written, rng) if slipped else written,
        "imei": phone.imei if known else None,
        "imsi": phone.imsi if known and rng.random() < 0.6 else None,
    }
    return mention, not slipped


def write_vehicle(vehicle: Vehicle, *, rng: Random) -> tuple[Mention, bool]:
    """The mention of a vehicle, and whether its plate is right; the model is sometimes left out."""
    vrm = write_plate(vehicle.vrm, rng)
    slipped = rng.random() < PLATE_SLIP.value
    if slipped:
        at = vrm.index("#") - 1 - int(rng.random() * 3)
        vrm = vrm[:at] + rng.choice("BDHKMNPRSTVW") + vrm[at + 1 :]
    full = rng.random() < 0.8
    mention = {
        "kind": "vehicle",
        "vrm": vrm,
        "make": vehicle.make,
        "model": vehicle.model or None if full else None,
        "colour": vehicle.colour if full else None,
    }
    return mention, not slipped


def write_address(address: Address, *, rng: Random) -> Mention:
    """The mention of an address: abbreviated, without its flat or its postcode, with or without a point."""
    way = rng.random()
    flat, street = address.flat, address.street
    if way < 0.12:
        street = _abbreviated(street)
    elif way < 0.18 and flat:
        flat = flat.replace("Flat ", "Apt " if way < 0.15 else "flat ")
    text = ", ".join(part for part in (flat, f"{address.number} {street}".strip(), address.town) if part)
    placed = rng.random() < 0.7
    return {
        "kind": "address",
        "text": text,
        "postcode": None if rng.random() < 0.16 else _postcode(address.postcode, rng),
        "uprn": None,
        "lat": address.lat if placed else None,
        "lon": address.lon if placed else None,
        "premises": address.premises,
    }


def full_name(mention: Mention) -> str:
    """The name in a sentence: as written, with the street name where that is all there is."""
    parts = [mention["forename"], mention["middle"], mention["surname"]]
    name = " ".join(part for part in parts if part)
    if mention["aliases"]:
        return f"{name} (known as {mention['aliases'][0]})" if name else f"a person known as {mention['aliases'][0]}"
    return name or "an unnamed person"


def _names(person: Person, rng: Random, care: float) -> tuple[str, str]:
    name = person.name
    forename, surname = name.forename, name.surname
    if rng.random() < ACCENTS_LOST.value:
        forename, surname = without_accents(forename), without_accents(surname)
    draw = rng.random()
    if draw < FORENAME_VARIANT.value * care:
        known = spellings(forename)
        forename = known[int(rng.random() ** 1.5 * len(known))] if known else forename
    elif draw > 1.0 - MIDDLE_AS_FIRST.value and name.middle:
        forename = name.middle
    if rng.random() < SURNAME_VARIANT.value * care and (other := spellings(surname)):
        surname = other[int(rng.random() * len(other))]
    for joint in "- ":
        if joint in surname and rng.random() < HALF_OF_DOUBLE.value:
            surname = surname.split(joint)[int(rng.random() * 2)]
    if rng.random() < TYPING_SLIP.value * care:
        forename = slip_letter(forename, rng)
    if rng.random() < TYPING_SLIP.value * care:
        surname = slip_letter(surname, rng)
    draw = rng.random() / care
    if draw < NAMES_SWAPPED.value:
        return surname, forename
    if draw < NAMES_SWAPPED.value + FORENAME_INITIAL.value:
        return forename[:1], surname
    if draw < NAMES_SWAPPED.value + FORENAME_INITIAL.value + FORENAME_MISSING.value:
        return "", surname
    return (forename.upper(), surname.upper()) if draw > 0.94 / care else (forename, surname)


def slip_letter(text: str, rng: Random) -> str:
    """One typing slip: two letters change places, one is left out, doubled or another."""
    if len(text) < 3:
        return text
    at = 1 + int(rng.random() * (len(text) - 2))
    way = rng.random()
    if way < 0.35:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if way < 0.60:
        return text[:at] + text[at + 1 :]
    if way < 0.75:
        return text[:at] + text[at] + text[at:]
    return text[:at] + rng.choice("aeiounrstl") + text[at + 1 :]


def _birth(person: Person, day: date, rng: Random, care: float) -> tuple[str | None, int | None]:
    """Date of birth as written and, where it is not, sometimes an age."""
    born = person.born
    draw = rng.random() / care
    written = next((form for form, edge in _BIRTH_EDGES if draw < edge), "")
    match written:
        case "missing":
            guess = person.age_on(day) + (int(rng.gauss(0, 1.2)) if rng.random() < 0.4 else 0)
            return None, max(10, guess) if rng.random() < 0.5 else None
        case "swapped":
            return (date(born.year, born.day, born.month) if born.day <= 12 else born).isoformat(), None
        case "slip":
            return _slipped(born, rng).isoformat(), None
        case form:
            return (form or "{0:%Y-%m-%d}").format(born), None


_BIRTH_EDGES: Final = tuple(
    zip(
        ("missing", "{0:%Y}", "{0:%Y}-01-01", "swapped", "slip", "{0:%Y-%m}"),
        accumulate(
            figure.value
            for figure in (DOB_MISSING, DOB_YEAR_ONLY, DOB_PLACEHOLDER, DOB_SWAPPED, DOB_SLIP, DOB_MONTH_ONLY)
        ),
        strict=True,
    )
)
"""Ways a date of birth goes wrong, each with the edge of its chance: a format, or a word for what is done."""


def _slipped(born: date, rng: Random) -> date:
    """A birthday with one part wrong by a key's width; children stay children, so that no decade is slipped."""
    if rng.random() < 0.4:
        return date(born.year + rng.choice((-1, 1)), born.month, min(born.day, 28))
    if rng.random() < 0.5:
        return date(born.year, born.month, (born.day + rng.choice((1, 2, 9, 10))) % 28 + 1)
    return date(born.year, (born.month + rng.choice((0, 1))) % 12 + 1, min(born.day, 28))


def _ids(person: Person, rng: Random, ids: ForceIds, care: float, share: float) -> dict[str, str]:
    found: dict[str, str] = {}
    if rng.random() < share:
        found["nominal"] = ids.nominal(person.person_id)
    written = PNC_WRITTEN.value if care <= CUSTODY else PNC_WRITTEN.value / 4
    if person.pnc and rng.random() < written:
        found["pnc"] = person.pnc
    return found


def _abbreviated(street: str) -> str:
    for word, short in (("Street", "St"), ("Road", "Rd"), ("Avenue", "Ave"), ("Close", "Cl"), ("Lane", "La")):
        street = street.replace(word, short)
    return street


def _postcode(postcode: str, rng: Random) -> str:
    way = rng.random()
    return postcode if way < 0.86 else postcode.replace(" ", "") if way < 0.95 else postcode.lower()
