"""The page of decoys: planting, agreeing, refusing and ending, and which of them were opened. For those who may know of them."""

from __future__ import annotations

from collections.abc import Mapping
from random import SystemRandom
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crossline.access.audit import Event
from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.decoys.drawing import draw, story_of
from crossline.records.decoys.planting import (
    LONGEST_REASON,
    MOVES,
    PURPOSE,
    Standing,
    State,
    agree,
    end,
    plant,
    reads,
    refuse,
    sponsors,
    standings,
)
from crossline.records.decoys.security import LONGEST_DAYS, WHO_AGREES

WORDS: Final = {
    State.WAITING: "Waiting for the second person",
    State.AGREED: "In force",
    State.REFUSED: "Refused",
    State.ENDED: "Ended",
    State.EXPIRED: "Run out",
}


class DecoyForm(forms.Form):
    """Why, for how long, and who is to agree. What the decoy says is drawn by chance."""

    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        help_text="The second person decides by it. Auditors of your agency read it, nobody else.",
    )
    days = forms.IntegerField(
        label="For how many days", min_value=1, max_value=LONGEST_DAYS, help_text=f"At most {LONGEST_DAYS}."
    )
    sponsor = forms.ChoiceField(label="Who is to agree")

    def __init__(self, asked: QueryDict | None, choices: list[tuple[str, str]]) -> None:
        super().__init__(asked)
        self.fields["sponsor"] = forms.ChoiceField(
            label="Who is to agree",
            choices=[("", "Choose somebody"), *choices],
            help_text="Another auditor or an information manager of your agency. They alone are told.",
        )


@page(purpose=PURPOSE, roles=WHO_AGREES, event=Event.DECOYS_READ)
def decoys(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The agency's decoys. For an information manager whom nobody asked to agree, the page does not exist."""
    viewer = viewpoint.viewer
    plants = Role.AUDITOR in viewer.roles
    if not plants and not standings(viewpoint):
        raise Http404
    choices = [(each.username, f"{each.name} ({each.username})") for each in sponsors(viewpoint)]
    act = request.POST.get("do", "") if request.method == "POST" else ""
    form = DecoyForm(request.POST if act == "plant" else None, choices)
    problem = ""
    try:
        if act == "plant" and form.is_valid():
            story = draw(viewer.agency, chance=SystemRandom(), now=timezone.now())
            plant(story=story, viewpoint=viewpoint, **form.cleaned_data)
            return redirect("decoys")
        if act and act != "plant":
            _decide(act, request, viewpoint)
            return redirect("decoys")
    except UserError as error:
        problem = str(error)
    rows = [_row(each, viewpoint) for each in standings(viewpoint)]
    _count_reads(rows, reads(viewpoint))
    context = {
        "rows": rows,
        "to_decide": [row for row in rows if row["decides"]],
        "to_end": [row for row in rows if row["ends"]],
        "form": form if plants else None,
        "problem": problem,
        "longest": LONGEST_REASON,
    }
    return show(request, viewpoint, "records/decoys.html", context, failed=problem or form.errors)


def _decide(act: str, request: HttpRequest, viewpoint: Viewpoint) -> None:
    """What the button that was pressed stands for."""
    try:
        decoy = UUID(request.POST.get("decoy", ""))
    except ValueError:
        raise UserError("Choose the decoy.") from None
    note = request.POST.get("note", "")
    if act == "agree":
        agree(decoy=decoy, viewpoint=viewpoint)
    elif act == "refuse":
        refuse(decoy=decoy, note=note, viewpoint=viewpoint)
    elif act == "end":
        end(decoy=decoy, note=note, viewpoint=viewpoint)
    else:
        raise UserError("The page is out of date; open it again.")


def _row(each: Standing, viewpoint: Viewpoint) -> dict[str, Any]:
    """A decoy in a row."""
    decoy, story = each.decoy, story_of(each.decoy.said)
    own = decoy.sponsor_id == str(viewpoint.viewer.person_id)
    return {
        "id": decoy.id,
        "ref": decoy.ref,
        "name": story.caption,
        "number": story.number,
        "text": story.text,
        "reason": decoy.reason,
        "days": decoy.days,
        "by": decoy.planted_by,
        "at": decoy.planted_at,
        "sponsor": decoy.sponsor,
        "state": WORDS[each.state],
        "until": each.until,
        "notes": "; ".join(step.note for step in each.steps if step.note),
        "decides": own and each.state is State.WAITING,
        "ends": State.ENDED in MOVES[each.state],
    }


def _count_reads(rows: list[dict[str, Any]], counted: Mapping[UUID, int]) -> None:
    """To each row how often the decoy was shown, and where to read by whom."""
    for row in rows:
        number = counted.get(row["id"], 0)
        row["reads"] = number
        row["reads_href"] = reverse("who-looked", args=[row["id"]]) if number else None
