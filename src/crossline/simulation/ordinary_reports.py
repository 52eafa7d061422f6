"""Reports of ordinary policing, most of what the police write: nothing to do with county lines, whatever it looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from crossline.simulation.community import Community
from crossline.simulation.ordinary_missing import missing_from_care, missing_from_home
from crossline.simulation.ordinary_objects import contact, fare, give_address, give_vehicle
from crossline.simulation.ordinary_suspicion import (
    antisocial,
    burglary_intelligence,
    hostel,
    local_dealer,
    neighbours,
    possession,
    search,
    traffic_stop,
    welfare_concern,
)
from crossline.simulation.reports import Draft


def _shoplifting(d: Draft, here: Community) -> None:
    d.subject = d.pick("Theft from shop", "Shoplifting", "Shop theft, suspect known")
    thief, shop = here.adult(d.rng, often=2.6), d.rng.choice(here.shops)
    suspect, place = d.person(thief, id_share=0.65), d.address(shop)
    d.link(suspect, "found_at", place, category="suspect")
    goods = d.item(
        "property",
        d.pick("alcohol", "meat", "cosmetics", "baby formula", "clothing"),
        None,
        "item",
        float(d.rng.randint(8, 240)),
    )
    d.say(
        d.pick(
            f"{d.shown(suspect)} was detained by staff at {d.shown(place)}.",
            f"CCTV at {d.shown(place)} shows {d.shown(suspect)} leaving without paying.",
            f"Security at {d.shown(place)} recognised {d.shown(suspect)}.",
        ),
        d.pick(f"Taken: {d.shown(goods)}.", f"{d.shown(goods).capitalize()} concealed in a bag."),
    )
    if d.rng.random() < 0.3:
        give_address(d, suspect, thief)


def _domestic(d: Draft, here: Community) -> None:
    d.subject = d.pick(
        "Domestic incident", "Domestic assault", "Verbal argument between partners", "Domestic, children present"
    )
    one = here.adult(d.rng, often=1.6)
    members = [p for p in here.household_of(one) if p.person_id != one.person_id and p.age_on(d.day) >= 16]
    other = members[0] if members else here.adult(d.rng)
    victim, suspect = d.person(other, id_share=0.5), d.person(one, id_share=0.6)
    place = d.address(one.home_on(d.day))
    d.link(suspect, "lives_at", place, category="suspect")
    d.link(victim, "victim_of", suspect, category="victim")
    d.say(
        d.pick(
            f"Police were called to {d.shown(place)} to an argument between {d.shown(victim)} and {d.shown(suspect)}.",
            f"{d.shown(victim)} reported being assaulted by {d.shown(suspect)} at {d.shown(place)}.",
        ),
        d.pick(
            "Both were spoken to separately.",
            "The suspect had left before police came.",
            "No complaint was made.",
            "An arrest was made.",
        ),
    )
    contact(d, victim, other, 0.5, category="victim")
    contact(d, suspect, one, 0.25)


def _burglary(d: Draft, here: Community) -> None:
    d.subject = d.pick("Burglary dwelling", "Burglary, residential", "Attempted burglary")
    owner = here.adult(d.rng)
    victim, place = d.person(owner, id_share=0.3), d.address(owner.home_on(d.day))
    d.link(victim, "lives_at", place, category="victim")
    d.say(
        d.pick(
            f"{d.shown(victim)} came home to {d.shown(place)} to find the rear door forced.",
            f"Entry was gained to {d.shown(place)}, home of {d.shown(victim)}, by an insecure window.",
        ),
        d.pick(
            "Jewellery and cash were taken.",
            "Car keys were taken.",
            "Nothing appears to be missing.",
            "A laptop and watches were stolen.",
        ),
    )
    contact(d, victim, owner, 0.55, category="victim")
    if d.rng.random() < 0.22:
        thief = here.adult(d.rng, often=2.6)
        suspect = d.person(thief, id_share=0.6)
        d.link(suspect, "found_at", place, basis="assessment", category="suspect")
        d.say(f"Forensic evidence suggests {d.shown(suspect)}.")


def _assault(d: Draft, here: Community) -> None:
    d.subject = d.pick("Common assault", "ABH", "Public order", "Assault outside licensed premises")
    hurt, other = here.adult(d.rng), here.adult(d.rng, often=2.0)
    victim, suspect = d.person(hurt, id_share=0.4), d.person(other, id_share=0.55)
    d.link(victim, "victim_of", suspect, category="victim")
    d.say(
        d.pick(
            f"{d.shown(victim)} was punched by {d.shown(suspect)} after an argument.",
            f"{d.shown(suspect)} is said to have pushed {d.shown(victim)} to the ground.",
        ),
        d.pick("Injuries were minor.", "The victim attended hospital.", "There were several witnesses."),
    )
    contact(d, victim, hurt, 0.5, category="victim")
    contact(d, suspect, other, 0.2)


def _vehicle_theft(d: Draft, here: Community) -> None:
    d.subject = d.pick("Theft of motor vehicle", "Theft from motor vehicle")
    owner = next((p for p in (here.adult(d.rng) for _ in range(8)) if p.vehicle), here.adult(d.rng))
    victim = d.person(owner, id_share=0.3)
    car = give_vehicle(d, victim, owner, type_="owns", category="victim")
    what, how = f"the {d.shown(car)}" if car else "a vehicle", d.pick("stolen overnight", "broken into", "missing")
    d.say(f"{d.shown(victim)} reported {what} {how}.")
    contact(d, victim, owner, 0.6, category="victim")
    if d.rng.random() < 0.6:
        give_address(d, victim, owner)


def _fraud(d: Draft, here: Community) -> None:
    d.subject = d.pick("Courier fraud", "Fraud by false representation", "Online fraud")
    hurt = here.adult(d.rng)
    victim = d.person(hurt, id_share=0.25)
    claimed = d.pick("a police officer", "from the bank", "from a parcel firm")
    d.say(
        f"{d.shown(victim)} was telephoned by somebody who claimed to be {claimed}.",
        d.pick("A sum was transferred.", "A card was handed over.", "No loss."),
    )
    caller = here.adult(d.rng, often=2.0)
    if own := caller.phone_on(d.day, d.rng):
        number = d.phone(own)
        d.say(f"The number displayed was {d.shown(number)}.")
    contact(d, victim, hurt, 0.5, category="victim")


def _custody_other(d: Draft, here: Community) -> None:
    person = here.child(d.rng, often=1.8) if d.rng.random() < 0.12 else here.adult(d.rng, often=2.4)
    offence = d.pick("Criminal damage", "Drink driving", "Breach of bail", "Handling stolen goods", "Affray", "Theft")
    child = person.age_on(d.day) < 18
    suspect = d.person(person, care=0.45, id_share=0.95)
    d.subject = f"Custody record: {offence.lower()}"
    d.detail["custody"] = {
        "offence": offence,
        "outcome": d.pick("charged", "released no further action", "bailed", "caution"),
        "under_18": child,
    }
    d.say(
        f"{d.shown(suspect)} was arrested for {offence.lower()} and brought to custody.",
        d.pick("Legal advice was taken.", "Fit to be detained."),
    )
    give_address(d, suspect, person)
    contact(d, suspect, person, 0.5)


def _warrant_other(d: Draft, here: Community) -> None:
    d.subject = d.pick("Warrant: cannabis factory", "Warrant executed", "Seizure of counterfeit tobacco")
    person = here.adult(d.rng, often=1.8)
    place = d.address(person.home_on(d.day))
    tobacco = "tobacco" in d.subject
    found = (
        d.item("property", "counterfeit tobacco", float(d.rng.randint(2, 60)), "kg")
        if tobacco
        else d.item("drug", "cannabis", float(d.rng.randint(20, 400)), "plants")
    )
    d.link(found, "seized_from", place)
    d.say(f"A warrant was executed at {d.shown(place)} and {d.shown(found)} were seized.")
    if d.rng.random() < 0.6:
        suspect = d.person(person, id_share=0.7)
        d.link(suspect, "found_at", place, category="suspect")
        d.say(f"{d.shown(suspect)} was arrested.")


def _railway_theft(d: Draft, here: Community) -> None:
    d.subject = d.pick("Theft of passenger property", "Bicycle theft at station", "Cable theft")
    hurt = here.adult(d.rng)
    victim = d.person(hurt, id_share=0.25)
    what, where = (
        d.pick("a bag", "a bicycle", "a laptop", "a phone"),
        d.pick("on a train", "from the station", "while asleep"),
    )
    d.say(f"{d.shown(victim)} reported {what} taken {where}.")
    contact(d, victim, hurt, 0.6, category="victim")


def _antisocial_station(d: Draft, here: Community) -> None:
    d.subject = d.pick("Nuisance at station", "Begging on station approach", "Staff abused")
    person = here.adult(d.rng, often=2.2)
    suspect = d.person(person, id_share=0.5)
    place = d.address(d.rng.choice(here.stations))
    d.link(suspect, "found_at", place, category="suspect")
    why = d.pick("shouting at staff", "drinking", "refusing to move on")
    d.say(f"{d.shown(suspect)} was asked to leave {d.shown(place)} after {why}.")
    contact(d, suspect, person, 0.15)


WRITERS: Final[Mapping[str, tuple[str, Callable[[Draft, Community], None]]]] = MappingProxyType(
    {
        "shoplifting": ("crime", _shoplifting),
        "domestic": ("crime", _domestic),
        "traffic_stop": ("stop", traffic_stop),
        "antisocial": ("intelligence", antisocial),
        "burglary": ("crime", _burglary),
        "possession": ("crime", possession),
        "assault": ("crime", _assault),
        "missing_home": ("missing", missing_from_home),
        "missing_care": ("missing", missing_from_care),
        "search": ("stop", search),
        "vehicle_theft": ("crime", _vehicle_theft),
        "welfare_concern": ("concern", welfare_concern),
        "neighbours": ("intelligence", neighbours),
        "local_dealer": ("intelligence", local_dealer),
        "burglary_intelligence": ("intelligence", burglary_intelligence),
        "fraud": ("crime", _fraud),
        "custody_other": ("custody", _custody_other),
        "warrant_other": ("seizure", _warrant_other),
        "hostel": ("visit", hostel),
        "fare_dispute": ("stop", fare),
        "railway_theft": ("crime", _railway_theft),
        "antisocial_station": ("intelligence", _antisocial_station),
    }
)
"""Record kind and writer of each ordinary happening."""
