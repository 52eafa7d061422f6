"""The pages of the review of matches: the queue and its order, two mentions side by side, answers, proposals, conflicts, undo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.clusters import people
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Verdict, Withdrawal
from crossline.entities.reviewing import queue
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

# One person in three records, a fourth that would be theirs but for the sex, their mother, and a stranger.
JADEN = {"forename": "Jaden", "surname": "Quillfeather", "dob": "2008-04-11"}
MAYBE = {"forename": "J", "surname": "Quillfeather", "dob": "2008", "sex": "F"}
MOTHER = {"forename": "Wilhelmina", "surname": "Quillfeather", "dob": "1971-03-09", "sex": "F"}
STRANGER = {"forename": "Toby", "surname": "Winterbourne", "dob": "1990-01-02"}


@pytest.fixture
def mentions(db: None, builders: Any, tmp_path: Path, kept: Path) -> Mapping[str, UUID]:
    said = {"j1": JADEN, "j2": JADEN, "j3": JADEN, "maybe": MAYBE, "mother": MOTHER, "stranger": STRANGER}
    victim = {"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"}
    phone = {"from": "p1", "to": "t1", "type": "uses", "basis": "fact", "category": None}
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    number = {"key": "t1", "kind": "phone", "number": builders.NUMBER}
    reports = [builders.report(ref, mentions=[builders.person(**who)]) for ref, who in said.items()]
    reports[0] |= {"mentions": [builders.person(**JADEN), line, number], "assertions": [victim, phone]}
    builders.sent(tmp_path / "k", kept, reports=reports)
    hidden = builders.report("hidden", audience=["essex"], mentions=[builders.person(**MAYBE)])
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[hidden])
    match_people()
    rows = Mention.objects.filter(kind="person").values_list("record__ref", "id")
    return dict(rows)


@pytest.fixture
def kent(mentions: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def centre(mentions: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("centre.analyst", agency="nclcc")


@pytest.fixture
def browse(as_web: Any) -> Any:
    """`browse(viewer, address)` and, with what is sent, a POST: the status, the page, and where it leads."""

    def asked(who: Viewer, address: str, said: Mapping[str, Any] | None = None) -> tuple[int, str, str]:
        with as_web():
            client = Client()
            client.force_login(Person.objects.get(username=who.username))
            response = client.get(address) if said is None else client.post(address, said)
            return response.status_code, response.content.decode(), response.headers.get("Location", "")

    return asked


def address(mentions: Mapping[str, UUID], left: str, right: str) -> str:
    return f"/matches/{mentions[left]}/{mentions[right]}"


def asked_of(builders: Any, viewer: Viewer) -> list[set[str]]:
    """The pairs of a viewer's queue by the refs of their records."""
    with builders.seen_by(viewer) as viewpoint:
        return [{each.left.record.ref, each.right.record.ref} for each in queue(viewpoint)]


def test_the_queue_asks_first_where_most_would_change_and_of_two_people_one_pair(
    mentions: Mapping[str, UUID], kent: Viewer, builders: Any
) -> None:
    with builders.seen_by(kent) as viewpoint:
        found = queue(viewpoint)
        assert people(viewpoint).of(str(mentions["j1"])) == people(viewpoint).of(str(mentions["j3"]))
    values = [each.question.value for each in found]
    assert values == sorted(values, reverse=True)
    between = [each for each in asked_of(builders, kent) if "maybe" in each]
    assert len(between) == 1, "three pairs weigh alike, and one is asked"
    assert not any("hidden" in each for each in asked_of(builders, kent))


def test_two_mentions_side_by_side_with_the_victim_first_and_without_where_they_can_be_reached(
    mentions: Mapping[str, UUID], kent: Viewer, browse: Any
) -> None:
    status, shown, _ = browse(kent, address(mentions, "j1", "j2"))
    assert status == 200
    assert shown.index("may be a victim of exploitation") < shown.index("Side by side")
    assert "Telephone number, not shown" in shown and "900123" not in shown
    for words in ("Why they are one person now", "One person now", "times more likely", "Your word is a proposal"):
        assert words in shown, words


def test_a_pair_that_no_match_holds_says_what_keeps_it_apart_and_what_would_have_changed_it(
    mentions: Mapping[str, UUID], centre: Viewer, browse: Any
) -> None:
    status, shown, _ = browse(centre, address(mentions, "stranger", "mother"))
    assert status == 200
    for words in (
        "Why they are not one person",
        "does not weigh enough",
        "What would have made the difference",
        "Different forenames",
        "Your word is the centre’s decision",
    ):
        assert words in shown, words


def test_a_hidden_mention_is_answered_like_an_absent_one(
    mentions: Mapping[str, UUID], kent: Viewer, browse: Any, builders: Any
) -> None:
    auditor = builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    answers = {
        browse(kent, f"/matches/{mentions['j1']}/{other}", said)[:2]
        for other in (mentions["hidden"], uuid4(), mentions["j1"])
        for said in (None, {"verdict": "same"})
    }
    assert {status for status, _ in answers} == {404}
    assert browse(auditor, address(mentions, "j1", "j2"))[0] == 404
    assert Judgement.objects.count() == 0


def test_an_answer_is_kept_with_its_reason_and_the_next_pair_of_the_queue_opens(
    mentions: Mapping[str, UUID], centre: Viewer, browse: Any, builders: Any
) -> None:
    status, listed, _ = browse(centre, "/matches")
    assert status == 200 and "Answer one by one" in listed
    first = re.search(r'href="(/matches/[0-9a-f-]{36}/[0-9a-f-]{36})\?then=queue"', listed)
    assert first is not None
    before = asked_of(builders, centre)
    status, _, leads = browse(centre, first[1], {"verdict": "different", "then": "queue", "stood": ""})
    assert status == 302
    made = Judgement.objects.get()
    assert (made.verdict, made.reason, made.decides) == (
        Verdict.DIFFERENT,
        "The facts of the records cannot be one person’s",
        True,
    )
    after = asked_of(builders, centre)
    assert {frozenset(each) for each in after} < {frozenset(each) for each in before}
    assert leads.endswith("?then=queue") if after else leads == "/matches"
    assert "What people said" in browse(centre, first[1])[1]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"verdict": "perhaps"}, "Say whether they are the same"),
        ({"verdict": "same", "ready": "relatives"}, "does not go with"),
        ({"verdict": "same", "stood": "x"}, "could not be read"),
        ({"withdraw": "x", "reason": "y"}, "could not be read"),
        ({"withdraw": str(UUID(int=7)), "reason": "y"}, "does not exist"),
        ({"verdict": "same", "reason": "y" * 2_001}, "up to 2,000 characters"),
        ({"verdict": "same", "stood": str(UUID(int=7))}, "Somebody else decided"),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence_and_nothing_is_written(
    said: dict[str, str], words: str, mentions: Mapping[str, UUID], centre: Viewer, browse: Any
) -> None:
    status, shown, _ = browse(centre, address(mentions, "j1", "maybe"), said)
    assert status == 422 and words in shown
    assert Judgement.objects.count() == 0


def test_several_are_answered_at_once_with_one_reason(
    mentions: Mapping[str, UUID], centre: Viewer, browse: Any, builders: Any
) -> None:
    pairs = [f"{mentions['j1']}:{mentions['maybe']}", f"{mentions['mother']}:{mentions['stranger']}"]
    status, shown, _ = browse(centre, "/matches", {"pair": [], "verdict": "different"})
    assert status == 422 and "Tick at least one pair" in shown
    assert browse(centre, "/matches", {"pair": ["x"], "verdict": "different"})[0] == 422
    status, _, leads = browse(centre, "/matches", {"pair": pairs, "verdict": "different", "ready": "relatives"})
    assert (status, leads) == (302, "/matches?answered=2")
    assert set(Judgement.objects.values_list("reason", flat=True)) == {"Relatives or members of one household"}
    assert "2 pairs answered." in browse(centre, leads)[1]
    assert browse(centre, "/matches", {"pair": pairs, "verdict": "same"})[0] == 422, "somebody decided since"
    assert not any({"maybe"} & each and each & {"j1", "j2", "j3"} for each in asked_of(builders, centre))


def test_a_proposal_leaves_its_authors_queue_waits_at_the_centre_and_gets_its_answer(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, browse: Any, builders: Any
) -> None:
    (pair,) = [each for each in asked_of(builders, kent) if "maybe" in each]
    (end,) = pair - {"maybe"}
    where = address(mentions, end, "maybe")
    assert browse(kent, where, {"verdict": "same", "reason": "His aunt says so."})[0] == 302
    assert pair not in asked_of(builders, kent) and pair in asked_of(builders, centre)
    assert "His aunt says so." in browse(centre, "/matches/proposals")[1]
    assert "Waits for the centre" in browse(kent, "/matches/mine")[1]
    assert browse(centre, where, {"verdict": "different", "reason": "Two prison numbers."})[0] == 302
    mine = browse(kent, "/matches/mine")[1]
    assert "The centre decided otherwise: Two prison numbers." in mine


def test_taking_back_from_the_list_of_ones_own_brings_the_pair_back(
    mentions: Mapping[str, UUID], centre: Viewer, browse: Any, builders: Any
) -> None:
    before = asked_of(builders, centre)
    (pair,) = [each for each in before if "maybe" in each]
    (end,) = pair - {"maybe"}
    where = address(mentions, end, "maybe")
    browse(centre, where, {"verdict": "different"})
    assert pair not in asked_of(builders, centre)
    said = {"withdraw": str(Judgement.objects.get().id), "reason": "A slip.", "back": "my-judgements"}
    assert browse(centre, where, said)[::2] == (302, "/matches/mine")
    assert Withdrawal.objects.get().reason == "A slip."
    assert asked_of(builders, centre) == before


def test_a_same_that_cannot_hold_is_shown_with_what_it_cannot_hold_beside_until_one_is_taken_back(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, browse: Any
) -> None:
    for left, right, verdict in (
        ("j1", "stranger", "same"),
        ("stranger", "mother", "same"),
        ("j1", "mother", "different"),
    ):
        assert browse(centre, address(mentions, left, right), {"verdict": verdict})[0] == 302
    shown = browse(centre, "/matches/conflicts")[1]
    assert "Does not hold" in shown and "Keeps the two sides apart" in shown and "Take back" in shown
    assert "Take back" not in browse(kent, "/matches/conflicts")[1]
    held = Judgement.objects.get(verdict="different")
    assert "Does not hold" in browse(centre, address(mentions, "j1", "stranger"))[1]
    said = {"withdraw": str(held.id), "reason": "A slip.", "back": "match-conflicts"}
    assert browse(centre, address(mentions, "j1", "mother"), said)[::2] == (302, "/matches/conflicts")
    assert "No conflicts" in browse(centre, "/matches/conflicts")[1]
