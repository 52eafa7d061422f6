"""Proposals and decisions: whose word moves clusters, how a proposal is answered, and that no page can pass for the centre."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.clusters import cluster_around, people
from crossline.entities.judgements import Read, judge, judge_all, withdraw
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Verdict
from crossline.entities.proposals import ProposalState, proposals
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Mention
from crossline.records.restriction import restrict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

NAMES = {"jaden": ("Jaden", "Cole"), "wilma": ("Wilhelmina", "Throckmorton"), "toby": ("Toby", "Winterbourne")}


@pytest.fixture
def mentions(db: None, builders: Any, tmp_path: Path, kept: Path) -> Mapping[str, UUID]:
    """Three people in Kent whom nothing ties, and one of Essex that only Essex sees."""
    reports = [
        builders.report(ref, mentions=[builders.person(forename=forename, surname=surname, dob=None)])
        for ref, (forename, surname) in NAMES.items()
    ]
    builders.sent(tmp_path / "k", kept, reports=reports)
    own = builders.report("hidden", audience=["essex"], mentions=[builders.person(forename="Marcus", dob=None)])
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[own])
    match_people()
    return dict(Mention.objects.values_list("record__ref", "id"))


@pytest.fixture
def kent(mentions: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def centre(mentions: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("centre.analyst", agency="nclcc")


def says(builders: Any, viewer: Viewer, ends: tuple[UUID, UUID], verdict: Verdict, **more: Any) -> Judgement:
    with builders.seen_by(viewer) as viewpoint:
        given = {"reason": f"{viewer.username} says so", "viewpoint": viewpoint} | more
        return judge(left=ends[0], right=ends[1], verdict=verdict, **given)


def number(builders: Any, viewer: Viewer) -> int:
    with builders.seen_by(viewer) as viewpoint:
        return people(viewpoint).number


def states(builders: Any, viewer: Viewer) -> list[tuple[str, ProposalState, str | None]]:
    with builders.seen_by(viewer) as viewpoint:
        return [
            (each.said.verdict, each.state, each.answer.reason if each.answer else None)
            for each in proposals(viewpoint)
        ]


def test_a_proposal_moves_nothing_for_anybody_and_the_decision_does(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    ends = (mentions["jaden"], mentions["wilma"])
    before = [number(builders, each) for each in (kent, centre)]
    proposed = says(builders, kent, ends, Verdict.SAME)
    assert not proposed.decides
    assert [number(builders, each) for each in (kent, centre)] == before
    with builders.seen_by(kent) as viewpoint:
        assert cluster_around(viewpoint, ends[0]) == [ends[0]]

    assert says(builders, centre, ends, Verdict.SAME).decides
    assert [number(builders, each) for each in (kent, centre)] == [each - 1 for each in before]


def test_a_proposal_is_answered_by_the_decision_after_it_and_opened_by_taking_that_back(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    ends = (mentions["jaden"], mentions["wilma"])
    earlier = says(builders, centre, ends, Verdict.UNSURE)
    says(builders, kent, ends, Verdict.SAME)
    assert states(builders, kent) == [("same", ProposalState.OPEN, None)], "what was decided before answers nothing"

    accepted = says(builders, centre, ends, Verdict.SAME)
    assert states(builders, kent) == [("same", ProposalState.ACCEPTED, "centre.analyst says so")]
    declined = says(builders, centre, ends, Verdict.DIFFERENT)
    assert states(builders, kent) == [("same", ProposalState.DECLINED, "centre.analyst says so")]
    for made, then in (
        (declined, ProposalState.ACCEPTED),
        (accepted, ProposalState.OPEN),
        (earlier, ProposalState.OPEN),
    ):
        with builders.seen_by(centre) as viewpoint:
            withdraw(judgement=made.id, reason="mistaken", viewpoint=viewpoint)
        assert [state for _, state, _ in states(builders, kent)] == [then]


def test_only_the_agency_that_judged_takes_it_back(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    ends = (mentions["jaden"], mentions["wilma"])
    proposed, decided = says(builders, kent, ends, Verdict.SAME), says(builders, centre, ends, Verdict.DIFFERENT)
    before = builders.snapshot()
    for viewer, judgement in ((kent, decided), (centre, proposed)):
        with builders.seen_by(viewer) as viewpoint, pytest.raises(NotPermitted, match="agency that judged"):
            withdraw(judgement=judgement.id, reason="mistaken", viewpoint=viewpoint)
    assert builders.changed(before) == set()
    colleague = builders.enrolled("kent.second")
    with builders.seen_by(colleague) as viewpoint:
        withdraw(judgement=proposed.id, reason="mistaken", viewpoint=viewpoint)
    assert states(builders, kent) == []


def test_a_decision_of_which_its_author_had_not_read_the_newest_is_not_written(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    ends = (mentions["jaden"], mentions["wilma"])
    first = says(builders, centre, ends, Verdict.SAME, read=Read())
    with pytest.raises(MoveNotAllowed, match="Somebody else decided"):
        says(builders, centre, ends, Verdict.DIFFERENT, read=Read())
    says(builders, kent, ends, Verdict.DIFFERENT, read=Read(first.id))
    says(builders, centre, ends, Verdict.DIFFERENT, read=Read(first.id))
    assert Judgement.objects.count() == 3


def test_several_pairs_are_answered_at_once_or_none_of_them_is(
    mentions: Mapping[str, UUID], centre: Viewer, builders: Any
) -> None:
    jaden, wilma, toby = (mentions[name] for name in NAMES)
    says(builders, centre, (wilma, toby), Verdict.DIFFERENT)
    before = builders.snapshot()
    with builders.seen_by(centre) as viewpoint:
        given = {"verdict": Verdict.SAME, "reason": "one family", "viewpoint": viewpoint}
        with pytest.raises(MoveNotAllowed):
            judge_all(pairs=[(jaden, wilma), (wilma, toby)], **given)
        with pytest.raises(UserError, match="Tick at least one pair"):
            judge_all(pairs=[], **given)
    assert builders.changed(before) == set()
    with builders.seen_by(centre) as viewpoint:
        made = judge_all(pairs=[(jaden, wilma), (jaden, toby), (wilma, jaden)][:2], **given | {"viewpoint": viewpoint})
    assert len(made) == 2


def test_use_that_is_restricted_keeps_anybody_from_judging(
    mentions: Mapping[str, UUID], centre: Viewer, builders: Any
) -> None:
    manager = builders.enrolled("kent.manager", roles=[Role.INFORMATION_MANAGER])
    with builders.seen_by(manager) as viewpoint:
        record = Mention.objects.get(id=mentions["jaden"]).record_id
        restrict(record=record, reason="disputed", viewpoint=viewpoint)
    with pytest.raises(MoveNotAllowed, match="restricted"):
        says(builders, centre, (mentions["jaden"], mentions["wilma"]), Verdict.SAME)


FORGED = """
INSERT INTO entities_judgement
    (id, left_id, right_id, verdict, reason, decided_by, decided_agency, decided_at, left_audience_id, right_audience_id{column})
SELECT gen_random_uuid(), l.id, r.id, 'same', 'x', %s, %s, now() - %s::interval, l.audience_id, r.audience_id{value}
FROM records_mention l, records_mention r WHERE l.id = %s AND r.id = %s
"""


class Undone(Exception):
    """Takes back what a statement did that was let through."""


def told(builders: Any, viewer: Viewer, statement: str, *parameters: Any) -> str:
    """What the database says to a page that goes round the action."""
    try:
        with transaction.atomic(), builders.seen_by(viewer), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            raise Undone
    except DatabaseError as error:
        return str(error)
    except Undone:
        return "done"


def test_the_database_itself_lets_nobody_outside_the_centre_decide_nor_date_a_word_back(
    mentions: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    ends = sorted((mentions["jaden"], mentions["wilma"]))
    plain = FORGED.format(column="", value="")
    claimed = FORGED.format(column=", decides", value=", true")
    assert told(builders, kent, plain, "kent.analyst", "kent", "0", *ends) == "done"
    assert told(builders, centre, plain, "centre.analyst", "nclcc", "0", *ends) == "done"
    for who, agency in (("kent.analyst", "nclcc"), ("centre.analyst", "nclcc")):
        assert "violates row-level security" in told(builders, kent, plain, who, agency, "0", *ends)
    assert "decides" in told(builders, kent, claimed, "kent.analyst", "kent", "0", *ends)
    assert "violates row-level security" in told(builders, centre, plain, "centre.analyst", "nclcc", "1 day", *ends)
