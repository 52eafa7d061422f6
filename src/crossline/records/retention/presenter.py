"""What the pages of reviews show, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from crossline.access.retention import RULES
from crossline.records.retention.models import Choice, Ground, HoldGround, LegalHold, RecordReview, Tombstone
from crossline.records.retention.preview import Preview
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import MentionKind, RecordKind
from crossline.wording import format_date, format_datetime, plural


def rule_in_words(rule: str) -> str:
    """The version of a rule with its authority, so that an unverified one says so."""
    found = next((each for each in RULES if each.id == rule), None)
    if found is None:
        return rule
    return f"{rule}: {found.authority}" if found.verified else f"{rule} (unverified): {found.authority}"


def due_row(record: Any, today: date) -> dict[str, object]:
    """A record in the queue: what it is, since when it is due, by which rule."""
    return {
        "ref": record.ref,
        "href": reverse("review", args=[record.id]),
        "kind": RecordKind(record.kind).meaning,
        "subject": record.subject,
        "due": record.due,
        "overdue": (today - record.due).days,
        "rule": record.due_rule,
    }


def waiting_row(review: RecordReview) -> dict[str, object]:
    """A decision that waits for a second person."""
    return {
        "ref": review.record.ref,
        "href": reverse("review", args=[review.record_id]),
        "kind": RecordKind(review.record.kind).meaning,
        "ground": Ground(review.ground).label,
        "by": review.decided_by,
        "at": review.decided_at,
    }


def hold_row(hold: LegalHold) -> dict[str, object]:
    """A hold that stands."""
    return {
        "id": hold.id,
        "ref": hold.record.ref,
        "href": reverse("review", args=[hold.record_id]),
        "ground": HoldGround(hold.ground).label,
        "reason": hold.reason,
        "by": hold.placed_by,
        "at": hold.placed_at,
    }


def past_row(review: RecordReview) -> dict[str, object]:
    """A review that was made."""
    return {
        "at": review.decided_at,
        "by": review.decided_by,
        "choice": _outcome(review),
        "reason": review.reason,
    }


def _outcome(review: RecordReview) -> str:
    if review.choice == Choice.KEEP and review.next_review is not None:
        return f"Keep until {format_date(review.next_review)}"
    if review.choice == Choice.HOLD:
        return "Legal hold"
    said = getattr(review, "confirmation", None)
    if said is None:
        return f"Dispose: {Ground(review.ground).label.lower()}; waits for a second person"
    if said.agreed:
        return f"Dispose: confirmed by {said.confirmed_by}; goes with the next daily round"
    return f"Dispose: declined by {said.confirmed_by} ({said.reason})"


@dataclass(frozen=True)
class Going:
    """What a disposal would take, in words, as far as the reader can see it."""

    preview: Preview

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Fact by fact."""
        going = self.preview
        return [
            ("Revisions", str(going.revisions)),
            ("Mentions", _in_words((MentionKind(kind).meaning, number) for kind, number in going.mentions.items())),
            ("Places", str(going.places)),
            ("Fields", ", ".join(name.replace("_", " ") for name in going.details) or "None"),
            ("Rows of the store", _in_words(going.rows.items())),
            ("Clusters", f"{plural(going.apart, 'mention')} of other records regroup without it"),
            ("Findings made from it", str(going.findings)),
            ("Call records", f"{going.call_records:,}"),
            ("Exports", "Named when it is carried out: crossline retention dispose --dry-run"),
        ]


def _in_words(counted: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number:,} {name.lower()}" for name, number in sorted(counted)) or "None"


def tombstone_summary(stone: Tombstone) -> list[tuple[str, str]]:
    """What is left of a record."""
    return [
        ("Was held by", agencies()[stone.owner_id].name),
        ("Kind", RecordKind(stone.kind).meaning),
        ("Disposed of", format_datetime(stone.disposed_at)),
        ("Ground", Ground(stone.ground).label),
        ("Rule", rule_in_words(stone.rule)),
        ("Decided by", stone.decided_by),
        ("Confirmed by", stone.confirmed_by or "Nobody: the authority’s own date"),
    ]
