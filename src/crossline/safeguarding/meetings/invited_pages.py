"""The pages of meetings for whoever is invited, partners and police agencies alike: plain, and the same for both."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.partner_pages import PARTNERS
from crossline.access.roles import POLICING_ROLES
from crossline.access.viewer import Viewpoint
from crossline.safeguarding.meetings.calling import PURPOSE
from crossline.safeguarding.meetings.offering import answered, done, offered_answers, offered_of_action, overtaken
from crossline.safeguarding.meetings.presenter import (
    action_order,
    action_row,
    action_steps,
    due_words,
    invitation_order,
    invitation_row,
    invitation_steps,
    lines_of,
)
from crossline.safeguarding.meetings.standing import InvitationStanding, invitation_of, invitations_to
from crossline.safeguarding.meetings.states import MeetingState
from crossline.safeguarding.referrals.standing import sheets
from crossline.safeguarding.referrals.states import State

ON_A_PAGE: Final = 25
WHO_IS_INVITED: Final = PARTNERS | POLICING_ROLES


@page(purpose=PURPOSE, roles=WHO_IS_INVITED)
def invitation_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The meetings that the viewer's organisation is invited to: what is late or waits for an answer first."""
    today = timezone.localdate()
    held = invitations_to(viewpoint, viewpoint.viewer.agency)
    rows = sorted((invitation_row(each, today) for each in held), key=invitation_order)
    context = {"page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))}
    return show(request, viewpoint, "meetings/invitations.html", context)


@page(purpose=PURPOSE, roles=WHO_IS_INVITED)
def invitation(request: HttpRequest, viewpoint: Viewpoint, invitation: UUID) -> HttpResponse:
    """One invitation: when, how to join, the answer, the minutes that were shared, and the organisation's own actions."""
    found = invitation_of(viewpoint, invitation)
    if found is None or found.invitation.invited_id != viewpoint.viewer.agency:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    answers = offered_answers(viewpoint, found, asked)
    of_actions = {each.action.id: offered_of_action(viewpoint, each, asked) for each in found.actions}
    every = [*answers, *(each for rows in of_actions.values() for each in rows)]
    if done(asked, every):
        return redirect("invitation", invitation)
    today, reader = timezone.localdate(), viewpoint.viewer.agency
    context = {
        "found": found,
        "called": found.state is MeetingState.CALLED,
        "sheet": _sheet(viewpoint, found),
        "answers": answers,
        "steps": invitation_steps(found, reader),
        "lines": lines_of(found),
        "actions": [
            {
                "row": action_row(each, today, seen=()),
                "due": due_words(each, today),
                "steps": action_steps(each, reader),
                "offered": of_actions[each.action.id],
            }
            for each in sorted(found.actions, key=lambda each: action_order(each, today))
        ],
        "overtaken": overtaken(asked, every),
    }
    return answered(request, viewpoint, "meetings/invitation.html", context, [each.form for each in every])


def _sheet(viewpoint: Viewpoint, found: InvitationStanding) -> str:
    """Where a partner reads the referral that stands for the person; empty for a police agency."""
    held = [each for each in sheets(viewpoint) if each.sheet.partner_id == viewpoint.viewer.agency]
    of_it = (each for each in held if each.sheet.referral_id == found.invitation.referral_id)
    sheet = next((each for each in of_it if each.state is not State.REVOKED), None)
    return reverse("partner-referral", args=[sheet.sheet.id]) if sheet else ""
