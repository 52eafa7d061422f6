"""The calls and texts of phones that are no deal line: bystanders asked for by mistake, and people's own phones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_cells import Network, Spot, choose
from crossline.simulation.communications_events import (
    NONE,
    SMS,
    VOICE,
    Events,
    call_seconds,
    clock_hours,
    events,
    join,
    midnights,
    weekdays,
)
from crossline.simulation.communications_movement import (
    BLOCK_DAYS,
    SLOTS_A_DAY,
    Movement,
    Person,
    at,
)
from crossline.simulation.communications_numbers import Codes, chance
from crossline.simulation.communications_rhythms import CUSTOMER_SHARE, LIST_SIGMA, RHYTHMS, Bystander

_HOUR = 3_600
_MINUTE = 60
DayNumbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Premises:
    """A bystander: a number that stays where it is, and the people it has to do with."""

    number: str
    code: int
    kind: Bystander
    spot: Spot
    contacts: Codes

    def expected_rows(self, first: int, last: int, activity: float) -> float:
        """Rows from first to last day on average."""
        rhythm = RHYTHMS[self.kind]
        week = [number % 7 for number in range(first + 3, last + 4)]
        bulk = sum(day in rhythm.bulk_days for day in week) * len(rhythm.bulk_hours) * rhythm.bulk_chance
        texts = bulk * rhythm.bulk_share * len(self.contacts) * (1 + rhythm.reply_share)
        inbound = sum(rhythm.weekday_factor[day] for day in week) * rhythm.calls_a_day * (1 + rhythm.follow_share)
        return texts + activity * (inbound + rhythm.outbound_a_day * len(week))


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """A person's own phone: calls and texts with a few contacts; `with_holder`: how much its owner is with another."""

    number: str
    code: int
    person: Person
    rate: float
    contacts: Codes
    beside: Person | None = None
    share_beside: float = 0.0

    def expected_rows(self, first: int, last: int) -> float:
        """Rows from first to last day on average; people's own phones do not follow the activity of lines."""
        return self.rate * (last - first + 1)


def bystander_contacts(rng: np.random.Generator, kind: Bystander, list_scale: float) -> int:
    """How many people a bystander has on its list."""
    return max(int(RHYTHMS[kind].contacts * np.exp(rng.normal(0.0, LIST_SIGMA)) * list_scale), 10)


def mixed_contacts(rng: np.random.Generator, first_code: int, count: int, customers: Codes) -> Codes:
    """Contacts of a bystander: codes of its own, a few replaced by numbers of the town's customers."""
    contacts = np.arange(first_code, first_code + count, dtype=np.int32)
    replaced = rng.random(count) < CUSTOMER_SHARE
    if len(customers):
        contacts[replaced] = rng.choice(customers, int(replaced.sum()))
    return np.unique(contacts)


class BystanderTraffic:
    """Draws the rows of phones that are no deal line."""

    def __init__(self, network: Network, movement: Movement, *, seed: int, activity: float) -> None:
        self._network, self._movement = network, movement
        self._seed, self._activity = seed, activity

    def premises(self, place: Premises, block: int) -> Events:
        """Everything a bystander sent and received in the block."""
        rng = chance(self._seed, "bystander", place.number, block)
        days = np.arange(block * BLOCK_DAYS, (block + 1) * BLOCK_DAYS, dtype=np.int64)
        found = join([*self._bulk(place, days, rng), *self._calls(place, days, rng)])
        candidates = self._network.serving(place.spot, 0)[None, :2]
        noise = chance(self._seed, "serving", place.number, block).random((BLOCK_DAYS, SLOTS_A_DAY))
        cells = choose(candidates, np.zeros(noise.shape, np.int64), noise)
        return found.seen_from(place.code, at(cells, block, found.start))

    def own(self, phone: OwnPhone, block: int) -> Events:
        """Everything a person's own phone sent and received in the block, save between it and a deal line."""
        rng = chance(self._seed, "own phone", phone.person.key, block)
        days = np.repeat(
            np.arange(block * BLOCK_DAYS, (block + 1) * BLOCK_DAYS, dtype=np.int64), rng.poisson(phone.rate, BLOCK_DAYS)
        )
        count = len(days)
        start = midnights(days) + clock_hours(rng, figures.PERSONAL_HOURS.value, count) * _HOUR
        often = 1.0 / np.arange(1, len(phone.contacts) + 1)
        contact = rng.choice(phone.contacts, count, p=often / often.sum())
        outbound = rng.random(count) < 0.5
        kind = np.where(rng.random(count) < figures.PERSONAL_TEXTS.value, SMS, VOICE).astype(np.int8)
        seconds = call_seconds(rng, figures.PERSONAL_SECONDS.value, figures.MISSED_SHARE.value, count)
        found = events(
            start, kind, np.where(outbound, phone.code, contact), np.where(outbound, contact, phone.code), seconds
        )
        return found.seen_from(phone.code, at(self.track(phone, block), block, found.start))

    def track(self, phone: OwnPhone, block: int) -> Codes:
        """The cell of a person's own phone in each quarter hour of the block."""
        where = self._movement.of(phone.person, block)
        if phone.beside is not None:
            rng = chance(self._seed, "beside", phone.person.key, block)
            where = self._movement.of(phone.beside, block).unless(phone.share_beside, where, rng)
        return self._movement.cells(where, phone=phone.person.key, block=block)

    def _bulk(self, place: Premises, days: DayNumbers, rng: np.random.Generator) -> list[Events]:
        """Texts to many, and the few that come back."""
        rhythm, count = RHYTHMS[place.kind], len(place.contacts)
        parts = []
        for hour in rhythm.bulk_hours:
            on = np.isin(weekdays(days), rhythm.bulk_days) & (rng.random(len(days)) < rhythm.bulk_chance)
            reached = rng.random((len(days), count), dtype=np.float32) < rhythm.bulk_share
            day, contact = np.nonzero(reached & on[:, None])
            when = midnights(days) + (hour + rng.uniform(-0.1, 0.1, len(days))) * _HOUR
            start = when[day] + rng.random(len(day)) * rhythm.bulk_seconds
            parts.append(events(start, SMS, place.code, place.contacts[contact], NONE))
            back = rng.random(len(day)) < rhythm.reply_share
            answered = start[back] + rng.uniform(1, 180, int(back.sum())) * _MINUTE
            parts.append(events(answered, SMS, place.contacts[contact[back]], place.code, NONE))
        return parts

    def _calls(self, place: Premises, days: DayNumbers, rng: np.random.Generator) -> list[Events]:
        """Calls in, what follows from them, and calls of its own."""
        rhythm = RHYTHMS[place.kind]
        usual = np.array(rhythm.weekday_factor)[weekdays(days)] * rhythm.calls_a_day * self._activity
        day = np.repeat(days, rng.poisson(usual))
        count, missed = len(day), figures.MISSED_SHARE.value
        start = midnights(day) + clock_hours(rng, rhythm.hours, count) * _HOUR
        caller = rng.choice(place.contacts, count)
        parts = [events(start, VOICE, caller, place.code, call_seconds(rng, rhythm.call_seconds, missed, count))]
        follow = rng.random(count) < rhythm.follow_share
        later = start[follow] + rng.uniform(1, rhythm.follow_minutes, int(follow.sum())) * _MINUTE
        kind = np.where(rng.random(len(later)) < rhythm.follow_text, SMS, VOICE).astype(np.int8)
        seconds = call_seconds(rng, rhythm.call_seconds, missed, len(later))
        parts.append(events(later, kind, place.code, caller[follow], seconds))
        own = np.repeat(days, rng.poisson(rhythm.outbound_a_day * self._activity, len(days)))
        begun = midnights(own) + clock_hours(rng, rhythm.hours, len(own)) * _HOUR
        seconds = call_seconds(rng, rhythm.call_seconds, missed, len(own))
        parts.append(events(begun, VOICE, place.code, rng.choice(place.contacts, len(own)), seconds))
        return parts
