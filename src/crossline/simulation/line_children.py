"""Children whom lines use, as reports show them: missing and found far off, and what schools and others notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from crossline.simulation.clock import LAST_MOMENT, stamp
from crossline.simulation.geography import RAILWAY, stations_of
from crossline.simulation.line_events import LineEvent
from crossline.simulation.line_objects import deal_phone, runs_for, some_runner, tenant_in_premises
from crossline.simulation.people import Person
from crossline.simulation.reports import Draft
from crossline.simulation.world import Place
from crossline.simulation.written import ROUTINE

CHILD_SIGNS: Final = (
    *("unexplained money or new clothes", "more than one phone", "repeatedly missing", "unexplained injuries"),
    *("older associates", "falling school attendance", "train tickets to other towns", "hostile callers"),
    *("withdrawn from friends", "attached to a bag", "debts", "late-night contact"),
)
TENANT_SIGNS: Final = (
    *("more callers at all hours", "resident not seen", "curtains always shut", "support workers turned away"),
    *("damaged door", "resident appears afraid", "unknown vehicles", "resident has lost the keys"),
)


def missing_child(d: Draft, event: LineEvent) -> None:
    """A child who runs for a line goes missing and is found, mostly far from home."""
    person = event.about or some_runner(event, d.rng)
    d.kind, d.hearsay = "missing", False
    market = event.market or event.network.line.markets[0]
    at_station = event.found_agency == RAILWAY or d.rng.random() < 0.25
    place = stations_of(market.force_id).draw(d.rng) if at_station else market
    hours = d.rng.randint(6, 70)
    found = min(event.occurred + timedelta(hours=hours), LAST_MOMENT)
    d.until, d.made = found, max(d.made, found)
    d.subject = d.pick("Missing child", "High risk missing person", "Missing from home") + d.pick(
        "", " - found", f" - located {place.name}"
    )
    child = d.person(person, care=0.6, id_share=0.8)
    home = d.address(person.home_on(event.day))
    d.link(child, "lives_at", home)
    d.say(
        f"{d.shown(child)} was reported missing from {d.shown(home)}.",
        d.pick(
            f"Found at {place.name} after {hours} hours.",
            f"Located at {place.name}, with no reason given for being there.",
            f"Located safe and well in {place.name}; would not say how the journey was paid for.",
        ),
        d.pick(
            "Had a new phone and cash.",
            "Was tired and hungry, with a bag that was never put down.",
            "Had no ticket.",
            "",
        ),
    )
    _told(d, event, person, child)
    d.detail["missing"] = _episode(d, event, person, found, place)


def _episode(d: Draft, event: LineEvent, person: Person, found: datetime, place: Place) -> dict[str, str]:
    """What a missing record holds beside its text."""
    return {
        "from": stamp(event.occurred),
        "found_at_time": stamp(found),
        "found_place": place.name,
        "found_agency": event.found_agency or place.force_id,
        "home_agency": person.force_id,
        "risk": d.pick("high", "high", "medium"),
        "return_interview": d.pick("done", "offered", "declined", "not_offered"),
    }


def _told(d: Draft, event: LineEvent, person: Person, child: str) -> None:
    """What those at home tell: a telephone, a line, and who they are."""
    if (own := person.phone_on(event.day, d.rng)) and d.rng.random() < 0.6:
        phone = d.phone(own)
        d.link(child, "uses", phone)
        d.say(f"Mobile {d.shown(phone)}.")
    kin = event.network.kin_of(person)
    if kin and d.rng.random() < 0.55:
        _told_by(d, event, kin[0])
    if d.rng.random() < 0.3:
        line = d.line(event.network)
        d.link(child, "exploited_by", line, basis="assessment", category="victim")
        d.say(f"There is concern that the child is being exploited by the {d.shown(line)}.")


def _told_by(d: Draft, event: LineEvent, kin: Person) -> None:
    """Who at home reported it."""
    told = d.person(kin, id_share=0.3)
    d.say(f"Reported by {'a parent' if kin.role == 'parent' else 'a sibling'}, {d.shown(told)}.")
    if (own := kin.phone_on(event.day, d.rng)) and d.rng.random() < 0.7:
        phone = d.phone(own)
        d.link(told, "uses", phone, category="witness")
        d.say(f"Contact at home {d.shown(phone)}.")


def concern_from_partner(d: Draft, event: LineEvent) -> None:
    """What a school, a surgery, a landlord or a charity tells the police."""
    d.kind, d.hearsay = "concern", False
    if event.about is None:
        return _concern_for_tenant(d, event)
    sector = d.pick("education", "education", "social_care", "health", "charity", "transport")
    d.subject = d.pick(
        "Child exploitation concern",
        f"Concern raised by {sector.replace('_', ' ')}",
        "Possible criminal exploitation of a child",
    )
    child = d.person(event.about, care=0.8, id_share=0.35)
    signs = sorted({d.rng.choice(CHILD_SIGNS) for _ in range(d.rng.randint(2, 4))})
    d.say(
        f"A concern was raised about {d.shown(child)}.",
        f"Noticed: {', '.join(signs)}.",
        d.pick("The family are worried.", "The child has said little.", "A strategy discussion has been asked for."),
    )
    if d.rng.random() < 0.35:
        line = d.line(event.network)
        d.link(child, "exploited_by", line, basis="assessment", category="victim")
        d.say(f"The child has talked of the {d.shown(line)}.")
    if d.rng.random() < 0.2:
        phone = d.phone(deal_phone(event.network, event.day))
        d.say(f"A number that keeps ringing is {d.shown(phone)}.")
    d.detail["concern"] = {"source_sector": sector, "indicators": signs}
    return None


def _concern_for_tenant(d: Draft, event: LineEvent) -> None:
    sector = d.pick("housing", "housing", "health", "social_care")
    d.subject = d.pick("Concern for vulnerable tenant", "Possible cuckooing reported by landlord")
    if event.premises is None:
        raise ValueError("a concern about nobody: the event has neither child nor premises")
    line, place = d.line(event.network), d.address(event.premises.address)
    tenant = tenant_in_premises(d, event, place, line, seen=0.6)
    signs = sorted({d.rng.choice(TENANT_SIGNS) for _ in range(d.rng.randint(2, 4))})
    d.say(
        f"{d.pick('The landlord', 'A support worker', 'A nurse')} is worried about {d.shown(tenant)} of {d.shown(place)}.",
        f"Noticed: {', '.join(signs)}.",
        f"Neighbours speak of the {d.shown(line)}.",
    )
    if d.rng.random() < 0.25:
        runner = runs_for(d, event, some_runner(event, d.rng), line, care=ROUTINE)
        d.say(f"{d.shown(runner)} was at the address.")
    d.detail["concern"] = {"source_sector": sector, "indicators": signs}
