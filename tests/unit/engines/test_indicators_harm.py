"""Children whom records call victims of a line, and how company alone puts nobody forward."""

from __future__ import annotations

from datetime import date

import pytest

from crossline.engines.indicators import AssertionFact, MentionFact, RecordFact, Standing, raise_concerns

DAY = date(2026, 3, 2)
BORN = "2011-02-03"
GROWN = "1980-01-02"


def harmed(by: str, born: str = BORN) -> list[tuple[str, str]]:
    record = RecordFact("r", "crime", "kent", DAY)
    other = MentionFact("r/x1", "r", by, dob=GROWN if by == "person" else "")
    mentions = [MentionFact("r/p1", "r", "person", dob=born), other]
    said = [AssertionFact("a", "r", "r/p1", "r/x1", "victim_of", "assessment", "victim")]
    return [(each.reason, each.standing) for each in raise_concerns([record], mentions, said, {})]


def test_a_child_harmed_by_a_line_or_gang_is_put_forward_and_one_harmed_by_a_person_is_not() -> None:
    assert harmed("line") == harmed("group") == [("child_harmed_by_line", Standing.RAISED)]
    assert harmed("person") == harmed("address") == []
    assert harmed("line", born=GROWN) == []
    assert harmed("line", born="") == [("child_harmed_by_line", Standing.AGE_NOT_KNOWN)]


def beside(
    *,
    category: str = "victim",
    born: str = BORN,
    driver: str = GROWN,
    tie: str = "associates_with",
    to: str = "line",
    tied: str = "suspect",
) -> list[tuple[str, str]]:
    """What is found of a passenger and a driver, whom the record ties to something."""
    record = RecordFact("r", "stop", "kent", DAY)
    mentions = [
        MentionFact("r/p1", "r", "person", dob=driver),
        MentionFact("r/p2", "r", "person", dob=born),
        MentionFact("r/x1", "r", to),
    ]
    said = [
        AssertionFact("a", "r", "r/p2", "r/p1", "associates_with", "fact", category),
        AssertionFact("b", "r", "r/p1", "r/x1", tie, "assessment", tied),
    ]
    return [(each.person, each.standing) for each in raise_concerns([record], mentions, said, {})]


@pytest.mark.parametrize("to", ["line", "group"])
@pytest.mark.parametrize("tie", ["associates_with", "controls"])
def test_a_child_called_a_victim_beside_an_adult_of_a_line_is_put_forward(to: str, tie: str) -> None:
    assert beside(to=to, tie=tie) == [("r/p2", Standing.RAISED)]
    assert beside(to=to, tie=tie, born="") == [("r/p2", Standing.AGE_NOT_KNOWN)]


@pytest.mark.parametrize("category", ["suspect", "witness", "other", ""])
def test_whom_a_child_is_with_is_never_enough(category: str) -> None:
    assert beside(category=category) == []


def test_it_takes_an_adult_who_is_tied_to_a_line_and_is_no_victim() -> None:
    assert beside(to="address", tie="found_at") == beside(tied="victim") == []
    assert beside(driver="2010-01-02") == beside(driver="") == []  # another child, and somebody who may be one
    assert beside(born=GROWN) == []
