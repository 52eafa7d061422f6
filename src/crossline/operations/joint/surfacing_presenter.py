"""Lines run from one's own area, and lines without a lead, as rows: what is new, the harm by area, the priority, the lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse

from crossline.engines.priority.score import LinePriority
from crossline.lines.in_words import names
from crossline.lines.register import Register, RegisterLine
from crossline.operations.joint.leads import Lead
from crossline.operations.joint.line_presenter import harm_in_words, harms_by_area
from crossline.operations.joint.presenter import short_name_of
from crossline.operations.joint.surfacing import News, Surfaced
from crossline.records.naming import tidy_brand
from crossline.wording import with_capital


def surfaced_rows(found: Iterable[Surfaced]) -> list[dict[str, object]]:
    """What is new, a row for each record that says so, in the order given."""
    by_record: dict[UUID, list[Surfaced]] = defaultdict(list)
    for each in found:
        by_record[each.record].append(each)
    return [_surfaced_row(said) for said in by_record.values()]


def _surfaced_row(said: Sequence[Surfaced]) -> dict[str, object]:
    """In one sentence: Returned for the first time; sells in the area of Kent; sells in Hastings, Margate."""
    first = said[0]
    of = {news: sorted(each.what for each in said if each.news is news) for news in News}
    parts = [
        "returned for the first time" if of[News.RETURNED] else "",
        f"sells in the area of {names(of[News.AREA])}" if of[News.AREA] else "",
        f"sells in {', '.join(of[News.TOWN])}" if of[News.TOWN] else "",
    ]
    text = "; ".join(part for part in parts if part)
    return {
        "line": tidy_brand(first.line.name),
        "href": reverse("line-joint-work", args=[first.line.id]),
        "news": with_capital(text),
        "by": short_name_of(first.agency),
        "records": [(first.ref, reverse("record", args=[first.record]))],
        "record": first.record,
        "received": first.received_at,
    }


def exported_row(line: RegisterLine, lead: Lead, known: Register, priority: LinePriority | None) -> dict[str, object]:
    """A line run from the viewer's area: what it does in others' areas is in its exporter's list."""
    harms = harms_by_area(line, known)
    worst = [row["worst"] for row in harms if isinstance(row["worst"], int)]
    return _row(line, priority) | {
        "harm": harm_in_words(harms),
        "worst": max(worst, default=None),
        "lead": short_name_of(lead.agency) if lead.agency else None,
    }


def leadless_row(line: RegisterLine, lead: Lead, priority: LinePriority) -> dict[str, object]:
    """A line that no agency leads on, with the offers that wait."""
    return _row(line, priority) | {
        "exporting": names(line.exporting_agencies) or None,
        "offered": names(step.lead_id for step in lead.offers) or None,
        "returned": names(dict.fromkeys(row.owner for row in line.returns)),
    }


def _row(line: RegisterLine, priority: LinePriority | None) -> dict[str, object]:
    return {
        "name": tidy_brand(line.name),
        "href": reverse("line-joint-work", args=[line.id]),
        "status": line.status,
        "importing": names(line.importing_agencies) or None,
        "last_seen": line.last_seen,
        "rank": priority.rank if priority else None,
    }
