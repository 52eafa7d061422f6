"""Two lines that may be one: computed from what a viewer sees, each with its reasons. A suggestion does nothing; people judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.lines.pairing import verdicts
from crossline.lines.register import RULES, Register, RegisterLine, register
from crossline.lines.rows import LineRow
from crossline.lines.standing import Returned
from crossline.records.generation import Kept
from crossline.records.naming import tidy_brand, tidy_name
from crossline.vocabulary.selectors import fold_brand
from crossline.wording import format_date, format_phone

MOST_LINES: Final = 4
"""What more lines than this share suggests nothing [D]: a hostel, a solicitor, a name that half the country trades under."""


@dataclass(frozen=True)
class Suggestion:
    """Two lines of the register, each by its newest return, and why they may be one."""

    left: RegisterLine
    right: RegisterLine
    reasons: tuple[str, ...]

    @property
    def ends(self) -> tuple[LineRow, LineRow]:
        """The returns that a verdict would be on."""
        return self.left.returns[0], self.right.returns[0]


def _suggestions(viewpoint: Viewpoint) -> tuple[Suggestion, ...]:
    known = register(viewpoint)
    returned = {line.id: line for line in known.lines if line.returns}
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for left, right, why in (
        *_by_number(known),
        *_by_name_and_town(returned.values()),
        *_by_person_and_address(returned.values(), viewpoint),
    ):
        if left in returned and right in returned and left != right:
            reasons[min(left, right), max(left, right)].append(why)
    judged = verdicts(viewpoint)
    found = [
        Suggestion(returned[left], returned[right], tuple(dict.fromkeys(why))) for (left, right), why in reasons.items()
    ]
    open_ = [each for each in found if not _is_judged(each, judged)]
    return tuple(sorted(open_, key=lambda each: (-len(each.reasons), each.left.name, each.left.id, each.right.id)))


suggestions: Kept[tuple[Suggestion, ...]] = Kept(_suggestions)
"""Every pair of returned lines that something the viewer sees suggests, and nobody judged; the most reasons first."""

_Found = Iterator[tuple[str, str, str]]


def _is_judged(found: Suggestion, judged: Mapping[frozenset[Returned], bool]) -> bool:
    """Whether somebody judged any return of the one against any of the other."""
    left, right = ({(row.owner, row.ref) for row in line.returns} for line in (found.left, found.right))
    return any(len(pair & left) == 1 and len(pair & right) == 1 for pair in judged)


def _by_number(known: Register) -> _Found:
    """A change of number that is put forward, from a number of one line to a number of another."""
    own = known.own_line_of_number
    for change in known.successions:
        if change.old in own and change.new in own and change.score >= RULES.succession_score:
            why = f"{format_phone(change.new)} probably took over from {format_phone(change.old)}"
            yield (
                own[change.old].id,
                own[change.new].id,
                f"{why} on {format_date(change.date)} (score {change.score:.2f})",
            )


def _by_name_and_town(lines: Iterable[RegisterLine]) -> _Found:
    """The same name in the same town."""
    selling: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        for brand in {key for name in line.group.brands if (key := fold_brand(name))}:
            for town in line.towns:
                selling[brand, town].append(line.id)
    for (brand, town), ids in sorted(selling.items()):
        yield from _pairs(ids, f"Both are called {tidy_brand(brand.title())} and sell in {town}")


def _by_person_and_address(lines: Iterable[RegisterLine], viewpoint: Viewpoint) -> _Found:
    """The same person, as matching has it, or the same address, stands beside both in visible records."""
    known = people(viewpoint)
    beside: dict[tuple[str, str], list[str]] = defaultdict(list)
    captions: dict[tuple[str, str], str] = {}
    for line in lines:
        for row in line.rows:
            for each in row.beside:
                if each.kind == "person":
                    key = ("person", known.of(str(each.mention)))
                elif each.kind == "address" and each.selector:
                    key = ("address", each.selector)
                else:
                    continue
                beside[key].append(line.id)
                captions.setdefault(key, each.caption)
    for (kind, which), ids in sorted(beside.items()):
        caption = captions[kind, which]
        named = tidy_name(caption) if kind == "person" else caption
        yield from _pairs(ids, f"Records place {named} with both")


def _pairs(ids: Iterable[str], why: str) -> _Found:
    distinct = sorted(set(ids))
    if len(distinct) <= MOST_LINES:
        yield from ((left, right, why) for left, right in combinations(distinct, 2))
