"""How somebody gets written down in the resolution world: by what source, with what of a birthday, numbers, address and ids.

A custody record has nearly everything, a rumour a first name or a street name and a telephone. Every trouble that a matcher
meets is named in TROUBLES and told in the truth file, so that its cost can be counted. Shares are [D].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from resolution_world_names import slip, write_name
from resolution_world_people import Held, Home, Someone

from crossline.simulation.chance import Choice
from crossline.simulation.selectors import write_number, write_plate

COLUMNS: Final = (
    *("ref", "agency", "forename", "middle", "surname", "aliases", "dob", "sex", "pnc", "nominal", "phones", "vrm"),
    *("address", "postcode", "place"),
)
TROUBLES: Final = (
    *("family at one address", "father and son of one name", "twins", "called by the second of two forenames"),
    *("former surname", "middle name as forename", "short form", "another spelling", "middle initial"),
    *("two forenames in one field", "double surname written otherwise", "O or Mac written otherwise"),
    *("forename and surname swapped", "initials only", "forename only", "surname only", "placeholder name"),
    *("another surname given", "accents left out", "typing slip in a name", "street name only", "alias"),
    *("no birthday", "year alone", "1 January for a year", "day and month swapped", "wrong digit in a birthday"),
    *(
        "year off by one",
        "placeholder birthday",
        "wrong sex",
        "shared telephone",
        "former telephone",
        "placeholder telephone",
    ),
    *(
        "wrong digit in a telephone",
        "shared vehicle",
        "slip in a plate",
        "former address",
        "hostel",
        "placeholder address",
    ),
    *(
        "slip in an address",
        "second nominal",
        "wrong id",
        "wrong digit in an id",
        "two national ids",
        "kin's details given",
    ),
    "another force",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of record: how carefully names are written (0 to 1), and the chance that each other thing stands in it."""

    care: float
    dob: float
    sex: float
    pnc: float
    nominal: float
    phone: float
    vrm: float
    address: float
    alias: float
    street_name_only: float = 0.0
    police: bool = True


_SOURCES: Final = Choice(
    [
        (Source(0.95, 0.99, 1.00, 0.85, 0.96, 0.40, 0.05, 0.86, 0.12), 0.20),  # custody
        (Source(0.75, 0.92, 0.98, 0.12, 0.50, 0.22, 0.22, 0.70, 0.05), 0.17),  # stop and search, traffic
        (Source(0.35, 0.46, 0.92, 0.10, 0.55, 0.34, 0.15, 0.38, 0.40, 0.03), 0.36),  # intelligence
        (Source(0.65, 0.93, 0.97, 0.0, 0.10, 0.36, 0.0, 0.76, 0.10, police=False), 0.17),  # a partner's referral
        (Source(0.15, 0.10, 0.85, 0.01, 0.10, 0.80, 0.06, 0.12, 0.70, 0.45), 0.10),  # telephones, rumours
    ]
)
_NO_ADDRESS: Final = ("NFA", "No fixed abode", "unknown", "UNKNOWN ADDRESS", "Not known")


class Desk:
    """Writes mentions. Keeps each force's own nominal numbers, which run from the same start in every force."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"writing/{seed}")
        self._nominals: dict[tuple[int, str], list[int]] = {}
        self._next: dict[str, int] = {}
        self._ids: list[str] = ["ZZ/0000000A"]

    def write(self, ref: str, person: Someone, day: int) -> tuple[list[str], list[str]]:
        """(the columns of COLUMNS, the troubles) of one mention of a person on a day."""
        rng = self.rng
        source = _SOURCES.draw(rng)
        troubles = list(person.likeness)
        agency = self._agency(person, source, troubles)
        subject = person
        if person.kin and source.care > 0.5 and rng.random() < 0.004:
            subject = rng.choice(person.kin)  # a false name is often a brother's
            troubles.append("kin's details given")
        forename = middle = surname = aliases = ""
        if person.moniker and rng.random() < 0.55 * source.alias:
            aliases = person.moniker
            troubles.append("alias")
        if person.moniker and rng.random() < source.street_name_only:
            aliases, forename = (person.moniker, "") if rng.random() < 0.5 else ("", person.moniker)
            troubles.append("street name only")
        else:
            name = write_name(rng, subject, day, source.care)
            forename, middle, surname = name.forename, name.middle, name.surname
            troubles += name.troubles
            if subject.former and rng.random() < 0.2 * source.alias:
                former = subject.former if surname != subject.former else subject.name.surname
                aliases = ";".join(filter(None, (aliases, f"{subject.name.forename} {former}")))
                troubles.append("alias")
        dob = self._dob(subject, source, troubles)
        sex = person.sex if rng.random() < source.sex else ""
        if sex and rng.random() < 0.008:
            sex = "F" if sex == "M" else "M"
            troubles.append("wrong sex")
        phones = self._phones(person, day, source, troubles)
        vrm = self._vrm(person, source, troubles)
        address, postcode, place = self._address(person, day, source, troubles)
        row = [
            *(ref, agency, forename, middle, surname, aliases, dob, sex),
            *(self._pnc(person, source, troubles), self._nominal(person, agency, source, troubles)),
            *(phones, vrm, address, postcode, place),
        ]
        return row, troubles

    def _agency(self, person: Someone, source: Source, troubles: list[str]) -> str:
        rng = self.rng
        force = person.force
        if person.elsewhere and rng.random() < 0.4:
            force = rng.choice(person.elsewhere)
            troubles.append("another force")
        if not source.police:
            return f"partner-{rng.choice(('children', 'housing', 'health', 'charity'))}-{force}"
        return "btp" if rng.random() < 0.05 else force

    def _dob(self, person: Someone, source: Source, troubles: list[str]) -> str:
        rng, born = self.rng, person.born
        if rng.random() > source.dob:
            troubles.append("no birthday")
            return ""
        way, loose = rng.random(), 1.0 - source.care
        if way < 0.03 * loose:
            troubles.append("year alone")
            return str(born.year)
        if way < 0.10 * loose + 0.004:
            troubles.append("1 January for a year")
            return date(born.year + (rng.choice((-1, 1)) if rng.random() < 0.15 else 0), 1, 1).isoformat()
        if way < 0.115 * loose + 0.01 and born.day <= 12 and born.day != born.month:
            troubles.append("day and month swapped")
            return date(born.year, born.day, born.month).isoformat()
        if way < 0.15 * loose + 0.018:
            wrong = self._near_date(born)
            troubles.append("wrong digit in a birthday")
            return wrong.isoformat()
        if way < 0.17 * loose + 0.022:
            troubles.append("year off by one")
            return date(born.year + rng.choice((-1, 1)), born.month, min(born.day, 28)).isoformat()
        if way < 0.19 * loose + 0.027:
            troubles.append("placeholder birthday")
            return rng.choice(("1900-01-01", "1900-01-01", "1970-01-01"))
        return born.isoformat()

    def _near_date(self, born: date) -> date:
        """The birthday with one digit of the day, month or year gone wrong."""
        text = f"{born:%Y%m%d}"
        while True:
            at = 2 + int(self.rng.random() * 6)
            wrong = text[:at] + self.rng.choice("0123456789") + text[at + 1 :]
            try:
                found = date(int(wrong[:4]), int(wrong[4:6]), int(wrong[6:]))
            except ValueError:
                continue
            if found != born:
                return found

    def _phones(self, person: Someone, day: int, source: Source, troubles: list[str]) -> str:
        rng = self.rng
        if rng.random() > source.phone:
            return ""
        if rng.random() < 0.012:
            troubles.append("placeholder telephone")
            return rng.choice(("07000000000", "00000000000", "unknown"))
        numbers: list[str] = []
        current = next((held for held in person.phones if held.start <= day <= held.end), None)
        old: Held | None = next((held for held in person.phones if held.end < day), None)
        if person.shared_phones and rng.random() < (0.4 if current else 0.9):
            numbers.append(rng.choice(person.shared_phones))
            troubles.append("shared telephone")
        if current and (not numbers or rng.random() < 0.3):
            numbers.append(current.value)
        if old and rng.random() < (0.08 if numbers else 0.5):
            numbers.append(old.value)
            troubles.append("former telephone")
        written = []
        for number in numbers:
            typed = number
            if rng.random() < 0.01:
                at = 10 + int(rng.random() * 3)  # the last three digits: any of them is a number kept for drama
                typed = number[:at] + rng.choice("0123456789") + number[at + 1 :]
                troubles.append("wrong digit in a telephone")
            written.append(write_number(typed, rng))
        return ";".join(written)

    def _vrm(self, person: Someone, source: Source, troubles: list[str]) -> str:
        rng = self.rng
        if not person.vehicles or rng.random() > source.vrm:
            return ""
        if len(person.vehicles) > 1 or person.kin:
            troubles.append("shared vehicle")
        mark = rng.choice(person.vehicles)
        if rng.random() < 0.02:
            at = 5 + int(rng.random() * 3)
            mark = mark[:at] + rng.choice("ABCDEFGHJKLMNPRSTUVWXY") + mark[at + 1 :]
            troubles.append("slip in a plate")
        return write_plate(mark, rng)

    def _address(self, person: Someone, day: int, source: Source, troubles: list[str]) -> tuple[str, str, str]:
        """(address, postcode, place): the place is the town of the home, or of where the person was met."""
        rng = self.rng
        home: Home = person.home_on(day)
        place = home.address.town if rng.random() < 0.8 else ""
        if rng.random() > source.address:
            return "", home.address.postcode if rng.random() < 0.06 else "", place
        if rng.random() < 0.02:
            troubles.append("placeholder address")
            return rng.choice(_NO_ADDRESS), rng.choice(("", "ZZ99 3VZ")), place
        if len(person.homes) > 1 and home is not person.homes[0] and rng.random() < 0.14:
            home = person.homes[0]
            troubles.append("former address")
        if home.hostel:
            troubles.append("hostel")
        where = home.address
        text = f"{where.number} {where.street}"
        if where.flat and rng.random() < 0.85:
            text = f"{where.flat}, {text}" if rng.random() < 0.7 else f"{text}, {where.flat}"
        if rng.random() < 0.04:
            text = slip(rng, text)
            troubles.append("slip in an address")
        if rng.random() < 0.15:
            text = text.replace(" Street", " St").replace(" Road", " Rd").replace(" Avenue", " Ave").upper()
        postcode = where.postcode if rng.random() < 0.4 + 0.5 * source.care else ""
        if postcode and rng.random() < 0.2:
            postcode = postcode.replace(" ", "")
        return text, postcode, place

    def _pnc(self, person: Someone, source: Source, troubles: list[str]) -> str:
        rng = self.rng
        if not person.pncs or rng.random() > source.pnc:
            return ""
        if len(person.pncs) > 1:
            troubles.append("two national ids")
        written = rng.choice(person.pncs)
        if rng.random() < 0.02:
            self._ids[:] = [*self._ids[-50:], written]
        if rng.random() < 0.004:
            troubles.append("wrong id")
            return rng.choice(self._ids)  # the record that stood open on the screen
        if rng.random() < 0.005:
            at = 4 + int(rng.random() * 6)
            troubles.append("wrong digit in an id")
            return written[:at] + rng.choice("0123456789") + written[at + 1 :]
        return written

    def _nominal(self, person: Someone, agency: str, source: Source, troubles: list[str]) -> str:
        rng = self.rng
        if agency.startswith("partner-") or rng.random() > source.nominal:
            return ""
        known = self._nominals.setdefault((person.number, agency), [])
        if not known or (len(known) < 2 and rng.random() < 0.05):
            self._next[agency] = self._next.get(agency, 10_000) + 1
            known.append(self._next[agency])
            if len(known) > 1:
                troubles.append("second nominal")
        number = known[int(rng.random() * len(known))]
        if rng.random() < 0.004:
            troubles.append("wrong id")
            number = 10_001 + int(rng.random() * (self._next[agency] - 10_000))
        return f"{number:07d}"
