"""Numbers, vehicles, addresses and groups as a viewer sees them: equal normalised values are one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.records.models import Assertion, Mention, Record
from crossline.vocabulary.codes import MentionKind

MOST_RECORDS = 200


@dataclass(frozen=True)
class Said:
    """One visible assertion about the thing. `forwards`: the thing is its subject, not its object."""

    record: Record
    type: str
    forwards: bool
    other: Mention
    basis: str


@dataclass(frozen=True)
class ThingProfile:
    """A thing with the visible records that name it."""

    kind: str
    caption: str
    mentions: Sequence[Mention]
    records: Sequence[Record]
    said: Sequence[Said]


def thing_profile(viewpoint: Viewpoint, mention: UUID) -> ThingProfile | None:
    """The thing that a visible mention names, or None: for a hidden mention as for an absent one."""
    start = viewpoint.visible(Mention.objects.filter(id=mention).exclude(kind=MentionKind.PERSON)).first()
    if start is None:
        return None
    same = Mention.objects.filter(id=mention)
    if start.selector is not None:
        same = Mention.objects.filter(kind=start.kind, selector=start.selector)
    mentions = list(viewpoint.visible(same).order_by("id")[:MOST_RECORDS])
    ids = [row.id for row in mentions]
    records = viewpoint.visible(Record.objects.filter(mention__in=ids)).distinct().order_by("-made_at", "id")
    return ThingProfile(
        MentionKind(start.kind).meaning, start.caption, mentions, list(records[:MOST_RECORDS]), _said(viewpoint, ids)
    )


def _said(viewpoint: Viewpoint, ids: Sequence[UUID]) -> list[Said]:
    rows = Assertion.objects.select_related("record", "from_mention", "to_mention")
    found = [*viewpoint.visible(rows.filter(to_mention__in=ids)), *viewpoint.visible(rows.filter(from_mention__in=ids))]
    return [
        Said(
            row.record,
            row.type,
            row.from_mention_id in ids,
            row.to_mention if row.from_mention_id in ids else row.from_mention,
            row.basis,
        )
        for row in sorted(found, key=lambda row: (row.record.made_at, row.id), reverse=True)
    ]
