"""How many people a viewer's mentions amount to, and which one a mention is of."""

from __future__ import annotations

from crossline.entities.clusters import People


def test_mentions_that_matched_nothing_are_people_of_their_own() -> None:
    people = People({}, 3)
    assert people.number == 3
    assert people.of("a") == "a"


def test_mentions_of_one_person_count_once() -> None:
    people = People({"a": "a", "b": "a", "c": "a", "d": "d", "e": "d", "f": "f"}, 10)
    assert people.number == 4 + 3, "four that matched nothing, and the people a, d and f"
    assert people.of("c") == "a"
    assert people.of("z") == "z"
