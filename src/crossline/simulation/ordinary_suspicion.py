"""Ordinary reports that a hasty eye could take for county lines: stops, small possession, neighbours, local dealers, hostels."""

from __future__ import annotations

from crossline.simulation.community import Community
from crossline.simulation.line_children import CHILD_SIGNS
from crossline.simulation.ordinary_objects import contact, give_address, give_vehicle
from crossline.simulation.parameters_policing import NEIGHBOUR_SUSPICION
from crossline.simulation.reports import Draft
from crossline.simulation.written import HEARSAY


def traffic_stop(d: Draft, here: Community) -> None:
    """A driver stopped for how they drove."""
    d.subject = d.pick("Traffic stop", "Vehicle stopped, no insurance", "Section 163 stop")
    person = next((p for p in (here.adult(d.rng, often=1.5) for _ in range(6)) if p.vehicle), here.adult(d.rng))
    driver = d.person(person, id_share=0.45)
    car = give_vehicle(d, driver, person, category="other")
    d.say(
        f"{d.shown(driver)} was stopped {'in a ' + d.shown(car) if car else 'on a moped'}.",
        d.pick(
            "Fixed penalty for speed.",
            "Vehicle seized, no insurance.",
            "Words of advice.",
            "Tyre below the limit.",
            "Negative breath test.",
        ),
    )
    if d.rng.random() < 0.4:
        give_address(d, driver, person)
    if d.rng.random() < 0.15:
        other = here.adult(d.rng)
        passenger = d.person(other, id_share=0.3)
        d.link(passenger, "associates_with", driver, category="other")
        d.say(f"Passenger: {d.shown(passenger)}.")


def search(d: Draft, here: Community) -> None:
    """A search in the street; most find nothing."""
    d.subject = d.pick("Stop and search", "Section 1 search", "Section 23 search")
    person = here.child(d.rng, often=2.0) if d.rng.random() < 0.25 else here.adult(d.rng, often=2.0)
    searched = d.person(person, id_share=0.5)
    d.say(f"{d.shown(searched)} was stopped and searched.")
    if d.rng.random() < 0.26:
        found = d.item("drug", "cannabis", round(d.rng.uniform(0.3, 4.0), 1), "g")
        d.link(found, "seized_from", searched)
        d.say(f"{d.shown(found).capitalize()} was found and a community resolution given.")
    else:
        d.say(d.pick("Nothing was found.", "Negative search.", "A lock knife was looked for and not found."))
    contact(d, searched, person, 0.15)


def possession(d: Draft, here: Community) -> None:
    """Drugs for one's own use."""
    d.subject = d.pick("Possession of a controlled drug", "Simple possession", "Cannabis warning")
    person = here.adult(d.rng, often=2.3)
    suspect = d.person(person, id_share=0.65)
    drug = d.pick("cannabis", "cannabis", "cocaine", "ketamine", "crack", "heroin")
    found = d.item("drug", drug, round(d.rng.uniform(0.1, 3.0), 1), "g", float(d.rng.randint(5, 60)))
    d.link(found, "seized_from", suspect, category="suspect")
    d.say(f"{d.shown(suspect)} was found with {d.shown(found)}, said to be for personal use.")
    if d.rng.random() < 0.35:
        give_address(d, suspect, person)
    contact(d, suspect, person, 0.25)


def antisocial(d: Draft, here: Community) -> None:
    """Noise, nuisance, young people in a park."""
    d.subject = d.pick("Antisocial behaviour", "Youths causing annoyance", "Off-road bikes", "Noise complaint")
    place = d.address(d.rng.choice(here.shops)) if d.rng.random() < 0.5 else ""
    person = here.child(d.rng, often=2.2) if d.rng.random() < 0.45 else here.adult(d.rng, often=2.0)
    named = d.person(person, care=HEARSAY, id_share=0.35)
    d.link(named, "found_at", place, basis="assessment", category="suspect") if place else None
    noise = d.pick("shouting", "motorbikes", "fireworks", "drinking", "ball games", "loud music")
    d.say(
        f"Complaints of {noise} {'near ' + d.shown(place) if place else 'in the evening'}.",
        f"{d.shown(named)} is named by residents.",
    )
    if d.rng.random() < 0.3:
        friend = here.child(d.rng, often=2.2)
        other = d.person(friend, care=HEARSAY, id_share=0.35)
        d.link(other, "associates_with", named, category="other")
        d.say(f"With {d.shown(other)}.")


def neighbours(d: Draft, here: Community) -> None:
    """A neighbour complains; a share of them suspect drugs, wrongly."""
    person = here.adult(d.rng)
    place = d.address(person.home_on(d.day))
    suspicious = d.rng.random() < NEIGHBOUR_SUSPICION.value
    d.subject = (
        d.pick("Neighbour dispute", "Complaint about neighbours")
        if not suspicious
        else d.pick("Suspected drug dealing", "Comings and goings")
    )
    d.say(
        f"A resident complains about {d.shown(place)}.",
        d.pick("There are callers at all hours.", "Many short visits in the evening.")
        if suspicious
        else d.pick("Music until late.", "A row about parking.", "A dispute over a fence."),
    )
    if suspicious:
        d.say(
            d.pick(
                "Checks show a parcel business run from the address.",
                "A childminder lives there.",
                "Nothing to support it was found.",
            )
        )
    if d.rng.random() < 0.6:
        tenant = d.person(person, care=HEARSAY, id_share=0.3)
        d.link(tenant, "lives_at", place, category="other")
        d.say(f"The occupier is {d.shown(tenant)}.")


def local_dealer(d: Draft, here: Community) -> None:
    """Somebody selling to friends, from nowhere to nowhere."""
    d.subject = d.pick("Local drug supply", "Supply of cannabis", "Selling to friends")
    person = here.adult(d.rng, often=2.4)
    dealer = d.person(person, care=HEARSAY, id_share=0.4)
    d.say(f"{d.shown(dealer)} is selling {d.pick('cannabis', 'cannabis', 'ketamine', 'cocaine')} to friends.")
    contact(d, dealer, person, 0.5)
    if d.rng.random() < 0.4:
        give_address(d, dealer, person)
    if d.rng.random() < 0.25 and (car := give_vehicle(d, dealer, person)):
        d.say(f"Drives a {d.shown(car)}.")
    if d.rng.random() < 0.12:
        firm, phone = d.rng.choice(here.taxi_firms)
        office, number = d.address(firm), d.phone(phone)
        d.say(f"Uses cabs from {d.shown(office)}, booked on {d.shown(number)}.")


def burglary_intelligence(d: Draft, here: Community) -> None:
    """Who is thought to be stealing what."""
    d.subject = d.pick("Burglary series", "Stolen cars", "Handling stolen tools", "Rural theft")
    one, other = here.adult(d.rng, often=2.6), here.adult(d.rng, often=2.6)
    left, right = d.person(one, care=HEARSAY, id_share=0.4), d.person(other, care=HEARSAY, id_share=0.4)
    d.link(left, "associates_with", right, basis="assessment", category="suspect")
    doing = d.pick("breaking into sheds", "stealing vans", "selling stolen tools", "taking keys")
    d.say(f"{d.shown(left)} and {d.shown(right)} are said to be {doing}.")
    if car := give_vehicle(d, left, one, category="suspect"):
        d.say(f"They use a {d.shown(car)}.")


def hostel(d: Draft, here: Community) -> None:
    """A visit to a hostel, whose address and telephone a hundred people share."""
    d.subject = d.pick("Visit to hostel", "Welfare check at hostel", "Address check")
    address, phone = d.rng.choice(here.hostels)
    person = here.adult(d.rng, often=1.8)
    resident, place, number = d.person(person, id_share=0.5), d.address(address), d.phone(phone)
    d.link(resident, "lives_at", place, category="other")
    d.link(resident, "uses", number, category="other")
    d.say(
        f"{d.shown(resident)} was seen at {d.shown(place)}, telephone {d.shown(number)}.",
        d.pick("No concerns.", "Bail address confirmed.", "Has since moved on."),
    )


def welfare_concern(d: Draft, here: Community) -> None:
    """A school, a surgery or a neighbour worried about somebody, for reasons that are not exploitation."""
    sector = d.pick("education", "education", "health", "social_care", "housing", "police")
    d.subject = (
        d.pick("Welfare concern", "Concern for a child", "Concern for an adult")
        if sector != "education"
        else "Concern raised by a school"
    )
    young = sector == "education" or d.rng.random() < 0.4
    person = here.child(d.rng) if young else here.adult(d.rng)
    subject = d.person(person, care=0.8, id_share=0.35)
    signs = ["neglect", "low mood", "attendance", "family conflict", "self-neglect", "bullying", "bereavement"]
    noticed = sorted({d.rng.choice(signs) for _ in range(2)})
    if young and d.rng.random() < 0.2:
        noticed.append(d.rng.choice(CHILD_SIGNS))
    d.say(
        f"Concern for {d.shown(subject)}: {', '.join(noticed)}.",
        d.pick("Passed to the safeguarding hub.", "Early help offered.", "A visit is planned."),
    )
    d.detail["concern"] = {"source_sector": sector, "indicators": noticed}
    if d.rng.random() < 0.45:
        give_address(d, subject, person, category="other")
