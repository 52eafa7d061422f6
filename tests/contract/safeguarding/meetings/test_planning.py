"""A safety plan is reviewed, brings somebody home, is ended by two people, and says what came of it at three points in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crossline.access.models import AuditEvent
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Record
from crossline.safeguarding.meetings.models import SafetyPlan
from crossline.safeguarding.meetings.plan_pages import plans_of
from crossline.safeguarding.meetings.plan_parts import NOT_KNOWN, plan_parts, questions
from crossline.safeguarding.meetings.plan_standing import PlanStanding, plan_of
from crossline.safeguarding.meetings.planning import (
    Journey,
    answer_ending,
    ask_to_end,
    enter_return,
    open_plan,
    save_outcome,
    write_plan,
)
from crossline.safeguarding.meetings.states import PlanState, ReturnState

from .conftest import Room, tomorrow

SAID = {part: f"said-{part}" for part in plan_parts()}
ANSWERS = {question.id: question.values[0][0] for question in questions().values()}


def opened(room: Room, who: Viewer | None = None, *, about: UUID | None = None, **said: Any) -> UUID:
    told = {"said": SAID, "review_on": timezone.localdate() + timedelta(days=14), "reason": "At risk."} | said
    with room.case.builders.seen_by(who or room.case.lead) as viewpoint:
        return open_plan(about=about or room.case.mention(), viewpoint=viewpoint, **told).id


def plan(room: Room, which: UUID, who: Viewer | None = None) -> PlanStanding:
    with room.case.builders.seen_by(who or room.case.lead) as viewpoint:
        found = plan_of(viewpoint, which)
        assert found is not None
        return found


def act(room: Room, who: Viewer, does: Any, **said: Any) -> Any:
    with room.case.builders.seen_by(who) as viewpoint:
        return does(viewpoint=viewpoint, **said)


def age(room: Room, which: UUID, days: int) -> None:
    """Let a plan have been opened so many days ago."""
    with room.case.builders.role("none"):
        SafetyPlan.objects.filter(id=which).update(opened_at=timezone.now() - timedelta(days=days))


def test_a_plan_is_opened_once_for_a_person_and_reviewed(room: Room) -> None:
    which, lead = opened(room), room.case.lead
    with pytest.raises(MoveNotAllowed, match="a plan for this person already, PLAN-"):
        opened(room, about=room.case.mention("KENT/missing"))
    with pytest.raises(MoveNotAllowed, match="a plan for this person already"):
        opened(room, room.case.surrey)
    day = timezone.localdate() + timedelta(days=7)
    with pytest.raises(MoveNotAllowed, match="Somebody else"):
        act(room, lead, write_plan, plan=which, said=SAID, review_on=day, reason="r", stood=0)
    act(room, lead, write_plan, plan=which, said=SAID | {"home": "said-anew"}, review_on=day, reason="r", stood=1)
    found = plan(room, which)
    assert (found.text.number, found.text.review_on, found.text.parts["home"]) == (2, day, "said-anew")
    assert not found.is_late(day) and found.is_late(day + timedelta(days=1))
    events = AuditEvent.objects.filter(event="plan_saved").order_by("at")
    assert [(row.verb, row.detail["text"]) for row in events] == [("combination", 1), ("combination", 2)]


def test_what_a_plan_says_and_who_opens_it_is_checked(room: Room) -> None:
    today = timezone.localdate()
    for said, sentence in (
        ({"said": SAID | {"wants": " "}}, "What the child or adult wants"),
        ({"said": SAID | {"reprisal": ""}}, "risk of reprisal"),
        ({"review_on": today}, "within 28 days"),
        ({"review_on": today + timedelta(days=29)}, "within 28 days"),
        ({"reason": ""}, "Reason for saving"),
    ):
        with pytest.raises(UserError, match=sentence):
            opened(room, **said)
    with pytest.raises(NotPermitted, match="does not exist"):
        opened(room, about=uuid4())
    with pytest.raises(NotPermitted, match="opens a plan"):
        opened(room, room.case.analyst)
    which = opened(room)
    for who in (room.case.surrey, room.case.coordinator):
        with pytest.raises(NotPermitted, match="Only a safeguarding lead"):
            act(room, who, ask_to_end, plan=which, words="No.")


def test_a_plan_is_ended_by_two(room: Room) -> None:
    which, lead, manager = opened(room), room.case.lead, room.case.manager
    with pytest.raises(MoveNotAllowed, match="Nobody asks"):
        act(room, manager, answer_ending, plan=which, agreed=True, words="")
    act(room, lead, ask_to_end, plan=which, words="He is safe.")
    with pytest.raises(MoveNotAllowed, match="asked already"):
        act(room, manager, ask_to_end, plan=which, words="He is safe.")
    with pytest.raises(NotPermitted, match="Somebody else of your agency"):
        act(room, lead, answer_ending, plan=which, agreed=True, words="")
    found = plan(room, which)
    assert found.ending is not None
    own = "INSERT INTO meetings_endinganswer (ending_id, agreed, words, by, by_agency, at, audience_id) "
    with (
        room.case.builders.seen_by(lead),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        values = [found.ending.id, lead.username, lead.agency, found.plan.audience_id]
        cursor.execute(f"{own} VALUES (%s, true, '', %s, %s, now(), %s)", values)
    with pytest.raises(UserError, match="Why it goes on"):
        act(room, manager, answer_ending, plan=which, agreed=False, words="")
    act(room, manager, answer_ending, plan=which, agreed=False, words="He owes money.")
    assert plan(room, which).state is PlanState.RUNNING
    asked = room.case.browse(manager, f"/plans/{which}", {"do": "end", "words": "It is paid.", "stood": "1"})
    assert (
        asked.status_code == 302 and "Agree that it ends" not in room.case.browse(manager, asked.url).content.decode()
    )
    agreed = room.case.browse(lead, f"/plans/{which}", {"do": "agree", "words": "", "stood": "1"})
    assert agreed.status_code == 302 and plan(room, which).state is PlanState.ENDED
    with pytest.raises(MoveNotAllowed, match="has ended"):
        act(room, lead, write_plan, plan=which, said=SAID, review_on=tomorrow().date(), reason="r", stood=1)
    assert room.case.browse(lead, f"/plans/{which}/text").status_code == 404
    assert opened(room) != which, "and another can be opened"


def test_bringing_somebody_home_is_entered_step_by_step(room: Room) -> None:
    which, lead = opened(room), room.case.lead
    journey = Journey("Two officers of Kent.", "By car.", tomorrow(), "His aunt, at her door.", "The duty desk.")
    told = {"plan": which, "journey": journey, "words": ""}
    with pytest.raises(MoveNotAllowed, match="not planned yet"):
        act(room, lead, enter_return, to=ReturnState.DONE, stood=0, **told)
    with pytest.raises(UserError, match="Whom they are handed to"):
        nobody = Journey("Two officers.", "By car.", tomorrow(), " ", "The desk.")
        act(room, lead, enter_return, plan=which, to=ReturnState.PLANNED, stood=0, journey=nobody, words="")
    act(room, lead, enter_return, to=ReturnState.PLANNED, stood=0, **told)
    with pytest.raises(MoveNotAllowed, match="Somebody else"):
        act(room, lead, enter_return, to=ReturnState.UNDER_WAY, stood=0, **told)
    form = {
        "do": "return",
        "to": "under_way",
        "fetches": "Two officers of Kent.",
        "how": "By train, as the car broke down.",
        "starts_at": f"{timezone.localtime(tomorrow()):%Y-%m-%d %H:%M}",
        "handed_to": "His aunt.",
        "contact": "",
        "stood": "1",
    }
    silent = room.case.browse(lead, f"/plans/{which}", form)
    assert silent.status_code == 422 and "Contact on the way" in silent.content.decode()
    assert room.case.browse(lead, f"/plans/{which}", form | {"contact": "The duty desk."}).status_code == 302
    with pytest.raises(UserError, match="Why it was not done"):
        act(room, lead, enter_return, to=ReturnState.NOT_DONE, stood=2, **told)
    act(room, lead, enter_return, to=ReturnState.DONE, stood=2, **told)
    found = plan(room, which)
    assert [each.state for each in found.returns] == [
        "planned",
        "under_way",
        "done",
    ] and found.journey is ReturnState.DONE
    page = room.case.browse(lead, f"/plans/{which}").content.decode()
    assert (
        "By train" in page
        and "Handed over" in page
        and "Handed over" in room.case.browse(lead, "/plans").content.decode()
    )


def test_outcomes_are_asked_for_at_their_time_and_what_is_not_known_again(room: Room) -> None:
    which, lead, manager = opened(room), room.case.lead, room.case.manager
    told = {"plan": which, "point": "three-months", "words": "", "stood": 0}
    with pytest.raises(MoveNotAllowed, match="not yet time"):
        act(room, lead, save_outcome, answers=ANSWERS, **told)
    assert room.case.browse(lead, f"/plans/{which}/outcomes/three-months").status_code == 404
    age(room, which, 100)
    today = timezone.localdate()
    assert plan(room, which).asked(today) == ["three-months"]
    assert "Three months" in room.case.browse(lead, "/plans").content.decode()
    for answers in (ANSWERS | {"missing": "perhaps"}, {k: v for k, v in ANSWERS.items() if k != "nrm"}):
        with pytest.raises(UserError, match="not known is an answer"):
            act(room, lead, save_outcome, answers=answers, **told)
    act(room, lead, save_outcome, answers=ANSWERS | {"guardian": NOT_KNOWN}, **told)
    found = plan(room, which)
    assert found.asked(today) == [] and found.asked(today + timedelta(days=28)) == ["three-months"]
    with pytest.raises(MoveNotAllowed, match="Somebody else"):
        act(room, lead, save_outcome, answers=ANSWERS, **told)
    address = f"/plans/{which}/outcomes/three-months"
    assert "checked" in room.case.browse(lead, address).content.decode()
    assert room.case.browse(lead, address, ANSWERS | {"stood": "1", "words": ""}).status_code == 302
    assert plan(room, which).asked(today + timedelta(days=60)) == [], "all is known"
    age(room, which, 200)
    assert plan(room, which).asked(today) == ["six-months"]
    act(room, lead, ask_to_end, plan=which, words="He is safe.")
    act(room, manager, answer_ending, plan=which, agreed=True, words="")
    assert plan(room, which).asked(today) == ["six-months", "end"]
    act(room, lead, save_outcome, plan=which, point="end", answers=ANSWERS | {"violence": NOT_KNOWN}, words="", stood=0)
    page = room.case.browse(lead, f"/plans/{which}").content.decode()
    assert "asked again from" in page and "Violence against or by them" in page
    unknown = room.case.browse(lead, f"/plans/{which}/outcomes/never")
    counted = room.case.browse(lead, "/plans").content.decode()
    assert "Care status, as said, for statistics" in counted and "in care 1" in counted and "1 of 1" in counted
    assert unknown.status_code == 404


def test_the_pages_of_plans_and_who_reads_them(room: Room) -> None:
    about, lead = room.case.mention(), room.case.lead
    day = f"{timezone.localdate() + timedelta(days=7)}"
    form = {f"part-{part}": words for part, words in SAID.items()} | {"review_on": day, "reason": "At risk."}
    assert "No plan" in room.case.browse(lead, "/plans").content.decode()
    assert room.case.browse(lead, f"/plans/new/{about}").status_code == 200
    assert room.case.browse(lead, f"/plans/new/{about}", form | {"review_on": "soon"}).status_code == 422
    made = room.case.browse(lead, f"/plans/new/{about}", form)
    assert made.status_code == 302
    assert all(words in room.case.browse(room.case.surrey, made.url).content.decode() for words in SAID.values())
    assert "Review the plan" not in room.case.browse(room.case.surrey, made.url).content.decode()
    assert room.case.browse(room.case.analyst, made.url).status_code == 404
    assert made.url in room.case.browse(lead, f"/plans/new/{about}").content.decode(), "the one that there is"
    reviewed = room.case.browse(lead, f"{made.url}/text", form | {"stood": "1"})
    assert reviewed.status_code == 302
    with room.case.builders.seen_by(lead) as viewpoint:
        assert [row["href"] for row in plans_of(viewpoint, [about])] == [made.url]
    assert room.case.browse(lead, f"/plans/new/{uuid4()}").status_code == 404
    for partner in ("childrens_home", "health"):
        who = room.case.partners[partner]
        assert room.case.browse(who, made.url).status_code == 404
        with room.case.builders.seen_by(who), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM meetings_safetyplan) + (SELECT count(*) FROM meetings_planversion)"
            )
            assert cursor.fetchone() == (0,)


def test_a_plan_goes_with_the_record_that_it_is_about(room: Room) -> None:
    which, lead = opened(room), room.case.lead
    act(room, lead, ask_to_end, plan=which, words="He is safe.")
    act(room, room.case.manager, answer_ending, plan=which, agreed=True, words="")
    with room.case.builders.role("none"):
        Record.objects.get(id=room.case.record("KENT/1")).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM meetings_safetyplan) + (SELECT count(*) FROM meetings_planversion) "
                "+ (SELECT count(*) FROM meetings_planending) + (SELECT count(*) FROM meetings_endinganswer)"
            )
            assert cursor.fetchone() == (0,)
