"""The matching step: new mentions against all, once, each pair with an explanation that adds up, whatever the order of days."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.entities import registration
from crossline.entities.matching import match_people
from crossline.entities.models import Match, RegisteredModel
from crossline.entities.registration import model_in_force
from crossline.records.models import Mention, Record

pytestmark = pytest.mark.django_db

PEOPLE = [
    {"forename": "Jaden", "surname": "Cole", "dob": "2008-04-11", "aliases": ["JC"]},
    {"forename": "Jayden", "surname": "Cole", "dob": "2008-11-04"},
    {"forename": "Jaden", "surname": "Coles", "dob": "2008-04-11", "ids": {"pnc": "26/1234A"}},
    {"forename": "Wilhelmina", "surname": "Throckmorton", "dob": "1971-03-09"},
    {"forename": "Wilhelmina", "surname": "Throckmorton", "dob": "1971", "ids": {"nominal": "K1"}},
    {"forename": "Mohammed", "surname": "Ali", "dob": "2001-07-02"},
    {"forename": "Muhammad", "surname": "Ali", "dob": "2001-07-02"},
]


def sent(builders: Any, tmp_path: Path, kept: Path, people: list[dict[str, Any]], ref: str) -> None:
    """One report for each person, each with a number that all of them use."""
    phone = {"key": "t", "kind": "phone", "number": builders.NUMBER}
    uses = [{"from": "p1", "to": "t", "type": "uses", "basis": "fact"}]
    reports = [
        builders.report(f"{ref}/{place}", mentions=[builders.person(**person), phone], assertions=uses)
        for place, person in enumerate(people)
    ]
    builders.sent(tmp_path / ref, kept, ref=ref, reports=reports)


def found() -> dict[tuple[str, ...], tuple[float, str]]:
    """The matches by the names and dates of both ends, so that two stores can be compared."""
    return {
        tuple(sorted(f"{end.caption} {end.born}" for end in (match.left, match.right))): (
            match.weight,
            str(match.explanation),
        )
        for match in Match.objects.select_related("left", "right")
    }


def test_the_parts_of_every_explanation_add_up_to_its_weight(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, PEOPLE, "1")
    assert match_people() == Match.objects.count() > 3

    model = model_in_force()
    assert model is not None
    for match in Match.objects.all():
        assert match.explanation, "a match that cannot be explained is no match"
        bits = [part[2] for part in match.explanation]
        assert model.prior_bits + sum(bits) == match.weight
        for comparison, level, _ in match.explanation:
            assert COMPARISONS[comparison].levels[level].words
        assert match.model_version == model.version
        assert match.left_id < match.right_id
        assert (match.left_audience, match.right_audience) == (match.left.audience, match.right.audience)


def test_a_second_run_has_nothing_to_do(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, PEOPLE, "1")
    match_people()
    before = builders.snapshot()
    assert match_people() == 0
    assert builders.changed(before) == set()


def test_day_by_day_gives_what_all_at_once_gives(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, PEOPLE[:3], "1")
    match_people()
    sent(builders, tmp_path, kept, PEOPLE[3:5], "2")
    sent(builders, tmp_path, kept, PEOPLE[5:], "3")
    match_people()
    day_by_day = found()

    match_people(full=True)

    # The full run may register the model for the larger size, which moves every prior alike.
    assert day_by_day.keys() == found().keys()
    assert {pair: said[1] for pair, said in day_by_day.items()} == {pair: said[1] for pair, said in found().items()}


def test_matches_go_with_the_record_that_one_end_is_of(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, PEOPLE[:2], "1")
    match_people()
    assert Match.objects.count() == 1
    Record.objects.first().delete()
    assert not Match.objects.exists()


def test_a_new_release_of_the_model_replaces_what_the_old_one_wrote(
    builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(builders, tmp_path, kept, PEOPLE, "1")
    match_people()
    old = set(Match.objects.values_list("id", flat=True))
    newer = dataclasses.replace(registration.released_model(), release="tests")
    monkeypatch.setattr(registration, "released_model", lambda: newer)

    assert match_people() == len(old)

    assert old.isdisjoint(Match.objects.values_list("id", flat=True))
    assert set(Match.objects.values_list("model_version", flat=True)) == {model_in_force().version}
    assert model_in_force().version.startswith("tests")


def test_a_size_that_comes_back_is_in_force_again(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Registered small, then large, then small again: the newest full run decides, not the first to have used a size."""
    sent(builders, tmp_path, kept, PEOPLE, "1")
    match_people(full=True)
    first = model_in_force().version
    later = registration.model_for(10**6)
    assert later.version != first
    registration.register(later)
    assert model_in_force().version == later.version

    match_people(full=True)

    assert model_in_force().version == first
    assert set(Match.objects.values_list("model_version", flat=True)) == {first}
    assert RegisteredModel.objects.count() == 2
    assert match_people() == 0


def test_deliveries_without_people_are_dealt_with_and_not_looked_at_again(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    sent(builders, tmp_path, kept, PEOPLE[:2], "1")
    match_people()
    builders.sent(tmp_path / "f", kept, ref="figures", returns=[builders.figure()])
    assert match_people() == 0
    before = builders.snapshot()
    assert match_people() == 0
    assert builders.changed(before) == set()


def test_nothing_is_borrowed_from_another_record(builders: Any, tmp_path: Path, kept: Path) -> None:
    """What a person uses is said of that mention alone: or a hidden record's number would move a visible pair's weight."""
    sent(builders, tmp_path, kept, PEOPLE[:2], "1")
    match_people()
    before = found()
    hidden = builders.report(
        "essex/1",
        audience=["essex"],
        mentions=[builders.person(**PEOPLE[0]), {"key": "t", "kind": "phone", "number": builders.OTHER_NUMBER}],
        assertions=[{"from": "p1", "to": "t", "type": "uses", "basis": "fact"}],
    )
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[hidden])
    match_people()

    of_kent = Match.objects.filter(left__owner_id="kent", right__owner_id="kent")
    assert [(match.weight, str(match.explanation)) for match in of_kent] == list(before.values())
    assert Mention.objects.filter(kind="person").count() == 3
