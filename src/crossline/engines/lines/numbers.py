"""A line's numbers over time: what its mentions say, sharpened by the days one took over from another; and those put forward."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from crossline.engines.lines.model import LineMention, NumberBasis, NumberUse, SuccessionLink, in_time

_STRENGTH = {NumberBasis.RETURN: 0, NumberBasis.INTELLIGENCE: 1, NumberBasis.CONFIRMED: 2}


def numbers_over_time(
    mentions: Sequence[LineMention], links: Sequence[SuccessionLink], hubs: frozenset[str]
) -> tuple[NumberUse, ...]:
    """Each number of one line with its first and last day in use; None where the rows do not say.

    A mention dates the line, not each of its numbers, so the day of a confirmed succession (from call records) overrides it.
    """
    uses: dict[str, NumberUse] = {}
    for mention in mentions:
        for number in mention.numbers:
            if number not in hubs:
                said = NumberUse(number, mention.first, mention.last, mention.basis)
                uses[number] = _wider(uses[number], said) if number in uses else said
    starts: dict[str, date] = {}
    ends: dict[str, date] = {}
    for link in links:
        ends[link.old] = max(link.date, ends.get(link.old, link.date))
        starts[link.new] = min(link.date, starts.get(link.new, link.date))
        for number in (link.old, link.new):
            uses.setdefault(number, NumberUse(number, None, None, NumberBasis.CONFIRMED))
    sharpened = (
        NumberUse(
            number,
            starts.get(number, _before(use.from_date, ends.get(number))),
            ends.get(number, _after(use.to_date, starts.get(number))),
            use.basis,
        )
        for number, use in uses.items()
    )
    return tuple(sorted(sharpened, key=in_time))


def numbers_put_forward(links: Iterable[SuccessionLink], own: Collection[str]) -> tuple[NumberUse, ...]:
    """The numbers that these links name beside a line's `own`, each with its dates and the best score that speaks for it."""
    starts: dict[str, date] = {}
    ends: dict[str, date] = {}
    scores: dict[str, float] = {}
    for link in links:
        ends[link.old] = max(link.date, ends.get(link.old, link.date))
        starts[link.new] = min(link.date, starts.get(link.new, link.date))
        for number in (link.old, link.new):
            scores[number] = max(link.score, scores.get(number, 0.0))
    uses = (
        NumberUse(
            number, starts.get(number), _after(ends.get(number), starts.get(number)), NumberBasis.PUT_FORWARD, score
        )
        for number, score in scores.items()
        if number not in own
    )
    return tuple(sorted(uses, key=in_time))


def _wider(left: NumberUse, right: NumberUse) -> NumberUse:
    froms = [day for day in (left.from_date, right.from_date) if day is not None]
    tos = [day for day in (left.to_date, right.to_date) if day is not None]
    basis = min(left.basis, right.basis, key=_STRENGTH.__getitem__)
    return NumberUse(left.number, min(froms, default=None), max(tos, default=None), basis)


def _before(day: date | None, limit: date | None) -> date | None:
    """A first day that is not after the day the number was given up."""
    return None if day is not None and limit is not None and day > limit else day


def _after(day: date | None, limit: date | None) -> date | None:
    """A last day that is not before the day the number came into use."""
    return None if day is not None and limit is not None and day < limit else day
