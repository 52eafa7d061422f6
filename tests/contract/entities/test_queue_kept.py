"""The queue is made anew when something other than a judgement changes, and until then what was answered is taken out of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from crossline.access.viewer import Viewer, Viewpoint
from crossline.entities import reviewing
from crossline.entities.judgements import judge, withdraw
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Verdict
from crossline.entities.reviewing import queue
from crossline.records.generation import Kept
from crossline.records.models import Mention
from crossline.safeguarding.answering.facts import same_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

# Three of one man, and three women of his name and year whom the weight would take for him: every pair of people is asked.
MAN = {"forename": "Jaden", "surname": "Quillfeather", "dob": "2008-04-11", "sex": "M"}
WOMAN = {"forename": "J", "surname": "Quillfeather", "dob": "2008", "sex": "F"}


@pytest.fixture
def mentions(db: None, builders: Any, tmp_path: Path, kept: Path) -> Mapping[str, UUID]:
    said = {"m1": MAN, "m2": MAN, "m3": MAN, "w1": WOMAN}
    reports = [builders.report(ref, mentions=[builders.person(**who)]) for ref, who in said.items()]
    builders.sent(tmp_path / "k", kept, reports=reports)
    hidden = [
        builders.report(ref, audience=["essex"], mentions=[builders.person(**WOMAN)]) for ref in ("hidden", "hidden 2")
    ]
    builders.sent(tmp_path / "e", kept, agency="essex", reports=hidden)
    match_people()
    return dict(Mention.objects.values_list("record__ref", "id"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For whom a list was made."""
    found: list[str] = []

    def noting(viewpoint: Viewpoint) -> reviewing.Listed:
        found.append(viewpoint.viewer.username)
        return reviewing._listed(viewpoint)

    monkeypatch.setattr(reviewing, "kept", Kept(noting, state=reviewing.apart_from_judgements))
    return found


def asked(builders: Any, viewer: Viewer) -> list[frozenset[str]]:
    with builders.seen_by(viewer) as viewpoint:
        return [frozenset((each.left.record.ref, each.right.record.ref)) for each in queue(viewpoint)]


def says(builders: Any, viewer: Viewer | None, left: UUID, right: UUID, verdict: Verdict) -> Judgement:
    opened = builders.administrator() if viewer is None else builders.seen_by(viewer)
    with opened as viewpoint:
        return judge(left=left, right=right, verdict=verdict, reason="seen", viewpoint=viewpoint)


def test_judgements_take_out_what_they_answer_and_make_no_new_list(
    mentions: Mapping[str, UUID], made: list[str], builders: Any, tmp_path: Path, kept: Path
) -> None:
    centre = builders.enrolled("centre.analyst", agency="nclcc")
    before = asked(builders, centre)
    (pair,) = [each for each in before if "w1" in each]
    assert asked(builders, centre) == before and made == ["centre.analyst"]

    (man,) = pair - {"w1"}
    other = next(ref for ref in ("m1", "m2", "m3") if ref != man)
    said = says(builders, centre, mentions[other], mentions["w1"], Verdict.UNSURE)
    assert pair not in asked(builders, centre), "of the two people another pair was answered"
    assert made == ["centre.analyst"]
    with builders.seen_by(centre) as viewpoint:
        withdraw(judgement=said.id, reason="mistaken", viewpoint=viewpoint)
    assert asked(builders, centre) == before

    said = says(builders, centre, mentions[other], mentions["w1"], Verdict.UNSURE)
    reviewing.kept.forget()
    assert pair not in asked(builders, centre), "the list is made while the decision stands"
    with builders.seen_by(centre) as viewpoint:
        withdraw(judgement=said.id, reason="mistaken", viewpoint=viewpoint)
    assert asked(builders, centre) == before

    builders.sent(
        tmp_path / "more", kept, ref="more", reports=[builders.report("m4", mentions=[builders.person(**MAN)])]
    )
    match_people()
    number = len(made)
    assert asked(builders, centre) and len(made) == number + 1


def test_same_merges_two_people_for_the_rest_of_the_list(
    mentions: Mapping[str, UUID], made: list[str], builders: Any
) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    women = ["w1", "hidden", "hidden 2"]
    with builders.administrator() as viewpoint:
        for other in women[1:]:
            ends = {"left": mentions["w1"], "right": mentions[other]}
            judge(**ends, verdict=Verdict.DIFFERENT, reason="sisters", viewpoint=viewpoint)
    before = [each for each in asked(builders, essex) if each & {"m1", "m2", "m3"} and each & set(women)]
    assert len(before) > 1, "one pair for each woman who is a person of her own"
    (woman,) = before[0] & set(women)
    says(builders, None, mentions[woman], mentions["m1"], Verdict.SAME)
    assert before[0] not in asked(builders, essex)


def test_what_is_hidden_answers_nothing_for_who_does_not_see_it(
    mentions: Mapping[str, UUID], made: list[str], builders: Any
) -> None:
    kent, essex = builders.enrolled("kent.analyst"), builders.enrolled("essex.analyst", agency="essex")
    before = asked(builders, kent)
    assert not any(each & {"hidden", "hidden 2"} for each in before)
    says(builders, essex, mentions["hidden"], mentions["m1"], Verdict.DIFFERENT)
    says(builders, None, mentions["hidden"], mentions["m1"], Verdict.SAME)
    assert asked(builders, kent) == before


def test_only_a_decision_parts_two_mentions_for_who_answers_for_them(
    mentions: Mapping[str, UUID], builders: Any
) -> None:
    kent = builders.enrolled("kent.analyst")
    with builders.administrator():
        before = same_person([mentions["m1"]])
    assert {mentions[ref] for ref in ("m1", "m2", "m3")} <= before[mentions["m1"]]
    for viewer, after in ((kent, before), (None, {mentions["m1"]: frozenset((mentions["m1"],))})):
        for other in ("m2", "m3", "w1"):
            says(builders, viewer, mentions["m1"], mentions[other], Verdict.DIFFERENT)
        with builders.administrator():
            assert same_person([mentions["m1"]]) == after
