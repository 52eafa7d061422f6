"""What people are shown of decoys: a record that is in no table, made afresh each time, for pages that have found none.

Pages ask here once they have found no record; what is computed never does. Whoever works as the local administrator has no
agency, and is shown none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from crossline.access.asked_often import ask
from crossline.access.retention import clock_for
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed
from crossline.records.decoys.drawing import Story, story_of
from crossline.records.decoys.models import DecoyRecord
from crossline.records.models import Assertion, Mention, Record
from crossline.records.one_at_a_time import BUSY
from crossline.records.retention.preview import preview_alone
from crossline.vocabulary.codes import AssertionType, Basis, Classification, Handling, MentionKind, RecordKind

MOST: Final = 50
KIND: Final = RecordKind.INTELLIGENCE
_BEARING: Final = """
SELECT d.id, count(DISTINCT t.token) FILTER (WHERE t.token = ANY (%s)) >= %s, coalesce(bool_or(t.token = ANY (%s)), false),
    d.ref = %s
FROM records_decoyrecord d LEFT JOIN records_decoytoken t ON t.decoy_id = d.id AND t.token = ANY (%s) AND {seen_token}
WHERE {seen} AND (t.token IS NOT NULL OR d.ref = %s) GROUP BY d.id, d.ref LIMIT %s
"""
"""Whether each decoy bears every word, one of the values, or the reference: one question, as most searches find none."""


@dataclass(frozen=True)
class Shown:
    """A decoy as a page shows it: a record, the person and the number it mentions, and what it says of them. Never saved."""

    record: Record
    person: Mention
    phone: Mention
    said: Assertion
    words: int  # by how many its person is found


@dataclass(frozen=True)
class Bearing:
    """What a search finds of decoys."""

    people: Sequence[Mention] = ()
    things: Sequence[Mention] = ()
    records: Sequence[Record] = ()


def shown_as_record(viewpoint: Viewpoint, record: UUID) -> Shown | None:
    """The decoy at the address of a record, where the viewer is meant to come upon it."""
    return _one(viewpoint, Q(id=record))


def shown_as_own(viewpoint: Viewpoint, record: UUID) -> Shown | None:
    """The same for whoever answers for the agency's records."""
    return shown_as_record(viewpoint, record) if Role.INFORMATION_MANAGER in viewpoint.viewer.roles else None


def shown_as_mention(viewpoint: Viewpoint, mention: UUID, *, person: bool) -> Shown | None:
    """The decoy whose person, or whose number, this is."""
    return _one(viewpoint, Q(person=mention) if person else Q(phone=mention))


def decoy_to_review(viewpoint: Viewpoint, record: UUID) -> Any:
    """The same with its clock, and what a disposal of such a record would take."""
    found = shown_as_own(viewpoint, record)
    if found is None:
        return None
    to_review: Any = found.record
    to_review.due, to_review.due_rule = found.record.review_at, found.record.review_rule
    to_review.going = preview_alone(found.record, [found.person, found.phone], [found.said], tokens=found.words)
    return to_review


def refuse_decoy(viewpoint: Viewpoint, record: UUID | None = None, *, person: UUID | None = None) -> None:
    """Raise where an act is tried on a decoy, as on a record that somebody else is busy with: nothing ever follows from one."""
    if _one(viewpoint, Q(id=record) if person is None else Q(person=person)) is not None:
        raise MoveNotAllowed(BUSY)


def all_shown(viewpoint: Viewpoint) -> list[Shown]:
    """Every decoy that the viewer is meant to come upon, for a page that weighs what it finds. Mostly there is none."""
    if viewpoint.viewer.is_administrator:
        return []
    seen, audiences = viewpoint.clause("d.audience_id")
    rows = ask(
        f"SELECT d.id FROM records_decoyrecord d WHERE {seen} AND d.until > now() ORDER BY d.id LIMIT %s",
        [*audiences, MOST],
    )
    found = [decoy for (decoy,) in rows]
    return _all(viewpoint, Q(id__in=found)) if found else []


def bearing(viewpoint: Viewpoint, *, words: Sequence[str], selectors: Sequence[str], ref: str) -> Bearing:
    """The decoys that bear every word, one of the values, or the reference."""
    if viewpoint.viewer.is_administrator or not ref:
        return Bearing()
    seen, audiences = viewpoint.clause("d.audience_id")
    seen_token, of_tokens = viewpoint.clause("t.audience_id")
    asked: list[Any] = [
        list(words),
        max(1, len(words)),
        list(selectors),
        ref,
        [*words, *selectors],
        *of_tokens,
        *audiences,
        ref,
        MOST,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_BEARING.format(seen=seen, seen_token=seen_token), asked)
        found = cursor.fetchall()
    shown = {each.record.id: each for each in _all(viewpoint, Q(id__in=[row[0] for row in found]))} if found else {}
    rows = [(shown[decoy], *bears) for decoy, *bears in sorted(found) if decoy in shown]
    return Bearing(
        [decoy.person for decoy, named, _, _ in rows if named],
        [decoy.phone for decoy, _, valued, _ in rows if valued],
        [decoy.record for decoy, _, _, referred in rows if referred],
    )


def _one(viewpoint: Viewpoint, which: Q) -> Shown | None:
    return next(iter(_all(viewpoint, which)), None)


def _all(viewpoint: Viewpoint, which: Q) -> list[Shown]:
    """Those in force, of this agency's people."""
    if viewpoint.viewer.is_administrator:
        return []
    rows = viewpoint.visible(DecoyRecord.objects.filter(which, until__gt=timezone.now()))
    return [_shown(row) for row in rows.select_related("owner", "audience").order_by("id")[:MOST]]


def _shown(row: DecoyRecord) -> Shown:
    story = story_of(row.said)
    record = _record(row, story)
    person = Mention(
        id=row.person,
        record=record,
        owner=row.owner,
        key="p1",
        kind=MentionKind.PERSON,
        caption=story.caption,
        forename=story.forename,
        surname=story.surname,
        born=story.born,
        sex=story.sex,
        audience=row.audience,
    )
    phone = Mention(
        id=row.phone,
        record=record,
        owner=row.owner,
        key="t1",
        place=1,
        kind=MentionKind.PHONE,
        caption=story.number,
        selector=story.selector,
        audience=row.audience,
    )
    said = Assertion(
        id=uuid5(row.id, "said"),
        record=record,
        owner=row.owner,
        from_mention=person,
        to_mention=phone,
        type=AssertionType.USES,
        basis=Basis.FACT,
        audience=row.audience,
    )
    return Shown(record, person, phone, said, len(story.words))


def _record(row: DecoyRecord, story: Story) -> Record:
    made = story.made_at.date()
    clock = clock_for(KIND, made, on=made)
    return Record(
        id=row.id,
        owner=row.owner,
        source="reports",
        ref=row.ref,
        kind=KIND,
        made_at=story.made_at,
        received_at=story.made_at,
        occurred_from=story.occurred_at,
        source_grade=story.source_grade,
        information_grade=story.information_grade,
        handling=Handling.C,
        conditions=story.conditions,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=story.subject,
        text=story.text,
        review_at=clock.due,
        review_rule=clock.rule,
        audience=row.audience,
    )
