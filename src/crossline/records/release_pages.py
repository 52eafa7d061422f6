"""The page on which a record is released to another agency: asking, releasing once it was allowed, and what was released."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.approval_pages import WORDS
from crossline.access.approvals import State
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.decoys.finding import shown_as_record
from crossline.records.explaining import showed
from crossline.records.models import Record, RecordRelease, ReleaseTakenBack
from crossline.records.releasing import (
    LONGEST_CONDITIONS,
    LONGEST_REASON,
    Requested,
    ask_to_release,
    choices,
    ended_of,
    may_ask,
    may_take_back,
    release,
    releases_of,
    requests_of,
    take_back,
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

    def __init__(self, asked: QueryDict | None, agency_choices: list[tuple[str, str]]) -> None:
        super().__init__(asked)
        self.fields["to"] = forms.ChoiceField(label="Agency", choices=[("", "Choose an agency"), *agency_choices])


@page(purpose=PURPOSE)
def release_record(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """Release a record of one's own agency to another. Another agency's record is answered like an absent one."""
    found = viewpoint.visible(Record.objects.filter(id=record)).select_related("audience", "owner").first()
    if found is None and (decoy := shown_as_record(viewpoint, record)):
        found = decoy.record
    if found is None or not may_ask(found, viewpoint):
        raise Http404
    showed(viewpoint, [found])
    act = request.POST.get("do", "ask") if request.method == "POST" else ""
    form = ReleaseForm(request.POST if act == "ask" else None, choices(found))
    problem = ""
    try:
        if form.is_valid():
            made = ask_to_release(record=found.id, viewpoint=viewpoint, **form.cleaned_data)
            return redirect("approval", made.id)
        if act == "release":
            _release(request, found, viewpoint)
            return redirect("record", found.id)
        if act == "take back":
            _take_back(request, found, viewpoint)
            return redirect("release", found.id)
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
        "ended": [ended_row(each) for each in ended_of(found, viewpoint)],
        "may_take_back": may_take_back(found, viewpoint),
    }
    return show(request, viewpoint, "records/release.html", context, failed=problem or form.errors)


def _release(request: HttpRequest, record: Record, viewpoint: Viewpoint) -> None:
    """Use the approval that was chosen, if it is one of this record's."""
    chosen = request.POST.get("approval", "")
    for each in requests_of(record.id, viewpoint):
        if str(each.found.approval.id) == chosen:
            release(record=record.id, to=each.to, approval=each.found.approval.id, viewpoint=viewpoint)
            return
    raise UserError("That request does not exist, or it is not for this record.")


def _take_back(request: HttpRequest, record: Record, viewpoint: Viewpoint) -> None:
    """End the release that was chosen, if it is one of this record's."""
    chosen = request.POST.get("release", "")
    for each in releases_of(record, viewpoint):
        if str(each.id) == chosen:
            take_back(release=each.id, reason=request.POST.get("reason", ""), viewpoint=viewpoint)
            return
    raise UserError("That release does not exist, or it is taken back already.")


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
        "id": made.id,
        "at": made.released_at,
        "by": made.released_by,
        "agency": made.released_agency,
        "to": agencies()[made.to_agency_id].name if made.to_agency_id in agencies() else made.to_agency_id,
        "conditions": made.conditions,
        "reason": made.reason,
    }


def ended_row(ended: ReleaseTakenBack) -> dict[str, object]:
    """A release that was taken back, in a row."""
    return release_row(ended.release) | {
        "ended_at": ended.taken_back_at,
        "ended_by": ended.taken_back_by,
        "why_ended": ended.reason,
    }
