"""Numbers that a report names with a line and says nothing else of: which of them say which line it is.

Numbers pass from one gang to another, so that two brands come with one number. What an agency returned, or a report says
outright, outranks a bare naming: this counts where the number is known of the same brand, or of no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crossline.engines.lines import LineMention
from crossline.engines.lines.keys import brand_key
from crossline.lines.rows import LineRow, bare


def without_strange_numbers(mentions: Sequence[LineMention], rows: Mapping[str, LineRow]) -> list[LineMention]:
    """The mentions, each without the numbers that it only names and that are known of another brand."""
    named = {id_: _named_only(row) for id_, row in rows.items()}
    known: dict[str, set[str]] = defaultdict(set)
    only_named: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        for number in mention.numbers:
            (only_named if number in named[mention.id] else known)[number].add(brand_key(mention.brand))
    return [
        replace(mention, numbers=kept)
        if (kept := tuple(each for each in mention.numbers if _counts(each, mention, named, known, only_named)))
        != mention.numbers
        else mention
        for mention in mentions
    ]


def _counts(
    number: str,
    mention: LineMention,
    named: Mapping[str, frozenset[str]],
    known: Mapping[str, set[str]],
    only_named: Mapping[str, set[str]],
) -> bool:
    if number not in named[mention.id]:
        return True
    return brand_key(mention.brand) in known[number] if number in known else len(only_named[number]) == 1


def _named_only(row: LineRow) -> frozenset[str]:
    phones = [each for each in row.beside if each.kind == "phone"]
    said = {bare(each.selector) for each in phones if each.type}
    return frozenset(bare(each.selector) for each in phones if not each.type) - said
