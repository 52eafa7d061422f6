"""What people do in the world of these tests about somebody who needs keeping safe: meetings, minutes, actions and plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from crossline.access.viewer import Viewer, reading
from crossline.records.models import Mention
from crossline.safeguarding.meetings.acting import give_action
from crossline.safeguarding.meetings.calling import answer_invitation, call_meeting, invite, move_meeting
from crossline.safeguarding.meetings.minuting import save_minutes, share_minutes
from crossline.safeguarding.meetings.parts import parts
from crossline.safeguarding.meetings.plan_parts import plan_parts, questions
from crossline.safeguarding.meetings.planning import (
    Journey,
    answer_ending,
    ask_to_end,
    enter_return,
    open_plan,
    save_outcome,
)
from crossline.safeguarding.meetings.states import Answer, MeetingState, ReturnState


def meet_about(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's safeguarding lead calls meetings about a person of its reports and invites another agency, which answers.
    One is put off; of the others there are minutes, given on, and an action. A plan is opened, carried out and ended by two."""
    other = {"kent": "essex", "essex": "kent"}[agency]
    lead, theirs = viewers[f"{agency}.safeguarding"], viewers[f"{other}.safeguarding"]
    for number in range(1 + often):
        with reading(lead) as viewpoint:
            own = viewpoint.visible(Mention.objects.filter(kind="person", owner=agency, record__handling="P"))
            own = own.filter(record__recordrestriction=None, record__recordreview=None)  # those stay in this world
            shared = own.filter(audience__labels__key="police")
            # All but the last are about somebody whom no other agency knows, and the centre neither.
            alone = own.exclude(audience__labels__key__in=["police", "centre"])
            about = (shared if number == often else alone).order_by("record__ref", "key")[0].id
            just = timezone.now() - timedelta(minutes=1)  # a meeting is called ahead; here it has begun, without a wait
            with patch("crossline.safeguarding.meetings.calling._check_ahead"):
                called = call_meeting(
                    about=about, purpose="Safety", starts_at=just, joining="Room 2", viewpoint=viewpoint
                )
            invited = invite(meeting=called.id, invited=other, bring="", viewpoint=viewpoint)
        with reading(theirs) as viewpoint:
            told = {"answer": Answer.COMES, "words": "", "stood": 1}
            answer_invitation(invitation=invited.id, viewpoint=viewpoint, **told)
        with reading(lead) as viewpoint:
            to = MeetingState.HELD if number else MeetingState.PUT_OFF
            move_meeting(meeting=called.id, to=to, words="No room.", stood=1, viewpoint=viewpoint)
            if number:
                said = dict.fromkeys(parts(), "x")
                written = {"attended": [agency], "said": said, "reason": "Written up.", "stood": 0}
                save_minutes(meeting=called.id, viewpoint=viewpoint, **written)
                share_minutes(meeting=called.id, invitation=invited.id, stood=1, viewpoint=viewpoint)
                whose = other if number == 1 else agency
                given = {"organisation": whose, "what": "Look there.", "due": timezone.localdate()}
                give_action(meeting=called.id, viewpoint=viewpoint, **given)
    with reading(lead) as viewpoint:
        due = timezone.localdate() + timedelta(days=7)
        said = dict.fromkeys(plan_parts(), "x")
        plan = open_plan(about=about, said=said, review_on=due, reason="At risk.", viewpoint=viewpoint).id
        for stood in range(often):
            home = Journey("Two officers", "By car", timezone.now(), "An aunt", "The desk")
            entry = {"to": ReturnState.PLANNED, "journey": home, "words": "", "stood": stood}
            enter_return(plan=plan, viewpoint=viewpoint, **entry)
        ask_to_end(plan=plan, words="Safe.", viewpoint=viewpoint)
    with reading(viewers[f"{agency}.analyst-safeguarding"]) as viewpoint:
        answer_ending(plan=plan, agreed=True, words="", viewpoint=viewpoint)
        answers = {question.id: question.values[0][0] for question in questions().values()}
        for stood in range(often):
            came = {"point": "end", "answers": answers, "words": "", "stood": stood}
            save_outcome(plan=plan, viewpoint=viewpoint, **came)
