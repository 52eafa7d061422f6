"""The page on which a record is released to another agency: asking, releasing once it was allowed, and what was released."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.approval_pages import WORDS
from crossline.access.approvals import State
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.models import Record, RecordRelease
from crossline.records.releasing import (
    LONGEST_CONDITIONS,
    LONGEST_REASON,
    Requested,
    ask_to_release,
    choices,
    may_ask,
    release,
    releases_of,
    requests_of,
    why_not,
)
from crossline.vocabulary.agencies import agencies

PURPOSE: Final = "release"


class ReleaseForm(forms.Form):
    """To whom, under which conditions, and why."""

    to = forms.ChoiceField(label="Agency")
    conditions = forms.CharField(
        label="Conditions",
        max_length=LONGEST_CONDITIONS,
        widget=forms.Textarea,
        help_text="What the other agency may do with the record, and what it may not. Its people read this above the record.",
    )
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        help_text="Why they need it. The second person decides by it.",
    )

    def __init__(self, asked: object, agency_choices: list[tuple[str, str]]) -> None:
        super().__init__(asked)  # type: ignore[arg-type]  # a QueryDict or nothing
        self.fields["to"].choices = [("", "Choose an agency"), *agency_choices]  # type: ignore[attr-defined]


@page(purpose=PURPOSE)
def release_record(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """Release a record of one's own agency to another. Another agency's record is answered like an absent one."""
    found = viewpoint.visible(Record.objects.filter(id=record)).select_related("audience", "owner").first()
    if found is None or not may_ask(found, viewpoint):
        raise Http404
    showed(viewpoint, [found])
    asking = request.method == "POST" and request.POST.get("do") != "release"
    form = ReleaseForm(request.POST if asking else None, choices(found))
    problem = ""
    try:
        if form.is_valid():
            made = ask_to_release(record=found.id, viewpoint=viewpoint, **form.cleaned_data)
            return redirect("approval", made.id)
        if request.method == "POST" and not asking:
            _release(request, found, viewpoint)
            return redirect("record", found.id)
    except UserError as error:
        problem = str(error)
    requests = requests_of(found.id, viewpoint)
    context = {
        "record": found,
        "form": form,
        "problem": problem,
        "why_not": why_not(found, viewpoint),
        "ready": [request_row(each) for each in requests if _is_ready(each, viewpoint)],
        "waiting": [request_row(each) for each in requests if each.found.state is State.ASKED],
        "releases": [release_row(each) for each in releases_of(found, viewpoint)],
    }
    response = show(request, viewpoint, "records/release.html", context)
    response.status_code = 422 if problem or form.errors else 200
    return response


def _release(request: HttpRequest, record: Record, viewpoint: Viewpoint) -> None:
    """Use the approval that was chosen, if it is one of this record's."""
    chosen = request.POST.get("approval", "")
    for each in requests_of(record.id, viewpoint):
        if str(each.found.approval.id) == chosen:
            release(record=record.id, to=each.to, approval=each.found.approval.id, viewpoint=viewpoint)
            return
    raise UserError("That request does not exist, or it is not for this record.")


def _is_ready(each: Requested, viewpoint: Viewpoint) -> bool:
    own = each.found.approval.asked_by_id == str(viewpoint.viewer.person_id)
    return own and each.found.state is State.APPROVED


def request_row(each: Requested) -> dict[str, object]:
    """A request in a row."""
    return {
        "approval": each.found.approval.id,
        "at": each.found.approval.at,
        "by": each.found.approval.asked_by,
        "to": agencies()[each.to].name if each.to in agencies() else each.to,
        "conditions": each.conditions,
        "reason": each.reason,
        "state": WORDS[each.found.state],
        "decided_by": each.found.decided_by,
        "href": reverse("approval", args=[each.found.approval.id]),
    }


def release_row(made: RecordRelease) -> dict[str, object]:
    """A release in a row."""
    return {
        "at": made.released_at,
        "by": made.released_by,
        "agency": made.released_agency,
        "to": agencies()[made.to_agency_id].name if made.to_agency_id in agencies() else made.to_agency_id,
        "conditions": made.conditions,
        "reason": made.reason,
    }
