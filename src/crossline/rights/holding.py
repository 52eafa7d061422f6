"""What the viewer's rows hold about one person, record by record: gathered, with everybody else already kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from crossline.access.viewer import Viewpoint
from crossline.entities.decoys import decoy_person
from crossline.entities.profile import PersonProfile, Statement, person_profile
from crossline.records.models import Assertion, Mention, Record
from crossline.safeguarding.models import Concern
from crossline.vocabulary.codes import MentionKind


@dataclass(frozen=True)
class Said:
    """One statement about the person. `concerns_others`: its other end is, or is tied to, another person."""

    statement: Statement
    concerns_others: bool


@dataclass(frozen=True)
class HeldRecord:
    """One record with what it says of the person, and how many other people it mentions."""

    record: Record
    mentions: Sequence[Mention]
    said: Sequence[Said]
    concerns: Sequence[Concern]
    others: int

    @property
    def says_victim(self) -> bool:
        """Whether it calls the person a victim, or puts them forward for help."""
        return bool(self.concerns) or any(each.statement.says_victim for each in self.said)

    @property
    def day(self) -> date:
        return (self.record.occurred_from or self.record.made_at).date()


@dataclass(frozen=True)
class Holding:
    """Everything the viewer's rows hold about one person: first what makes them a victim, then the newest."""

    profile: PersonProfile
    records: Sequence[HeldRecord]

    @property
    def person(self) -> UUID:
        return self.profile.id


def held_about(viewpoint: Viewpoint, mention: UUID) -> Holding | None:
    """What is held about the person of a visible mention, or None: for a hidden mention as for an absent one."""
    profile = person_profile(viewpoint, mention)
    if profile is None:
        return None
    members = {each.id for each in profile.mentions}
    records = [record.id for record in profile.records]
    own: dict[UUID, list[Mention]] = {record: [] for record in records}
    for each in profile.mentions:
        own[each.record_id].append(each)
    said = _said(viewpoint, profile, members)
    concerns: dict[UUID, list[Concern]] = {record: [] for record in records}
    rows = viewpoint.visible(Concern.objects.filter(mention__in=members, record__in=records))
    for concern in rows.order_by("-raised_at", "mention_id", "reason"):
        concerns[concern.record_id].append(concern)
    others = _others(viewpoint, records, members)
    held = [
        HeldRecord(record, own[record.id], said.get(record.id, ()), concerns[record.id], others[record.id])
        for record in profile.records
    ]
    return Holding(
        profile, sorted(held, key=lambda each: (not each.says_victim, -each.day.toordinal(), each.record.ref))
    )


def decoy_held(viewpoint: Viewpoint, mention: UUID) -> Holding | None:
    """A decoy's one record as the page shows it to whoever asks; no pack is ever made of it (rights/pack.py)."""
    profile = decoy_person(viewpoint, mention)
    if profile is None:
        return None
    said = [Said(each, False) for each in profile.statements]
    return Holding(profile, [HeldRecord(record, profile.mentions, said, (), 0) for record in profile.records])


def _said(viewpoint: Viewpoint, profile: PersonProfile, members: set[UUID]) -> Mapping[UUID, list[Said]]:
    """By record, victim statements first."""
    shared = _shared(viewpoint, profile.statements, members)
    found: dict[UUID, list[Said]] = {}
    for statement in sorted(profile.statements, key=lambda each: not each.says_victim):
        other = statement.other
        is_person = other.kind == MentionKind.PERSON and other.id not in members
        found.setdefault(statement.record.id, []).append(Said(statement, is_person or _thing(other) in shared))
    return found


def _thing(mention: Mention) -> str:
    return mention.selector or str(mention.id)


_NAMES_NOBODY = frozenset({MentionKind.LINE, MentionKind.GROUP, MentionKind.PLACE, MentionKind.ITEM})
"""Things that many people are tied to without the tie telling of one of them. A number, home or vehicle can."""


def _shared(viewpoint: Viewpoint, statements: Sequence[Statement], members: set[UUID]) -> frozenset[str]:
    """The things among these that a visible record ties to somebody else as well."""
    things = [each.other for each in statements if each.other.kind not in {*_NAMES_NOBODY, MentionKind.PERSON}]
    ids, selectors = {each.id for each in things}, {each.selector for each in things if each.selector}
    rows = Assertion.objects.filter(Q(to_mention__in=ids) | Q(to_mention__selector__in=selectors))
    of_others = viewpoint.visible(rows.filter(from_mention__kind=MentionKind.PERSON).exclude(from_mention__in=members))
    return frozenset(_thing(row.to_mention) for row in of_others.select_related("to_mention"))


def _others(viewpoint: Viewpoint, records: Sequence[UUID], members: set[UUID]) -> Counter[UUID]:
    """How many other people each record mentions."""
    rows = viewpoint.visible(Mention.objects.filter(record__in=records, kind=MentionKind.PERSON))
    counted = rows.exclude(id__in=members).values("record_id").annotate(number=Count("id"))
    return Counter({row["record_id"]: row["number"] for row in counted})
