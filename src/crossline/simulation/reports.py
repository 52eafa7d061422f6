"""A report while it is being written: its objects, what is asserted of them, its prose, and the truth beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any, Final

from crossline.simulation.chance import Choice
from crossline.simulation.clock import stamp
from crossline.simulation.concerns import Episode, Recorded, concerns_in
from crossline.simulation.concerns_together import Noted, noted_in
from crossline.simulation.geography import Address
from crossline.simulation.networks import Group, Network
from crossline.simulation.parameters_policing import (
    AUDIENCE_LISTED,
    CONDITIONS_WRITTEN,
    HANDLING_P,
    INFORMATION_GRADES,
    SENSITIVE_SHARE,
    SOURCE_GRADES,
    TEXT_ONLY,
)
from crossline.simulation.people import Person, Phone
from crossline.simulation.truth import Truth
from crossline.simulation.vehicles import Vehicle
from crossline.simulation.wording import essential, shown, spell_brand
from crossline.simulation.written import (
    ROUTINE,
    ForceIds,
    Mention,
    write_address,
    write_moniker,
    write_person,
    write_phone,
    write_vehicle,
)

_KEYS: Final = {"person": "p", "phone": "t", "address": "a", "vehicle": "v", "line": "l", "group": "g", "item": "d"}
_SOURCES: Final = Choice(list(enumerate(SOURCE_GRADES.value, start=1)))
_INFORMATION: Final = Choice(INFORMATION_GRADES.value)
_CONDITIONS: Final = Choice({"A1 S2": 0.34, "A2 S2": 0.24, "A1 S1": 0.14, "A3 S1": 0.14, "A2 S1": 0.14})
_CLOSINGS: Final = (
    *("", "", "", "", "", "", "Body-worn video is available.", "No further lines of enquiry at this time."),
    *("Submitted for information.", "Enquiries continue.", "CCTV to be viewed.", "Statements are to follow."),
    *("Neighbourhood team informed.", "For local tasking.", "Systems checked.", "No previous reports found."),
)
_SPECIAL: Final = (
    "Do not action without reference to the originator.",
    "Not to be disclosed to the subjects.",
    "For development only until 28 days have passed.",
)


@dataclass(slots=True)
class Desk:
    """One agency's reporting desk: its ids, its counters, the agencies beside it and the truth it fills."""

    agency: str
    ids: ForceIds
    truth: Truth
    beside: tuple[str, ...]
    _counts: dict[int, int] = field(default_factory=dict)

    def next_ref(self, year: int) -> str:
        """The next reference of a year, such as KENT/2026/000123."""
        self._counts[year] = self._counts.get(year, 0) + 1
        return f"{self.agency.upper()}/{year}/{self._counts[year]:06d}"


class Draft:
    """A report being written. Objects are put in by the methods named after them, which give back their key."""

    def __init__(self, desk: Desk, kind: str, *, made: datetime, occurred: datetime, rng: Random) -> None:
        self.desk, self.kind, self.rng = desk, kind, rng
        self.made, self.occurred = made, occurred
        self.ref = desk.next_ref(made.year)
        self.subject = ""
        self.detail: dict[str, Any] = {}
        self.until: datetime | None = None
        self.hearsay = kind == "intelligence"
        self._sentences: list[str] = []
        self._mentions: dict[str, Mention] = {}
        self._assertions: list[dict[str, Any]] = []
        self._counts: dict[str, int] = {}
        self._lines: list[tuple[str, str]] = []
        self._people: list[tuple[str, Person]] = []
        self._touched: list[tuple[str, str]] = []
        self._text_only = rng.random() < TEXT_ONLY.value

    @property
    def day(self) -> date:
        """The day it happened."""
        return self.occurred.date()

    def person(self, person: Person, *, care: float = ROUTINE, id_share: float = 0.5) -> str:
        """A person, written as this desk writes them."""
        mention = write_person(person, day=self.day, rng=self.rng, ids=self.desk.ids, care=care, id_share=id_share)
        return self._told_of(person, mention)

    def moniker(self, person: Person) -> str:
        """A person of whom only the street name was told."""
        return self._told_of(person, write_moniker(person))

    def phone(self, phone: Phone, *, handset_share: float = 0.0) -> str:
        """A telephone."""
        mention, exact = write_phone(phone, rng=self.rng, handset_share=handset_share)
        return self._put(mention, ("phone", phone.number) if exact else None)

    def vehicle(self, vehicle: Vehicle) -> str:
        """A vehicle."""
        mention, exact = write_vehicle(vehicle, rng=self.rng)
        return self._put(mention, ("vrm", vehicle.vrm.replace(" ", "")) if exact else None)

    def address(self, address: Address) -> str:
        """An address."""
        return self._put(write_address(address, rng=self.rng), ("address", f"{address.text}|{address.postcode}"))

    def line(self, network: Network) -> str:
        """A line, by its brand as this desk spells it."""
        key = self._put({"kind": "line", "name": spell_brand(network.line.brand, self.rng)}, None)
        self._lines.append((network.line.line_id, key))
        return key

    def group(self, group: Group) -> str:
        """A group; its id is known to the force that mapped it, and mostly to others."""
        known = self.desk.agency == group.agency or self.rng.random() < 0.6
        return self._put({"kind": "group", "name": group.name, "ids": {"ocg": group.ref} if known else {}}, None)

    def item(self, sort: str, subtype: str, quantity: float | None, unit: str, value: float | None = None) -> str:
        """Drugs, a weapon, cash, a device."""
        item = {"kind": "item", "type": sort, "subtype": subtype, "quantity": quantity, "unit": unit, "value": value}
        return self._put(item, None)

    def link(
        self,
        left: str,
        type_: str,
        right: str,
        *,
        basis: str = "fact",
        category: str | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> None:
        """An assertion from one object to another."""
        self._assertions.append(
            {
                "from": left,
                "to": right,
                "type": type_,
                "basis": basis,
                "category": category,
                "from_date": start.isoformat() if start else None,
                "to_date": end.isoformat() if end else None,
            }
        )

    def say(self, *sentences: str) -> None:
        """Sentences of the text, in order."""
        self._sentences.extend(sentence for sentence in sentences if sentence)

    def shown(self, key: str) -> str:
        """How an object stands in a sentence."""
        return shown(self._mentions[key])

    def pick(self, *ways: str) -> str:
        """One way of putting it."""
        return ways[int(self.rng.random() * len(ways))]

    def finished(self) -> dict[str, Any]:
        """The record as it is delivered; the truth is handed over."""
        missing = [self._left_out(mention) for mention in self._mentions.values()]
        self.say(*missing, self.pick(*_CLOSINGS))
        source, information, handling, conditions = self._graded()
        if not self._text_only:
            self._hand_over()
        return {
            "ref": self.ref,
            "kind": self.kind,
            "made_at": stamp(self.made),
            "occurred_from": stamp(self.occurred),
            "occurred_to": stamp(self.until) if self.until else None,
            "source_grade": source,
            "information_grade": information,
            "handling": handling,
            "conditions": conditions,
            "classification": self._marked(handling),
            "audience": self._audience(),
            "subject": self.subject,
            "text": " ".join([*self._opening(), *self._sentences]),
            "mentions": [] if self._text_only else [{"key": key, **told} for key, told in self._mentions.items()],
            "assertions": [] if self._text_only else self._assertions,
            **self.detail,
        }

    def _told_of(self, person: Person, mention: Mention) -> str:
        key = self._put(mention, ("person", person.person_id))
        self._people.append((key, person))
        return key

    def _put(self, mention: Mention, touched: tuple[str, str] | None) -> str:
        letter = _KEYS[mention["kind"]]
        self._counts[letter] = self._counts.get(letter, 0) + 1
        key = f"{letter}{self._counts[letter]}"
        self._mentions[key] = mention
        if touched:
            self._touched.append(touched)
        return key

    def _left_out(self, mention: Mention) -> str:
        """A sentence for what the prose has not said, so that the text holds the facts."""
        found = essential(mention)
        if not found or any(found.lower() in sentence.lower() for sentence in self._sentences):
            return ""
        return f"{self.pick('Also recorded', 'Noted', 'Linked to the report')}: {shown(mention)}."

    def _opening(self) -> list[str]:
        """When it was, in words, as a good part of officers begin."""
        if self.rng.random() >= 0.4:
            return []
        day = f"{self.occurred:%A} {self.occurred.day} {self.occurred:%B %Y}"
        way = self.pick("On {day} at about {time} hours.", "At {time} on {day}.", "{day}, {time} hours.")
        return [way.format(day=day, time=f"{self.occurred:%H:%M}")]

    def _graded(self) -> tuple[int, str, str, str | None]:
        rng = self.rng
        if self.hearsay:
            source, information = _SOURCES.draw(rng), _INFORMATION.draw(rng)
        else:
            source, information = 1, "A" if rng.random() < 0.85 else "B"
        if rng.random() < HANDLING_P.value[self.hearsay]:
            return source, information, "P", None
        if rng.random() >= CONDITIONS_WRITTEN.value:
            return source, information, "C", None
        conditions = _CONDITIONS.draw(rng)
        return source, information, "C", f"{conditions} {rng.choice(_SPECIAL)}" if rng.random() < 0.2 else conditions

    def _marked(self, handling: str) -> str:
        share = SENSITIVE_SHARE.value.get(self.kind, 0.12) + (0.3 if handling == "C" else 0.0)
        return "OFFICIAL-SENSITIVE" if self.rng.random() < share else "OFFICIAL"

    def _audience(self) -> list[str] | None:
        if self.rng.random() >= AUDIENCE_LISTED.value or not self.desk.beside:
            return None
        other = self.desk.beside[int(self.rng.random() * len(self.desk.beside))]
        return sorted({self.desk.agency, "nclcc", other} if self.rng.random() < 0.6 else {self.desk.agency, other})

    def _hand_over(self) -> None:
        truth, agency = self.desk.truth, self.desk.agency
        for key, person in self._people:
            truth.mention(person, agency, self.ref, key)
        for line_id, key in self._lines:
            truth.row("line_mentions", line_id, agency, self.ref, key)
        items = {key: str(each["type"]) for key, each in self._mentions.items() if each["kind"] == "item"}
        said = " ".join(self._sentences)
        report = Recorded(agency, self.kind, self.day, self._people, self._assertions, self.detail, items, said)
        for key, person, reason in concerns_in(report):
            truth.concern(person, Episode(stamp(self.occurred), self.day, agency, self.ref, key), reason)
        for key, person, kinds in noted_in(report):
            truth.noted(person, Noted(Episode(stamp(self.occurred), self.day, agency, self.ref, key), kinds))
        if self.kind == "missing" and self._people:
            key, person = self._people[0]
            truth.missing(person, Episode(stamp(self.occurred), self.day, agency, self.ref, key))
        for scheme, value in self._touched:
            truth.touched(scheme, value, agency, self.ref, self.made)
