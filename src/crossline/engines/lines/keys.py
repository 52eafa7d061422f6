"""The keys two mentions of a line may share, and where the same key means two lines (silence, hubs, common names)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from crossline.engines.lines.model import GroupingRules, HubNumber, JoinBasis, LineMention
from crossline.vocabulary.selectors import fold_brand


def brand_key(brand: str) -> str:
    """A trading name for comparing, empty when it is none: "The Leo Line" is "leo"."""
    return fold_brand(brand) or ""


def place_key(place: str) -> str:
    """A place name without case and punctuation."""
    return re.sub(r"[^a-z0-9]+", "", place.casefold())


@dataclass(frozen=True)
class KeySpan:
    """Mentions (by position) that share a key without a long silence between them, and the time they cover."""

    basis: JoinBasis
    key: str
    members: tuple[int, ...]
    first: date | None
    last: date | None


def hub_numbers(mentions: Sequence[LineMention], rules: GroupingRules | None = None) -> list[HubNumber]:
    """Numbers that more brands carry than a line's number can, in order of number."""
    limit = (rules or GroupingRules()).hub_brands
    carried: dict[str, list[LineMention]] = defaultdict(list)
    for mention in mentions:
        for number in mention.numbers:
            carried[number].append(mention)
    hubs = []
    for number, carriers in sorted(carried.items()):
        names = {brand_key(mention.brand): mention.brand for mention in carriers if brand_key(mention.brand)}
        if len(names) > limit:
            ids = tuple(sorted({mention.id for mention in carriers}))
            hubs.append(HubNumber(number, tuple(names[key] for key in sorted(names)), ids))
    return hubs


def number_spans(
    mentions: Sequence[LineMention], hubs: frozenset[str], rules: GroupingRules
) -> dict[str, list[KeySpan]]:
    """Each number that is no hub, with the stretches of time in which it was seen."""
    carried: dict[str, list[int]] = defaultdict(list)
    for position, mention in enumerate(mentions):
        for number in dict.fromkeys(mention.numbers):
            if number not in hubs:
                carried[number].append(position)
    return {
        number: list(_spans(JoinBasis.NUMBER, number, carried[number], mentions, rules)) for number in sorted(carried)
    }


def brand_spans(mentions: Sequence[LineMention], rules: GroupingRules) -> Iterator[KeySpan]:
    """Brand-with-place keys, then brand-with-exporting-agency keys.

    A brand alone is never a key: young men across the country trade as the same few names. Where one town
    has a brand from two exporting agencies, those are two lines, and a mention that names neither joins neither.
    """
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_exporter: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, mention in enumerate(mentions):
        brand = brand_key(mention.brand)
        if not brand:
            continue
        for place in dict.fromkeys(place_key(place) for place in mention.places):
            by_place[brand, place].append(position)
        if mention.exporting_agency:
            by_exporter[brand, mention.exporting_agency].append(position)
    for (brand, place), members in sorted(by_place.items()):
        for bucket in _by_exporter(members, mentions):
            yield from _spans(JoinBasis.BRAND_PLACE, f"{brand} in {place}", bucket, mentions, rules)
    for (brand, agency), members in sorted(by_exporter.items()):
        places = {place_key(place) for position in members for place in mentions[position].places}
        if len(places) <= rules.exporter_places:
            yield from _spans(JoinBasis.BRAND_EXPORTER, f"{brand} from {agency}", members, mentions, rules)


def _by_exporter(members: list[int], mentions: Sequence[LineMention]) -> list[list[int]]:
    exporters = {mentions[position].exporting_agency for position in members} - {""}
    if len(exporters) <= 1:
        return [members]
    return [
        [position for position in members if mentions[position].exporting_agency == agency]
        for agency in sorted(exporters)
    ]


def _spans(
    basis: JoinBasis, key: str, members: list[int], mentions: Sequence[LineMention], rules: GroupingRules
) -> Iterator[KeySpan]:
    dated = sorted((_covers(mentions[position]) or (date.max, date.max), position) for position in members)
    undated = [position for (first, _), position in dated if first == date.max]
    stretches: list[tuple[list[int], date, date]] = []
    for (first, last), position in dated:
        if first == date.max:
            continue
        if stretches and (first - stretches[-1][2]).days <= rules.silence_days:
            together, start, end = stretches[-1]
            together.append(position)
            stretches[-1] = (together, start, max(end, last))
        else:
            stretches.append(([position], first, last))
    if not stretches:
        yield KeySpan(basis, key, tuple(undated), None, None)
    elif len(stretches) == 1:
        together, first, last = stretches[0]
        yield KeySpan(basis, key, (*together, *undated), first, last)
    else:  # a mention without a date could belong to either stretch, so it joins neither
        for together, first, last in stretches:
            yield KeySpan(basis, key, tuple(together), first, last)


def _covers(mention: LineMention) -> tuple[date, date] | None:
    known = [day for day in (mention.first, mention.last) if day is not None]
    return (min(known), max(known)) if known else None
