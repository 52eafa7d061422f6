"""What a page of a meeting or of an invitation offers to do: each act with its button and its form, and doing one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from crossline.access.models import Agency
from crossline.access.pages import show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.safeguarding.meetings.acting import action_moves, give_action, move_action
from crossline.safeguarding.meetings.calling import answer_invitation, invitable, invite, may_answer, move_meeting
from crossline.safeguarding.meetings.forms import (
    ACTION_WORDS,
    ANSWER_WORDS,
    MOVE_WORDS,
    ActionForm,
    CallForm,
    InviteForm,
)
from crossline.safeguarding.meetings.minuting import could_attend
from crossline.safeguarding.meetings.standing import ActionStanding, InvitationStanding, MeetingStanding
from crossline.safeguarding.meetings.states import MEETING_MOVES, ActionState, Answer, MeetingState
from crossline.safeguarding.referrals.forms import WordsForm


@dataclass(frozen=True)
class Offered:
    """Something that can be done: by which word of the form, with which button, and the act with what the form says."""

    do: str
    button: str
    form: forms.Form
    act: Callable[[dict[str, Any]], object]


def offered_moves(found: MeetingStanding, asked: QueryDict | None) -> list[Offered]:
    """What can become of a meeting. That it was held cannot be said before it begins."""
    made: list[Offered] = []
    for to in MEETING_MOVES[found.state]:
        if to is MeetingState.HELD and found.starts_at > timezone.now():
            continue
        given = _given(asked, str(to))
        form: forms.Form = CallForm(given, purpose=False, stood=found.stood)
        button = "Call it anew"
        if to is not MeetingState.CALLED:
            button, label = MOVE_WORDS[to]
            form = WordsForm(label, given, stood=found.stood, named=str(to))
        made.append(Offered(str(to), button, form, partial(_move, found, to)))
    return made


def offered_additions(found: MeetingStanding, asked: QueryDict | None) -> list[Offered]:
    """Inviting while it is called, and actions once it was held."""
    if found.state is MeetingState.CALLED:
        choices = [(agency.id, agency.name) for agency, _ in invitable(found.viewpoint, found)]
        form: forms.Form = InviteForm(choices, _given(asked, "invite"))
        return [Offered("invite", "Invite an organisation", form, partial(_invite, found))]
    if found.state is MeetingState.HELD:
        form = ActionForm(organisations_of(found), _given(asked, "action"))
        return [Offered("action", "Give an action", form, partial(_give, found))]
    return []


def offered_of_action(viewpoint: Viewpoint, found: ActionStanding, asked: QueryDict | None) -> list[Offered]:
    """What the viewer can make of an action, on the page of the meeting and on that of the invitation."""
    made: list[Offered] = []
    for to in action_moves(viewpoint, found):
        button, label = ACTION_WORDS[to]
        do = f"{to}-{found.action.id}"
        form = WordsForm(label, _given(asked, do), stood=found.stood, named=do)
        made.append(Offered(do, button, form, partial(_move_action, viewpoint, found, to)))
    return made


def offered_answers(viewpoint: Viewpoint, found: InvitationStanding, asked: QueryDict | None) -> list[Offered]:
    """What the viewer can answer to an invitation."""
    if found.state is not MeetingState.CALLED or not may_answer(viewpoint, found.invitation.invited_id):
        return []
    made: list[Offered] = []
    for answer in Answer:
        button, label = ANSWER_WORDS[answer]
        form = WordsForm(label, _given(asked, str(answer)), stood=found.stood, named=str(answer))
        made.append(Offered(str(answer), button, form, partial(_answer, viewpoint, found, answer)))
    return made


def done(asked: QueryDict | None, offered: Sequence[Offered]) -> bool:
    """Do what was asked for, if it is offered and can be done; what is wrong stands in its form."""
    for each in offered:
        if asked is not None and asked.get("do") == each.do and each.form.is_valid():
            try:
                each.act(each.form.cleaned_data)
            except UserError as error:
                each.form.add_error("words" if "words" in each.form.fields else None, str(error))
            else:
                return True
    return False


def overtaken(asked: QueryDict | None, offered: Sequence[Offered]) -> bool:
    """Whether something was asked for that can no longer be done."""
    return asked is not None and asked.get("do") not in {each.do for each in offered}


def answered(
    request: HttpRequest, viewpoint: Viewpoint, template: str, context: dict[str, Any], asked: Sequence[forms.Form]
) -> HttpResponse:
    """A page with its forms; where one of them is not right, or what was asked for is gone, with the status that says so."""
    failed = any(form.errors for form in asked) or context.get("overtaken")
    return show(request, viewpoint, template, context, failed=failed)


def organisations_of(found: MeetingStanding) -> list[tuple[str, str]]:
    """Whoever called a meeting and whoever is invited, as choices."""
    rows = Agency.objects.filter(id__in=could_attend(found)).order_by("name", "id")
    return list(rows.values_list("id", "name"))


def _given(asked: QueryDict | None, do: str) -> QueryDict | None:
    return asked if asked is not None and asked.get("do") == do else None


def _invite(found: MeetingStanding, said: dict[str, Any]) -> None:
    invite(meeting=found.meeting.id, invited=said["invited"], bring=said["bring"], viewpoint=found.viewpoint)


def _give(found: MeetingStanding, said: dict[str, Any]) -> None:
    given = {name: said[name] for name in ("organisation", "what", "due")}
    give_action(meeting=found.meeting.id, viewpoint=found.viewpoint, **given)


def _move(found: MeetingStanding, to: MeetingState, said: dict[str, Any]) -> None:
    more = {name: said[name] for name in ("starts_at", "joining") if name in said}
    words, stood = said.get("words", ""), said["stood"] or 0
    move_meeting(meeting=found.meeting.id, to=to, words=words, stood=stood, viewpoint=found.viewpoint, **more)


def _move_action(viewpoint: Viewpoint, found: ActionStanding, to: ActionState, said: dict[str, Any]) -> None:
    move_action(action=found.action.id, to=to, words=said["words"], stood=said["stood"], viewpoint=viewpoint)


def _answer(viewpoint: Viewpoint, found: InvitationStanding, answer: Answer, said: dict[str, Any]) -> None:
    told = {"words": said["words"], "stood": said["stood"]}
    answer_invitation(invitation=found.invitation.id, answer=answer, viewpoint=viewpoint, **told)
