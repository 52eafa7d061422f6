"""What ordinary reports share: where somebody lives, how to reach them, what they drive."""

from __future__ import annotations

from crossline.simulation.community import Community
from crossline.simulation.people import Person
from crossline.simulation.reports import Draft


def give_address(d: Draft, key: str, person: Person, *, category: str | None = None) -> str:
    """Where they live, with a sentence."""
    place = d.address(person.home_on(d.day))
    d.link(key, "lives_at", place, category=category)
    d.say(d.pick(f"Lives at {d.shown(place)}.", f"Address given: {d.shown(place)}.", f"Of {d.shown(place)}."))
    return place


def contact(d: Draft, key: str, person: Person, share: float, *, category: str | None = None) -> None:
    """How to reach them, in some reports."""
    if d.rng.random() < share and (own := person.phone_on(d.day, d.rng)):
        phone = d.phone(own, handset_share=0.04)
        d.link(key, "uses", phone, category=category)
        d.say(
            d.pick(
                f"Contact number {d.shown(phone)}.", f"Mobile {d.shown(phone)}.", f"Can be reached on {d.shown(phone)}."
            )
        )


def give_vehicle(d: Draft, key: str, person: Person, *, type_: str = "drives", category: str | None = None) -> str:
    """What they drive, where they drive; empty where they do not."""
    if person.vehicle is None:
        return ""
    car = d.vehicle(person.vehicle)
    d.link(key, type_, car, category=category)
    return car


def fare(d: Draft, here: Community) -> None:
    """Somebody without a ticket, for no more reason than most."""
    d.subject = d.pick("Fare dispute", "Travelling without a ticket", "Byelaw offence")
    person = here.child(d.rng) if d.rng.random() < 0.18 else here.adult(d.rng, often=1.4)
    traveller = d.person(person, id_share=0.3)
    d.say(
        d.pick(
            f"{d.shown(traveller)} had no valid ticket and gave details to staff.",
            f"Staff asked for help with {d.shown(traveller)}, who refused to pay.",
        )
    )
    if d.rng.random() < 0.6:
        place = d.address(d.rng.choice(here.stations))
        d.link(traveller, "found_at", place, category="suspect")
        d.say(f"At {d.shown(place)}.")
    if d.rng.random() < 0.7:
        give_address(d, traveller, person)
    contact(d, traveller, person, 0.3)
