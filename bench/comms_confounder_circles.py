"""People and bodies that text those who belong to them: schools, churches, clubs, canvassers, friends. All figures our guess [D].

Ranges overlap with a deal line's on purpose: the same people, every day, at all hours, who answer and are rung back.
"""

from __future__ import annotations

from comms_confounder_habits import Chance, Habits, about, hours_of


def school(chance: Chance) -> Habits:
    u, daily = chance.uniform, chance.random() < 0.4
    return Habits(
        people=about(chance, 400, 0.5, 80, 1500),
        slots=hours_of(chance, 1, 8, 17),
        sends=u(0.7, 1) if daily else u(0.15, 0.5),
        weekdays=(0, 1, 2, 3, 4),
        reach=u(0.03, 0.3) if daily else u(0.5, 1),
        answers=u(0.005, 0.06),
        asks=u(5, 25),
        strangers=u(0.1, 0.4),
        hours=(10, 3, 8, 18),
        back=u(0.05, 0.3),
        seconds=u(80, 200),
        rings=u(2, 15),
        ring_seconds=120,
    )


def church(chance: Chance) -> Habits:
    u, daily = chance.uniform, chance.random() < 0.3
    return Habits(
        people=about(chance, 60, 0.5, 12, 300),
        slots=hours_of(chance, 1, 7, 20),
        sends=u(0.8, 1),
        weekdays=tuple(range(7)) if daily else (5,) if chance.random() < 0.5 else (2, 5),
        spread=(30, 900),
        answers=u(0.01, 0.12),
        answers_by_text=u(0.3, 0.9),
        asks=u(1, 5),
        strangers=u(0.2, 0.6),
        back=u(0.05, 0.35),
        seconds=u(120, 400),
        rings=u(0, 6),
        ring_seconds=200,
        own_life=u(0, 12),
        hours=(15, 4, 8, 22),
    )


def club(chance: Chance) -> Habits:
    u = chance.uniform
    return Habits(
        people=int(chance.integers(14, 60)),
        slots=hours_of(chance, 1, 12, 22),
        sends=u(0.2, 0.8),
        spread=(5, 300),
        answers=u(0.15, 0.7),
        answers_by_text=u(0.7, 0.95),
        asks=u(0.5, 6),
        strangers=u(0.1, 0.4),
        asks_by_text=0.6,
        back=u(0.1, 0.4),
        seconds=u(50, 150),
        own_life=u(2, 15),
        hours=(17, 4, 8, 23),
    )


def canvass(chance: Chance) -> Habits:
    u, first = chance.uniform, float(chance.uniform(0, 30))
    days = (first, first + float(chance.uniform(10, 30)))
    if chance.random() < 0.4:  # its helpers, rallied day after day
        return Habits(
            people=int(chance.integers(15, 90)),
            slots=hours_of(chance, int(chance.integers(1, 3)), 9, 21),
            sends=u(0.5, 1),
            answers=u(0.05, 0.4),
            answers_by_text=u(0.6, 0.9),
            asks=u(2, 10),
            strangers=u(0.2, 0.5),
            back=u(0.1, 0.4),
            seconds=u(60, 160),
            own_life=u(2, 15),
            rings=u(2, 20),
            hours=(16, 4, 8, 22),
            days=days,
        )
    return Habits(
        people=about(chance, 300, 0.6, 50, 1500),
        public=about(chance, 6000, 0.5, 1500, 30_000),
        slots=hours_of(chance, 1, 10, 20.5),
        sends=u(0.3, 1),
        answers=u(0.005, 0.05),
        answers_by_text=0.6,
        asks=u(1, 10),
        strangers=1.0,
        hours=(17, 3, 9, 21),
        back=u(0.05, 0.4),
        seconds=u(60, 200),
        rings=u(5, 80),
        days=days,
    )


def organiser(chance: Chance) -> Habits:
    u = chance.uniform
    return Habits(
        people=int(chance.integers(8, 40)),
        slots=hours_of(chance, int(chance.integers(1, 3)), 9, 23),
        sends=u(0.1, 0.9),
        spread=(1, 300),
        answers=u(0.15, 0.7),
        answers_by_text=u(0.75, 0.97),
        asks=u(0.5, 5),
        strangers=0.1,
        asks_by_text=0.6,
        back=u(0.1, 0.4),
        seconds=u(60, 200),
        own_life=u(4, 20),
        hours=(16, 5, 7, 24),
    )


def group_by_text(chance: Chance) -> Habits:
    """Somebody whose friends talk in a group by text: each message goes to all of them, all day."""
    u = chance.uniform
    return Habits(
        people=int(chance.integers(8, 16)),
        slots=hours_of(chance, int(chance.integers(2, 9)), 8, 24),
        jitter=2,
        sends=u(0.3, 1),
        spread=(1, 20),
        answers=u(0.1, 0.6),
        answers_by_text=0.97,
        asks=u(0.5, 3),
        asks_by_text=0.6,
        back=u(0.1, 0.3),
        seconds=140,
        own_life=about(chance, 9, 0.5, 2, 40),
        hours=(15, 5, 7, 24),
    )
