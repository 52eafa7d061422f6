"""Missing people who have nothing to do with county lines: from homes and from children's homes, near and sometimes far."""

from __future__ import annotations

from datetime import timedelta

from crossline.simulation.clock import LAST_MOMENT, stamp
from crossline.simulation.community import Community
from crossline.simulation.geography import homes_of
from crossline.simulation.parameters_policing import DECOY_FAR_MISSING
from crossline.simulation.people import Person
from crossline.simulation.reports import Draft


def missing_from_care(d: Draft, here: Community) -> None:
    """A looked-after child out after the hour they were to be in by; often the same child, often near by."""
    home = here.homes[int(d.rng.random() ** 1.5 * len(here.homes))]
    person = home.children[int(d.rng.random() ** 1.6 * len(home.children))]
    d.subject = d.pick("Missing from care", "Looked-after child missing", "Failed to return to placement")
    child, place, phone = d.person(person, care=0.5, id_share=0.85), d.address(home.address), d.phone(home.phone)
    d.link(child, "lives_at", place)
    d.say(
        f"Staff at {d.shown(place)} report {d.shown(child)} missing.",
        d.pick("The child was due back at ten.", "The child left after an argument.", "Not the first time this month."),
        f"The home's number is {d.shown(phone)}.",
    )
    _found(d, here, person)


def missing_from_home(d: Draft, here: Community) -> None:
    """Somebody missing from home: a child, or a grown-up who is a worry to those they live with."""
    young = d.rng.random() < 0.55
    person = here.child(d.rng, often=1.6) if young else here.adult(d.rng)
    d.subject = d.pick("Missing person", "Concern for missing person", "Missing from home")
    missing = d.person(person, care=0.6, id_share=0.6)
    place = d.address(person.home_on(d.day))
    d.link(missing, "lives_at", place)
    d.say(
        f"{d.shown(missing)} has been reported missing from {d.shown(place)}.",
        d.pick(
            "Had been low in mood.",
            "Left after a family argument.",
            "Did not come home from school." if young else "Has memory problems.",
        ),
    )
    if (own := person.phone_on(d.day, d.rng)) and d.rng.random() < 0.5:
        phone = d.phone(own)
        d.link(missing, "uses", phone)
        d.say(f"Mobile {d.shown(phone)}, switched off.")
    _found(d, here, person)


def _found(d: Draft, here: Community, person: Person) -> None:
    """Found, near by or with family far off, and what the record holds of it."""
    rng = d.rng
    beside = [agency for agency in d.desk.beside if agency not in ("btp", here.force_id)]
    far = bool(beside) and rng.random() < DECOY_FAR_MISSING.value
    agency = rng.choice(beside) if far else here.force_id
    town = homes_of(agency if agency != "btp" else person.force_id).draw(rng)
    found = min(d.occurred + timedelta(minutes=rng.randint(60, 1800)), LAST_MOMENT)
    d.until, d.made = found, max(d.made, found)
    d.detail["missing"] = {
        "from": stamp(d.occurred),
        "found_at_time": stamp(found),
        "found_place": town.name,
        "found_agency": agency,
        "home_agency": person.force_id,
        "risk": d.pick("medium", "medium", "high", "low"),
        "return_interview": d.pick("done", "offered", "declined", "not_offered"),
    }
    with_whom = (
        d.pick("a grandparent", "an older sister", "the other parent")
        if far
        else d.pick("a friend", "a neighbour", "a cousin")
    )
    d.say(d.pick(f"Found at {town.name} with {with_whom}.", f"Located in {town.name}, staying with {with_whom}."))
