"""Published signs that somebody noticed on a child and wrote down, and what was found on one: never one sign alone.

Signs are words of records (`concern.indicators`); a record raises one only beside another. Whom a child is seen with counts for
nothing here: it is neither a sign of its own nor the second one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from crossline.engines.indicators.facts import MentionFact
from crossline.engines.indicators.people import People, part
from crossline.engines.indicators.rulebook import ConcernRule
from crossline.vocabulary.codes import AssertionType, MentionKind, RecordKind

BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "missing": ("repeatedly missing", "persistently missing", "found out of area"),
        "school": ("school attendance", "school absence", "excluded from school"),
        "contact": ("late-night contact", "late night contact", "excessive texts", "excessive calls"),
        "bag": ("attached to a bag", "attachment to a bag"),
        "withdrawn": ("withdrawn from friends", "isolated from friends"),
        "paraphernalia": ("drug paraphernalia", "wraps", "clingfilm", "scales"),
    }
)
"""Signs that raise nothing by themselves and can be the second one. Home Office list, signs 1, 2, 4, 9, 12, 14, 16 [S]."""
_GOODS: Final = frozenset({"drug", "cash"})


def signs_noticed(
    people: People, rule: ConcernRule, signs: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[MentionFact, str]]:
    """The person that a concern is about, who comes first in it, where it names this rule's sign and enough others.

    `signs`: the words of every sign that raises a concern, by its reason.
    """
    for record in people.records.values():
        if record.kind != RecordKind.CONCERN:
            continue
        said = _said(part(record, "concern"))
        named = [each for each in said if _is_one(each, rule.terms)]
        if not named or len(_kinds(said, signs)) < rule.thresholds["signs"]:
            continue
        for mention in people.in_record[record.id][:1]:
            others = [each for each in said if each not in named and _kinds([each], signs)]
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


def _said(concern: Mapping[str, object]) -> list[str]:
    words = concern.get("indicators")
    return [each for each in words if isinstance(each, str)] if isinstance(words, list | tuple) else []


def _is_one(said: str, terms: tuple[str, ...]) -> bool:
    return any(term in said.casefold() for term in terms)


def _kinds(said: list[str], own: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Which different signs are named: two words for one sign are one."""
    return {name for name, terms in {**BESIDE, **own}.items() if any(_is_one(each, terms) for each in said)}
