"""What is said about county lines: adverts, who holds them, new numbers, addresses in use, street names."""

from __future__ import annotations

from crossline.simulation.line_events import LineEvent
from crossline.simulation.line_objects import deal_phone, is_child, runs_for, some_runner, tenant_in_premises
from crossline.simulation.reports import Draft
from crossline.simulation.written import HEARSAY


def advert(d: Draft, event: LineEvent) -> None:
    """A message that a line sends to those who buy from it."""
    network = event.network
    d.subject = d.pick("Drug line advertising", "Bulk message from drug line", "Deal line texts to local users")
    line, phone = d.line(network), d.phone(deal_phone(network, event.day))
    drugs = network.line.drugs
    town = event.market.name if event.market else ""
    words = d.pick(
        "Best of both on", "Open till late, fast drops", "2 for 15 today only", "New batch landed", "Back on road"
    )
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


def line_held(d: Draft, event: LineEvent) -> None:
    """Who is said to control a line."""
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


def number_change(d: Draft, event: LineEvent) -> None:
    """A line has a new number; both are told of."""
    network = event.network
    periods = network.line.periods
    current = max(at for at, period in enumerate(periods) if at == 0 or period.start <= event.day)
    if current == 0:
        return advert(d, event)
    d.subject = d.pick("Deal line has changed number", "New number for drug line")
    line = d.line(network)
    new, old = d.phone(deal_phone(network, event.day)), d.phone(deal_phone(network, periods[current - 1].start))
    d.say(
        d.pick(
            f"The {d.shown(line)} has changed its number to {d.shown(new)}. It used {d.shown(old)} before.",
            f'Users have had a text from {d.shown(new)}, "new number save this": the {d.shown(line)}. It was {d.shown(old)}.',
            f"{d.shown(old)} is off. The {d.shown(line)} is now on {d.shown(new)}.",
        )
    )
    return None


def premises_intelligence(d: Draft, event: LineEvent) -> None:
    """An address is said to be used by a line."""
    network, premises = event.network, event.premises
    if premises is None:
        return advert(d, event)
    d.subject = d.pick("Address used for dealing", "Possible cuckooing", "Drugs stored at address")
    place_of = premises.address
    line, place = d.line(network), d.address(place_of)
    d.link(line, d.pick("stores_at", "sold_at"), place, basis="assessment")
    d.say(
        d.pick(
            f"The {d.shown(line)} is dealing out of {d.shown(place)}.",
            f"Young people from {network.line.hub.name} are staying at {d.shown(place)} and selling for the {d.shown(line)}.",
            f"{d.shown(place)} has been taken over by the {d.shown(line)}.",
        ),
        d.pick(
            "There are callers at all hours.", "Visitors stay for a minute or two.", "The curtains are kept shut.", ""
        ),
    )
    if d.rng.random() < 0.65:
        tenant = tenant_in_premises(d, event, place, line)
        d.say(f"The tenant is {d.shown(tenant)}, who is thought to be frightened of them.")
    if d.rng.random() < 0.5:
        person = some_runner(event, d.rng)
        runner = runs_for(d, event, person, line, care=HEARSAY)
        d.link(
            runner, "found_at", place, basis="assessment", category="victim" if is_child(event, person) else "suspect"
        )
        if person.force_id != place_of.force_id:
            d.link(runner, "travels_to", place, basis="assessment")
        d.say(f"{d.shown(runner)} has been seen there.")
    return None


def moniker_only(d: Draft, event: LineEvent) -> None:
    """Somebody known by a street name alone."""
    network = event.network
    known = [p for p in (*network.runners, *network.deputies, network.holder) if p.moniker]
    if not known:
        return advert(d, event)
    person = d.rng.choice(known)
    d.subject = d.pick("Dealer known by street name", "Unidentified runner")
    line, runner = d.line(network), d.moniker(person)
    d.link(
        runner, "runs_for" if person.role == "runner" else "associates_with", line, basis="assessment", category="other"
    )
    town = event.market.name if event.market else ""
    d.say(f"{d.shown(runner).capitalize()} is dropping off for the {d.shown(line)} in {town}.")
    own = person.phone_on(event.day, d.rng)
    if own and d.rng.random() < 0.5:
        phone = d.phone(own)
        d.link(runner, "uses", phone, basis="assessment")
        d.say(f"Reachable on {d.shown(phone)}.")
    return None
