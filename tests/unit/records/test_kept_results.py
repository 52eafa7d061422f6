"""Results kept while the store stands still: for the same rows only, and no longer."""

from __future__ import annotations

from uuid import uuid4

import pytest

from crossline.access.viewer import Viewer, Viewpoint
from crossline.records import generation
from crossline.records.generation import Kept


class Counting:
    """A costly query that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, viewpoint: Viewpoint) -> str:
        self.asked.append(viewpoint.key)
        return f"for {viewpoint.key}"


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The state of the store, for the test to move on."""
    now = ["1/1"]
    monkeypatch.setattr(generation, "generation", lambda: now[0])
    return now


def viewpoint(*audiences: int) -> Viewpoint:
    return Viewpoint(Viewer(uuid4(), "someone", "", "kent", frozenset()), audiences)


def test_a_result_serves_viewers_of_the_same_rows_until_the_store_moves_on(state: list[str]) -> None:
    count = Counting()
    kept = Kept(count)
    assert kept(viewpoint(1, 2)) == kept(viewpoint(2, 1)) == "for 1,2"
    assert count.asked == ["1,2"]
    state[0] = "2/2"
    kept(viewpoint(1, 2))
    assert count.asked == ["1,2", "1,2"]


def test_it_never_serves_somebody_who_sees_other_rows(state: list[str]) -> None:
    kept = Kept(Counting())
    keys = [kept(viewpoint(1)), kept(viewpoint(1, 2)), kept(viewpoint(12)), kept(viewpoint())]
    assert keys == ["for 1", "for 1,2", "for 12", "for "]
    assert kept(Viewpoint(viewpoint().viewer, None)) == "for everything"


def test_only_so_many_are_kept_and_the_one_not_asked_for_longest_goes(state: list[str]) -> None:
    count = Counting()
    kept = Kept(count, keep=2)
    for audience in (1, 2, 1, 3, 1, 2):
        kept(viewpoint(audience))
    assert count.asked == ["1", "2", "3", "2"]
    kept.forget()
    kept(viewpoint(1))
    assert count.asked[-1] == "1"
