"""Children whom records call victims of a line: hurt by it, or in the company of an adult whom the record ties to it.

Company by itself is never enough: the record has to call the child a victim in so many words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossline.engines.indicators.facts import AssertionFact, MentionFact
from crossline.engines.indicators.people import People
from crossline.engines.indicators.rulebook import ConcernRule
from crossline.vocabulary.codes import AssertionType, MentionKind, SubjectCategory

_LINES: Final = (MentionKind.LINE, MentionKind.GROUP)
_TIES: Final = (AssertionType.ASSOCIATES_WITH, AssertionType.CONTROLS, AssertionType.RUNS_FOR)


def harmed_by_lines(people: People) -> Iterator[tuple[AssertionFact, MentionFact, str]]:
    """Of whom a record says that a line or a gang hurt, robbed or threatened them. Not by a person: that says no more."""
    for each in people.assertions:
        by = people.mentions.get(each.to_mention)
        if each.type == AssertionType.VICTIM_OF and by is not None and by.kind in _LINES:
            what = "county line" if by.kind == MentionKind.LINE else "gang"
            yield each, people.mentions[each.from_mention], f"a record says the person is the victim of a {what}"


def victims_beside_adults_of_lines(
    people: People, rule: ConcernRule
) -> Iterator[tuple[AssertionFact, MentionFact, str]]:
    """Whom a record calls a victim beside somebody known to be an adult whom the same record ties to a line or a gang."""
    tied = {
        each.from_mention
        for each in people.assertions
        if each.type in _TIES
        and each.category != SubjectCategory.VICTIM
        and (to := people.mentions.get(each.to_mention)) is not None
        and to.kind in _LINES
    }
    for each in people.assertions:
        other = people.mentions.get(each.to_mention)
        called_victim = each.type == AssertionType.ASSOCIATES_WITH and each.category == SubjectCategory.VICTIM
        if called_victim and other is not None and other.id in tied:
            day = people.records[each.record_id].occurred
            if people.under_18(other, day, rule.thresholds["adult_age"]) is False:
                yield (
                    each,
                    people.mentions[each.from_mention],
                    "a record calls the person a victim beside an adult of a line",
                )
