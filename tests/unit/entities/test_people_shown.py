"""What a person's page says: dates of birth and ages as far as they are known, the same said twice shown once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.entities.presenter import PersonPage, ages_on, births_in_words, statement_rows, thing_hit_row
from crossline.entities.profile import PersonProfile, Statement
from crossline.entities.search import ThingHit
from crossline.entities.weight_in_words import COMPARED
from crossline.records.models import Assertion, Mention, Record
from crossline.vocabulary.codes import Basis, MentionKind, SubjectCategory


@pytest.mark.parametrize(
    ("births", "words"),
    [
        (["2008", "2008-12", "2008-12-30"], "30 December 2008"),
        (["2008-12-30", "2009-12-30"], "30 December 2008 or 30 December 2009"),
        (["2008-01-01"], "2008"),
        (["1970-01-01"], None),
        ([], None),
    ],
)
def test_a_fuller_date_of_birth_stands_for_the_partial_ones(births: list[str], words: str | None) -> None:
    assert births_in_words(births) == words


@pytest.mark.parametrize(
    ("births", "age"),
    [(["2009-04-23"], "17"), (["2009"], "16 or 17"), (["2009-04-23", "2009"], "17"), ([], None)],
)
def test_the_age_on_a_day_is_said_as_far_as_it_is_known(births: list[str], age: str | None) -> None:
    assert ages_on(births, date(2026, 6, 1)) == age


@pytest.fixture
def said() -> Callable[..., Statement]:
    """A statement about a person, with its record."""
    person = Mention(id=uuid4(), kind=MentionKind.PERSON, caption="JADEN COLE", born="2009-04-23", owner_id="kent")

    def make(
        ref: str, type_: str, *, basis: Basis = Basis.FACT, category: str = "", day: int = 1, **other: Any
    ) -> Statement:
        record = Record(
            id=uuid4(), owner_id="kent", ref=ref, made_at=datetime(2026, 5, day, tzinfo=UTC), source_grade="1",
            information_grade="A", handling="P",
        )  # fmt: skip
        line = {"id": uuid4(), "kind": MentionKind.LINE, "caption": "Leo", "selector": "line:leo"} | other
        assertion = Assertion(id=uuid4(), record=record, type=type_, basis=basis, category=category)
        return Statement(assertion, record, person, Mention(**line), True)

    return make


def test_the_same_said_by_three_records_is_one_row_with_all_of_them(said: Callable[..., Statement]) -> None:
    rows = statement_rows(
        [
            said("K/3", "runs_for", day=9, caption="'LEO'"),
            said("K/2", "runs_for", day=5, category=SubjectCategory.VICTIM),
            said("K/1", "controls", day=1),
        ]
    )
    assert [(row["says"], row["record_count"]) for row in rows] == [("Runs for", 2), ("Controls", 1)]
    assert rows[0]["other"] == "Leo"
    assert rows[0]["when"] == "5 May 2026 to 9 May 2026"
    assert rows[0]["categories"] == [SubjectCategory.VICTIM]
    assert [ref for ref, _, _ in rows[0]["graded"]] == ["K/3", "K/2"]  # type: ignore[attr-defined]


def page_of(statements: list[Statement], *, reach_asked: bool = False) -> PersonPage:
    records = [each.record for each in statements]
    profile = PersonProfile(uuid4(), [statements[0].subject], records, statements, [], [])
    return PersonPage(profile, reach_asked=reach_asked)


def test_facts_and_assessments_are_told_apart_and_the_victim_comes_first(said: Callable[..., Statement]) -> None:
    statements = [
        said("K/2", "exploited_by", basis=Basis.ASSESSMENT, category=SubjectCategory.VICTIM, day=3),
        said("K/1", "uses", kind=MentionKind.PHONE, caption="x", selector="phone:+447700900123#0042"),
    ]
    page = page_of(statements, reach_asked=True)
    assert page.name == "Jaden Cole"
    assert [row["other"] for row in page.facts] == ["07700 900123 #0042"]
    assert [row["says"] for row in page.assessments] == ["Is exploited by"]
    assert [row["says"] for row in page.victim] == ["Is exploited by"]
    assert page.victim_text == "A child who may be a victim of exploitation"
    identity = dict(page.identity)
    assert identity["Born"] == "23 April 2009 (17 at the newest record)"
    assert identity["Agencies with records"] == "Kent Police"


PHONE = {"kind": MentionKind.PHONE, "caption": "x", "selector": "phone:+447700900123#0042"}
HOME = {"kind": MentionKind.ADDRESS, "caption": "12 High Street", "selector": "address:TN341AA|12|HIGH STREET"}


def test_where_a_victim_can_be_reached_waits_to_be_asked_for(said: Callable[..., Statement]) -> None:
    statements = [
        said("K/2", "lives_at", category=SubjectCategory.VICTIM, day=3, **HOME),
        said("K/1", "uses", **PHONE),
        said("K/3", "uses", basis=Basis.ASSESSMENT, kind=MentionKind.HANDLE, caption="@jc", selector="handle:jc"),
        said("K/4", "found_at", basis=Basis.ASSESSMENT, **HOME),
        said("K/5", "drives", kind=MentionKind.VEHICLE, caption="AB12 CDE", selector="vrm:AB12CDE"),
    ]
    page = page_of(statements)
    assert page.has_reach and page.reach_hidden
    assert [row["other"] for row in page.victim] == ["Address, not shown"]
    hidden = {"Telephone number, not shown", "Address, not shown", "AB12 CDE"}
    assert {row["other"] for row in page.facts} == hidden
    assert {(row["other"], row["href"] is None) for row in page.assessments} == {
        ("Online name, not shown", True),
        ("12 High Street", False),  # where somebody was found is not where they live
    }
    assert all(row["graded"] for row in (*page.facts, *page.assessments)), "which records say it stays told"

    asked = page_of(statements, reach_asked=True)
    assert asked.has_reach and not asked.reach_hidden
    assert {row["other"] for row in asked.facts} == {"07700 900123 #0042", "12 High Street", "AB12 CDE"}
    assert all(row["href"] for row in asked.facts)


def test_of_somebody_who_is_no_victim_it_is_shown(said: Callable[..., Statement]) -> None:
    page = page_of([said("K/1", "uses", category=SubjectCategory.SUSPECT, **PHONE)])
    assert not page.has_reach and not page.reach_hidden
    assert [row["other"] for row in page.facts] == ["07700 900123 #0042"]
    inward = said("K/2", "uses", category=SubjectCategory.VICTIM, **PHONE)
    of_another = Statement(inward.assertion, inward.record, inward.subject, inward.other, outward=False)
    assert not page_of([of_another]).has_reach, "said of somebody else"


def test_a_victim_of_whom_no_number_or_address_is_known_has_nothing_to_show(said: Callable[..., Statement]) -> None:
    page = page_of([said("K/1", "exploited_by", category=SubjectCategory.VICTIM)])
    assert page.victim and not page.has_reach and not page.reach_hidden


def test_a_brand_that_was_found_leads_to_every_line_that_bears_it() -> None:
    row = thing_hit_row(ThingHit("line", uuid4(), "'LEO'", 12))
    assert (row["caption"], row["href"]) == ("Leo", "/lines?brand=Leo")
    number = thing_hit_row(ThingHit("phone", uuid4(), "+44 7700 900123 #0042", 1))
    assert number["caption"] == "07700 900123 #0042"


def test_every_comparison_of_the_matching_has_a_title_on_the_page_of_a_pair() -> None:
    assert set(COMPARED) == {comparison.name for comparison in COMPARISONS}
