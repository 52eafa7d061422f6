"""The pages of planned events: registering one, which of one's agency's meet whom, and calling one off."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.checking import LONGEST_CONTACT, LONGEST_OPERATION, LONGEST_PURPOSE, PURPOSE, Reason
from crossline.deconfliction.event_presenter import TOLD_LATER, event_rows
from crossline.deconfliction.events import Planned, call_off_event, events_of, register_event
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.rules import AnswerLevel
from crossline.engines.deconfliction.tokens import EventKind, PlannedEvent, read_point
from crossline.errors import SelectorUnreadable, UserError

LONGEST_PLACE = 60


class EventForm(forms.Form):
    """What is planned, where and when, and what others are told."""

    kind = forms.ChoiceField(label="What is planned", choices=EventKind.choices())
    place = forms.CharField(
        label="Where",
        max_length=LONGEST_PLACE,
        help_text="A grid reference such as TQ 812 094, or degrees such as 50.8554, 0.5730.",
    )
    day = forms.DateField(label="Day", help_text="For example 2026-12-01.")
    begins = forms.TimeField(label="From", help_text="For example 05:00.")
    ends = forms.TimeField(label="To")
    last_day = forms.DateField(label="Last day", required=False, help_text="Where it ends on another day.")
    purpose = forms.CharField(
        label="Purpose", max_length=LONGEST_PURPOSE, help_text="Whoever registered something near it reads it."
    )
    operation = forms.CharField(
        label="Operation",
        max_length=LONGEST_OPERATION,
        help_text="Its name or reference. Your own agency alone reads it.",
    )
    contact = forms.CharField(
        label="Whom the other side rings",
        max_length=LONGEST_CONTACT,
        help_text="Somebody who answers until it is over.",
    )
    level = forms.ChoiceField(
        label="What whoever registers later is told",
        choices=[(str(level), words) for level, words in TOLD_LATER.items()],
        initial=str(AnswerLevel.CONTACT),
        widget=forms.RadioSelect,
        help_text="Whoever has registered something near it already is told of you in any case.",
    )

    def clean(self) -> dict[str, Any]:
        """Its place and hours read as one event; what is wrong stands at its field."""
        said = super().clean() or {}
        if {"kind", "place", "day", "begins", "ends"} <= said.keys():
            last = said.get("last_day") or said["day"]
            try:
                said["event"] = PlannedEvent(
                    EventKind(said["kind"]),
                    read_point(said["place"]),
                    _moment(said["day"], said["begins"]),
                    _moment(last, said["ends"]),
                )
            except SelectorUnreadable as error:
                self.add_error("place", str(error))
            except UserError as error:
                self.add_error("ends", str(error))
        return said


def _moment(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


@page(purpose=PURPOSE)
def events(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Register one; and one's own agency's, each with whom it meets."""
    form = EventForm(request.POST) if request.method == "POST" else EventForm()
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
    response = show(request, viewpoint, "deconfliction/events.html", {"form": form, "rows": rows})
    response.status_code = 422 if form.errors else 200
    return response


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
