"""The pages of four eyes: what one asked for, and what others of the agency ask for."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.approvals import Act, Standing, State, decide, standing, standings, withdraw
from crossline.access.models import Approval
from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.vocabulary.agencies import agencies
from crossline.wording import with_capital

MOST: Final = 200
WORDS: Final = {
    State.ASKED: "Waiting for a second person",
    State.APPROVED: "Approved, not yet used",
    State.REFUSED: "Refused",
    State.WITHDRAWN: "Taken back",
    State.USED: "Used",
    State.EXPIRED: "Expired",
}


@page(purpose="four eyes")
def approvals(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What the viewer asked for, and what they may decide on: waiting ones first."""
    rows = [approval_row(each) for each in standings(viewpoint, most=MOST)]
    mine = [row for row in rows if row["asked_by"] == viewpoint.viewer.username]
    others = [row for row in rows if row["asked_by"] != viewpoint.viewer.username]
    others.sort(key=lambda row: not row["waiting"])
    context = {"mine": mine, "others": others, "decides": Role.INFORMATION_MANAGER in viewpoint.viewer.roles}
    return show(request, viewpoint, "access/approvals.html", context)


@page(purpose="four eyes")
def approval(request: HttpRequest, viewpoint: Viewpoint, approval: UUID) -> HttpResponse:
    """One request; the asker takes it back here and the second person decides."""
    problem = ""
    if request.method == "POST":
        try:
            _act(request, approval, viewpoint)
            return redirect("approval", approval)
        except UserError as error:
            problem = str(error)
    found = standing(approval, viewpoint)
    if found is None:
        raise Http404
    own = found.approval.asked_by_id == str(viewpoint.viewer.person_id)
    context = {
        "request_row": approval_row(found),
        "steps": [
            {"at": step.at, "by": step.by, "state": WORDS[State(step.state)], "note": step.note} for step in found.steps
        ],
        "own": own,
        "may_decide": not own and Role.INFORMATION_MANAGER in viewpoint.viewer.roles and found.state is State.ASKED,
        "may_withdraw": own and found.state in (State.ASKED, State.APPROVED),
        "approved": found.state is State.APPROVED,
        "leads_to": leads_to(found.approval),
        "is_of_a_record": found.approval.act == Act.RELEASE,
        "problem": problem,
    }
    return show(request, viewpoint, "access/approval.html", context, failed=problem)


def _act(request: HttpRequest, approval: UUID, viewpoint: Viewpoint) -> None:
    match request.POST.get("do", ""):
        case "approve" | "refuse" as word:
            decide(
                approval=approval, approved=word == "approve", note=request.POST.get("note", ""), viewpoint=viewpoint
            )
        case "withdraw":
            withdraw(approval=approval, viewpoint=viewpoint)
        case _:
            raise UserError("Choose what to do with the request.")


def leads_to(approval: Approval) -> tuple[str, str]:
    """Where what was asked for is done, once it is allowed: (what it is called, its address)."""
    match Act(approval.act):
        case Act.RELEASE:
            return "the record’s release", reverse("release", args=[approval.about.split()[1]])
        case Act.BULK_EXPORT | Act.UNMASK_VICTIMS:
            return "exports", reverse("exports")
        case Act.BULK_CHECK:
            return "deconfliction", reverse("deconfliction")


def about_in_words(approval: Approval) -> str:
    """What an approval is for, as people say it. Of a record its number alone: its own page says the rest to who may see it."""
    match Act(approval.act):
        case Act.RELEASE:
            _, record, _, to = approval.about.split()
            return f"Record {record[:8]} to {agencies()[to].name if to in agencies() else to}"
        case Act.BULK_EXPORT:
            return with_capital(approval.about)
        case Act.UNMASK_VICTIMS:
            return f"{with_capital(approval.about)}, with victims named"
        case Act.BULK_CHECK:
            return with_capital(approval.about)


def approval_row(found: Standing) -> dict[str, object]:
    """A request in a row."""
    return {
        "at": found.approval.at,
        "asked_by": found.approval.asked_by,
        "agency": found.approval.asked_agency,
        "act": Act(found.approval.act).meaning,
        "about": about_in_words(found.approval),
        "rows": found.approval.rows,
        "reason": found.approval.reason,
        "state": WORDS[found.state],
        "waiting": found.state is State.ASKED,
        "decided_by": found.decided_by or None,
        "href": reverse("approval", args=[found.approval.id]),
    }
