"""The pages of the audit: what I looked at, who looked at this, and the auditor's desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Explanation, Viewpoint
from crossline.audit.corrections import corrections
from crossline.audit.decisions import AUDITORS, Outcome, decide
from crossline.audit.presenter import correction_rows, look_rows, seer_rows
from crossline.audit.queries import (
    decoys_among,
    desk,
    looks,
    looks_at,
    of_decoys,
    one_read,
    own_looks,
    records_shown,
    unexplained,
    was_read,
)
from crossline.audit.seeing import seeing
from crossline.errors import UserError
from crossline.records.decoys.finding import shown_as_record
from crossline.records.decoys.planting import known
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.vocabulary.agencies import is_partner

ON_A_PAGE: Final = 50
DAYS: Final = (7, 30, 90)
EVERYBODY: Final = frozenset(Role)


@page(purpose="my own reads", roles=EVERYBODY)
def mine(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What I looked at: the same rows that my agency's auditors read."""
    shown = Paginator(own_looks(viewpoint), ON_A_PAGE).get_page(request.GET.get("page"))
    corrected = len(corrections(viewpoint, most=ON_A_PAGE + 1))
    context = {
        "rows": look_rows(looks(viewpoint, shown)),
        "page": shown,
        "corrected": corrected,
        "most": ON_A_PAGE,
        "is_partner": is_partner(viewpoint.viewer.agency),
    }
    return show(request, viewpoint, "audit/mine.html", context)


@page(purpose="corrections of what I read")
def corrected(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Records that I was shown and that were sent again since."""
    found = corrections(viewpoint, most=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    showed(viewpoint, [each.record for each in shown], listed=True)
    context = {"rows": correction_rows(shown), "more": len(found) > ON_A_PAGE}
    return show(request, viewpoint, "audit/corrected.html", context)


@page(purpose="audit", roles=AUDITORS)
def who_looked(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """Who looked at a record of the viewer's own agency. Another agency's is answered like one that does not exist."""
    own = viewpoint.visible(Record.objects.filter(id=record, owner=viewpoint.viewer.agency))
    if not own.exists() and not was_read(viewpoint, record) and not shown_as_record(viewpoint, record):
        raise Http404
    shown = Paginator(looks_at(viewpoint, record), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"record": record, "rows": look_rows(looks(viewpoint, shown), decided_here=True), "page": shown}
    return show(request, viewpoint, "audit/who_looked.html", context)


@page(purpose="who can see a record")
def who_can_see(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """Who can see a record of the viewer's own agency and why. Another agency's is answered like one that does not exist."""
    own = viewpoint.visible(Record.objects.filter(id=record, owner=viewpoint.viewer.agency))
    found = own.select_related("audience").first()
    if found is None and (decoy := shown_as_record(viewpoint, record)):
        found = decoy.record
    if found is None:
        raise Http404
    showed(viewpoint, [found])
    known = seeing(found, viewpoint)
    shown = Paginator(known.seers, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"record": found, "seeing": known, "rows": seer_rows(shown), "page": shown}
    return show(request, viewpoint, "audit/who_can_see.html", context)


@page(purpose="audit", roles=AUDITORS)
def auditors_desk(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Reads of the agency's people and of its records: those that nothing explains first, then the rest, the latest first."""
    asked = request.GET.get("days", "")
    days = next((each for each in DAYS if str(each) == asked), DAYS[0])
    since = timezone.now() - timedelta(days=days)
    actor = request.GET.get("actor", "").replace("\0", "")[:80]
    rows = desk(viewpoint, since=since, actor=actor)
    decoys = of_decoys(viewpoint, rows).order_by("-at", "id")
    others = rows.exclude(id__in=decoys.values("id"))
    first = others.filter(id__in=unexplained(viewpoint, since=since).values("event")).order_by("-at", "id")
    rest = others.exclude(id__in=first.values("id")).order_by("-at", "id")
    opened = Paginator(decoys, ON_A_PAGE).get_page(request.GET.get("decoys"))
    leading = Paginator(first, ON_A_PAGE).get_page(request.GET.get("page"))
    following = Paginator(rest, ON_A_PAGE).get_page(request.GET.get("rest"))
    context = {
        "decoys": look_rows(looks(viewpoint, opened), decided_here=True),
        "opened": opened,
        "knows_of_decoys": Role.AUDITOR in viewpoint.viewer.roles or known(viewpoint).exists(),
        "first": look_rows(looks(viewpoint, leading), decided_here=True),
        "rest": look_rows(looks(viewpoint, following), decided_here=True),
        "page": leading,
        "following": following,
        "days": days,
        "actor": actor,
        "day_choices": [(str(each), f"Last {each} days") for each in DAYS],
    }
    return show(request, viewpoint, "audit/desk.html", context)


@page(purpose="audit", roles=AUDITORS)
def read(request: HttpRequest, viewpoint: Viewpoint, event: UUID) -> HttpResponse:
    """One read, what explains it, and a place to record what the auditor makes of it."""
    found = one_read(viewpoint, event)
    if found is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            outcome = request.POST.get("outcome", "")
            if outcome not in frozenset(Outcome):
                raise UserError("Choose what you found.")
            decide(event=event, outcome=Outcome(outcome), note=request.POST.get("note", ""), viewpoint=viewpoint)
            return redirect("audit-read", event)
        except UserError as error:
            problem = str(error)
    (look,) = looks(viewpoint, [found])
    context = {
        "look": look_rows([look], decided_here=True)[0],
        "records": _records_shown(viewpoint, event),
        "outcomes": [(str(each), each.meaning) for each in Outcome],
        "problem": problem,
        "note": request.POST.get("note", ""),
    }
    return show(request, viewpoint, "audit/read.html", context, failed=problem)


def _records_shown(viewpoint: Viewpoint, event: UUID) -> list[dict[str, object]]:
    """The records a read showed, as far as the viewer answers for them, what nothing explains first."""
    rows = records_shown(event)
    decoys = decoys_among(viewpoint, (row.record for row in rows))
    return [
        {
            "record": str(row.record)[:8],
            "owner": row.owner_agency,
            "explained": "A decoy" if row.record in decoys else Explanation(row.explanation).meaning,
        }
        for row in rows
    ]
