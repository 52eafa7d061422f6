"""Reports about county lines as officers write them: messages, arrests, premises, journeys and violence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from crossline.simulation.line_events import LineEvent
from crossline.simulation.line_children import concern_from_partner, missing_child
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
from crossline.simulation.written import HEARSAY


def _advert(d: Draft, event: LineEvent) -> None:
    network = event.network
    d.subject = d.pick("Drug line advertising", "Bulk message from drug line", "Deal line texts to local users")
    line, phone = d.line(network), d.phone(deal_phone(network, event.day))
    drugs = network.line.drugs
    town = event.market.name if event.market else ""
    words = d.pick("Best of both on", "Open till late, fast drops", "2 for 15 today only", "New batch landed", "Back on road")
    d.say(
        d.pick(
            f"Drug users in {town} have received a message from the {d.shown(line)} on {d.shown(phone)}.",
            f"The {d.shown(line)} is sending bulk texts to users in {town}. The number in use is {d.shown(phone)}.",
            f"A phone examined in {town} held messages from {d.shown(phone)}, saved as {d.shown(line)}.",
        ),
        f'The text reads "{words}".',
        d.pick(f"The line is said to sell {' and '.join(drugs)}.", f"It offers {' and '.join(drugs)}.", ""),
    )
    if d.rng.random() < 0.3:
        user = d.person(d.rng.choice(network.users), care=HEARSAY)
        d.link(user, "associates_with", line, basis="assessment", category="witness")
        d.say(f"{d.shown(user)} is believed to buy from the line.")


def _line_held(d: Draft, event: LineEvent) -> None:
    network = event.network
    d.subject = d.pick("Control of a county line", "Line holder", "Who holds the line")
    line, holder = d.line(network), d.person(network.holder, care=HEARSAY, id_share=0.4)
    d.link(holder, "controls", line, basis="assessment", category="suspect")
    d.say(
        d.pick(
            f"{d.shown(holder)} is running the {d.shown(line)} from {network.line.hub.name}.",
            f"The {d.shown(line)} is held by {d.shown(holder)} of {network.line.hub.name}, who never carries drugs.",
            f"Word is that {d.shown(holder)} owns the {d.shown(line)}.",
        )
    )
    if d.rng.random() < 0.55:
        phone = d.phone(deal_phone(network, event.day))
        d.say(d.pick(f"It currently uses {d.shown(phone)}.", f"The deal phone is {d.shown(phone)}."))
    own = network.holder.phone_on(event.day, d.rng)
    if own and d.rng.random() < 0.4:
        personal = d.phone(own)
        d.link(holder, "uses", personal, basis="assessment", category="suspect")
        d.say(f"The holder's own number is {d.shown(personal)}.")
    if network.deputies and d.rng.random() < 0.35:
        deputy = d.person(d.rng.choice(network.deputies), care=HEARSAY)
        d.link(deputy, "associates_with", holder, basis="assessment", category="suspect")
        d.say(f"{d.shown(deputy)} looks after the phone at other times.")
    if network.group and d.rng.random() < 0.6:
        group = d.group(network.group)
        d.link(group, "controls", line, basis="assessment")
        d.say(f"The line is linked to the {d.shown(group)}.")
    if network.holder.vehicle and d.rng.random() < 0.3:
        car = d.vehicle(network.holder.vehicle)
        d.link(holder, "drives", car, category="suspect")
        d.say(f"Uses a {d.shown(car)}.")


def _number_change(d: Draft, event: LineEvent) -> None:
    network = event.network
    periods = network.line.periods
    current = max(at for at, period in enumerate(periods) if at == 0 or period.start <= event.day)
    if current == 0:
        return _advert(d, event)
    d.subject = d.pick("Deal line has changed number", "New number for drug line")
    line = d.line(network)
    new, old = d.phone(deal_phone(network, event.day)), d.phone(deal_phone(network, periods[current - 1].start))
    d.say(
        d.pick(
            f"The {d.shown(line)} has changed its number to {d.shown(new)}. It used {d.shown(old)} before.",
            f'Users have had a text from {d.shown(new)}: "new number save this", signed {d.shown(line)}. The old one was {d.shown(old)}.',
            f"{d.shown(old)} is off. The {d.shown(line)} is now on {d.shown(new)}.",
        )
    )
    return None


def _premises_intelligence(d: Draft, event: LineEvent) -> None:
    network, premises = event.network, event.premises
    if premises is None:
        return _advert(d, event)
    d.subject = d.pick("Address used for dealing", "Possible cuckooing", "Drugs stored at address")
    line, place = d.line(network), d.address(premises.address)
    d.link(line, "stores_at", place, basis="assessment")
    d.say(
        d.pick(
            f"The {d.shown(line)} is dealing out of {d.shown(place)}.",
            f"Young people from {network.line.hub.name} are staying at {d.shown(place)} and selling for the {d.shown(line)}.",
            f"{d.shown(place)} has been taken over by the {d.shown(line)}.",
        ),
        d.pick("There are callers at all hours.", "Visitors stay for a minute or two.", "The curtains are kept shut.", ""),
    )
    if d.rng.random() < 0.65:
        tenant = tenant_in_premises(d, event, place, line)
        d.say(f"The tenant is {d.shown(tenant)}, who is thought to be frightened of them.")
    if d.rng.random() < 0.5:
        person = some_runner(event, d.rng)
        runner = runs_for(d, event, person, line, care=HEARSAY)
        d.link(runner, "found_at", place, basis="assessment", category="victim" if is_child(event, person) else "suspect")
        d.say(f"{d.shown(runner)} has been seen there.")
    return None


def _premises_visit(d: Draft, event: LineEvent) -> None:
    network, premises = event.network, event.premises
    if premises is None:
        return _advert(d, event)
    d.kind, d.hearsay = "visit", False
    d.subject = d.pick("Cuckooing visit", "Visit to vulnerable tenant", "Safe and well visit, suspected cuckooing")
    line, place = d.line(network), d.address(premises.address)
    tenant = tenant_in_premises(d, event, place, line)
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
    d.say(d.pick("A referral was made to adult social care.", "Housing have been informed.", "Further visits are planned."))
    return None


def _runner_arrest(d: Draft, event: LineEvent) -> None:
    network, person = event.network, event.about or some_runner(event, d.rng)
    child = is_child(event, person)
    custody = d.rng.random() < 0.62
    d.kind, d.hearsay = ("custody" if custody else "seizure"), False
    d.subject = d.pick("Arrest for possession with intent to supply", "PWITS class A", "Drugs and phone seized from dealer")
    line = d.line(network)
    runner = runs_for(d, event, person, line, care=0.45 if custody else 1.0, id_share=0.94 if custody else 0.7)
    where = event.market.name if event.market and d.desk.agency == event.market.force_id else d.pick("the street", "a train", "the station")
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
    own = person.phone_on(event.day, d.rng)
    if own and d.rng.random() < 0.5:
        personal = d.phone(own, handset_share=0.6)
        d.link(runner, "uses", personal)
        d.say(f"The subject's own number is {d.shown(personal)}.")
    if d.rng.random() < 0.6:
        home = d.address(person.home_on(event.day))
        d.link(runner, "lives_at", home)
        d.say(f"Home address given as {d.shown(home)}.")
    if custody:
        outcome = d.pick("released under investigation", "bailed", "charged and bailed", "charged and remanded") if not child else d.pick(
            "released under investigation", "bailed", "community resolution", "referred to youth justice"
        )
        d.detail["custody"] = {"offence": "Possession with intent to supply class A", "outcome": outcome, "under_18": child}
        d.say(f"Outcome: {outcome}.", "An appropriate adult attended." if child else "")
        if child:
            d.concern(runner, person, "child_in_supply_custody")


def _vehicle_stop(d: Draft, event: LineEvent) -> None:
    network = event.network
    d.kind, d.hearsay = "stop", False
    d.subject = d.pick("Vehicle stop", "Stop of vehicle linked to drug supply", "ANPR activation and stop")
    drivers = [p for p in (*network.deputies, *network.associates, network.holder, *network.runners) if p.vehicle]
    if not drivers:
        return _rail_stop(d, event)
    person = d.rng.choice(drivers)
    driver, car = d.person(person, id_share=0.6), d.vehicle(person.vehicle) if person.vehicle else ""
    d.link(driver, "drives", car, category="suspect")
    town = event.market.name if event.market else network.line.hub.name
    d.say(
        d.pick(
            f"A {d.shown(car)} was stopped on the way into {town}. The driver was {d.shown(driver)}.",
            f"{d.shown(driver)} was driving a {d.shown(car)}, stopped after an ANPR activation near {town}.",
        ),
        d.pick("The driver could not say why they were in the area.", "There was a strong smell of cannabis.", "Two mobile phones were in the console.", ""),
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


def _rail_stop(d: Draft, event: LineEvent) -> None:
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
        d.link(runner, "runs_for", line, basis="assessment", category="victim" if is_child(event, person) else "suspect")
        d.say(f"Believed to be travelling for the {d.shown(line)}.")
        if is_child(event, person):
            d.concern(runner, person, "child_in_runner_role")


def _violence(d: Draft, event: LineEvent) -> None:
    network = event.network
    d.kind, d.hearsay = "crime", False
    person: Person = event.premises.tenant if event.premises and d.rng.random() < 0.4 else some_runner(event, d.rng)
    d.subject = d.pick("Assault occasioning actual bodily harm", "Robbery", "Wounding", "Threats with a knife")
    victim = d.person(person, id_share=0.6)
    weapon = d.item("weapon", d.pick("knife", "machete", "zombie knife", "imitation firearm", "knuckleduster"), 1, "item")
    d.say(
        d.pick(
            f"{d.shown(victim)} was attacked in {event.market.name if event.market else 'town'} by two males with {d.shown(weapon)}.",
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


def _moniker_only(d: Draft, event: LineEvent) -> None:
    network = event.network
    known = [p for p in (*network.runners, *network.deputies, network.holder) if p.moniker]
    if not known:
        return _advert(d, event)
    person = d.rng.choice(known)
    d.subject = d.pick("Dealer known by street name", "Unidentified runner")
    line, runner = d.line(network), d.moniker(person)
    d.link(runner, "runs_for" if person.role == "runner" else "associates_with", line, basis="assessment", category="other")
    town = event.market.name if event.market else ""
    d.say(f"{d.shown(runner).capitalize()} is dropping off for the {d.shown(line)} in {town}.")
    own = person.phone_on(event.day, d.rng)
    if own and d.rng.random() < 0.5:
        phone = d.phone(own)
        d.link(runner, "uses", phone, basis="assessment")
        d.say(f"Reachable on {d.shown(phone)}.")
    return None


WRITERS: Final[Mapping[str, Callable[[Draft, LineEvent], None]]] = MappingProxyType(
    {
        "advert": _advert,
        "line_held": _line_held,
        "number_change": _number_change,
        "premises_intelligence": _premises_intelligence,
        "premises_visit": _premises_visit,
        "runner_arrest": _runner_arrest,
        "runner_missing": missing_child,
        "vehicle_stop": _vehicle_stop,
        "rail_stop": _rail_stop,
        "partner_concern": concern_from_partner,
        "violence": _violence,
        "moniker_only": _moniker_only,
    }
)
"""Who writes the report of each kind of event."""
