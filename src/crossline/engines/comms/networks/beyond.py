"""Whom the phones round a line are in touch with, where their own records are held: links beyond the line's own calls.

A number is held where its rows reach people who are no line's number; of a file without an authorisation that is all we have
to go by. Customers are left out before anything is counted, and so is whoever was in touch on one day only or one way only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import duckdb
import pyarrow as pa

from crossline.engines.comms.executor import rendered
from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.networks.roles import ContactRole

HELD: Final = """
    SELECT event.subject, count(DISTINCT event.other) AS people
    FROM event LEFT JOIN line_number AS own ON own.subject = event.subject
        LEFT JOIN line_number AS theirs ON theirs.subject = event.other
    WHERE own.subject IS NULL AND theirs.subject IS NULL GROUP BY event.subject"""
"""Numbers that are no line's and whose own records are held, with how many people besides lines they are in touch with."""

TIES: Final = """
    SELECT event.subject, event.other, count(DISTINCT local_day.day) AS days, sum(event.outward) AS went,
        sum(1 - event.outward) AS came
    FROM event JOIN phone_asked ON phone_asked.id = event.subject
        LEFT JOIN line_number ON line_number.subject = event.other
        JOIN local_day ON event.moment >= local_day.start AND event.moment < local_day.finish
    WHERE line_number.subject IS NULL GROUP BY event.subject, event.other"""


@dataclass(frozen=True)
class Tie:
    """Two phones that were in touch on so many days, as the records of the first say."""

    phone: int
    other: int
    days: int


def held_phones(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Held numbers that are no line's, with how many people besides lines each is in touch with."""
    rows = connection.execute(rendered(HELD)).fetchall()
    return {int(number): int(people) for number, people in rows}


def ties_of(
    connection: duckdb.DuckDBPyConnection,
    contacts: Sequence[ContactRole],
    held: Iterable[int],
    customers: frozenset[int],
    *,
    least_days: int = 2,
) -> list[Tie]:
    """The ties of held phones that are a line's holder contacts or runners, customers left out; both ways, on several days."""
    asked = sorted(set(held) & {each.other for each in contacts if each.role is not Role.SUPPLIER})
    connection.register("phone_asked_given", pa.table({"id": pa.array(asked, pa.int64())}))
    connection.execute("CREATE OR REPLACE TEMP TABLE phone_asked AS SELECT id FROM phone_asked_given")
    return sorted(
        (
            Tie(int(phone), int(other), int(days))
            for phone, other, days, went, came in connection.execute(rendered(TIES)).fetchall()
            if int(other) not in customers and days >= least_days and min(went, came) * 4 >= max(went, came)
        ),
        key=lambda tie: (tie.phone, tie.other),
    )


@dataclass(frozen=True)
class Joined:
    """What held phones show of two lines: phones of the one in touch with phones of the other; and phones in the middle,
    in touch with a held phone of either and with no line, with how many of those chance gives."""

    direct: int
    middle: int
    by_chance: float


def lines_joined(
    ties: Sequence[Tie], contacts: Sequence[ContactRole], most_lines: int
) -> dict[tuple[int, int], Joined]:
    """Pairs of lines that ties join. Only phones of one line each: a phone on both is a phone in common already.

    Two people of one town have friends in common. How often two held phones have somebody in the middle at all says how
    many chance gives two lines, so that one friend in common says little where everybody has some.
    """
    lines_of = _lines_of(contacts)
    held = sorted({tie.phone for tie in ties})
    direct: Counter[tuple[int, int]] = Counter()
    around: dict[int, set[int]] = defaultdict(set)
    for tie in ties:
        around[tie.other].add(tie.phone)
        apart = lines_of.get(tie.other, frozenset()) - lines_of[tie.phone]
        direct.update(_pairs(lines_of[tie.phone], apart))
    known = {each.other for each in contacts}
    middle: Counter[tuple[int, int]] = Counter()
    met = 0
    for other, phones in around.items():
        if other in known or len(set().union(*(lines_of[phone] for phone in phones))) > most_lines:
            continue
        for one, two in combinations(sorted(phones), 2):
            met += 1
            middle.update(_pairs(lines_of[one] - lines_of[two], lines_of[two] - lines_of[one]))
    rate = met / max(len(held) * (len(held) - 1) / 2, 1.0)
    held_on = Counter(line for phone in held for line in lines_of[phone])
    return {
        (left, right): Joined(direct[left, right], middle[left, right], rate * held_on[left] * held_on[right])
        for left, right in sorted(direct.keys() | middle.keys())
    }


def _lines_of(contacts: Sequence[ContactRole]) -> dict[int, frozenset[int]]:
    """The lines of each phone; a seller of any line is left out, as sellers serve rivals."""
    sellers = {each.other for each in contacts if each.role is Role.SUPPLIER}
    found: dict[int, set[int]] = defaultdict(set)
    for each in contacts:
        if each.other not in sellers:
            found[each.other].add(each.line)
    return defaultdict(frozenset, {phone: frozenset(lines) for phone, lines in found.items()})


def _pairs(left: frozenset[int], right: frozenset[int]) -> set[tuple[int, int]]:
    return {(min(one, two), max(one, two)) for one in left for two in right if one != two}


def connectors(
    ties: Sequence[Tie], contacts: Sequence[ContactRole], network: Sequence[int]
) -> Mapping[int, tuple[Tie, ...]]:
    """Phones in touch with no line, but with phones of two lines of one network: by phone, with those ties.

    Nobody else beyond the lines is named: a friend in common of two phones of different networks is nobody's business.
    """
    lines_of, known = _lines_of(contacts), {each.other for each in contacts}
    around: dict[int, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.other not in known:
            around[tie.other].append(tie)
    found = {}
    for middle, theirs in sorted(around.items()):
        if len(theirs) < 2:
            continue
        lines = set().union(*(lines_of[tie.phone] for tie in theirs))
        by_network = Counter(network[line] for line in lines)
        if len(by_network) == 1 and max(by_network.values()) > 1:
            found[middle] = tuple(theirs)
    return found
