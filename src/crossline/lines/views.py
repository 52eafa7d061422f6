"""The list of lines and a line's page."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.lines.presenter import HARM_LABELS, LinePage, ListFilter, row_of
from crossline.lines.register import register
from crossline.lines.priorities import priorities
from crossline.vocabulary.agencies import forces
from crossline.vocabulary.codes import LineStatus

ON_A_PAGE = 50
LONGEST_BRAND = 80


@page(purpose="line register")
def lines(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every line the viewer sees, in order of priority, with filters."""
    known = register(viewpoint)
    ranked = priorities(viewpoint).of_line
    chosen = ListFilter(
        status=_one_of(request.GET.get("status", ""), [str(status) for status in LineStatus]),
        agency=_one_of(request.GET.get("agency", ""), [force.id for force in forces()]),
        brand=request.GET.get("brand", "").strip()[:LONGEST_BRAND],
    )
    held = [line for line in known.lines if chosen.holds(line)]
    held.sort(key=lambda line: (ranked[line.id].rank if line.id in ranked else len(known.lines), line.name, line.id))
    shown = Paginator(held, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        row_of(line, scored.rank if scored else None, (scored.score, scored.score_low, scored.score_high) if scored else None)
        for line in shown
        for scored in [ranked.get(line.id)]
    ]
    return show(
        request,
        viewpoint,
        "lines/lines.html",
        {"rows": rows, "page": shown, "chosen": chosen, "statuses": list(LineStatus), "forces": forces()},
    )


@page(purpose="line register")
def line(request: HttpRequest, viewpoint: Viewpoint, line: UUID) -> HttpResponse:
    """One line: any of its visible mentions leads to it; a hidden one is answered like an absent one."""
    known = register(viewpoint)
    found = known.find(line)
    if found is None:
        raise Http404
    scored = priorities(viewpoint).of_line.get(found.id)
    return show(
        request,
        viewpoint,
        "lines/line.html",
        {
            "line": LinePage(viewpoint, found, known),
            "priority": scored,
            "reasons": [{"text": reason.sentence, "weight": f"{reason.points:+.1f}"} for reason in scored.reasons] if scored else [],
            "harm_columns": [{"key": name, "text": label, "kind": "number"} for name, label in HARM_LABELS.items()],
        },
    )


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""
