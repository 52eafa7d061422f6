"""A child is screened with one form, by what was seen; not knowing asks somebody, silence lowers nothing, floors take two."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from crossline.access.models import AuditEvent
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.models import (
    InformationAnswer,
    InformationNeeded,
    LocalResult,
    Screening,
    SignOff,
    Stage,
)
from crossline.safeguarding.screening.reckoning import NOT_KNOWN, Answer, Stands
from crossline.safeguarding.screening.saving import answer_needed, enter_local_result, sign_off
from crossline.safeguarding.screening.standing import Asking, all_screenings, needed_of, screenings_of
from crossline.vocabulary.codes import Tristate

from .conftest import NOTHING_SEEN, SEEN, Screens


def posted(**said: str) -> dict[str, Any]:
    """The form as a browser sends it, with every question answered no."""
    answers = {f"said-{each.id}": "no" for each in newest().questions}
    asked = {f"asked-{each.id}": "essex" for each in newest().domains}
    whole = {"stage": "first", "age": "15", "judgement": "As seen.", "stood": "0", "judged": ""}
    return answers | asked | whole | said


def test_a_child_is_screened_on_the_page_and_every_answer_is_read_there(screens: Screens) -> None:
    assert (
        "Screen for the first time" in screens.browse(screens.lead, f"/screenings/of/{screens.child}").content.decode()
    )
    said = {
        "said-weapons": "yes",
        "level-weapons": "3",
        "evidence-weapons": "A knife found on 2 March.",
        "said-debt": "",
    }
    answer = screens.browse(screens.lead, f"/screenings/new/{screens.child}", posted(**said))
    assert answer.status_code == 302
    row = Screening.objects.get()
    assert (row.form_version, row.owner_id, row.stage) == (1, "kent", "first")
    assert set(row.audience.fingerprint.split()) == {"agency:kent", "centre", "safeguarding"}
    text = screens.browse(screens.lead, answer.headers["Location"]).content.decode()
    assert "A knife found on 2 March." in text and "3; up to 6 with what is not known" in text
    assert "version 1" in text and "Medium" in text and "First screening of Jaden Okonkwo-Tamm" in text
    needed = InformationNeeded.objects.get()
    assert (needed.question, needed.asked_of_id) == ("debt", "essex")
    assert needed.due == row.at + timedelta(days=10)
    for who in (screens.lead, screens.essex, screens.centre, screens.analyst):
        assert screens.browse(who, f"/screenings/{row.id}/print").status_code == 200, who.username
        assert "Do they owe somebody" in screens.browse(who, "/screenings").content.decode()
    assert "Do they owe somebody" in screens.browse(screens.essex, "/screenings?of=us").content.decode()
    assert "Do they owe somebody" not in screens.browse(screens.lead, "/screenings?of=us").content.decode()
    assert AuditEvent.objects.filter(event="person_screened", actor="kent.lead").count() == 1
    auditor = screens.builders.enrolled("kent.auditor", roles=["auditor"])
    assert "kent.lead" in screens.browse(auditor, "/audit/desk").content.decode()


def test_a_yes_needs_its_evidence_and_what_is_not_known_somebody_to_ask(screens: Screens) -> None:
    for answers, more, words in (
        ({"weapons": Answer(Tristate.YES, 3)}, {}, "needs its level"),
        ({"weapons": Answer(Tristate.YES, 0, "Seen.")}, {}, "needs its level"),
        ({"weapons": Answer(Tristate.YES, 4, "Seen.")}, {}, "needs its level"),
        ({"weapons": Answer(Tristate.NO, 2)}, {}, "Only a yes has a level"),
        ({"weapons": NOT_KNOWN}, {"asked": {}}, "Peers and others: choose the agency"),
        ({"weapons": NOT_KNOWN}, {"asked": {"peers": "nowhere"}}, "choose the agency"),
        ({}, {"judgement": " "}, "Your judgement, in words"),
        ({}, {"age": 130}, "Give the age"),
        ({}, {"judged": "worst"}, "Choose the judgement"),
    ):
        with pytest.raises(UserError, match=words):
            screens.screen(answers=answers, **more)
    assert not Screening.objects.exists() and not InformationNeeded.objects.exists()
    answer = screens.browse(screens.lead, f"/screenings/new/{screens.child}", posted(**{"said-weapons": "yes"}))
    assert answer.status_code == 422 and "needs its level" in answer.content.decode()


def test_lowering_needs_a_ground_and_silence_is_none(screens: Screens) -> None:
    seen = {each.id: SEEN for each in newest().questions[5:13]}
    for grounds, words in (
        ((), "Choose the grounds"),
        (("not_disclosed",), "never a ground"),
        (("explained", "pattern"), "never"),
    ):
        with pytest.raises(UserError, match=words):
            screens.screen(answers=seen, judged="low", grounds=grounds)
    row = screens.screen(answers=seen, judged="low", grounds=("explained",))
    found = screens.found(row.id)
    assert found is not None and found.outcome == ("low", Stands.LOWERED), "above every floor one person may"
    assert found.reckoned.band == "medium", "and the band by the answers is shown beside it"


def test_below_a_floor_a_second_person_signs_off_and_until_then_it_does_not_stand(screens: Screens) -> None:
    young = screens.person("KENT/young", forename="Sol", surname="Marsh-Quill", dob="2015-06-07")
    row = screens.screen(about=young, age=11, judged="low", grounds=("ended",))
    assert screens.found(row.id).outcome == ("medium", Stands.WAITS)
    said = {"screening": row.id, "agreed": True, "reason": "I spoke with the school too."}
    for who, words in (
        (screens.lead, "ask a second person"),
        (screens.essex, "of the agency that screened"),
        (screens.analyst, "lead"),
    ):
        with screens.builders.seen_by(who) as viewpoint, pytest.raises(NotPermitted, match=words):
            sign_off(viewpoint=viewpoint, **said)
    signed = {"screening": row, "agreed": True, "reason": "x", "audience_id": row.audience_id, "at": timezone.now()}
    for who in (screens.lead, screens.essex, screens.analyst):
        own = SignOff(by=who.username, by_agency=who.agency, **signed)
        with screens.builders.seen_by(who), pytest.raises(DatabaseError), transaction.atomic():
            own.save(force_insert=True)
    page = f"/screenings/{row.id}"
    assert 'value="sign-off"' not in screens.browse(screens.lead, page).content.decode()
    assert 'value="sign-off"' in screens.browse(screens.second, page).content.decode()
    answer = screens.browse(
        screens.second, page, {"do": "sign-off", "agreed": "yes", "reason": "I spoke with the school too."}
    )
    assert answer.status_code == 302 and screens.found(row.id).outcome == ("low", Stands.SIGNED)
    with screens.builders.seen_by(screens.centre) as viewpoint, pytest.raises(MoveNotAllowed, match="waits"):
        sign_off(viewpoint=viewpoint, **said)
    again = screens.screen(about=young, stood=1, age=11, judged="low", grounds=("ended",))
    with screens.builders.seen_by(screens.centre) as viewpoint:
        sign_off(screening=again.id, agreed=False, reason="Too soon.", viewpoint=viewpoint)
    assert screens.found(again.id).outcome == ("medium", Stands.REFUSED)


def test_no_age_is_entered_past_a_floor(screens: Screens) -> None:
    young = screens.person("KENT/young", forename="Sol", surname="Marsh-Quill", dob="2015-06-07")
    assert screens.found(screens.screen(about=young, age=16).id).reckoned.floors[0].id == "under_13"
    nobody = screens.person("KENT/ageless", forename="Ash", surname="Tarn-Vellum", dob=None)
    row = screens.screen(about=nobody, age=None)
    assert [each.id for each in screens.found(row.id).reckoned.floors] == ["age_not_known"]
    answers = {"learning_disability": NOT_KNOWN, "debt": SEEN}
    assert [each.id for each in screens.found(screens.screen(answers=answers).id).reckoned.floors] == [
        "learning_disability"
    ]


def test_what_was_asked_has_a_clock_is_answered_by_whoever_is_asked_and_taken_up_by_a_review(screens: Screens) -> None:
    row = screens.screen(answers={"debt": NOT_KNOWN, "weapons": NOT_KNOWN})
    debt, weapons = InformationNeeded.objects.order_by("question")
    for who, words in (
        (screens.analyst, "safeguarding lead"),
        (screens.builders.enrolled("norfolk.lead", agency="norfolk", roles=["safeguarding"]), "that is asked"),
    ):
        with screens.builders.seen_by(who) as viewpoint, pytest.raises(NotPermitted, match=words):
            answer_needed(needed=debt.id, said=Tristate.YES, text="They owe.", viewpoint=viewpoint)
        mine = InformationAnswer(
            needed=debt, said="yes", text="x", by=who.username, by_agency=who.agency, audience_id=debt.audience_id
        )
        with screens.builders.seen_by(who), pytest.raises(DatabaseError), transaction.atomic():
            mine.save(force_insert=True)
    said = {"do": str(debt.id), f"{debt.id}-said": "yes", f"{debt.id}-text": "They owe forty pounds."}
    assert screens.browse(screens.essex, f"/screenings/{row.id}", said).status_code == 302
    with screens.builders.seen_by(screens.centre) as viewpoint, pytest.raises(MoveNotAllowed, match="answered already"):
        answer_needed(needed=debt.id, said=Tristate.NO, text="No.", viewpoint=viewpoint)
    assert screens.found(row.id).reckoned.least == 0, "an answer changes no screening"
    form = screens.browse(screens.lead, f"/screenings/new/{screens.child}").content.decode()
    assert re.search(r"answered yes: They owe forty pounds\.", form)
    InformationNeeded.objects.filter(id=weapons.id).update(due=timezone.now() - timedelta(hours=1))
    states = lambda: screens_states(screens)  # noqa: E731  # asked twice
    assert states() == {"debt": [Asking.ANSWERED], "weapons": [Asking.LATE]}
    screens.screen(answers={"debt": SEEN, "weapons": NOT_KNOWN}, stood=1)
    assert states() == {"debt": [Asking.ANSWERED], "weapons": [Asking.LATE]}, "nobody is asked twice while it is open"
    screens.screen(answers={"debt": SEEN}, stood=2)
    assert states()["weapons"] == [Asking.OVERTAKEN]
    assert "carry or want" not in screens.browse(screens.essex, "/screenings").content.decode()


def screens_states(screens: Screens) -> dict[str, list[Asking]]:
    with screens.builders.seen_by(screens.lead) as viewpoint:
        found: dict[str, list[Asking]] = {}
        for each in needed_of(viewpoint, all_screenings(viewpoint, [screens.child])):
            found.setdefault(each.row.question, []).append(each.state)
        return found


def test_reviews_follow_and_say_where_it_goes(screens: Screens) -> None:
    strong = Answer(Tristate.YES, 3, "Seen.")
    first = screens.screen(answers={"weapons": SEEN})
    with pytest.raises(MoveNotAllowed, match="next screening is one of: review, final"):
        screens.screen(stood=1, stage=Stage.FIRST)
    with pytest.raises(MoveNotAllowed, match="Somebody else screened"):
        screens.screen(stood=0)
    screens.screen(screens.essex, answers={"weapons": strong}, stood=1)
    unknown = screens.screen(answers=dict.fromkeys(NOTHING_SEEN, NOT_KNOWN), stood=2)
    last = screens.screen(stood=3, stage=Stage.FINAL)
    with screens.builders.seen_by(screens.lead) as viewpoint:
        shown = all_screenings(viewpoint, [screens.child])
        rows = screenings_of(viewpoint, [screens.child])
    assert [each.outcome[0] for each in shown] == ["low", "medium", "medium", "low"]
    assert [each.direction for each in shown] == ["First that you see", "Up", "Same band, same score", "Down"]
    assert shown[2].row.id == unknown.id and shown[2].reckoned.carried == {"weapons": 3}
    assert [row["href"] for row in rows][::3] == [f"/screenings/{last.id}", f"/screenings/{first.id}"]
    with screens.builders.seen_by(screens.analyst) as viewpoint:
        seen = all_screenings(viewpoint, [screens.child])
        assert [each.row.owner_id for each in seen] == ["kent", "kent", "kent"], (
            "another force's is for its leads and ours"
        )
        assert seen[1].reckoned.carried == {"weapons": 2}, "what one does not see is not carried"
    text = screens.browse(screens.lead, f"/screenings/of/{screens.child}").content.decode()
    assert text.index("Final") < text.index("Review") and "Same band, same score" in text


def test_a_local_tools_result_is_kept_as_said_with_what_it_leaves_unasked(screens: Screens) -> None:
    page = f"/screenings/of/{screens.child}"
    said = {"tool": "merseyside_cce", "result": "22", "made_by": "Worker Q of the county council", "day": "2/3/2026"}
    assert screens.browse(screens.lead, page, said | {"text": "Said to be improving."}).status_code == 302
    text = screens.browse(screens.essex, page).content.decode()
    for words in ("22 (Medium)", "Said to be improving.", "Worker Q of the county council", "16 of 26 questions"):
        assert words in text, words
    row = LocalResult.objects.get()
    assert row.result == "22" and set(row.audience.fingerprint.split()) == {"agency:kent", "centre", "safeguarding"}
    for wrong in (
        {"result": "99"},
        {"tool": "initial_screening"},
        {"day": f"{timezone.localdate() + timedelta(days=2):%d/%m/%Y}"},
    ):
        assert screens.browse(screens.lead, page, said | wrong).status_code == 422, wrong
    assert screens.browse(screens.analyst, page, said).status_code == 200 and LocalResult.objects.count() == 1
    entered = {"tool": "plymouth", "result": "Level 2", "made_by": "Worker Q", "day": timezone.localdate(), "text": ""}
    with screens.builders.seen_by(screens.analyst) as viewpoint, pytest.raises(NotPermitted):
        enter_local_result(about=screens.child, viewpoint=viewpoint, **entered)


def test_what_is_hidden_is_answered_like_what_is_absent(screens: Screens) -> None:
    row = screens.screen()
    own = screens.builders.report("KENT/own", audience=["kent"], mentions=[screens.builders.person(surname="Vale")])
    screens.builders.sent(screens.folder / "own", screens.kept, ref="own", reports=[own])
    hidden = type(row).about.field.related_model.objects.get(record__ref="KENT/own").id
    on_hidden = screens.screen(about=hidden)
    outside = screens.builders.enrolled("norfolk.analyst", agency="norfolk")
    for who, addresses in (
        (outside, (f"/screenings/{row.id}", f"/screenings/{row.id}/print")),
        (screens.essex, (f"/screenings/{on_hidden.id}", f"/screenings/of/{hidden}", f"/screenings/new/{hidden}")),
        (screens.essex, (f"/screenings/{uuid4()}", f"/screenings/of/{uuid4()}", f"/screenings/new/{uuid4()}")),
        (screens.analyst, (f"/screenings/new/{screens.child}",)),
    ):
        for address in addresses:
            assert screens.browse(who, address).status_code == 404, (who.username, address)
    with screens.builders.seen_by(screens.essex) as viewpoint:
        assert Screening.objects.count() == 1, (
            "the audience holds safeguarding leads, and the mention is hidden from them"
        )
        assert screenings_of(viewpoint, [hidden]) == []
        with pytest.raises(NotPermitted, match="does not exist"):
            sign_off(screening=on_hidden.id, agreed=True, reason="x", viewpoint=viewpoint)
    with pytest.raises(NotPermitted, match="does not exist"):
        screens.screen(screens.essex, about=hidden)
    mine = Screening(
        about_id=hidden,
        owner_id="essex",
        stage="first",
        form_version=1,
        answers={},
        judgement="x",
        by="essex.lead",
        by_agency="essex",
    )
    with screens.builders.seen_by(screens.essex), pytest.raises(DatabaseError), transaction.atomic():
        mine.save(force_insert=True)
