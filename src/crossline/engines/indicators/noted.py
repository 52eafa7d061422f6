"""Published signs of one child over several records within a time: each alone may mean little, together they ask for a look.

A sign counts with the record that writes it: a list of signs, a missing episode, what was found on somebody, or the narrative of
a record that is about them. Whom somebody is seen with counts for nothing here either.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crossline.engines.indicators.facts import MentionFact
from crossline.engines.indicators.people import People
from crossline.engines.indicators.rulebook import ConcernRule
from crossline.engines.indicators.signs import kinds_of, noticed
from crossline.engines.indicators.wording import MISSING, MONEY, RAISING, SPOKEN, kinds_told
from crossline.vocabulary.codes import AssertionType, MentionKind, RecordKind

_NARRATIVES: Final = (RecordKind.MISSING, RecordKind.STOP, RecordKind.CONCERN)
"""Records whose narrative is about the person who comes first in them: what was seen of them, not what is thought."""
_FOUND_ON: Final = {"cash": MONEY, "weapon": "weapon"}
_RAISING: Final = frozenset({*RAISING, "weapon"})


@dataclass(frozen=True)
class _Note:
    """One sign that one record writes of a person."""

    day: date
    kind: str
    mention: MentionFact


def signs_over_time(people: People, rule: ConcernRule) -> Iterator[tuple[MentionFact, str]]:
    """People of whom enough different signs are written within the days of the rule, at the record that completes them.

    Enough are two of which one would raise a concern beside another, or, where none would, as many as the rule asks for. What
    one list of signs completes by itself has a rule of its own.
    """
    by_person: dict[str, list[_Note]] = defaultdict(list)
    for note in _notes(people):
        by_person[people.person(note.mention)].append(note)
    for notes in by_person.values():
        notes.sort(key=lambda note: (note.day, note.mention.record_id, note.kind))
        days = [note.day for note in notes]
        for last in {note.mention.id: note for note in notes}.values():
            since = bisect_left(days, last.day - timedelta(days=rule.thresholds["days"]))
            within = notes[since : bisect_right(days, last.day)]
            if _are_enough(within, rule) and not _has_its_own_rule(people, last, within, rule):
                yield last.mention, f"signs written: {_spoken(within)}"


def _are_enough(notes: list[_Note], rule: ConcernRule) -> bool:
    kinds = {note.kind for note in notes}
    return len(kinds) >= rule.thresholds["kinds" if kinds & _RAISING == set() else "signs"]


def _has_its_own_rule(people: People, last: _Note, notes: list[_Note], rule: ConcernRule) -> bool:
    """Whether the last record is enough for IND-06 to IND-11 by itself."""
    record = people.records[last.mention.record_id]
    listed = kinds_of(noticed(record)) if record.kind == RecordKind.CONCERN else set()
    found = {each.kind for each in notes if each.mention.record_id == record.id}
    return (bool(listed & _RAISING) and len(listed) >= rule.thresholds["signs"]) or {MONEY, "weapon"} <= found


def _notes(people: People) -> Iterator[_Note]:
    for record in people.records.values():
        if record.kind not in _NARRATIVES:
            continue
        for mention in people.in_record[record.id][:1]:
            kinds = kinds_told(record.text)
            if record.kind == RecordKind.MISSING:
                kinds.add(MISSING)
            if record.kind == RecordKind.CONCERN:
                kinds |= kinds_of(noticed(record))
            for kind in sorted(kinds):
                yield _Note(record.occurred, kind, mention)
    for each in people.assertions:
        item, found = people.mentions[each.from_mention], people.mentions.get(each.to_mention)
        on_somebody = each.type == AssertionType.SEIZED_FROM and found is not None and found.kind == MentionKind.PERSON
        if found is not None and on_somebody and item.kind == MentionKind.ITEM and item.what in _FOUND_ON:
            yield _Note(people.records[each.record_id].occurred, _FOUND_ON[item.what], found)


def _spoken(notes: list[_Note]) -> str:
    """Each sign with the last day on which it was written."""
    last = {note.kind: note.day for note in notes}
    return ", ".join(
        f"{SPOKEN[kind]} ({day.isoformat()})" for kind, day in sorted(last.items(), key=lambda one: (one[1], one[0]))
    )
