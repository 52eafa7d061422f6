"""Numbers, vehicles, addresses and groups as a viewer sees them: equal normalised values are one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.evidence import evidence_from, in_a_sentence
from crossline.entities.clusters import ENDS
from crossline.entities.matching_things import RULES
from crossline.entities.models import Match
from crossline.records.models import Assertion, Mention, Record
from crossline.vocabulary.codes import MentionKind

MOST_RECORDS = 200
MOST_ALIKE = 20
"""How many other things a page shows as perhaps the same; the likeliest come first."""


@dataclass(frozen=True)
class Said:
    """One visible assertion about the thing. `forwards`: the thing is its subject, not its object."""

    record: Record
    type: str
    forwards: bool
    other: Mention
    basis: str


@dataclass(frozen=True)
class Alike:
    """Another thing that may be the same: one visible mention of it, and why, in a sentence; "" by rules of another version."""

    mention: Mention
    weight_bits: float
    reason: str


@dataclass(frozen=True)
class ThingProfile:
    """A thing with the visible records that name it, and what may be the same thing written otherwise."""

    kind: str
    caption: str
    mentions: Sequence[Mention]
    records: Sequence[Record]
    said: Sequence[Said]
    alike: Sequence[Alike] = ()


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
        MentionKind(start.kind).meaning,
        start.caption,
        mentions,
        list(records[:MOST_RECORDS]),
        _said(viewpoint, ids),
        _alike(viewpoint, start, same),
    )


def _alike(viewpoint: Viewpoint, start: Mention, same: QuerySet[Mention]) -> list[Alike]:
    """What visible matches say may be this thing, each other value once with its strongest match; nothing is joined."""
    kind = MentionKind(start.kind)
    if kind not in RULES:
        return []
    own_ids = set(viewpoint.visible(same).values_list("id", flat=True))
    matches = Match.objects.filter(kind=kind)
    # Two queries, because neither index of the table serves "left or right".
    found_here = {
        match.id: match
        for rows in (matches.filter(left__in=own_ids), matches.filter(right__in=own_ids))
        for match in viewpoint.visible(rows, *ENDS).order_by("-weight", "left_id", "right_id")[:MOST_RECORDS]
    }
    strongest = sorted(found_here.values(), key=lambda match: (-match.weight, match.left_id, match.right_id))
    found: dict[str, Alike] = {}
    ends = {match.right_id if match.left_id in own_ids else match.left_id for match in strongest} - own_ids
    others = {row.id: row for row in viewpoint.visible(Mention.objects.filter(id__in=ends))}
    for match in strongest:
        other = others.get(match.right_id if match.left_id in own_ids else match.left_id)
        if other is not None:
            found.setdefault(other.selector or str(other.id), Alike(other, match.weight, _reason(match, kind)))
    ordered = sorted(found.values(), key=lambda alike: (-alike.weight_bits, alike.mention.caption, alike.mention.id))
    return ordered[:MOST_ALIKE]


def _reason(match: Match, kind: MentionKind) -> str:
    rules = RULES[kind]
    if match.model_version != rules.version:
        return ""
    return in_a_sentence(evidence_from(match.explanation, rules.aspects, rules.prior_bits), rules.one, rules.two)


def _said(viewpoint: Viewpoint, ids: Sequence[UUID]) -> list[Said]:
    rows = Assertion.objects.select_related("record", "from_mention", "to_mention")
    found = list(viewpoint.visible(rows.filter(to_mention__in=ids)))
    found += viewpoint.visible(rows.filter(from_mention__in=ids))
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
