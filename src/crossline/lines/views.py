"""The list of lines and a line's page."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.lines.activity import NEWEST_RULE, months_of
from crossline.lines.applicants import may_draft, may_offer_help
from crossline.lines.attention import attention
from crossline.lines.in_words import row_of
from crossline.lines.orders_presenter import NOTE, handle_rows
from crossline.lines.pair_pages import pairs_of
from crossline.lines.presenter import HARM_LABELS, LinePage
from crossline.lines.priorities import priorities
from crossline.lines.reemerging import closed_lines
from crossline.lines.register import register
from crossline.lines.selection import KNOWN_FROM, ORDERS, STATUSES, Selection
from crossline.lines.status_presenter import attention_in_words, return_rows, status_basis
from crossline.records.explaining import showed
from crossline.records.models import Mention
from crossline.vocabulary.agencies import forces
from crossline.vocabulary.codes import MentionKind

ON_A_PAGE = 50


@page(purpose="line register")
def lines(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every line the viewer sees, open ones first in order of priority, with filters."""
    known = register(viewpoint)
    ranked = priorities(viewpoint).of_line
    chosen = Selection.read(request.GET.dict())
    held = [line for line in known.lines if chosen.holds(line)]
    held.sort(key=lambda line: (ranked[line.id].rank if line.id in ranked else len(known.lines), line.name, line.id))
    shown = Paginator(held, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [row_of(line, ranked.get(line.id)) for line in shown],
        "page": shown,
        "chosen": chosen,
        "statuses": STATUSES,
        "known_from": KNOWN_FROM,
        "orders": ORDERS,
        "force_choices": [(force.id, force.short_name) for force in forces()],
    }
    return show(request, viewpoint, "lines/lines.html", context)


@page(purpose="line register")
def line(request: HttpRequest, viewpoint: Viewpoint, line: UUID) -> HttpResponse:
    """One line: any of its visible mentions leads to it; a hidden one is answered like an absent one."""
    known = register(viewpoint)
    found = known.find(line)
    if found is None:
        # An investigation names a line by its brand and is no source of the register: all that bear the brand are shown.
        named = viewpoint.visible(Mention.objects.filter(id=line, kind=MentionKind.LINE))
        if not named.exists():
            raise Http404
        return redirect("thing", line)
    priority = priorities(viewpoint).of_line.get(found.id)
    line_page = LinePage(viewpoint, found, known, priority, request.GET.get("page"))
    showed(viewpoint, line_page.records_page)
    raised = attention(viewpoint, [(row.owner, row.ref) for row in found.returns])
    context = {
        "line": line_page,
        "attention": [attention_in_words(row) for row in raised.values()],
        "months": months_of(found, viewpoint, priorities(viewpoint).as_of or timezone.now().date()),
        "activity_rule": NEWEST_RULE,
        "priority": priority,
        "may_prepare_order": may_draft(found, viewpoint),
        "may_offer_help": may_offer_help(found, viewpoint),
        "status_basis": status_basis(found),
        "returns": (returns := return_rows(found, closed_lines(viewpoint))),
        "pairs": pairs_of(found),
        "speaks_again": [each for each in returns if each["signs"]],
        "handles": handle_rows(found),
        "orders_note": NOTE,
        "harm_columns": [
            {"key": name, "text": label, "kind": "number", "none": "Not graded"} for name, label in HARM_LABELS.items()
        ],
    }
    return show(request, viewpoint, "lines/line.html", context)
