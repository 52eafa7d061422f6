"""The pages of planned events: registering one, which of one's agency's meet whom, and calling one off."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.answering import first_contact
from crossline.deconfliction.checking import PURPOSE, Reason
from crossline.deconfliction.event_presenter import event_rows
from crossline.deconfliction.events import Planned, call_off_event, events_of, register_event
from crossline.deconfliction.forms import EventForm
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.rules import AnswerLevel
from crossline.errors import UserError


@page(purpose=PURPOSE)
def events(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Register one; and one's own agency's, each with whom it meets."""
    form = (
        EventForm(request.POST)
        if request.method == "POST"
        else EventForm(initial={"contact": first_contact(viewpoint)})
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = register_event(
                planned=Planned(said["event"], said["place"], AnswerLevel(said["level"])),
                reason=Reason(said["purpose"], said["operation"], said["contact"]),
                viewpoint=viewpoint,
            )
            return redirect("check", made.id)
        except UserError as error:
            form.add_error(None, str(error))
    rows = event_rows(events_of(viewpoint), asked_about(viewpoint), met(viewpoint))
    return show(request, viewpoint, "deconfliction/events.html", {"form": form, "rows": rows}, failed=form.errors)


@page(purpose=PURPOSE)
def call_off(request: HttpRequest, viewpoint: Viewpoint, check: UUID) -> HttpResponse:
    """Ask once more, then call it off. Another agency's event is answered like an absent one."""
    event = next((each for each in events_of(viewpoint) if each.asked_id == check), None)
    if event is None or hasattr(event, "called_off"):
        raise Http404
    if request.method == "POST":
        call_off_event(check=check, viewpoint=viewpoint)
        return redirect("check", check)
    return show(request, viewpoint, "deconfliction/call_off.html", {"event": event})
