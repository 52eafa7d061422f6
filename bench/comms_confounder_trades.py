"""Businesses that text many people: taxi offices, takeaways, clinics, deliveries, agents, sellers. All figures our guess [D].

Some of each share a line's traits: a takeaway that texts an offer each day and is rung for short calls in the evening, a taxi
office that texts and rings back, a clinic with reminders out of hours, a trader who tells regulars where the van is.
"""

from __future__ import annotations

from comms_confounder_habits import Chance, Habits, about, hours_of


def taxi(chance: Chance) -> Habits:
    u = chance.uniform
    offers = chance.random() < 0.2
    return Habits(
        people=about(chance, 600, 0.5, 100, 3000),
        slots=hours_of(chance, 1, 12, 20) if offers else (),
        sends=0.15,
        answers=0.03,
        asks=about(chance, 120, 0.7, 20, 700),
        strangers=u(0.2, 0.6),
        asks_by_text=u(0, 0.1),
        hours=(19, 6, 0, 24),
        back=u(0.05, 0.4),
        back_minutes=(2, 30),
        texts_back=u(0.4, 1),
        seconds=u(20, 45),
        rings=u(5, 40),
    )


def takeaway(chance: Chance) -> Habits:
    u, drawn = chance.uniform, chance.random()
    small, daily = drawn < 0.2, drawn < 0.5
    return Habits(
        people=about(chance, 55, 0.3, 25, 90) if small else about(chance, 300, 0.7, 60, 3000),
        slots=hours_of(chance, 1, 15, 18.5),
        sends=u(0.6, 1),
        weekdays=tuple(range(7)) if daily else (4,) if drawn < 0.8 else (3, 5),
        spread=(60, 600),
        renewed=0.01,
        answers=u(0.02, 0.12) if small else u(0.005, 0.06),
        answers_by_text=u(0, 0.15),
        asks=u(8, 25) if small else about(chance, 35, 0.5, 8, 150),
        strangers=u(0.1, 0.5) if small else u(0.3, 0.7),
        asks_by_text=u(0, 0.15),
        hours=(19, 1.8, 16, 23.5),
        back=u(0.02, 0.35),
        back_minutes=(8, 45),
        seconds=u(35, 90),
        rings=u(1, 8),
    )


def clinic(chance: Chance) -> Habits:
    u, drawn = chance.uniform, chance.random()
    late, service = drawn < 0.4, drawn > 0.8
    slots = hours_of(chance, int(chance.integers(1, 4)), 16 if late else 8.5, 20 if late else 17)
    week = tuple(range(7 if late else 5))
    if service:  # for people who use drugs: the same people, week after week
        return Habits(
            people=about(chance, 130, 0.4, 50, 300),
            slots=slots,
            weekdays=tuple(range(6)),
            reach=u(0.1, 0.5),
            answers=u(0.03, 0.15),
            asks=u(5, 25),
            strangers=u(0.2, 0.5),
            hours=(13, 3, 8, 19),
            back=u(0.2, 0.5),
            seconds=u(60, 200),
            rings=u(3, 20),
            ring_seconds=180,
            renewed=0.02,
        )
    return Habits(
        people=about(chance, 35, 0.5, 10, 150),
        public=about(chance, 3000, 0.5, 800, 12_000),
        slots=slots,
        weekdays=week,
        spread=(10, 400),
        answers=u(0.02, 0.1),
        answers_by_text=u(0.1, 0.6),
        asks=u(10, 60),
        strangers=1.0,
        hours=(15 if late else 11, 4, 8, 21 if late else 18),
        back=u(0.05, 0.35),
        seconds=u(80, 240),
        rings=u(5, 40),
        ring_seconds=150,
    )


def delivery(chance: Chance) -> Habits:
    u = chance.uniform
    return Habits(
        people=int(chance.integers(40, 160)),
        public=about(chance, 15_000, 0.6, 2000, 60_000),
        slots=hours_of(chance, int(chance.integers(1, 3)), 6.5, 14),
        weekdays=tuple(range(int(chance.integers(5, 8)))),
        answers=u(0.01, 0.08),
        asks=u(5, 25),
        strangers=1.0,
        hours=(13, 4, 7, 21),
        back=u(0.1, 0.6),
        back_minutes=(1, 40),
        seconds=u(25, 60),
        rings=u(10, 60),
        ring_seconds=30,
        own_life=u(0, 6),
    )


def estate_agent(chance: Chance) -> Habits:
    u = chance.uniform
    return Habits(
        people=about(chance, 150, 0.5, 30, 600),
        slots=hours_of(chance, int(chance.integers(1, 3)), 9, 18.5),
        sends=u(0.3, 1),
        weekdays=tuple(range(int(chance.integers(5, 8)))),
        reach=u(0.3, 1),
        renewed=u(0.04, 0.12),
        answers=u(0.01, 0.06),
        answers_by_text=0.2,
        asks=u(10, 40),
        strangers=u(0.4, 0.8),
        hours=(14, 3.5, 8.5, 20),
        back=u(0.2, 0.6),
        seconds=u(70, 200),
        rings=u(10, 40),
        ring_seconds=150,
    )


def research(chance: Chance) -> Habits:
    u = chance.uniform
    return Habits(
        people=int(chance.integers(50, 300)),
        public=50_000,
        slots=hours_of(chance, int(chance.integers(1, 4)), 10, 20.5),
        weekdays=tuple(range(6)),
        answers=u(0.005, 0.05),
        answers_by_text=0.7,
        asks=u(1, 12),
        strangers=1.0,
        hours=(16, 3, 9, 21),
        back=u(0.05, 0.4),
        seconds=u(60, 300),
        rings=u(10, 60),
        ring_seconds=60,
    )


def salesperson(chance: Chance) -> Habits:
    u = chance.uniform
    if chance.random() < 0.3:  # a trader on a round, who tells regulars where the van is
        return Habits(
            people=about(chance, 70, 0.4, 25, 200),
            slots=hours_of(chance, int(chance.integers(1, 3)), 8, 18),
            sends=u(0.5, 1),
            weekdays=tuple(range(int(chance.integers(5, 8)))),
            reach=u(0.6, 1),
            renewed=0.02,
            answers=u(0.02, 0.1),
            answers_by_text=u(0.1, 0.6),
            asks=u(3, 15),
            strangers=u(0.1, 0.5),
            back=u(0.15, 0.5),
            seconds=u(35, 100),
            rings=u(1, 10),
            own_life=u(0, 8),
            hours=(14, 4, 8, 21),
        )
    return Habits(
        people=about(chance, 80, 0.6, 20, 400),
        slots=hours_of(chance, 1, 9, 18),
        sends=u(0.2, 1),
        weekdays=tuple(range(int(chance.integers(5, 8)))),
        reach=u(0.5, 1),
        renewed=u(0.02, 0.08),
        answers=u(0.01, 0.1),
        answers_by_text=0.35,
        asks=u(5, 25),
        strangers=u(0.3, 0.7),
        back=u(0.3, 0.7),
        seconds=u(60, 180),
        rings=u(5, 30),
        ring_seconds=120,
        own_life=u(0, 10),
        hours=(14, 4, 8, 20),
    )


def call_centre(chance: Chance) -> Habits:
    u, campaigns = chance.uniform, chance.random() < 0.5
    return Habits(
        people=int(chance.integers(50, 200)),
        public=50_000,
        slots=hours_of(chance, 1, 9, 19) if campaigns else (),
        answers=u(0.01, 0.06),
        asks=u(20, 150),
        strangers=1.0,
        hours=(14, 3, 8, 20),
        weekdays=tuple(range(int(chance.integers(5, 8)))),
        back=u(0.2, 0.5),
        texts_back=u(0, 0.6),
        seconds=u(100, 300),
        rings=u(30, 150),
        ring_seconds=120,
    )
