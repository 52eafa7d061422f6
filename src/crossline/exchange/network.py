"""The network behind an export of things: the things of one kind, what visible assertions tie them to, and each tie's record.

A thing is as the viewer sees it: a person their cluster, a line its register entry, anything else its equal normalised
value. A tie is one assertion of one record, with that record's grade and handling; nothing is merged or inferred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import People, people
from crossline.exchange.masking import Masking
from crossline.exchange.mentions import CHUNK, POSTCODE_ALONE, SAME_THING, Without
from crossline.lines.register import Register, register
from crossline.vocabulary.codes import MentionKind

_THINGS: Final = f"""
WITH said AS (
    SELECT a.from_mention_id, a.to_mention_id
    FROM records_assertion a
    JOIN records_mention f ON f.id = a.from_mention_id
    JOIN records_mention t ON t.id = a.to_mention_id
    WHERE %s IN (f.kind, t.kind) AND {{ends}}
), ends AS (SELECT from_mention_id AS id FROM said UNION SELECT to_mention_id FROM said),
things AS (
    SELECT {SAME_THING} AS same, m.id, m.kind, m.caption, m.selector, m.aliases, m.born, m.sex, r.owner_id, r.made_at
    FROM records_mention m JOIN records_record r ON r.id = m.record_id
    WHERE {{visible}} AND r.id <> ALL (%s)
)
SELECT same, id::text, kind, caption, selector, aliases, born, sex, owner_id, made_at FROM things
WHERE kind = %s OR id IN (SELECT id FROM ends)
ORDER BY id
"""

_TIES: Final = """
SELECT a.id::text, a.from_mention_id::text, a.to_mention_id::text, a.type, a.basis, a.category, a.from_date, a.to_date,
       r.owner_id, r.ref, r.made_at, r.source_grade, r.information_grade, r.handling, r.conditions, r.classification
FROM records_assertion a
JOIN records_record r ON r.id = a.record_id
JOIN records_mention f ON f.id = a.from_mention_id
JOIN records_mention t ON t.id = a.to_mention_id
WHERE %s IN (f.kind, t.kind) AND {visible} AND r.id <> ALL (%s)
ORDER BY r.owner_id, r.ref, a.id
"""


@dataclass
class Thing:
    """One node, gathered from the mentions that are it. `captions` counts how records name it."""

    id: str
    kind: MentionKind
    captions: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    born: set[str] = field(default_factory=set)
    sexes: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    selector: str = ""
    status: str = ""
    mentions: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def withhold(self, phrase: str) -> None:
        """Leave out what names it: a phrase stands for every caption. How often, from when to when and whose it is stay."""
        self.captions = Counter({phrase: self.mentions})
        self.aliases, self.born = set(), set()
        self.selector = ""

    @property
    def label(self) -> str:
        """How most records name it; of equals, the longest."""
        return max(self.captions, key=lambda caption: (self.captions[caption], len(caption), caption))

    @property
    def value(self) -> str:
        """Its normalised value, where it has one."""
        return self.selector.partition(":")[2]

    @property
    def other_names(self) -> list[str]:
        """What else it is called."""
        return sorted({*self.captions, *self.aliases} - {self.label})


@dataclass(frozen=True)
class Tie:
    """One assertion between two things, with the record that makes it."""

    id: str
    left: str
    right: str
    type: str
    basis: str
    category: str
    from_date: date | None
    to_date: date | None
    agency: str
    ref: str
    made_at: datetime
    source_grade: str
    information_grade: str
    handling: str
    conditions: str
    classification: str


class Network:
    """Things and ties about one kind, for one viewpoint. Things are held; ties are read as they are asked for.

    What `masking` withholds is gone from the things before any writer is given them, and ties name nothing.
    """

    def __init__(self, viewpoint: Viewpoint, about: MentionKind, without: Without = (), *, masking: Masking) -> None:
        self._viewpoint, self.about, self._without, self._masking = viewpoint, about, list(without), masking
        self.things: dict[str, Thing] = {}
        self._thing_of: dict[str, str] = {}
        self._read_things(people(viewpoint), register(viewpoint))
        for thing in self.things.values():
            if phrase := _phrase(thing, masking):
                thing.withhold(phrase)

    def ties(self) -> Iterator[Tie]:
        """Every visible tie of a thing of this kind."""
        columns = ("a.audience_id", "r.audience_id", "f.audience_id", "t.audience_id")
        clause, audiences = self._viewpoint.clause(*columns)
        with connection.chunked_cursor() as cursor:
            cursor.execute(_TIES.format(visible=clause), [str(self.about), *audiences, self._without])
            while rows := cursor.fetchmany(CHUNK):
                for tie, left, right, type_, basis, category, *rest in rows:
                    one, other = self._thing_of[left], self._thing_of[right]
                    # A category is said of whom the assertion begins with.
                    yield Tie(tie, one, other, type_, basis, self._masking.of_category(one, category), *rest)

    def _read_things(self, known: People, lines: Register) -> None:
        visible, audiences = self._viewpoint.clause("m.audience_id", "r.audience_id")
        ends, end_audiences = self._viewpoint.clause("a.audience_id", "f.audience_id", "t.audience_id")
        query = _THINGS.format(visible=visible, ends=ends)
        kind = str(self.about)
        with connection.chunked_cursor() as cursor:
            cursor.execute(query, [kind, *end_audiences, POSTCODE_ALONE, *audiences, self._without, kind])
            while rows := cursor.fetchmany(CHUNK):
                for row in rows:
                    self._add(row, known, lines.line_of)

    def _add(self, row: tuple[Any, ...], known: People, line_of: Mapping[str, Any]) -> None:
        same, mention, kind, caption, selector, aliases, born, sex, owner, made_at = row
        line = line_of.get(mention)
        if kind == MentionKind.PERSON:
            same = known.of(mention)
        elif kind == MentionKind.LINE:
            same = line.id if line else mention
        thing = self.things.setdefault(same, Thing(same, MentionKind(kind)))
        thing.captions[line.name if line else caption] += 1
        thing.status = str(line.status) if line else ""
        thing.selector = thing.selector or selector or ""
        thing.aliases.update(line.group.brands if line else aliases)
        thing.born.update({born} - {""})
        thing.sexes.update({sex} - {""})
        thing.agencies.add(owner)
        thing.mentions += 1
        thing.first = made_at if thing.first is None else min(thing.first, made_at)
        thing.last = made_at if thing.last is None else max(thing.last, made_at)
        self._thing_of[mention] = same


def _phrase(thing: Thing, masking: Masking) -> str | None:
    """What stands in place of a thing's names; None where they may be told."""
    if thing.kind is MentionKind.PERSON:
        return masking.of_person(thing.id)
    return masking.of_thing(thing.kind, selector=thing.selector, mention=thing.id)
