"""The page of figures on requests: how soon agencies acknowledge and answer, and what they decline and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.operations.joint.asking import PURPOSE
from crossline.operations.joint.figures import AgencyFigures, Refusal, by_agency, refusals
from crossline.operations.joint.presenter import name_of, short_name_of
from crossline.operations.joint.requests import requests_seen
from crossline.wording import format_number, plural

MOST_REFUSALS: Final = 200


@page(purpose=PURPOSE)
def joint_figures(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Of the requests that the viewer sees: for the centre all, for others those of their own agency and to it."""
    now, seen = timezone.now(), requests_seen(viewpoint)
    context = {
        "rows": [_figures_row(each) for each in by_agency(seen, now)],
        "refusals": [_refusal_row(each) for each in refusals(seen)[:MOST_REFUSALS]],
        "whole": viewpoint.viewer.agency == CENTRE,
        "agency": name_of(viewpoint.viewer.agency),
    }
    return show(request, viewpoint, "operations/joint_figures.html", context)


def _figures_row(each: AgencyFigures) -> dict[str, object]:
    return {
        "agency": name_of(each.agency),
        "requests": each.requests,
        "acknowledge": _in_words(each.to_acknowledge),
        "acknowledge_value": _value(each.to_acknowledge),
        "answer": _in_words(each.to_answer),
        "answer_value": _value(each.to_answer),
        "declined": each.declined,
        "late_now": each.late_now,
        "ever_late": each.ever_late,
    }


def _refusal_row(each: Refusal) -> dict[str, object]:
    return {
        "subject": each.found.request.subject,
        "href": reverse("joint-request", args=[each.found.request.id]),
        "by": short_name_of(each.found.request.to_agency_id),
        "of": short_name_of(each.found.request.from_agency_id),
        "reason": each.reason,
        "at": each.at,
    }


def _in_words(taken: timedelta | None) -> str | None:
    """A length of time in one unit: 12 minutes, 3.5 hours, 4 days."""
    if taken is None:
        return None
    minutes = taken.total_seconds() / 60
    if minutes < 90:
        return plural(round(minutes), "minute")
    hours = minutes / 60
    return f"{format_number(round(hours, 1))} hours" if hours < 48 else f"{format_number(round(hours / 24, 1))} days"


def _value(taken: timedelta | None) -> float | None:
    return taken.total_seconds() if taken is not None else None
