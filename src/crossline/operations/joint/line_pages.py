"""The pages of lines that agencies work on together: one line across agencies, lines without a lead, lines run from our area."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.priorities import priorities
from crossline.lines.register import RegisterLine, register
from crossline.operations.campaigns import campaigns_of
from crossline.operations.joint.asking import PURPOSE
from crossline.operations.joint.forms import LeadForm, OfferForm
from crossline.operations.joint.leads import (
    Lead,
    anchors_of,
    lead_of,
    leads,
    move_lead,
    offer_lead,
    why_not_offered,
)
from crossline.operations.joint.line_moments import closed_of, shared_by
from crossline.operations.joint.line_presenter import JointLinePage, Seen
from crossline.operations.joint.moves import LeadState
from crossline.operations.joint.presenter import in_order, name_of, request_row
from crossline.operations.joint.requests import may_act, requests_about
from crossline.operations.joint.surfacing import lines_from, mark_read, read_up_to, surfaced
from crossline.operations.joint.surfacing_presenter import exported_row, leadless_row, surfaced_rows
from crossline.records.explaining import showed
from crossline.records.intake.mentions import tagged
from crossline.records.models import Mention, Record
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import MentionKind, RecordKind

ON_A_PAGE: Final = 50


@page(purpose=PURPOSE)
def line_joint_work(request: HttpRequest, viewpoint: Viewpoint, line: UUID) -> HttpResponse:
    """One line across agencies: time line, lead, requests, who touches it, harm by importing area; offering the lead."""
    known = register(viewpoint)
    found = known.find(line)
    if found is None:
        raise Http404
    lead = lead_of(found, leads(viewpoint))
    given = request.POST if request.method == "POST" else None
    act = given.get("do", "") if given else ""
    offer = OfferForm(given if act == "offer" else None, _to_lead(found, lead))
    answer = LeadForm(given if act == "answer" else None)
    try:
        if offer.is_valid():
            offer_lead(line=line, viewpoint=viewpoint, **offer.cleaned_data)
            return redirect("line-joint-work", line)
        if answer.is_valid():
            said = answer.cleaned_data
            move_lead(step=said["step"], to=LeadState(said["to"]), reason=said["reason"], viewpoint=viewpoint)
            return redirect("line-joint-work", line)
    except UserError as error:
        (offer if act == "offer" else answer).add_error(None, str(error))
    investigations = _investigations(viewpoint, found)
    seen = Seen(
        in_order(requests_about(viewpoint, anchors_of(found)), timezone.now()),
        lead,
        investigations,
        campaigns_of(viewpoint),
        closed_of(viewpoint, found),
        shared_by(viewpoint, found, investigations),
    )
    returns = viewpoint.visible(Record.objects.filter(id__in=[row.record for row in found.rows if row.is_return]))
    showed(viewpoint, [*returns, *seen.investigations], listed=True)
    failed = offer if offer.errors else answer
    context = {
        "joint": JointLinePage(viewpoint, found, known, seen),
        "line_id": line,
        "requests": [request_row(each, timezone.now()) for each in seen.requests],
        "may_act": may_act(viewpoint),
        "why_not": why_not_offered(found, lead, viewpoint),
        "offer": offer,
        "answer": answer,
        "failed": failed,
    }
    return show(request, viewpoint, "operations/line_joint_work.html", context, failed=failed.errors)


@page(purpose=PURPOSE)
def lines_without_lead(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Open lines that were returned and that no agency leads on, in order of priority; one's own agency's first if asked."""
    known, ranked, of = register(viewpoint), priorities(viewpoint).of_line, leads(viewpoint)
    own = viewpoint.viewer.agency
    ours = request.GET.get("of") == "us"
    found = []
    for each in known.lines:
        touched = {*each.exporting_agencies, *each.importing_agencies, *each.group.owners}
        if each.returns and not each.status.is_closed and (not ours or own in touched):
            lead = lead_of(each, of)
            if not lead.agency:
                found.append((each, lead))
    found.sort(key=lambda each: (ranked[each[0].id].rank, each[0].id))
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [leadless_row(line, lead, ranked[line.id]) for line, lead in shown],
        "page": shown,
        "ours": ours,
        "agency": name_of(own),
    }
    return show(request, viewpoint, "operations/lines_without_lead.html", context)


@page(purpose=PURPOSE)
def lines_from_us(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What other agencies newly returned of lines run from the viewer's area, and all of those with the harm they do."""
    problem = ""
    if request.method == "POST":
        try:
            mark_read(up_to=_moment(request.POST.get("up_to", "")), viewpoint=viewpoint)
            return redirect("lines-from-us")
        except UserError as error:
            problem = str(error)
    read, now, own = read_up_to(viewpoint), timezone.now(), viewpoint.viewer.agency
    news = surfaced_rows(surfaced(viewpoint, since=read.up_to if read else None))
    shown = Paginator(news, ON_A_PAGE).get_page(request.GET.get("page"))
    showed(viewpoint, viewpoint.visible(Record.objects.filter(id__in=[each["record"] for each in shown])), listed=True)
    ranked, of, known = priorities(viewpoint).of_line, leads(viewpoint), register(viewpoint)
    lines = sorted(
        lines_from(viewpoint, own),
        key=lambda line: (ranked[line.id].rank if line.id in ranked else len(known.lines), line.id),
    )
    context = {
        "news": list(shown),
        "page": shown,
        "read": read,
        "now": now.isoformat(),
        "lines": [exported_row(line, lead_of(line, of), known, ranked.get(line.id)) for line in lines],
        "agency": name_of(own),
        "may_act": may_act(viewpoint),
        "problem": problem,
    }
    return show(request, viewpoint, "operations/lines_from_us.html", context, failed=problem)


def _moment(written: str) -> datetime:
    """A moment as the page itself wrote it; anything else is a page out of date."""
    try:
        read = parse_datetime(written)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise UserError("The page is out of date; open it again.")
    return read


def _to_lead(line: RegisterLine, lead: Lead) -> list[tuple[str, str]]:
    """The agencies that can be offered the lead: those that touch the line first."""
    touched = {*line.exporting_agencies, *line.importing_agencies, *line.group.owners}
    others = sorted((each for each in agencies().values() if each.id != lead.agency), key=lambda each: each.name)
    return [(each.id, each.name) for each in sorted(others, key=lambda each: each.id not in touched)]


def _investigations(viewpoint: Viewpoint, line: RegisterLine) -> list[Record]:
    """The newest revision of each investigation that the viewer sees and that names a number of the line."""
    selectors = [tagged("phone", use.number) for use in line.group.numbers]
    named = viewpoint.visible(Mention.objects.filter(kind=MentionKind.PHONE, selector__in=selectors))
    rows = viewpoint.visible(Record.objects.filter(kind=RecordKind.INVESTIGATION, id__in=named.values("record")))
    return list(rows.order_by("owner_id", "ref", "-revision").distinct("owner_id", "ref"))
