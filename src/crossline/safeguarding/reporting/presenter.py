"""Reports in the words and rows of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from crossline.safeguarding.reporting.content import ABOUT
from crossline.safeguarding.reporting.models import ReportState
from crossline.safeguarding.reporting.standing import Standing


def report_row(found: Standing, now: datetime) -> dict[str, object]:
    """A report in a row of the list. Nobody's name: a list is read over a shoulder."""
    said, due = found.answers, found.due
    return {
        "ref": found.report.ref,
        "href": reverse("report", args=[found.report.id]),
        "about": ABOUT[said.about],
        "partner": found.report.partner.short_name,
        "force": found.report.force.name,
        "sent": found.report.sent_at,
        "state": found.state.label,
        "due": due,
        "late": "Late" if found.is_late(now) else "",
        "record": "On record" if found.report.record_id else "",
    }


def summary_of(found: Standing, *, is_partner: bool) -> list[Mapping[str, object]]:
    """What was reported, question by question. The record is told of to police alone: it is theirs."""
    said, report = found.answers, found.report
    rows: list[Mapping[str, object]] = [
        {"key": "Sent by", "value": report.partner.name},
        {"key": "Sent to", "value": report.force.name},
        {"key": "About", "value": ABOUT[said.about]},
        {"key": "Name", "value": said.name or None},
        {"key": "Born", "value": said.born or (f"About {said.age} years old" if said.age is not None else None)},
        {"key": "Address", "value": ", ".join(filter(None, (said.address, said.postcode))) or None},
        {"key": "Seen or heard", "value": said.seen},
        {"key": "When", "value": said.since or None},
        {"key": "Where", "value": said.where or None},
        {"key": "Signs ticked", "value": "; ".join(said.looks) or None},
        {"key": "In their own words", "value": said.own_words or None},
        {"key": "Who knows of it", "value": said.told or None},
        {"key": "Whom to ask", "value": said.contact or None},
    ]
    if not is_partner:
        kept = report.record
        rows.append(
            {
                "key": "Record",
                "value": kept.ref if kept else "Made at the next run of the daily rhythm",
                **({"href": reverse("record", args=[kept.id]), "href_text": "Open"} if kept else {}),
            }
        )
    return rows


def steps_of(found: Standing) -> list[dict[str, object]]:
    """What was said since, the newest first."""
    return [
        {
            "state": ReportState(step.state).label,
            "words": step.words,
            "agency": step.by_agency,
            "at": step.at,
        }
        for step in reversed(found.steps)
    ]
