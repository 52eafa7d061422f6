"""Objects that several kinds of reports about lines share: deal phones, runners, tenants, what was seized."""

from __future__ import annotations

from datetime import date
from random import Random

from crossline.simulation.line_events import LineEvent
from crossline.simulation.networks import Network
from crossline.simulation.parameters import CASH_ON_COURIER
from crossline.simulation.people import Person, Phone
from crossline.simulation.reports import Draft
from crossline.simulation.written import ROUTINE


def deal_phone(network: Network, day: date) -> Phone:
    """The deal phone of a line on a day, or the one nearest before it."""
    started = [period for period in network.line.periods if period.start <= day]
    period = (started or network.line.periods[:1])[-1]
    return Phone(period.number, period.imei, period.imsi)


def is_child(event: LineEvent, person: Person) -> bool:
    """Was the person under 18 on the day of the event?"""
    return person.age_on(event.day) < 18


def some_runner(event: LineEvent, rng: Random) -> Person:
    """A runner of the line; some are met far more than others."""
    runners = event.network.runners
    return runners[int(rng.random() ** 1.6 * len(runners))]


def runs_for(
    d: Draft, event: LineEvent, person: Person, line: str, *, care: float = ROUTINE, id_share: float = 0.5
) -> str:
    """A person said to run for a line: a child as a victim."""
    runner = d.person(person, care=care, id_share=id_share)
    child = is_child(event, person)
    d.link(runner, "runs_for", line, basis="assessment", category="victim" if child else "suspect", start=event.day)
    return runner


def tenant_in_premises(d: Draft, event: LineEvent, place: str, line: str, *, seen: float = 0.0) -> str:
    """The tenant of a home taken over: a victim. `seen`: chance that the line is recorded as keeping its drugs there."""
    if event.premises is None:
        raise ValueError("an event without premises has no tenant")
    person = event.premises.tenant
    tenant = d.person(person, id_share=0.5)
    d.link(tenant, "lives_at", place, category="victim")
    d.link(tenant, "exploited_by", line, basis="assessment", category="victim", start=event.premises.start)
    if d.rng.random() < seen:
        d.link(line, "stores_at", place, basis="assessment", start=event.premises.start)
    if (own := person.phone_on(event.day, d.rng)) and d.rng.random() < 0.3:
        phone = d.phone(own)
        d.link(tenant, "uses", phone)
        d.say(f"The tenant can be reached on {d.shown(phone)}.")
    return tenant


def drugs_seized(d: Draft, event: LineEvent, runner: str) -> None:
    """What was found on a runner: wraps or weights of what the line sells, and mostly cash."""
    rng = d.rng
    for drug in event.network.line.drugs[:2]:
        grams = round(rng.lognormvariate(1.6, 0.8), 1)
        value = round(grams * (100.0 if drug != "cannabis" else 10.0))
        key = d.item("drug", drug, grams, "g", float(value))
        d.link(key, "seized_from", runner)
        d.say(
            d.pick(
                f"{d.shown(key)} was recovered.",
                f"A search found {d.shown(key)}, wrapped for sale.",
                f"Seized: {d.shown(key)}.",
            )
        )
    if rng.random() < 0.75:
        low, high = CASH_ON_COURIER.value
        cash = d.item("cash", "cash", None, "gbp", float(low + int(rng.random() ** 2.2 * (high - low)) // 5 * 5))
        d.link(cash, "seized_from", runner)
        d.say(d.pick(f"{d.shown(cash)} was seized.", f"The subject had {d.shown(cash)}."))
    if rng.random() < 0.22:
        weapon = d.item("weapon", d.pick("lock knife", "kitchen knife", "machete", "zombie knife"), 1, "item")
        d.link(weapon, "seized_from", runner)
        d.say(f"Also recovered: {d.shown(weapon)}.")
