"""The page of figures on deconfliction."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.roles import POLICING_ROLES, Role
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.measures import Measured, of_own_agency, overall, trying_out
from crossline.deconfliction.rules import ALIKE_SHOWN, MISSES_SHOWN
from crossline.wording import format_number, format_percent

WHO_ANSWERS_FOR_PEOPLE = frozenset({Role.AUDITOR, Role.INFORMATION_MANAGER})


@page(purpose="deconfliction figures", roles=POLICING_ROLES | {Role.AUDITOR})
def figures(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Precision and time to resolution; and, for whoever answers for the agency's people, who may be trying values out."""
    answers_for_people = bool(viewpoint.viewer.roles & WHO_ANSWERS_FOR_PEOPLE)
    whole = overall(viewpoint)
    context = {
        "parts": [
            *([_part("Your agency", of_own_agency(viewpoint))] if viewpoint.viewer.roles & POLICING_ROLES else []),
            *([_part("All agencies", whole)] if whole else []),
        ],
        "answers_for_people": answers_for_people,
        "trying": trying_out(viewpoint) if answers_for_people else [],
        "least": MISSES_SHOWN,
        "alike": ALIKE_SHOWN,
    }
    return show(request, viewpoint, "deconfliction/figures.html", context)


def _part(title: str, measured: Measured) -> dict[str, object]:
    precision = measured.precision
    return {
        "title": title,
        "summary": [
            ("Checks asked", format_number(measured.checks)),
            ("That met somebody who lets it be said", format_number(measured.met)),
            ("With an outcome", format_number(measured.resolved)),
            ("The same target (precision)", None if precision is None else format_percent(precision)),
            ("Hours until the first outcome, median", None if measured.hours is None else f"{measured.hours:,.1f}"),
        ],
        "states": [
            {"state": state.meaning, "number": number, "hours": f"{hours:,.1f}"}
            for state, (number, hours) in measured.states.items()
        ],
    }
