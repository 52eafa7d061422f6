"""Why exploited children were not put forward before their first custody, and how many could have been: the honest ceiling.

Each child who was held and not put forward before is counted once, at the first of these that is so. "Earlier" records are
those whose delivery was made before the day of the first custody; which records are one child's is the truth's own word.

- matching: earlier records of one audience complete a sign once all that are the child's are joined; matching did not join them;
- audiences: earlier records complete a sign together, and nobody who may see one may see the others, or they were not looked at
  together;
- on the way: records written before the custody complete a sign, but the delivery that brought one was made on the day or later;
- none: no earlier record mentions them;
- incomplete: a published sign of the rulebook stands in an earlier record, and the rule asks for more (episodes, signs, an age);
- unwritten: there are earlier records, and none has a sign of the rulebook.

What can be attained is all who were held but "none" and "unwritten".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from crossline.engines.indicators import Rulebook
    from crossline.safeguarding.raising_facts import Rows

Place = tuple[str, str, str]  # agency, ref, key of a mention
LABELS = MappingProxyType(
    {
        "none": "nothing of them delivered before, and nothing written that completes a sign",
        "unwritten": "earlier records, in which no sign of the rulebook is written",
        "incomplete": "a sign written earlier that its rule does not take for enough",
        "matching": "signs complete, had the child's records been joined",
        "audiences": "signs complete, over records that not the same people may see",
        "on the way": "signs complete in records written before and delivered on the day or later",
    }
)
_UNATTAINABLE = ("none", "unwritten")


@dataclass(frozen=True)
class Held:
    """A record of a child: when it was written, and the day on which its delivery was made."""

    record: str
    mention: str
    audience: int
    written: date
    delivered: date


def reasons_missed(
    person_of: Mapping[Place, str], missed: Mapping[str, date]
) -> tuple[Counter[str], list[tuple[str, str]]]:
    """(how many for each reason, each child with theirs), of the children in `missed` with the day of their first custody."""
    held = _records_of(person_of, missed)
    each = [(child, _reason(held.get(child, []), day)) for child, day in sorted(missed.items())]
    return Counter(reason for _, reason in each), each


def _records_of(person_of: Mapping[Place, str], children: Iterable[str]) -> dict[str, list[Held]]:
    """The records of each child, as they are held after everything was taken in."""
    from crossline.records.models import Mention

    wanted, found = frozenset(children), defaultdict(list)
    rows = Mention.objects.filter(kind="person", record__source="reports").values_list(
        "record__owner",
        "record__ref",
        "key",
        "record_id",
        "id",
        "record__audience",
        "record__made_at",
        "record__delivery__made_at",
    )
    for agency, ref, key, record, mention, audience, written, delivered in rows:
        if (child := person_of.get((agency, ref, key))) in wanted:
            found[child].append(Held(str(record), str(mention), audience, written.date(), delivered.date()))
    return found


def _reason(held: list[Held], custody: date) -> str:
    from crossline.engines.indicators import RULEBOOK

    earlier = [each for each in held if each.delivered < custody]
    written = [each for each in held if each.written < custody]
    if any(
        _raised([each for each in earlier if each.audience == one], RULEBOOK)
        for one in {each.audience for each in earlier}
    ):
        return "matching"
    if _raised(earlier, RULEBOOK):
        return "audiences"
    if _raised(written, RULEBOOK):
        return "on the way"
    if not earlier:
        return "none"
    return "incomplete" if _raised(earlier, loosened(RULEBOOK), asked=True) else "unwritten"


def loosened(rulebook: Rulebook) -> Rulebook:
    """The same rules, to which one sign, one episode is enough: whatever they take for a sign is found."""
    once = {"episodes": 1, "signs": 1, "kinds": 1}
    rules = {
        reason: replace(rule, thresholds={name: once.get(name, least) for name, least in rule.thresholds.items()})
        for reason, rule in rulebook.rules.items()
    }
    return replace(rulebook, rules=rules)


def _raised(held: list[Held], rulebook: Rulebook, *, asked: bool = False) -> bool:
    """Whether these records of one child put the child forward, or ask for an age where that counts too."""
    from crossline.engines.indicators import ConcernReason, Standing, raise_concerns
    from crossline.safeguarding.raising_facts import rows_of

    rows: Rows = rows_of([UUID(each.record) for each in held])
    person_of = {each.mention: "the child" for each in held}
    found = raise_concerns(list(rows.records.values()), rows.mentions, rows.assertions, person_of, rulebook=rulebook)
    return any(
        one.person == "the child"
        and one.reason != ConcernReason.TENANT_OF_PREMISES_IN_USE
        and (asked or one.standing is Standing.RAISED)
        for one in found
    )


def ceiling(held: int, before: int, reasons: Mapping[str, int]) -> Iterator[str]:
    """The lines of the table that say why, and the share of the attainable."""
    for name, label in LABELS.items():
        yield f"| not before custody: {label} | {reasons.get(name, 0):,} |"
    attainable = held - sum(reasons.get(name, 0) for name in _UNATTAINABLE)
    yield f"| attainable: held less the first two of these | {attainable:,}, {attainable / held:.3f} of those held |"
    yield f"| of the attainable put forward before the first custody | {before:,}, {before / attainable:.3f} |"
