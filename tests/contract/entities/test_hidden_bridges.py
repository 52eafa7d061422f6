"""A hidden mention that bridges two visible ones joins nothing for whoever does not see it, by whichever way it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import THRESHOLD_BITS, cluster_around, people
from crossline.entities.judgements import judge
from crossline.entities.models import Match, Verdict
from crossline.records.generation import advance
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def mentions(db: None, builders: Any, tmp_path: Path, kept: Path) -> dict[str, UUID]:
    """A and B for all police, H between them for Essex alone; no two names alike, so that only the test ties them."""
    names = {"A": ("Jaden", "Cole"), "H": ("Marcus", "Underhill"), "B": ("Toby", "Winterbourne")}
    for ref, (forename, surname) in names.items():
        person = builders.person(forename=forename, surname=surname, dob=None)
        for_whom = ["essex"] if ref == "H" else None
        report = builders.report(ref, mentions=[person], audience=for_whom)
        builders.sent(tmp_path / ref, kept, agency="essex", ref=ref, reports=[report])
    return dict(Mention.objects.values_list("record__ref", "id"))


def matched(left: UUID, right: UUID, bits: float = THRESHOLD_BITS + 10) -> None:
    """A match as the matching step writes it."""
    first, second = Mention.objects.filter(id__in=(left, right)).order_by("id")
    Match.objects.create(
        left=first,
        right=second,
        kind="person",
        weight=bits,
        model_version="tests",
        explanation=[],
        left_audience=first.audience,
        right_audience=second.audience,
    )
    advance()


def by_matches(mentions: dict[str, UUID], builders: Any) -> None:
    matched(mentions["A"], mentions["H"])
    matched(mentions["H"], mentions["B"])


def by_judgements(mentions: dict[str, UUID], builders: Any) -> None:
    with builders.administrator() as viewpoint:
        for end in ("A", "B"):
            judge(left=mentions[end], right=mentions["H"], verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint)


def number_of_people(viewpoint: Viewpoint, mentions: dict[str, UUID]) -> int:
    """How many people the visible mentions are; asked of every person at once and of each mention's neighbourhood."""
    found = people(viewpoint)
    visible = {str(mention) for mention in Mention.objects.values_list("id", flat=True)} & set(
        map(str, mentions.values())
    )
    around = {frozenset(cluster_around(viewpoint, UUID(mention))) for mention in visible}
    assert found.number == len(around) == len({found.of(mention) for mention in visible})
    assert set().union(*around) == {UUID(mention) for mention in visible}
    return found.number


@pytest.mark.parametrize("bridged", [by_matches, by_judgements])
def test_the_administrator_sees_one_person_and_the_viewer_two(
    bridged: Any, mentions: dict[str, UUID], builders: Any
) -> None:
    kent, essex = builders.enrolled("kent.analyst"), builders.enrolled("essex.analyst", agency="essex")
    with builders.seen_by(kent) as viewpoint:
        before = people(viewpoint), cluster_around(viewpoint, mentions["A"])
    bridged(mentions, builders)

    with builders.administrator() as viewpoint:
        assert number_of_people(viewpoint, mentions) == 1
    with builders.seen_by(essex) as viewpoint:
        assert number_of_people(viewpoint, mentions) == 1
    with builders.seen_by(kent) as viewpoint:
        assert number_of_people(viewpoint, mentions) == 2
        assert (people(viewpoint), cluster_around(viewpoint, mentions["A"])) == before
        # By the filter alone as well: the second wall is not what holds the first one up.
    assert number_of_people_by_filter(viewpoint, mentions) == 2


def number_of_people_by_filter(viewpoint: Viewpoint, mentions: dict[str, UUID]) -> int:
    """The same as the engine role, which row security hides nothing from: only the query filter is left."""
    advance()  # or the result kept from the page would be given back
    found = people(viewpoint)
    around = {frozenset(cluster_around(viewpoint, mentions[end])) for end in ("A", "B")}
    assert found.number == len(around)
    return found.number


def test_who_asks_about_a_hidden_mention_learns_what_who_asks_about_an_absent_one_does(
    mentions: dict[str, UUID], builders: Any
) -> None:
    kent = builders.enrolled("kent.analyst")
    by_matches(mentions, builders)
    absent = UUID(int=7)
    with builders.seen_by(kent) as viewpoint:
        assert cluster_around(viewpoint, mentions["H"]) == [mentions["H"]]
        assert cluster_around(viewpoint, absent) == [absent]


def test_a_pair_below_the_threshold_joins_nobody(mentions: dict[str, UUID], builders: Any) -> None:
    matched(mentions["A"], mentions["B"], THRESHOLD_BITS - 0.001)
    matched(mentions["A"], mentions["H"], THRESHOLD_BITS)
    with builders.administrator() as viewpoint:
        assert number_of_people(viewpoint, mentions) == 2


def test_what_was_computed_for_one_viewer_never_serves_another(mentions: dict[str, UUID], builders: Any) -> None:
    by_matches(mentions, builders)
    kent, essex = builders.enrolled("kent.analyst"), builders.enrolled("essex.analyst", agency="essex")
    for _ in range(2):
        for viewer, number in ((essex, 1), (kent, 2)):
            with builders.seen_by(viewer) as viewpoint:
                assert people(viewpoint).number == number
