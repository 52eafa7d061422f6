"""Published signs that somebody noticed on a child and wrote down, and what was found on one: never one sign alone.

Signs are words of records (`concern.indicators`); a record raises one only beside another. Whom a child is seen with counts for
nothing here: it is neither a sign of its own nor the second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from crossline.engines.indicators.facts import MentionFact, RecordFact
from crossline.engines.indicators.people import People, part
from crossline.engines.indicators.rulebook import ConcernRule
from crossline.engines.indicators.wording import kinds_listed
from crossline.vocabulary.codes import AssertionType, MentionKind, RecordKind

_GOODS: Final = frozenset({"drug", "cash"})


def signs_noticed(people: People, rule: ConcernRule) -> Iterator[tuple[MentionFact, str]]:
    """The person that a concern is about, who comes first in it, where it names this rule's sign and enough others."""
    for record in people.records.values():
        if record.kind != RecordKind.CONCERN:
            continue
        said = noticed(record)
        named = [each for each in said if rule.reason.value in kinds_listed(each)]
        if not named or len(kinds_of(said)) < rule.thresholds["signs"]:
            continue
        for mention in people.in_record[record.id][:1]:
            others = [each for each in said if each not in named and kinds_listed(each)]
            yield mention, f"noticed: {', '.join([*named, *others])} ({record.occurred.isoformat()})"


def armed_with_goods(people: People, rule: ConcernRule) -> Iterator[tuple[MentionFact, str]]:
    """People from whom a weapon was taken together with drugs or cash, as one record says it."""
    taken: dict[str, set[str]] = {}
    for each in people.assertions:
        item = people.mentions[each.from_mention]
        if (
            each.type == AssertionType.SEIZED_FROM
            and item.kind == MentionKind.ITEM
            and each.to_mention in people.mentions
        ):
            taken.setdefault(each.to_mention, set()).add(item.what)
    for mention, kinds in sorted(taken.items()):
        found = people.mentions[mention]
        if found.kind == MentionKind.PERSON and set(rule.terms) & kinds and _GOODS & kinds:
            goods = " and ".join(sorted(_GOODS & kinds)).replace("drug", "drugs")
            day = people.records[found.record_id].occurred
            yield found, f"found with a weapon and {goods} ({day.isoformat()})"


def noticed(record: RecordFact) -> list[str]:
    """The entries of the list of signs that a concern holds."""
    words = part(record, "concern").get("indicators")
    return [each for each in words if isinstance(each, str)] if isinstance(words, list | tuple) else []


def kinds_of(said: Iterable[str]) -> set[str]:
    """Which different signs are named: two words for one sign are one."""
    return {kind for each in said for kind in kinds_listed(each)}
