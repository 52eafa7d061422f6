"""Where officers meet the people of county lines: visits, arrests, stops on road and rail, violence."""

from __future__ import annotations

from typing import Final

from crossline.simulation.line_events import LineEvent
from crossline.simulation.line_messages import advert
from crossline.simulation.line_objects import (
    deal_phone,
    drugs_seized,
    is_child,
    runs_for,
    some_runner,
    tenant_in_premises,
)
from crossline.simulation.people import Person
from crossline.simulation.reports import Draft


def premises_visit(d: Draft, event: LineEvent) -> None:
    """Officers visit a home that has been taken over."""
    network, premises = event.network, event.premises
    if premises is None:
        return advert(d, event)
    d.kind, d.hearsay = "visit", False
    d.subject = d.pick("Cuckooing visit", "Visit to vulnerable tenant", "Safe and well visit, suspected cuckooing")
    line, place = d.line(network), d.address(premises.address)
    tenant = tenant_in_premises(d, event, place, line, seen=0.7)
    d.say(
        f"Officers visited {d.shown(place)} and spoke to the tenant, {d.shown(tenant)}.",
        d.pick(
            f"The tenant said that people from the {d.shown(line)} had been using the flat and would not leave.",
            f"There were signs of dealing, and paperwork naming the {d.shown(line)}.",
            f"The tenant was reluctant to talk but said the {d.shown(line)} had taken the keys.",
        ),
    )
    if d.rng.random() < 0.35:
        person = some_runner(event, d.rng)
        runner = runs_for(d, event, person, line)
        d.link(runner, "found_at", place, category="victim" if is_child(event, person) else "suspect")
        d.say(f"{d.shown(runner)} was in the property.")
    if d.rng.random() < 0.4:
        seized = d.phone(deal_phone(network, event.day), handset_share=0.8)
        d.link(seized, "seized_from", place)
        d.say(f"A handset with the number {d.shown(seized)} was on the table and was seized.")
    d.say(
        d.pick(
            "A referral was made to adult social care.", "Housing have been informed.", "Further visits are planned."
        )
    )
    return None


def runner_arrest(d: Draft, event: LineEvent) -> None:
    """A runner is caught with drugs, cash and the deal phone."""
    network, person = event.network, event.about or some_runner(event, d.rng)
    custody = d.rng.random() < 0.62
    d.kind, d.hearsay = ("custody" if custody else "seizure"), False
    d.subject = d.pick(
        "Arrest for possession with intent to supply", "PWITS class A", "Drugs and phone seized from dealer"
    )
    line = d.line(network)
    care, id_share = (0.45, 0.94) if custody else (1.0, 0.7)
    runner = runs_for(d, event, person, line, care=care, id_share=id_share)
    at_market = event.market is not None and d.desk.agency == event.market.force_id
    where = event.market.name if event.market and at_market else d.pick("the street", "a train", "the station")
    d.say(
        d.pick(
            f"{d.shown(runner)} was arrested in {where} on suspicion of possession with intent to supply.",
            f"Officers detained {d.shown(runner)} after a foot chase in {where}.",
            f"{d.shown(runner)} was stopped in {where} and searched under section 23.",
        )
    )
    drugs_seized(d, event, runner)
    if d.rng.random() < 0.72:
        phone = d.phone(deal_phone(network, event.day), handset_share=0.75)
        d.link(phone, "seized_from", runner)
        d.say(f"A phone on {d.shown(phone)} was seized; messages on it refer to the {d.shown(line)}.")
    _own_details(d, event, person, runner)
    if custody:
        _in_custody(d, event, person)


def _own_details(d: Draft, event: LineEvent, person: Person, runner: str) -> None:
    """The telephone and the home of whoever was arrested."""
    own = person.phone_on(event.day, d.rng)
    if own and d.rng.random() < 0.5:
        personal = d.phone(own, handset_share=0.6)
        d.link(runner, "uses", personal)
        d.say(f"The subject's own number is {d.shown(personal)}.")
    if d.rng.random() < 0.6:
        home = d.address(person.home_on(event.day))
        d.link(runner, "lives_at", home)
        d.say(f"Home address given as {d.shown(home)}.")


def _in_custody(d: Draft, event: LineEvent, person: Person) -> None:
    """The custody record."""
    child = is_child(event, person)
    outcome = d.pick("released under investigation", "bailed", *(_CHILD_OUTCOMES if child else _ADULT_OUTCOMES))
    d.detail["custody"] = {
        "offence": "Possession with intent to supply class A",
        "outcome": outcome,
        "under_18": child,
    }
    d.say(f"Outcome: {outcome}.", "An appropriate adult attended." if child else "")


_CHILD_OUTCOMES: Final = ("community resolution", "referred to youth justice")
_ADULT_OUTCOMES: Final = ("charged and bailed", "charged and remanded")


def vehicle_stop(d: Draft, event: LineEvent) -> None:
    """A car linked to a line is stopped."""
    network = event.network
    d.kind, d.hearsay = "stop", False
    d.subject = d.pick("Vehicle stop", "Stop of vehicle linked to drug supply", "ANPR activation and stop")
    drivers = [p for p in (*network.deputies, *network.associates, network.holder, *network.runners) if p.vehicle]
    if not drivers:
        return rail_stop(d, event)
    person = d.rng.choice(drivers)
    driver, car = d.person(person, id_share=0.6), d.vehicle(person.vehicle) if person.vehicle else ""
    d.link(driver, "drives", car, category="suspect")
    town = event.market.name if event.market else network.line.hub.name
    d.say(
        d.pick(
            f"A {d.shown(car)} was stopped on the way into {town}. The driver was {d.shown(driver)}.",
            f"{d.shown(driver)} was driving a {d.shown(car)}, stopped after an ANPR activation near {town}.",
        ),
        d.pick(
            "The driver could not say why they were in the area.",
            "There was a strong smell of cannabis.",
            "Two mobile phones were in the console.",
            "",
        ),
    )
    if d.rng.random() < 0.6:
        other = some_runner(event, d.rng)
        passenger = d.person(other)
        d.link(passenger, "associates_with", driver, category="victim" if is_child(event, other) else "suspect")
        d.say(f"The passenger was {d.shown(passenger)}.")
    if d.rng.random() < 0.4:
        line = d.line(network)
        d.link(driver, "associates_with", line, basis="assessment", category="suspect")
        d.say(f"The vehicle has been linked to the {d.shown(line)}.")
    return None


def rail_stop(d: Draft, event: LineEvent) -> None:
    """A runner is stopped on the railway."""
    network, person = event.network, event.about or some_runner(event, d.rng)
    d.kind, d.hearsay = "stop", False
    d.subject = d.pick("Stop at railway station", "Ticketless traveller stopped", "Stop on train service")
    runner = d.person(person, id_share=0.5)
    town = event.market.name if event.market else network.line.hub.name
    d.say(
        d.pick(
            f"{d.shown(runner)} was stopped on a service from {network.line.hub.name} to {town} without a ticket.",
            f"{d.shown(runner)} was stopped at {town} station, having come from {network.line.hub.name} with a one-way ticket.",
        ),
        d.pick("Subject had two mobile phones and no luggage.", "Subject gave differing reasons for the journey.", ""),
    )
    if own := person.phone_on(event.day, d.rng):
        phone = d.phone(own)
        d.link(runner, "uses", phone)
        d.say(f"Contact number {d.shown(phone)}.")
    if d.rng.random() < 0.35:
        cash = d.item("cash", "cash", None, "gbp", float(d.rng.randrange(90, 1400, 5)))
        d.link(cash, "seized_from", runner)
        d.say(f"{d.shown(cash)} was found and seized.")
    if d.rng.random() < 0.35:
        line = d.line(network)
        d.link(
            runner, "runs_for", line, basis="assessment", category="victim" if is_child(event, person) else "suspect"
        )
        d.say(f"Believed to be travelling for the {d.shown(line)}.")


def violence(d: Draft, event: LineEvent) -> None:
    """Somebody of a line, or its victim, is hurt."""
    network = event.network
    d.kind, d.hearsay = "crime", False
    person: Person = event.premises.tenant if event.premises and d.rng.random() < 0.4 else some_runner(event, d.rng)
    d.subject = d.pick("Assault occasioning actual bodily harm", "Robbery", "Wounding", "Threats with a knife")
    victim = d.person(person, id_share=0.6)
    weapon = d.item(
        "weapon", d.pick("knife", "machete", "zombie knife", "imitation firearm", "knuckleduster"), 1, "item"
    )
    town = event.market.name if event.market else "town"
    d.say(
        d.pick(
            f"{d.shown(victim)} was attacked in {town} by two males with {d.shown(weapon)}.",
            f"{d.shown(victim)} attended hospital with injuries to the legs and would not say who had caused them.",
            f"{d.shown(victim)} was robbed of a phone and what is thought to be drugs.",
        )
    )
    if d.rng.random() < 0.6:
        line = d.line(network)
        d.link(victim, "victim_of", line, basis="assessment", category="victim")
        d.say(f"It is thought to be over a debt to the {d.shown(line)}.")
    if d.rng.random() < 0.45:
        attackers = (*network.deputies, *network.associates) or (network.holder,)
        suspect = d.person(d.rng.choice(attackers), id_share=0.5)
        d.link(victim, "victim_of", suspect, category="victim")
        d.say(f"The suspect named is {d.shown(suspect)}.")
