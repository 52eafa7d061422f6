"""What stands among reviews and holds: the latest review of each record, holds not lifted, decisions ready to carry out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from crossline.records.models import Record
from crossline.records.retention.models import Choice, LegalHold, RecordReview


def holds_on(record: UUID) -> QuerySet[LegalHold]:
    """The holds on a record, or on any revision of it, that nobody lifted."""
    this = Record.objects.filter(id=record)
    return LegalHold.objects.filter(
        lifted=None,
        record__owner=Subquery(this.values("owner")),
        record__source=Subquery(this.values("source")),
        record__ref=Subquery(this.values("ref")),
    )


def held(record: UUID) -> bool:
    """Whether a hold keeps the record from going."""
    return holds_on(record).exists()


def is_held(record: str) -> Exists:
    """The same inside a query; `record` leads from the query's rows to the record."""
    return Exists(
        LegalHold.objects.filter(
            lifted=None,
            record__owner=OuterRef(f"{record}owner"),
            record__source=OuterRef(f"{record}source"),
            record__ref=OuterRef(f"{record}ref"),
        )
    )


def latest_reviews() -> QuerySet[RecordReview]:
    """The last review of each newest revision. One that was decided before the record was sent again counts no more."""
    later = RecordReview.objects.filter(record=OuterRef("record"), decided_at__gt=OuterRef("decided_at"))
    revised = Record.objects.filter(
        owner=OuterRef("record__owner"),
        source=OuterRef("record__source"),
        ref=OuterRef("record__ref"),
        revision__gt=OuterRef("record__revision"),
    )
    return RecordReview.objects.exclude(Exists(later)).exclude(Exists(revised))


def to_confirm() -> QuerySet[RecordReview]:
    """Decisions to dispose that a second person has still to confirm."""
    return latest_reviews().filter(choice=Choice.DISPOSE, confirmation=None)


def ready() -> QuerySet[RecordReview]:
    """Decisions to dispose that are confirmed, stand, and nothing holds up. The oldest comes first."""
    agreed = latest_reviews().filter(choice=Choice.DISPOSE, confirmation__agreed=True)
    return agreed.exclude(is_held("record__")).order_by("decided_at", "id")


def undecided(records: QuerySet[Any]) -> QuerySet[Any]:
    """Of these records those that wait for nobody's word: no standing decision to dispose, and no hold."""
    waiting = latest_reviews().filter(choice=Choice.DISPOSE, record=OuterRef("pk")).exclude(confirmation__agreed=False)
    return records.exclude(Exists(waiting)).exclude(is_held(""))
