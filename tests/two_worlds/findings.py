"""Findings as the product writes them, of sets of communications data that are there."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from crossline.lines.finding_deal_lines import _finding
from crossline.records.findings import keep_findings
from crossline.records.models import Record


def deal_line(agency: str, number: str, *, data: str = "") -> UUID:
    """The finding that a number looks like a deal line, from an agency's first set or that of a reference."""
    sets = Record.objects.filter(kind="communications", owner_id=agency, **({"ref": data} if data else {}))
    known = sets.order_by("received_at")[0]
    span = {"first": datetime(2026, 1, 1, tzinfo=UTC), "last": datetime(2026, 1, 20, tzinfo=UTC)}
    seen = {"points": 3.5, "days_active": 20, "broadcasts": 12, "recipients": 30.0, "reasons": ["seen (+3.5)"]}
    places = {"exporting": [["metropolitan", 0.8]], "importing": [[agency, 0.6]]}
    found = _finding(known, {"number": number} | span | seen, places)
    kept = {"owner": agency, "audience": known.audience_id, "delivery": known.delivery_id}
    with transaction.atomic():
        return keep_findings([found], **kept)[0]
