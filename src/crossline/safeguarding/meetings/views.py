"""The pages of meetings for the calling side: the list, actions, calling one, one meeting, its minutes, and sharing them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.naming import address_of, name_of
from crossline.safeguarding.meetings.calling import PURPOSE, call_meeting, may_call
from crossline.safeguarding.meetings.forms import CallForm, MinutesForm
from crossline.safeguarding.meetings.minuting import organisations_called, preview, save_minutes, share_minutes
from crossline.safeguarding.meetings.offering import (
    Offered,
    answered,
    done,
    offered_additions,
    offered_moves,
    offered_of_action,
    organisations_of,
    overtaken,
)
from crossline.safeguarding.meetings.parts import parts
from crossline.safeguarding.meetings.presenter import (
    action_order,
    action_row,
    action_steps,
    due_words,
    invitation_steps,
    is_victim,
    list_order,
    meeting_row,
    meeting_steps,
    meetings_of,
)
from crossline.safeguarding.meetings.security import WHO_CALLS
from crossline.safeguarding.meetings.standing import (
    ActionStanding,
    MeetingStanding,
    all_actions,
    all_meetings,
    meeting_of,
)
from crossline.safeguarding.meetings.states import MeetingState
from crossline.safeguarding.meetings.telling import ATTENDED, Line
from crossline.safeguarding.referrals.gathering import gathered_for

ON_A_PAGE: Final = 50
LATE: Final = {"late": "Late", "escalated": "Late enough for the centre’s coordinators"}


@page(purpose=PURPOSE)
def meeting_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every meeting that the viewer sees, what is still to come first."""
    rows = [meeting_row(each) for each in sorted(all_meetings(viewpoint), key=list_order)]
    context = {"page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))}
    return show(request, viewpoint, "meetings/meetings.html", context)


@page(purpose=PURPOSE)
def action_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every action that the viewer sees, late ones first. The centre's coordinators see what is long late."""
    today = timezone.localdate()
    held = sorted(all_actions(viewpoint), key=lambda each: action_order(each, today))
    late = request.GET.get("late", "")
    kept = {"late": ActionStanding.is_late, "escalated": ActionStanding.is_escalated}.get(late)
    seen = {each.meeting.id for each in all_meetings(viewpoint)}
    rows = [action_row(each, today, seen=seen) for each in held if kept is None or kept(each, today)]
    coordinates = viewpoint.viewer.agency == CENTRE and Role.COORDINATOR in viewpoint.viewer.roles
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "late": list(LATE.items()),
        "chosen": late if kept else "",
        "escalated": sum(each.is_escalated(today) for each in held) if coordinates else 0,
    }
    return show(request, viewpoint, "meetings/actions.html", context)


@page(purpose=PURPOSE, roles=WHO_CALLS)
def meeting_new(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Call a meeting about a person. A hidden one is answered like an absent one."""
    gathered = gathered_for(viewpoint, about, viewpoint.viewer.agency)
    if gathered is None or not gathered.is_person:
        raise Http404
    form = CallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("purpose", "starts_at", "joining")}
        try:
            return redirect("meeting", call_meeting(about=about, viewpoint=viewpoint, **said).id)
        except UserError as error:
            form.add_error(None, str(error))
    showed(viewpoint, gathered.records, listed=True)
    before = meetings_of(viewpoint, [each.id for each in gathered.mentions])
    context = {"form": form, "name": gathered.name, "victim": gathered.victim, "before": before}
    return answered(request, viewpoint, "meetings/new.html", context, [form])


@page(purpose=PURPOSE)
def meeting(request: HttpRequest, viewpoint: Viewpoint, meeting: UUID) -> HttpResponse:
    """One meeting: who is invited and what they answered, the minutes, the actions, and what can be done next."""
    found = _found(viewpoint, meeting)
    may = may_call(viewpoint, found.meeting.owner_id)
    asked = request.POST if request.method == "POST" else None
    offered: list[Offered] = []
    if may:
        offered = [*offered_additions(found, asked), *offered_moves(found, asked)]
    of_actions = {each.action.id: offered_of_action(viewpoint, each, asked) for each in found.actions}
    every = [*offered, *(each for rows in of_actions.values() for each in rows)]
    if done(asked, every):
        return redirect("meeting", meeting)
    today = timezone.localdate()
    context = {
        "found": found,
        "about": (name_of(found.meeting.about), address_of(found.meeting.about)),
        "victim": is_victim(found),
        "may": may,
        "offered": offered,
        "steps": meeting_steps(found),
        "invited": [
            {
                "standing": each,
                "name": each.invitation.invited.name,
                "steps": invitation_steps(each, found.meeting.owner_id),
                "shared": each.share.number if each.share else 0,
            }
            for each in found.invitations
        ],
        "lines": _own_lines(found),
        "actions": [
            {
                "row": action_row(each, today, seen=()),
                "due": due_words(each, today),
                "steps": action_steps(each, found.meeting.owner_id),
                "offered": of_actions[each.action.id],
            }
            for each in sorted(found.actions, key=lambda each: action_order(each, today))
        ],
        "overtaken": overtaken(asked, every),
    }
    showed(viewpoint, [found.meeting.about.record], listed=True)
    return answered(request, viewpoint, "meetings/meeting.html", context, [each.form for each in every])


@page(purpose=PURPOSE, roles=WHO_CALLS)
def meeting_minutes(request: HttpRequest, viewpoint: Viewpoint, meeting: UUID) -> HttpResponse:
    """Write the minutes of a meeting that was held."""
    found = _found(viewpoint, meeting)
    if not may_call(viewpoint, found.meeting.owner_id) or found.state is not MeetingState.HELD:
        raise Http404
    initial: dict[str, Any] = {"stood": found.text.number if found.text else 0}
    if found.text:
        initial |= {"attended": found.text.attended} | {f"part-{id_}": words for id_, words in found.text.parts.items()}
    attending = organisations_of(found)
    form = MinutesForm(attending, request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        said = {"attended": form.cleaned_data["attended"], "said": form.said, "reason": form.cleaned_data["reason"]}
        try:
            save_minutes(meeting=meeting, stood=form.cleaned_data["stood"] or 0, viewpoint=viewpoint, **said)
            return redirect("meeting", meeting)
        except UserError as error:
            form.add_error(None, str(error))
    return answered(request, viewpoint, "meetings/minutes.html", {"found": found, "form": form}, [form])


@page(purpose=PURPOSE, roles=WHO_CALLS)
def meeting_share(request: HttpRequest, viewpoint: Viewpoint, meeting: UUID, invitation: UUID) -> HttpResponse:
    """What one invited organisation would be given of the minutes, word for word; and giving it."""
    found = _found(viewpoint, meeting)
    invited = next((each for each in found.invitations if each.invitation.id == invitation), None)
    if invited is None or found.text is None or not may_call(viewpoint, found.meeting.owner_id):
        raise Http404
    problem = ""
    if request.method == "POST":
        stood = request.POST.get("stood", "")
        number = int(stood) if stood.isdecimal() and len(stood) < 9 else 0
        try:
            share_minutes(meeting=meeting, invitation=invitation, stood=number, viewpoint=viewpoint)
            return redirect("meeting", meeting)
        except UserError as error:
            problem = str(error)
    context = {"found": found, "invited": invited, "lines": preview(found, invited), "problem": problem}
    return show(request, viewpoint, "meetings/share.html", context, failed=problem)


def _found(viewpoint: Viewpoint, meeting: UUID) -> MeetingStanding:
    found = meeting_of(viewpoint, meeting)
    if found is None:
        raise Http404
    return found


def _own_lines(found: MeetingStanding) -> list[Line]:
    """The newest minutes as the calling side reads them: all of it."""
    if found.text is None:
        return []
    said = [Line(part.title, found.text.parts[part.id]) for part in parts().values() if part.id in found.text.parts]
    return [Line(ATTENDED, "\n".join(organisations_called(found.text.attended))), *said]
