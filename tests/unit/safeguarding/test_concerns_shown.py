"""What the page of concerns says: reasons in plain words, each once with its records, and how many people are new."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from crossline.records.models import Record
from crossline.safeguarding.models import Concern
from crossline.safeguarding.presenter import in_plain_words, new_among, person_rows
from crossline.safeguarding.queries import PersonOfConcern


def concern(reason: str, ref: str, day: int, month: int = 10) -> Concern:
    """A concern that a record raised."""
    return Concern(
        id=uuid4(),
        record=Record(id=uuid4(), ref=ref),
        owner_id="kent",
        reason=reason,
        sentence="A child was found. Found in the area of essex; home is in the area of thames-valley.",
        raised_at=datetime(2026, month, day, tzinfo=UTC),
    )


def test_days_and_areas_are_said_as_people_say_them() -> None:
    said = "3 missing episodes between 2026-06-21 and 2026-08-13."
    assert in_plain_words(said) == "3 missing episodes between 21 June 2026 and 13 August 2026."
    found = "Found in the area of essex; home is in the area of thames-valley."
    assert in_plain_words(found) == "Found in the area of Essex Police; home is in the area of Thames Valley Police."
    assert in_plain_words("Found in the area of nowhere.") == "Found in the area of nowhere."


def test_a_reason_is_told_once_with_every_record_that_gives_it() -> None:
    concerns = [
        concern("repeat_missing", "K/3", 3),
        concern("child_found_out_of_area", "K/2", 2),
        concern("child_found_out_of_area", "K/1", 1),
    ]
    (row,) = person_rows([PersonOfConcern(uuid4(), "JADEN COLE", concerns)])
    assert row["name"] == "Jaden Cole"
    reasons = row["reasons"]
    assert isinstance(reasons, list)
    assert [[ref for ref, _ in reason["records"]] for reason in reasons] == [["K/2", "K/1"], ["K/3"]]
    assert "Essex Police" in reasons[0]["sentence"]


def test_new_are_those_of_the_four_weeks_before_the_newest() -> None:
    people = [
        PersonOfConcern(uuid4(), "A", [concern("repeat_missing", "K/1", 30)]),
        PersonOfConcern(uuid4(), "B", [concern("repeat_missing", "K/2", 5)]),
        PersonOfConcern(uuid4(), "C", [concern("repeat_missing", "K/3", 1)]),
        PersonOfConcern(uuid4(), "D", [concern("repeat_missing", "K/4", 1, month=9)]),
    ]
    assert new_among(people) == 2
    assert new_among([]) == 0
