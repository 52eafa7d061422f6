"""Whose a concern is: the desk's until somebody named takes it on, one agency's until another accepts, nobody's once it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from crossline.access.models import AuditEvent
from crossline.access.people_actions import change_roles, end_access
from crossline.access.roles import Role
from crossline.access.viewer import reading
from crossline.errors import MoveNotAllowed, NotPermitted
from crossline.safeguarding.answering.acts import move_case
from crossline.safeguarding.answering.models import CaseReason, CaseStep, ConcernCase
from crossline.safeguarding.answering.moves import CaseState
from crossline.safeguarding.answering.standing import case_standing
from crossline.safeguarding.forgetting import forget_concerns
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising import raise_due

from ..conftest import TESTS

pytestmark = pytest.mark.django_db


def page_of(found: Any, who: Any = None) -> str:
    return found.browse(who or found.essex, f"/concerns/{found.child}").content.decode()


def test_somebody_named_takes_it_on_begins_and_ends_it_in_a_way_of_the_list(desk: Callable[[], Any]) -> None:
    found = desk()
    assert found.act(found.essex, "taken_on", person="essex.lead").status_code == 302
    assert "essex.lead" in page_of(found)
    assert found.act(found.essex, "in_hand").status_code == 302
    assert found.act(found.essex, "ended").status_code == 422  # without how
    assert found.act(found.essex, "ended", end="passed").status_code == 422  # without who accepted it
    assert found.act(found.essex, "ended", end="safeguarded", reason="Moved to an aunt.").status_code == 302
    assert [(step.state, step.owner_id, step.person, step.end) for step in found.steps] == [
        ("raised", "essex", "", ""),
        ("taken_on", "essex", "essex.lead", ""),
        ("in_hand", "essex", "essex.lead", ""),
        ("ended", "essex", "essex.lead", "safeguarded"),
    ]
    assert "Nobody any more: it ended with Essex Police" in page_of(found)
    moved = AuditEvent.objects.filter(event="concern_moved").order_by("at")
    assert [row.detail["state"] for row in moved] == ["taken_on", "in_hand", "ended"]


def test_an_offer_changes_nothing_of_who_owns_it_until_it_is_accepted(desk: Callable[[], Any]) -> None:
    found = desk()
    assert found.act(found.essex, "offered", offered="kent").status_code == 302
    assert (found.steps[-1].owner_id, found.steps[-1].offered) == ("essex", "kent")
    assert "The safeguarding desk of Essex Police" in page_of(found)
    assert found.act(found.kent, "declined").status_code == 302
    assert found.steps[-1].owner_id == "essex"
    found.act(found.essex, "offered", offered="kent")
    assert found.act(found.kent, "accepted", person="kent.lead").status_code == 302
    assert (found.steps[-1].owner_id, found.steps[-1].person, found.steps[-1].offered) == ("kent", "kent.lead", "")
    assert not any(form in page_of(found) for form in ("Take it on", "End it"))
    assert "kent.lead" in page_of(found, found.kent)


def test_the_centre_offers_on_what_nobody_takes_and_ends_nothing(desk: Callable[[], Any]) -> None:
    found = desk()
    page = page_of(found, found.centre)
    assert "Offer it to another agency" in page and "Take it on" not in page
    assert found.act(found.centre, "offered", offered="kent").status_code == 302
    with found.as_web(), reading(found.centre) as viewpoint, pytest.raises(MoveNotAllowed):
        move_case(case=found.case.id, state=CaseState.ENDED, stood=2, end="no_risk", reason="no", viewpoint=viewpoint)


def test_it_falls_to_the_desk_when_whoever_owns_it_goes_or_answers_there_no_more(
    desk: Callable[[], Any], builders: Any
) -> None:
    found = desk()
    builders.enrolled("essex.second", agency="essex", roles=[Role.SAFEGUARDING])
    found.act(found.essex, "taken_on", person="essex.second")
    assert found.act(found.essex, "in_hand").status_code == 302
    end_access(username="essex.second", reason="left", by=TESTS)
    assert "The safeguarding desk of Essex Police: essex.second, who had it, answers there no more" in page_of(found)
    with found.as_web(), reading(found.essex) as viewpoint:
        stands = case_standing(viewpoint, found.case.id)
        assert stands is not None and (stands.held.agency, stands.held.person) == ("essex", "")
        assert stands.due is not None and stands.due.what == "take it on"
        with pytest.raises(MoveNotAllowed, match="Nobody has taken this concern on"):
            move_case(
                case=found.case.id, state=CaseState.ENDED, stood=3, end="no_risk", reason="x", viewpoint=viewpoint
            )
    assert found.act(found.essex, "taken_on", person="essex.lead").status_code == 302
    change_roles(username="essex.lead", roles=[Role.ANALYST], by=TESTS)
    with found.as_web(), reading(found.kent) as viewpoint:
        stands = case_standing(viewpoint, found.case.id)
        assert stands is not None and stands.held.person == ""


def test_a_new_reason_opens_an_ended_case_again_and_the_same_raised_anew_does_not(
    desk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = desk()
    found.act(found.essex, "taken_on", person="essex.lead")
    found.act(found.essex, "ended", end="no_risk")
    forget_concerns([found.case.about.record_id])
    assert not Concern.objects.exists()
    raise_due()
    assert Concern.objects.exists() and found.steps[-1].state == "ended"
    Concern.objects.update(reason="child_in_supply_custody")
    Concern.objects.filter().update(sentence="Held.")
    raise_due(full=True)
    assert found.steps[-1].state == "reopened"
    assert (found.steps[-1].owner_id, found.steps[-1].person, found.steps[-1].by) == ("essex", "", "process:answering")
    assert ConcernCase.objects.count() == 1


def test_what_disposal_took_with_it_is_answered_for_anew(desk: Callable[[], Any]) -> None:
    found = desk()
    found.case.delete()
    assert Concern.objects.exists() and not ConcernCase.objects.exists()
    raise_due()
    assert found.steps[-1].state == "raised" and CaseReason.objects.filter(case=found.case).exists()


def test_of_two_at_once_one_is_told(desk: Callable[[], Any]) -> None:
    found = desk()
    said = {"case": found.case.id, "state": CaseState.TAKEN_ON, "person": "essex.lead", "reason": "mine"}
    with found.as_web(), reading(found.essex) as viewpoint:
        move_case(stood=1, viewpoint=viewpoint, **said)
        with pytest.raises(MoveNotAllowed, match="Somebody else moved"):
            move_case(stood=1, viewpoint=viewpoint, **said)


def test_whoever_has_no_part_in_it_moves_nothing(desk: Callable[[], Any], builders: Any) -> None:
    case = desk().case.id
    for name, agency, roles in (
        ("norfolk.lead", "norfolk", [Role.SAFEGUARDING]),
        ("essex.analyst", "essex", [Role.ANALYST]),
        ("kent.investigator", "kent", [Role.INVESTIGATOR]),
    ):
        who = builders.enrolled(name, agency=agency, roles=roles)
        with builders.seen_by(who) as viewpoint, pytest.raises(NotPermitted):
            move_case(case=case, state=CaseState.TAKEN_ON, stood=1, person=name, reason="x", viewpoint=viewpoint)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "in_hand", "person": "essex.lead"},  # nobody took it on
        {"state": "taken_on", "person": "kent.lead"},  # of another agency
        {"state": "taken_on", "person": "essex.analyst"},  # of no desk
        {"state": "taken_on", "person": "essex.lead", "owner_id": "kent"},
        {"state": "offered", "offered": "partner-quillhaven-childrens-services"},
        {"state": "offered", "offered": "essex"},
        {"state": "accepted", "person": "essex.lead"},
        {"state": "taken_on", "person": "essex.lead", "number": 3},
        {"state": "taken_on", "person": "essex.lead", "by_agency": "kent"},
        {"state": "taken_on", "person": "essex.lead", "at": timedelta(hours=-2)},
    ],
)
def test_the_database_lets_no_step_through_that_the_table_of_moves_does_not_know(
    desk: Callable[[], Any], builders: Any, change: dict[str, Any]
) -> None:
    found = desk()
    builders.enrolled("essex.analyst", agency="essex")
    step: dict[str, Any] = {"case": found.case, "number": 2, "owner_id": "essex", "reason": "x", "by": "essex.lead"}
    step |= {"by_agency": "essex", "audience_id": found.case.audience_id} | change
    step |= {"basis_audience_id": found.case.basis_audience_id}
    if "at" in step:
        step["at"] += timezone.now()
    with (
        found.as_web(),
        reading(found.essex),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        CaseStep(**step).save(force_insert=True)


def test_the_list_shows_who_answers_and_narrows_to_whose_it_is(desk: Callable[[], Any]) -> None:
    found = desk()

    def shown(who: Any, query: str) -> bool:
        answer = found.browse(who, f"/concerns?{query}")
        assert answer.status_code == 200
        return "Wren Abara-Quill" in answer.content.decode()

    assert shown(found.essex, "shown=desk") and shown(found.essex, "shown=free") and shown(found.essex, "force=essex")
    assert not shown(found.kent, "shown=desk") and not shown(found.essex, "shown=mine")
    assert not shown(found.essex, "force=kent") and not shown(found.essex, "shown=late")
    assert shown(found.essex, "reason=child_found_out_of_area") and not shown(found.essex, "reason=repeat_missing")
    CaseStep.objects.update(at=timezone.now() - timedelta(days=2))
    assert shown(found.essex, "shown=late") and shown(found.centre, "shown=late")
    found.act(found.essex, "taken_on", person="essex.lead")
    assert shown(found.essex, "shown=mine") and not shown(found.essex, "shown=desk")
    found.act(found.essex, "ended", end="known")
    assert not shown(found.essex, "shown=open") and shown(found.essex, "shown=ended")
