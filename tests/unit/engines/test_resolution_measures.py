"""How resolution is measured: each figure against the plain count it stands for, and what a comparison of groups needs."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

import resolution_measures as measures  # bench is no package: it is on the path only from here
from resolution_rivals_report import slices_text, table_text


def drawn(seed: int, mentions: int = 120) -> tuple[list[str], list[str]]:
    rng = Random(seed)
    return [str(rng.randrange(40)) for _ in range(mentions)], [str(rng.randrange(45)) for _ in range(mentions)]


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_counted_as_one_would_by_hand(seed: int) -> None:
    found, truth = drawn(seed)
    joined = {pair for pair in combinations(range(120), 2) if found[pair[0]] == found[pair[1]]}
    real = {pair for pair in combinations(range(120), 2) if truth[pair[0]] == truth[pair[1]]}
    precision, recall, f1 = measures.pairwise(found, truth)
    assert precision == pytest.approx(len(joined & real) / len(joined))
    assert recall == pytest.approx(len(joined & real) / len(real))
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize("seed", range(3))
def test_b_cubed_is_the_mean_over_mentions(seed: int) -> None:
    found, truth = drawn(seed)
    precision = recall = 0.0
    for at in range(120):
        cluster = {other for other in range(120) if found[other] == found[at]}
        person = {other for other in range(120) if truth[other] == truth[at]}
        precision += len(cluster & person) / len(cluster) / 120
        recall += len(cluster & person) / len(person) / 120
    told = measures.quality(found, truth)
    assert (told.b3_precision, told.b3_recall) == (pytest.approx(precision), pytest.approx(recall))


def test_the_largest_wrong_cluster_holds_more_than_one_person() -> None:
    assert measures.quality(list("aaaabb"), list("1111 2")).largest_wrong == 2
    assert measures.quality(list("aaab"), list("1112")).largest_wrong == 0


def test_everything_right_is_everything_one() -> None:
    _, truth = drawn(1)
    told = measures.quality(truth, truth)
    assert (told.f1, told.b3_f1, told.largest_wrong) == (1.0, 1.0, 0)


def test_missed_and_false_links_of_groups_add_up_to_those_of_all() -> None:
    found, truth = drawn(7)
    group_of = {person: "even" if int(person) % 2 == 0 else "odd" for person in truth}
    sliced = measures.slices(found, {"person": truth, "sex": [group_of[person] for person in truth]})
    groups = sliced["sex"]["groups"].values()
    precision, recall, _ = measures.pairwise(found, truth)
    missed = sum(each["missed"]["share"] * each["missed"]["pairs"] for each in groups)
    assert missed == pytest.approx((1 - recall) * sum(each["missed"]["pairs"] for each in groups))
    false = sum(each["false"]["share"] * each["false"]["pairs"] for each in groups)
    assert false == pytest.approx((1 - precision) * sum(each["false"]["pairs"] for each in groups))


def test_small_groups_are_not_compared() -> None:
    """Twenty people each, so no ratio is told however far apart they lie."""
    people = [f"{group}{number}" for group in "ab" for number in range(20) for _ in range(2)]
    found = [person if person.startswith("a") or at % 3 else f"x{at}" for at, person in enumerate(people)]
    sliced = measures.slices(found, {"person": people, "sex": [person[0] for person in people]})
    assert sliced["sex"]["missed_ratio"] == {}


def test_a_ratio_has_an_interval_that_holds_it() -> None:
    rng = Random(3)
    people = [f"{group}{number}" for group in "ab" for number in range(400) for _ in range(3)]
    found = [
        person if rng.random() > (0.1 if person[0] == "a" else 0.3) else f"x{at}" for at, person in enumerate(people)
    ]
    ratio = measures.slices(found, {"person": people, "sex": [each[0] for each in people]})["sex"]["missed_ratio"]
    assert (ratio["worst"], ratio["best"]) == ("b", "a")
    assert 1.0 < ratio["low"] < ratio["ratio"] < ratio["high"]


def test_a_run_that_failed_stands_in_the_table_as_such() -> None:
    lines = [{"set": "world", "engine": "recordlinkage", "failed": "stopped after 60 s"}]
    assert "stopped after 60 s" in table_text(lines)
    assert "world" not in slices_text(lines)
