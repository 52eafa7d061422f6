"""The pages of requests between agencies: what waits for whom, asking, and one request with the form to move it on."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.register import register
from crossline.operations.joint.asking import PURPOSE, About, ask, move
from crossline.operations.joint.forms import AskingForm, MoveForm
from crossline.operations.joint.moves import AboutKind
from crossline.operations.joint.presenter import RequestPage, in_order, name_of, request_row
from crossline.operations.joint.requests import may_act, record_about, request_of, requests_seen
from crossline.operations.joint.surfacing import read_up_to, surfaced
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.records.naming import tidy_brand
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import RecordKind

MOST_ENDED: Final = 50


@page(purpose=PURPOSE)
def joint_work(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The requests of the viewer's agency: what waits for it, what waits for others, what has ended. Late ones first."""
    now, own = timezone.now(), viewpoint.viewer.agency
    seen = in_order(requests_seen(viewpoint), now)
    running = [each for each in seen if not each.has_ended]
    ours = [each for each in running if each.waits_for_agency(own)]
    others = [each for each in running if each not in ours]
    read = read_up_to(viewpoint)
    ended = sorted((each for each in seen if each.has_ended), key=lambda each: each.steps[-1].at, reverse=True)
    context = {
        "ours": [request_row(each, now) for each in ours],
        "others": [request_row(each, now) for each in others],
        "ended": [request_row(each, now) for each in ended[:MOST_ENDED]],
        "late": sum(1 for each in running if each.is_late(now)),
        "surfaced": len({each.record for each in surfaced(viewpoint, since=read.up_to if read else None)}),
        "agency": name_of(own),
        "may_act": may_act(viewpoint),
    }
    return show(request, viewpoint, "operations/joint_work.html", context)


@page(purpose=PURPOSE)
def joint_request_new(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Ask another agency: about a line, about an investigation of one's own, or about a subject in one's own words."""
    if not may_act(viewpoint):
        raise Http404
    about, initial, first = _about(request, viewpoint)
    own = viewpoint.viewer.agency
    others = sorted((each for each in agencies().values() if each.id != own), key=lambda each: each.name)
    others.sort(key=lambda each: each.id not in first)
    choices = [(each.id, each.name) for each in others]
    given = request.POST if request.method == "POST" else None
    form = AskingForm(given, choices, initial, in_words=about.kind is AboutKind.SUBJECT)
    if form.is_valid():
        if ref := form.cleaned_data.get("investigation", "").strip():
            about = About(AboutKind.INVESTIGATION, own, ref)
        try:
            made = ask(asked=form.asked().about_what(about), viewpoint=viewpoint)
            return redirect("joint-request", made.id)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"form": form, "about": about, "is_about": about.ref != ""}
    return show(request, viewpoint, "operations/joint_request_new.html", context, failed=form.errors)


@page(purpose=PURPOSE)
def joint_request(request: HttpRequest, viewpoint: Viewpoint, asked: UUID) -> HttpResponse:
    """One request. Whoever is of neither agency, nor of the centre, is answered as if there were none."""
    found = request_of(viewpoint, asked)
    if found is None:
        raise Http404
    now = timezone.now()
    form = MoveForm(request.POST if request.method == "POST" else None, found.open_to(viewpoint, now))
    if form.is_valid():
        try:
            stood = request.POST.get("stood", "")
            move(
                request=asked,
                to=form.to(found.state),
                said=form.said(),
                stood=int(stood) if stood.isdecimal() and len(stood) < 9 else 0,
                viewpoint=viewpoint,
            )
            return redirect("joint-request", asked)
        except UserError as error:
            form.add_error(None, str(error))
            found = request_of(viewpoint, asked) or found
    about = record_about(viewpoint, found.request)
    showed(viewpoint, [about] if about else [], listed=True)
    context = {
        "asked": RequestPage(found, viewpoint, now),
        "form": form,
        "may_act": may_act(viewpoint) and not found.has_ended,
        "stood": found.number,
    }
    return show(request, viewpoint, "operations/joint_request.html", context, failed=form.errors)


def _about(request: HttpRequest, viewpoint: Viewpoint) -> tuple[About, dict[str, str], frozenset[str]]:
    """(what the request is about, what stands in the form already, the agencies to name first) from the address."""
    if line := _uuid(request.GET.get("line", "")):
        found = register(viewpoint).find(line)
        if found is None:
            raise Http404
        if found.returns:
            newest = found.returns[0]
            touched = {*found.exporting_agencies, *found.importing_agencies, *found.group.owners}
            about = About(AboutKind.LINE, newest.owner, newest.ref)
            return about, {"subject": f"Line {tidy_brand(found.name)}"}, frozenset(touched)
        return About(), {"subject": f"Line {tidy_brand(found.name)}"}, frozenset(found.group.owners)
    if investigation := _uuid(request.GET.get("investigation", "")):
        rows = viewpoint.visible(Record.objects.filter(id=investigation, kind=RecordKind.INVESTIGATION))
        record = rows.filter(owner=viewpoint.viewer.agency).first()
        if record is None:
            raise Http404
        about = About(AboutKind.INVESTIGATION, record.owner_id, record.ref)
        return about, {"subject": f"Investigation {record.ref}"}, frozenset()
    to = request.GET.get("to", "")
    return About(), {"to": to} if to in agencies() else {}, frozenset()


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
