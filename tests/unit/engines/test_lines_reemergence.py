"""Which numbers are looked for after a closure, and which sightings of them are signs."""

from __future__ import annotations

from datetime import date

from crossline.engines.lines import SuccessionLink
from crossline.engines.lines.reemergence import Sighting, SightingKind, signs_after, watched_numbers

DAY = date(2026, 3, 1)


def link(old: str, new: str, score: float = 0.9, *, confirmed: bool = False) -> SuccessionLink:
    return SuccessionLink(old, new, DAY, score, confirmed=confirmed)


def test_confirmed_changes_lead_on_at_any_score_others_from_the_least_and_are_marked() -> None:
    links = [
        link("a", "b", 0.1, confirmed=True),
        link("b", "c", 0.6),
        link("c", "d", confirmed=True),
        link("c", "e", 0.4),
        link("x", "a"),
    ]
    found = watched_numbers(["a"], links, least_score=0.5)
    assert {number: each.is_certain for number, each in found.items()} == {"a": True, "b": True, "c": False, "d": False}
    assert [each.new for each in found["d"].path] == ["b", "c", "d"]


def test_a_confirmed_way_is_taken_before_a_shorter_one_that_nobody_confirmed_and_a_ring_ends() -> None:
    links = [link("a", "c", 0.99), link("a", "b", confirmed=True), link("b", "c", confirmed=True), link("c", "a")]
    found = watched_numbers(["a"], links, least_score=0.5)
    assert set(found) == {"a", "b", "c"} and found["c"].is_certain and found["a"].path == ()


def test_signs_are_of_watched_numbers_after_the_day_of_closure_in_order_of_time_and_each_once() -> None:
    watched = watched_numbers(["a"], [], least_score=0.5)
    days = {"1": DAY, "2": date(2026, 3, 9), "3": date(2026, 3, 2)}
    seen = [Sighting("a", day, SightingKind.REPORT, record) for record, day in days.items()]
    seen += [seen[1], Sighting("b", date(2026, 3, 9), SightingKind.REPORT, "4")]
    assert [each.sighting.record for each in signs_after(DAY, watched, seen)] == ["3", "2"]
