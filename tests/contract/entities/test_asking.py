"""Asking who somebody is: whom a page shows, in what order, under whose eyes, and what the audit keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from crossline.access.models import AuditEvent, AuditSubject, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.engines.resolution import blocking
from crossline.entities import asking, match_keys
from crossline.entities.asking import Answer, Asked, who
from crossline.entities.clusters import THRESHOLD_BITS
from crossline.entities.comparing import compare
from crossline.entities.matching import match_people
from crossline.entities.models import Match
from crossline.errors import UserError
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.planting import agree, plant
from crossline.records.generation import advance
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

JADEN = {"forename": "Jaden", "surname": "Quillfeather", "dob": "2008-04-11", "aliases": ["Biscuit"]}
AS_BEFORE = {"forename": "Jayden", "surname": "Quillfeather", "dob": "2008-04-11"}
NAMESAKE = {"forename": "Jaden", "surname": "Quillfeather", "dob": "1961-10-02"}
STRANGER = {"forename": "Toby", "surname": "Winterbourne", "dob": "1990-01-02"}
ASKED = Asked(forename="Jaden", surname="Quillfeather", born="2008-04-11", sex="M")
SENT = {"forename": "Jaden", "surname": "Quillfeather", "born": "11/4/2008"}


@pytest.fixture
def mentions(db: None, builders: Any, tmp_path: Path, kept: Path) -> Mapping[str, UUID]:
    said = {"j1": JADEN, "j2": AS_BEFORE, "old": NAMESAKE, "stranger": STRANGER}
    reports = [builders.report(ref, mentions=[builders.person(**person)]) for ref, person in said.items()]
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    number = {"key": "t1", "kind": "phone", "number": builders.NUMBER}
    victim = {"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"}
    phone = {"from": "p1", "to": "t1", "type": "uses", "basis": "fact", "category": None}
    reports[1] |= {"mentions": [builders.person(**AS_BEFORE), line, number], "assertions": [victim, phone]}
    builders.sent(tmp_path / "k", kept, reports=reports)
    hidden = builders.report("hidden", audience=["essex"], mentions=[builders.person(**JADEN)])
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[hidden])
    match_people()
    return dict(Mention.objects.filter(kind="person").values_list("record__ref", "id"))


@pytest.fixture
def kent(mentions: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def essex(mentions: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("essex.analyst", agency="essex")


@pytest.fixture
def browse(as_web: Any) -> Any:
    """`browse(viewer, sent)`: the status and the page that a POST of it gives; without, those of the empty form."""

    def asked(viewer: Viewer, sent: Mapping[str, str] | None = None) -> tuple[int, str]:
        with as_web():
            client = Client()
            client.force_login(Person.objects.get(username=viewer.username))
            response = client.get("/people/who") if sent is None else client.post("/people/who", sent)
            return response.status_code, response.content.decode()

    return asked


def answer_to(builders: Any, viewer: Viewer, asked: Asked = ASKED) -> Answer:
    with builders.seen_by(viewer) as viewpoint:
        return who(viewpoint, asked)


def told(answer: Answer) -> list[tuple[str, float, int, bool]]:
    return [(each.mention.record.ref, each.weight_bits, each.mentions, each.is_victim) for each in answer.people]


def test_people_come_best_first_each_once_by_the_mention_most_like_it(kent: Viewer, builders: Any) -> None:
    found = answer_to(builders, kent)
    assert [each.mention.record.ref for each in found.people] == ["j1", "old"], "a person's two mentions are one row"
    assert [each.mentions for each in found.people] == [2, 1]
    assert found.people[0].weight_bits > found.people[1].weight_bits
    assert found.people[0].names == ("Jaden Quillfeather", "Jayden Quillfeather")


def test_a_weight_is_what_a_delivery_of_the_same_would_be_given(
    kent: Viewer, builders: Any, tmp_path: Path, kept: Path, mentions: Mapping[str, UUID]
) -> None:
    before = answer_to(builders, kent).people[0]
    asked = builders.report("asked", mentions=[builders.person(**JADEN | {"aliases": []})])
    builders.sent(tmp_path / "n", kept, ref="new", reports=[asked])
    match_people()
    ends = Mention.objects.in_bulk([mentions["j1"], Mention.objects.get(record__ref="asked", kind="person").id])
    with builders.seen_by(kent) as viewpoint:
        assert compare(viewpoint, *ends.values()) == before.explanation
    assert before.explanation.weight_bits == before.weight_bits


def test_whoever_sees_more_is_told_of_more_and_whoever_does_not_sees_no_trace_of_it(
    kent: Viewer, essex: Viewer, builders: Any, mentions: Mapping[str, UUID]
) -> None:
    seen = answer_to(builders, essex)
    assert [each.mentions for each in seen.people] == [3, 1]
    before = answer_to(builders, kent)
    assert [each.mentions for each in before.people] == [2, 1]
    Mention.objects.get(id=mentions["hidden"]).record.delete()
    advance()
    assert told(answer_to(builders, kent)) == told(before)


def test_a_hidden_bridge_makes_two_people_one_for_nobody_who_does_not_see_it(
    kent: Viewer, essex: Viewer, builders: Any, mentions: Mapping[str, UUID]
) -> None:
    before = told(answer_to(builders, kent))
    for end in ("j1", "stranger"):
        left, right = Mention.objects.filter(id__in=(mentions[end], mentions["hidden"])).order_by("id")
        audiences = {"left_audience": left.audience, "right_audience": right.audience}
        Match.objects.filter(left=left, right=right).delete()
        written = {"kind": "person", "weight": THRESHOLD_BITS + 30, "model_version": "tests", "explanation": []}
        Match.objects.create(left=left, right=right, **written, **audiences)
    Mention.objects.filter(record__ref="stranger").update(born="")  # or the two dates would keep them apart
    advance()
    assert told(answer_to(builders, kent)) == before
    assert [each.mentions for each in answer_to(builders, essex).people] == [4, 1]


def test_a_key_that_too_many_of_the_visible_share_tells_nothing_and_hidden_ones_do_not_count(
    kent: Viewer, essex: Viewer, builders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kent sees two of the name as written and Essex a third: where three are too many, Essex finds by its own key alone."""
    by_name = Asked(forename="Jaden", surname="Quillfeather")
    assert len(answer_to(builders, kent, by_name).people) == len(answer_to(builders, essex, by_name).people) == 2
    monkeypatch.setattr(match_keys, "KEY_LIMIT", 3)
    assert {each.mention.record.ref for each in answer_to(builders, kent, by_name).people} == {"j1", "old"}
    assert [each.mention.record.ref for each in answer_to(builders, essex, by_name).people] == ["hidden"]
    assert blocking.KEY_LIMIT == 2000


def test_a_victim_is_shown_as_one_first_and_not_where_they_can_be_reached(
    kent: Viewer, browse: Any, builders: Any
) -> None:
    assert answer_to(builders, kent).people[0].is_victim
    status, shown = browse(kent, SENT)
    assert status == 200
    assert shown.index("May be a victim of exploitation") < shown.index("bits:")
    assert shown.count("900123") == 1 and "such as 07700 900123" in shown.replace("For example", "such as")
    for words in ("2 people it may be", "Nothing is decided or written", "1 person in", "At random", "to one"):
        assert words in shown, words


def test_what_was_asked_and_which_records_were_shown_stand_in_the_audit_and_in_no_address(
    kent: Viewer, browse: Any, mentions: Mapping[str, UUID]
) -> None:
    browse(kent, SENT)
    event = AuditEvent.objects.get(actor="kent.analyst", event="searched")
    assert event.purpose == "asking who somebody is" and event.subject_kind == "who" and event.subject == ""
    asked = {"forename": "Jaden", "surname": "Quillfeather", "born": "2008-04-11", "shown": "2"}
    assert event.detail["asked"] == asked
    records = set(Mention.objects.filter(id__in=(mentions["j1"], mentions["old"])).values_list("record_id", flat=True))
    assert set(AuditSubject.objects.filter(event=event.id).values_list("record", flat=True)) == records


def test_an_address_cannot_say_that_something_else_was_asked(kent: Viewer, as_web: Any) -> None:
    with as_web():
        client = Client()
        client.force_login(Person.objects.get(username="kent.analyst"))
        drowned = "&".join(f"q{number}=1" for number in range(40))
        client.post(f"/people/who?surname=Nobody&{drowned}", SENT)
    assert AuditEvent.objects.get(event="searched").detail["asked"]["surname"] == "Quillfeather"


def test_asking_writes_nothing_but_the_audit(kent: Viewer, browse: Any, builders: Any) -> None:
    browse(kent)  # signing in writes a session
    before = builders.snapshot()
    browse(kent, SENT)
    changed = builders.changed(before)
    assert {table for table in changed if table.startswith(("entities_", "records_", "safeguarding_"))} == set()


def test_nobody_found_says_so_and_what_to_do(kent: Viewer, browse: Any) -> None:
    status, shown = browse(kent, {"forename": "Wilhelmina", "surname": "Throckmorton"})
    assert status == 200 and "Nobody that you may read about is like this" in shown
    assert "ask the coordination centre" in shown


def test_too_little_and_what_cannot_be_read_are_said_in_one_sentence(kent: Viewer, browse: Any) -> None:
    status, shown = browse(kent, {"forename": "Jaden"})
    assert status == 422 and "This is too little to look anybody up by." in shown
    status, shown = browse(kent, {"surname": "Quillfeather", "phones": "999"})
    assert status == 422 and "Telephone number “999” cannot be read" in shown
    status, shown = browse(kent, {})
    assert status == 422 and "Nothing was given" in shown


def test_before_anything_was_matched_nobody_can_be_asked_after(builders: Any) -> None:
    with (
        builders.seen_by(builders.enrolled("kent.analyst")) as viewpoint,
        pytest.raises(UserError, match="next daily round"),
    ):
        who(viewpoint, ASKED)


def test_there_are_more_than_are_shown(kent: Viewer, builders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_PEOPLE", 1)
    found = answer_to(builders, kent)
    assert [each.mention.record.ref for each in found.people] == ["j1"] and found.more
    monkeypatch.setattr(asking, "LEAST_BITS", 60.0)
    nobody = answer_to(builders, kent)
    assert list(nobody.people) == [] and nobody.less and not nobody.more


def test_rounds_bring_the_people_that_one_round_would_leave_out(
    kent: Viewer, builders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told(answer_to(builders, kent))
    monkeypatch.setattr(asking, "_A_ROUND", 1)
    assert told(answer_to(builders, kent)) == whole


def test_a_decoy_is_found_and_weighed_like_a_record_by_its_agencys_people_alone(
    kent: Viewer, essex: Viewer, builders: Any, browse: Any
) -> None:
    now = timezone.now()
    story = Story(
        ref="KENT/2026/decoy",
        made_at=now - timedelta(days=9),
        occurred_at=now - timedelta(days=10),
        source_grade="1",
        information_grade="A",
        conditions="A1 S2",
        subject="Stop and search",
        text="Seen on the pier.",
        forename="Ottoline",
        surname="Marchbanks",
        born="1996-04-11",
        sex="F",
        number="07700 900777",
    )
    planter = builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    sponsor = builders.enrolled("kent.sponsor", roles=[Role.AUDITOR])
    with builders.seen_by(planter) as viewpoint:
        made = plant(story=story, days=9, reason="Leaks.", sponsor=sponsor.username, viewpoint=viewpoint).id
    asked = Asked(forename="Ottoline", surname="Marchbanks", born="1996-04-11")
    assert list(answer_to(builders, kent, asked).people) == [], "before it is agreed on"
    with builders.seen_by(sponsor) as viewpoint:
        agree(decoy=made, viewpoint=viewpoint)
    [found] = answer_to(builders, kent, asked).people
    assert (found.mention.record.ref, found.mentions, found.weight_bits > 0) == ("KENT/2026/decoy", 1, True)
    assert list(answer_to(builders, essex, asked).people) == []
    status, shown = browse(kent, {"forename": "Ottoline", "surname": "Marchbanks", "born": "1996"})
    assert status == 200 and f"/people/{found.person}" in shown
    assert AuditSubject.objects.filter(record=found.mention.record_id, owner_agency="kent").count() == 1
