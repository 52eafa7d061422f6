"""Lines run from one's own area, and lines without a lead, as rows: what is new, the harm by area, the priority, the lead."""

from __future__ import annotations

from django.urls import reverse

from crossline.engines.priority.score import LinePriority
from crossline.lines.in_words import names
from crossline.lines.register import Register, RegisterLine
from crossline.operations.joint.leads import Lead
from crossline.operations.joint.line_presenter import harm_in_words, harms_by_area
from crossline.operations.joint.presenter import short_name_of
from crossline.operations.joint.surfacing import News, Surfaced
from crossline.records.naming import tidy_brand


def surfaced_row(each: Surfaced) -> dict[str, object]:
    """One thing that is new, with the record that says so."""
    what = each.what if each.news is News.TOWN else short_name_of(each.what)
    return {
        "line": tidy_brand(each.line.name),
        "href": reverse("line-joint-work", args=[each.line.id]),
        "news": f"{each.news.meaning} {what}",
        "by": short_name_of(each.agency),
        "records": [(each.ref, reverse("record", args=[each.record]))],
        "received": each.received_at,
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
