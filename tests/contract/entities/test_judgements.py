"""What people say of two mentions: it joins and parts, is undone exactly, outlives every run, and tells nothing hidden."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.clusters import cluster_around, people
from crossline.entities.judgements import judge, withdraw
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Match, Verdict, Withdrawal
from crossline.errors import NotPermitted, UserError
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

JADEN = {"forename": "Jaden", "surname": "Cole", "dob": "2008-04-11"}
WILMA = {"forename": "Wilhelmina", "surname": "Throckmorton", "dob": "1971-03-09"}


@pytest.fixture
def said(db: None, builders: Any, tmp_path: Path, kept: Path) -> Mapping[str, UUID]:
    """Three mentions of Jaden and one of Wilhelmina in Kent, one of Jaden that only Essex sees; matched."""
    jadens = [builders.report(ref, mentions=[builders.person(**JADEN)]) for ref in ("jaden 1", "jaden 2", "jaden 3")]
    wilma = builders.report("wilma", mentions=[builders.person(**WILMA)])
    builders.sent(tmp_path / "k", kept, reports=[*jadens, wilma])
    hidden = builders.report("jaden of essex", audience=["essex"], mentions=[builders.person(**JADEN)])
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[hidden])
    match_people()
    return dict(Mention.objects.values_list("record__ref", "id"))


@pytest.fixture
def kent(said: Mapping[str, UUID], builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def centre(said: Mapping[str, UUID], builders: Any) -> Viewer:
    """An analyst of the centre, who sees what every police analyst sees, and whose word decides."""
    return builders.enrolled("centre.analyst", agency="nclcc")


def clusters(builders: Any, viewer: Viewer) -> list[set[str]]:
    """The people a viewer sees, as sets of mentions; and the neighbourhood of each mention must say the same."""
    with builders.seen_by(viewer) as viewpoint:
        mentions = [str(mention) for mention in Mention.objects.filter(kind="person").values_list("id", flat=True)]
        found = people(viewpoint)
        grouped: dict[str, set[str]] = {}
        for mention in mentions:
            grouped.setdefault(found.of(mention), set()).add(mention)
        assert found.number == len(grouped)
        for group in grouped.values():
            for mention in group:
                assert {str(each) for each in cluster_around(viewpoint, UUID(mention))} == group
        return sorted(grouped.values(), key=lambda group: (-len(group), min(group)))


def named(groups: list[set[str]], said: Mapping[str, UUID]) -> list[set[str]]:
    """The same by the refs of the records."""
    refs = {str(mention): ref for ref, mention in said.items()}
    return [{refs[mention] for mention in group} for group in groups]


def decide(builders: Any, viewer: Viewer, left: UUID, right: UUID, verdict: Verdict) -> Judgement:
    with builders.seen_by(viewer) as viewpoint:
        return judge(left=left, right=right, verdict=verdict, reason="known to the team", viewpoint=viewpoint)


def undo(builders: Any, viewer: Viewer, judgement: Judgement) -> Withdrawal:
    with builders.seen_by(viewer) as viewpoint:
        return withdraw(judgement=judgement.id, reason="mistaken", viewpoint=viewpoint)


def test_matches_make_people_and_a_viewer_sees_those_of_their_own_rows(
    said: Mapping[str, UUID], kent: Viewer, builders: Any
) -> None:
    assert named(clusters(builders, kent), said) == [{"jaden 1", "jaden 2", "jaden 3"}, {"wilma"}]
    essex = builders.enrolled("essex.analyst", agency="essex")
    everybody = {"jaden 1", "jaden 2", "jaden 3", "jaden of essex"}
    assert named(clusters(builders, essex), said) == [everybody, {"wilma"}]


def test_same_joins_what_no_match_would_and_undoing_it_gives_back_exactly_what_was(
    said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    before, tables = clusters(builders, kent), builders.snapshot()
    made = decide(builders, centre, said["wilma"], said["jaden 1"], Verdict.SAME)

    assert named(clusters(builders, kent), said) == [{"jaden 1", "jaden 2", "jaden 3", "wilma"}]
    undo(builders, centre, made)
    assert clusters(builders, kent) == before
    changed = builders.changed(tables)
    assert changed == {"entities_judgement", "entities_withdrawal", "access_auditevent", "records_change"}


def test_different_parts_what_matched_and_undoing_it_gives_back_exactly_what_was(
    said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    before = clusters(builders, kent)
    made = [decide(builders, centre, said["jaden 1"], said[f"jaden {n}"], Verdict.DIFFERENT) for n in (2, 3)]

    assert named(clusters(builders, kent), said)[0] == {"jaden 2", "jaden 3"}
    undo(builders, centre, made[0])
    undo(builders, centre, made[1])
    assert clusters(builders, kent) == before


def test_the_newest_of_two_judgements_stands_and_undoing_it_brings_back_the_older(
    said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    joined = ["jaden 1", "wilma"]
    decide(builders, centre, said["wilma"], said["jaden 1"], Verdict.SAME)
    parted = decide(builders, centre, said["jaden 1"], said["wilma"], Verdict.DIFFERENT)
    assert {"wilma"} in named(clusters(builders, kent), said)

    undo(builders, centre, parted)
    assert any(set(joined) <= group for group in named(clusters(builders, kent), said))


def test_unsure_joins_and_parts_nobody(said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any) -> None:
    before = clusters(builders, kent)
    decide(builders, centre, said["jaden 1"], said["jaden 2"], Verdict.UNSURE)
    decide(builders, centre, said["jaden 1"], said["wilma"], Verdict.UNSURE)
    assert clusters(builders, kent) == before


def test_judgements_outlive_a_full_run(said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any) -> None:
    decide(builders, centre, said["jaden 1"], said["wilma"], Verdict.SAME)
    decide(builders, centre, said["jaden 1"], said["jaden 2"], Verdict.DIFFERENT)
    withdrawn = decide(builders, centre, said["jaden 3"], said["wilma"], Verdict.DIFFERENT)
    undo(builders, centre, withdrawn)
    before = clusters(builders, kent)
    matches = set(Match.objects.values_list("id", flat=True))

    match_people(full=True)

    assert matches.isdisjoint(Match.objects.values_list("id", flat=True)), "a full run writes every match anew"
    assert Judgement.objects.count() == 3 and Withdrawal.objects.count() == 1
    assert clusters(builders, kent) == before


def test_a_decision_is_somebodys_only_where_they_see_both_mentions(
    said: Mapping[str, UUID], kent: Viewer, builders: Any
) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    before, seen_by_essex = clusters(builders, kent), clusters(builders, essex)
    with builders.administrator() as viewpoint:
        ends = {"left": said["jaden of essex"], "right": said["wilma"]}
        made = judge(**ends, verdict=Verdict.SAME, reason="known to the team", viewpoint=viewpoint)
    assert clusters(builders, kent) == before, "what is decided of a row of Essex alone tells Kent nothing"
    assert len(clusters(builders, essex)) == 1

    with builders.administrator() as viewpoint:
        withdraw(judgement=made.id, reason="mistaken", viewpoint=viewpoint)
    assert clusters(builders, essex) == seen_by_essex


def test_a_hidden_mention_is_answered_like_an_absent_one(said: Mapping[str, UUID], kent: Viewer, builders: Any) -> None:
    answers = set()
    before = builders.snapshot()
    for other in (said["jaden of essex"], uuid4()):
        for left, right in ((said["jaden 1"], other), (other, said["jaden 1"])):
            with pytest.raises(NotPermitted) as told:
                decide(builders, kent, left, right, Verdict.SAME)
            answers.add(str(told.value))
    assert answers == {"One of the two mentions does not exist, or you may not see it."}
    assert builders.changed(before) == set()


def test_a_hidden_judgement_is_answered_like_an_absent_one(
    said: Mapping[str, UUID], kent: Viewer, builders: Any
) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    hidden = decide(builders, essex, said["jaden of essex"], said["jaden 1"], Verdict.DIFFERENT)
    answers = set()
    for judgement in (hidden, Judgement(id=uuid4())):
        with pytest.raises(NotPermitted) as told:
            undo(builders, kent, judgement)
        answers.add(str(told.value))
    assert answers == {"That judgement does not exist, or you may not see it."}
    undo(builders, essex, hidden)


def test_what_makes_no_judgement_is_refused_with_what_to_do(
    said: Mapping[str, UUID], kent: Viewer, builders: Any
) -> None:
    one, other = said["jaden 1"], said["jaden 2"]
    with builders.seen_by(kent) as viewpoint:
        with pytest.raises(UserError, match="these are one and the same"):
            judge(left=one, right=one, verdict=Verdict.SAME, reason="x", viewpoint=viewpoint)
        with pytest.raises(UserError, match="Give the reason for the judgement"):
            judge(left=one, right=other, verdict=Verdict.SAME, reason=" ", viewpoint=viewpoint)
        made = judge(left=one, right=other, verdict=Verdict.SAME, reason="x", viewpoint=viewpoint)
        with pytest.raises(UserError, match="Give the reason for taking the judgement back"):
            withdraw(judgement=made.id, reason="", viewpoint=viewpoint)
        withdraw(judgement=made.id, reason="x", viewpoint=viewpoint)
        with pytest.raises(UserError, match="taken back already"):
            withdraw(judgement=made.id, reason="x", viewpoint=viewpoint)


def test_two_things_of_different_kinds_are_never_one(builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "d", kept, reports=[builders.full_report()])
    by_key = dict(Mention.objects.values_list("key", "id"))
    viewer = builders.enrolled("kent.analyst")
    with pytest.raises(UserError, match="cannot be one thing"):
        decide(builders, viewer, by_key["p1"], by_key["t1"], Verdict.SAME)


INSERT = """
INSERT INTO entities_judgement
    (id, left_id, right_id, verdict, reason, decided_by, decided_agency, decided_at, left_audience_id, right_audience_id)
VALUES (gen_random_uuid(), %s, %s, 'same', 'x', %s, %s, now(), %s, %s)
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


def test_the_database_itself_refuses_a_judgement_about_a_hidden_mention_or_in_anothers_name(
    said: Mapping[str, UUID], kent: Viewer, builders: Any
) -> None:
    seen = {ref: Mention.objects.get(id=mention) for ref, mention in said.items()}
    one, other, hidden = seen["jaden 1"], seen["jaden 2"], seen["jaden of essex"]
    signed = ("kent.analyst", "kent")
    both = (one.audience_id, other.audience_id)
    one, other = sorted((one, other), key=lambda mention: mention.id)

    assert told(builders, kent, INSERT, one.id, other.id, *signed, *both) == "done"
    for left, right, who, audiences in (
        (one.id, hidden.id, signed, both),
        (one.id, uuid4(), signed, both),
        (one.id, hidden.id, signed, (one.audience_id, hidden.audience_id)),
        (one.id, other.id, ("essex.analyst", "kent"), both),
        (one.id, other.id, ("kent.analyst", "essex"), both),
        (other.id, one.id, signed, both),
    ):
        assert "violates row-level security" in told(builders, kent, INSERT, left, right, *who, *audiences)


WITHDRAW = """
INSERT INTO entities_withdrawal (judgement_id, reason, withdrawn_by, withdrawn_at, left_audience_id, right_audience_id)
VALUES (%s, 'x', %s, now(), %s, %s)
"""


def test_the_database_itself_refuses_a_withdrawal_in_anothers_name_or_of_another_agencys_judgement(
    said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    proposal = decide(builders, kent, said["jaden 1"], said["jaden 2"], Verdict.SAME)
    decision = decide(builders, centre, said["jaden 1"], said["jaden 2"], Verdict.DIFFERENT)
    both = (proposal.left_audience_id, proposal.right_audience_id)
    assert told(builders, kent, WITHDRAW, proposal.id, "kent.analyst", *both) == "done"
    assert told(builders, centre, WITHDRAW, decision.id, "centre.analyst", *both) == "done"
    for viewer, judgement, name in (
        (kent, proposal.id, "essex.analyst"),
        (kent, uuid4(), "kent.analyst"),
        (kent, decision.id, "kent.analyst"),
        (centre, proposal.id, "centre.analyst"),
    ):
        assert "violates row-level security" in told(builders, viewer, WITHDRAW, judgement, name, *both)


def test_whoever_may_see_a_role_only_sees_no_judgement_that_reaches_beyond_it(
    said: Mapping[str, UUID], kent: Viewer, centre: Viewer, builders: Any
) -> None:
    auditor = builders.enrolled("auditor", roles=[Role.AUDITOR])
    decide(builders, centre, said["jaden 1"], said["jaden 2"], Verdict.SAME)
    with builders.seen_by(auditor) as viewpoint:
        assert people(viewpoint).mentions == 0
        assert not Judgement.objects.exists() and not Match.objects.exists()
