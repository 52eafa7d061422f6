"""Records as rows of a table, the same on every page that lists them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from crossline.records.models import Record
from crossline.vocabulary.codes import RecordKind


def record_row(record: Record) -> dict[str, object]:
    """A record in a list: reference, sender, day, grade and subject."""
    return {
        "ref": record.ref,
        "href": reverse("record", args=[record.id]),
        "owner": record.owner_id,
        "day": (record.occurred_from or record.made_at).date(),
        "grade": record,
        "grade_code": record.grade,
        "kind": RecordKind(record.kind).meaning,
        "subject": record.subject,
    }


def record_rows(records: Iterable[Record]) -> list[dict[str, object]]:
    """Records in a list, in the order given."""
    return [record_row(record) for record in records]
