"""Networks and valuations as the rows that are written: in order of line and number, each with its explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from crossline.engines.comms.networks.line_numbers import ALWAYS
from crossline.engines.comms.networks.local_days import Period, day_of, local_day_of
from crossline.engines.comms.networks.networks import METHOD, Networks
from crossline.engines.comms.networks.next_records import PROPORTIONALITY
from crossline.engines.comms.networks.role_profiles import CONTACT_ROLES, KINDS, MEANING, SAFEGUARDING, Role
from crossline.engines.comms.networks.roles import ContactRole
from crossline.engines.comms.networks.valuation import METHOD as VALUATION_METHOD
from crossline.engines.comms.networks.valuation import Interval, Valuation

Row = dict[str, Any]


class Table(StrEnum):
    """The tables of a network analysis."""

    MEMBERS = "members"
    LINKS = "links"
    ROLES = "roles"
    POSITIONS = "positions"
    NEXT = "next"


COLUMNS: Final[Mapping[Table, tuple[str, ...]]] = MappingProxyType(
    {
        Table.MEMBERS: ("network", "line", "number", "from", "to", "days", "events", "customers", "reason", "method"),
        Table.LINKS: ("line", "other_line", "same_network", "probability", "points", "evidence", "method"),
        Table.ROLES: (
            *("network", "line", "period", "number", "role", "share", "low", "high", "a_day", "days", *KINDS),
            *("reached", "broadcasts", "count", "sentence", "safeguarding", "method"),
        ),
        Table.POSITIONS: (
            *("network", "number", "lines", "phones", "ties", "low", "high", "place_from", "place_to", "of"),
            *("sentence", "method"),
        ),
        Table.NEXT: (
            *("number", "roles", "lines", "bits", "people", "bits_for_each_hundred", "from", "to", "explanation"),
            *("proportionality", "safeguarding", "method"),
        ),
    }
)

VALUATION_COLUMNS = (
    *("line", "numbers", "from", "to", "days", "customers", "customers_low", "customers_high"),
    *("contacts_a_day", "contacts_low", "contacts_high", "sales_from", "sales_to"),
    *("confirmed_a_day", "confirmed_low", "confirmed_high", "incoming_a_day", "incoming_low", "incoming_high"),
    *("runners_linked", "runners_held", "by_runner_only", "explanation", "method"),
)


def rows_of(found: Networks, table: Table) -> list[Row]:
    """One table."""
    makers: Mapping[Table, Callable[[Networks], Iterator[Row]]] = {
        Table.MEMBERS: _members,
        Table.LINKS: _links,
        Table.ROLES: _roles,
        Table.POSITIONS: _positions,
        Table.NEXT: _next,
    }
    return [row | {"method": METHOD} for row in makers[table](found)]


def _members(found: Networks) -> Iterator[Row]:
    few = found.settings.least_customers
    for line in found.lines:
        for number in line.numbers:
            yield {
                "network": found.lines[line.network].name,
                "line": line.name,
                "number": number.number,
                "from": _day(number.begins, 0),
                "to": _day(number.ends, -1),
                "days": line.days,
                "events": line.events,
                "customers": line.customers if line.customers >= few else f"fewer than {few}",
                "reason": number.reason,
            }


def _day(moment: int, later: int) -> date | None:
    return None if moment in ALWAYS else local_day_of(moment + later)


def _links(found: Networks) -> Iterator[Row]:
    names = [line.name for line in found.lines]
    linked = [link for link in found.links if any(item.points > 0 for item in link.evidence)]
    for link in sorted(linked, key=lambda link: sorted((names[link.left], names[link.right]))):
        line, other = sorted((names[link.left], names[link.right]))
        shown = [
            f"{item.sentence}{_named(found, item.phone)} ({item.points:+.2f})"
            for item in link.evidence
            if item.points > 0
        ]
        yield {
            "line": line,
            "other_line": other,
            "same_network": found.lines[link.left].network == found.lines[link.right].network,
            "probability": round(link.probability, 4),
            "points": round(link.points, 2),
            "evidence": shown,
        }


def _named(found: Networks, phone: int | None) -> str:
    return f": {found.names[phone]}" if phone is not None else ""


def _roles(found: Networks) -> Iterator[Row]:
    rows = [*_number_rows(found), *_contact_rows(found), *_customer_rows(found)]
    yield from sorted(rows, key=lambda row: (row["line"], row["period"], row["number"], row["role"]))


def _blank(found: Networks, line: int, period: int) -> Row:
    whole = found.period is Period.WHOLE
    return dict.fromkeys(COLUMNS[Table.ROLES]) | {
        "network": found.lines[found.lines[line].network].name,
        "line": found.lines[line].name,
        "period": "all" if whole else day_of(period).isoformat(),
        "number": "",
        "safeguarding": "",
    }


def _number_rows(found: Networks) -> Iterator[Row]:
    for each in found.numbers:
        yield _blank(found, each.line, each.period) | {
            "number": found.names[each.number],
            "role": each.role.value,
            "a_day": each.a_day,
            "low": each.low,
            "high": each.high,
            "days": each.days,
            "sentence": f"{MEANING[each.role]}: {each.a_day:.1f} a day ({each.low:.1f} to {each.high:.1f})",
        }


def _contact_rows(found: Networks) -> Iterator[Row]:
    for each in found.roles:
        if each.no_customer_low < found.settings.roles.listed_from:
            continue
        low, high = each.interval(each.role)
        yield _blank(found, each.line, each.period) | {
            "number": found.names[each.other],
            "role": each.role.value,
            "share": each.share(each.role),
            "low": low,
            "high": high,
            "days": each.days,
            **{kind: int(count) for kind, count in zip(KINDS, each.counts, strict=True)},
            "reached": int(each.reached),
            "broadcasts": int(each.broadcasts),
            "sentence": _sentence(each),
            "safeguarding": SAFEGUARDING if each.role is Role.RUNNER else "",
        }


def _sentence(each: ContactRole) -> str:
    others = ", ".join(
        f"{role.value} {each.share(role):.0%}"
        for role in CONTACT_ROLES
        if role is not each.role and each.share(role) >= 0.005
    )
    low, high = each.interval(each.role)
    said = f"{MEANING[each.role]} ({each.share(each.role):.0%}, 95 % {low:.0%} to {high:.0%}"
    business = "; a business that the line rings looks the same" if each.role is Role.SUPPLIER else ""
    return f"{said}{'; else ' + others if others else ''}){business}"


def _customer_rows(found: Networks) -> Iterator[Row]:
    few = found.settings.least_customers
    for (line, period), count in found.customers.items():
        yield _blank(found, line, period) | {
            "role": Role.CUSTOMER.value,
            "count": count if count >= few else f"fewer than {few}",
            "sentence": f"{MEANING[Role.CUSTOMER]}, or did too little to be anything else; counted, not listed",
        }


def _positions(found: Networks) -> Iterator[Row]:
    rows: list[Row] = []
    for each in found.positions:
        place = f"place {each.best_place}" if each.best_place == each.worst_place else ""
        place = place or f"anywhere from place {each.best_place} to {each.worst_place}"
        rows.append(
            {
                "network": found.lines[each.network].name,
                "number": found.names[each.phone],
                "lines": each.lines,
                "phones": each.phones,
                "ties": each.ties,
                "low": each.low,
                "high": each.high,
                "place_from": each.best_place,
                "place_to": each.worst_place,
                "of": each.of,
                "sentence": f"in touch with {each.lines} of the network's lines and {each.phones} of its phones, "
                f"however often: {place} of {each.of}; an aid to thinking, not a rank",
            }
        )
    yield from sorted(rows, key=lambda row: (row["network"], row["number"]))


def _next(found: Networks) -> Iterator[Row]:
    for each in found.next_records:
        yield {
            "number": found.names[each.phone],
            "roles": [role.value for role in each.roles] or ["in touch with phones of several lines"],
            "lines": sorted(found.lines[line].name for line in each.lines),
            "bits": each.bits,
            "people": each.people,
            "bits_for_each_hundred": each.bits_for_each_hundred,
            "from": day_of(each.first_day).isoformat(),
            "to": day_of(each.last_day).isoformat(),
            "explanation": each.explanation,
            "proportionality": PROPORTIONALITY,
            "safeguarding": SAFEGUARDING if Role.RUNNER in each.roles else "",
        }


def valuation_rows(found: Sequence[Valuation]) -> list[Row]:
    """A row for each line; figures that are not shown are empty."""
    return [_valuation_row(each) for each in sorted(found, key=lambda each: each.line)]


def _valuation_row(each: Valuation) -> Row:
    row: Row = {
        "line": each.line,
        "numbers": each.numbers,
        "from": each.first,
        "to": each.last,
        "days": each.days,
        "runners_linked": each.runners_linked,
        "runners_held": each.runners_held,
        "by_runner_only": each.by_runner_only,
        "explanation": each.explanation,
        "method": VALUATION_METHOD,
    }
    low, high = each.sales_a_day or (None, None)
    row |= {"sales_from": low, "sales_to": high}
    figures = (
        ("customers", "customers", each.customers),
        ("contacts_a_day", "contacts", each.contacts_a_day),
        ("confirmed_a_day", "confirmed", each.confirmed_a_day),
        ("incoming_a_day", "incoming", each.incoming_a_day),
    )
    for name, short, figure in figures:
        row |= _figure(name, short, figure)
    return row


def _figure(name: str, short: str, figure: Interval | None) -> Row:
    values = (figure.value, figure.low, figure.high) if figure else (None, None, None)
    return dict(zip((name, f"{short}_low", f"{short}_high"), values, strict=True))
