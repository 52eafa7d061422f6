"""What the register says in words: agencies, scores, how a change stands, where a line is known from, why its records are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.urls import reverse

from crossline.engines.lines import Join, JoinBasis
from crossline.engines.lines.keys import place_key
from crossline.engines.priority.score import LinePriority, Reason, ReasonKind
from crossline.lines.models import ChangeState
from crossline.lines.register import RegisterLine
from crossline.lines.states import OrdersTaken
from crossline.records.naming import tidy_brand
from crossline.vocabulary.agencies import agencies
from crossline.wording import format_date, format_percent, format_phone, plural, with_capital

_ROUTE: Final = re.compile(r"route from (\S+) to (\S+)")
_REPORTS: Final = re.compile(r"reports of (\S+)")
_NORMALISED_PHONE: Final = re.compile(r"\+44\d{9,10}(#\d+)?")


ORDERS_SHORTLY: Final[Mapping[OrdersTaken, str]] = MappingProxyType(
    {
        OrdersTaken.PHONE: "Telephone",
        OrdersTaken.SOCIAL: "Social media or app",
        OrdersTaken.BOTH: "Both",
        OrdersTaken.NOT_KNOWN: "Not known",
    }
)
"""How a line takes its orders, where room is short."""


def orders_in_words(line: RegisterLine) -> str:
    """How a line takes its orders, and on what that rests: a person's word, and beside it what the records show."""
    orders = line.orders
    if orders.declared is None:
        return orders.found.label
    said = orders.declared
    differs = "" if orders.found is orders.taken else f"; the records show: {orders.found.label.lower()}"
    return f"{orders.taken.label}, as {names((said.decided_agency,))} declared on {format_date(said.decided_at.date())}{differs}"


def state_in_words(state: ChangeState) -> str:
    """How a change of number stands: one that was taken back is put forward again."""
    return (ChangeState.PUT_FORWARD if state is ChangeState.WITHDRAWN else state).label


def score_in_words(value: object) -> str | None:
    """A score from 0 to 1 with two places: with one, 0.96 would read as certain."""
    return f"{value:.2f}" if isinstance(value, float | int) else None


def names(ids: Iterable[str]) -> str:
    """Agencies by their short names."""
    known = agencies()
    return ", ".join(known[agency].short_name if agency in known else agency for agency in ids)


def known_from(line: RegisterLine) -> str:
    """Whether a force returned the line, or reports alone name it."""
    reports = len({row.record for row in line.rows if not row.is_return})
    if not line.returns:
        return f"Named in {plural(reports, 'report')} only"
    returned = f"Returned by {names(sorted({row.owner for row in line.returns}))}"
    return f"{returned}; {plural(reports, 'report')}" if reports else returned


def known_shortly(line: RegisterLine) -> str:
    """The same where room is short."""
    reports = len({row.record for row in line.rows if not row.is_return})
    if not line.returns:
        return f"Named in reports only ({reports})"
    return f"{plural(len(line.returns), 'return')}, {plural(reports, 'report')}"


def row_of(line: RegisterLine, priority: LinePriority | None) -> dict[str, object]:
    """A line as a row of a list. Without a priority it is closed."""
    scored = sorted_reasons(priority)[:1] if priority else []
    return {
        "name": tidy_brand(line.name),
        "href": reverse("line", args=[line.id]),
        "status": line.status,
        "known_from": known_shortly(line),
        "exporting": names(line.exporting_agencies) or None,
        "importing": names(line.importing_agencies) or None,
        "orders": ORDERS_SHORTLY[line.orders.taken],
        "numbers": len(line.group.numbers) or None,
        "last_seen": line.last_seen,
        "rank": priority.rank if priority else None,
        "score": f"{priority.score:.0f} ({priority.score_low:.0f} to {priority.score_high:.0f})" if priority else None,
        "score_value": priority.score if priority else None,
        "why": reason_text(scored[0]) if scored else None,
    }


def sorted_reasons(priority: LinePriority) -> list[Reason]:
    """What the score is made of, the largest part first. Likelihood and opportunity are no parts of it."""
    parts = [reason for reason in priority.reasons if reason.kind in (ReasonKind.RISK, ReasonKind.UPLIFT)]
    return sorted(parts, key=lambda reason: (-reason.points, reason.term))


def reason_text(reason: Reason) -> str:
    """A reason's sentence with agencies by name: Violence: 4 of 5, from Sussex."""
    said, found, agency = reason.sentence.rpartition(", from ")
    text = f"{said}, from {names((agency,))}" if found else reason.sentence
    return with_capital(text)


def with_phones(text: str) -> str:
    """Text with the numbers in it as people read them."""
    return _NORMALISED_PHONE.sub(lambda match: format_phone(match[0]), text)


def join_text(join: Join, places: Sequence[str]) -> str:
    """A link in the chain, as a sentence without codes. `places` are the line's, as its rows were grouped by them."""
    if join.basis is JoinBasis.BRAND_PLACE:
        brand, _, where = join.key.rpartition(" in ")
        written = next((place for place in places if place_key(place) == where), where)
        return f"Both name the brand {brand.title()}, {_tie(written)}."
    if join.basis is JoinBasis.BRAND_EXPORTER:
        brand, _, agency = join.key.rpartition(" from ")
        return f"Both name the brand {brand.title()}, run from the area of {names((agency,))}."
    sentence = with_phones(join.sentence).rstrip(".")
    return f"{with_capital(sentence)}."


def _tie(place: str) -> str:
    """What ties two mentions of a brand beside its name: a route, one force's reports, or a town."""
    if route := _ROUTE.fullmatch(place):
        return f"run from the area of {names((route[1],))} into that of {names((route[2],))}"
    if reports := _REPORTS.fullmatch(place):
        return f"in reports of {names((reports[1],))} that give neither a number nor a place"
    return f"and {place}"


def shares_in_words(said: object) -> str | None:
    """Forces with their shares, and what is not known of the whole: Merseyside 62%, Cheshire 11%; not known 27%."""
    if not isinstance(said, list) or not said:
        return None
    known = [f"{names((str(force),))} {format_percent(float(share), 0)}" for force, share in said]
    rest = 1.0 - sum(float(share) for _, share in said)
    return f"{', '.join(known)}; not known or elsewhere {format_percent(max(rest, 0.0), 0)}"
