"""What is measured of mentions that come one by one: judgements of every sort are planted, and one that fails is counted."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

import resolution_streaming as streaming  # bench is no package: it is on the path only from here
from resolution_world import WorldSettings, write_world

from crossline.engines.resolution.clusters import DIFFERENT, SAME, Clustering, Judgement, Profile, clustering

SAID = [Judgement("a", "b", SAME, "1"), Judgement("b", "c", DIFFERENT, "2"), Judgement("c", "d", SAME, "3")]


def test_what_is_said_and_does_not_hold_is_counted_unless_it_is_shown() -> None:
    alone = {each: each for each in "abcd"}
    assert streaming.violated(Clustering(alone, ()), SAID) == [SAID[0], SAID[2]]
    assert streaming.violated(Clustering(alone, (SAID[0],)), SAID) == [SAID[2]]
    assert streaming.violated(Clustering(dict.fromkeys("abcd", "a"), ()), SAID) == [SAID[1]]
    assert streaming.violated(Clustering({"a": "a", "b": "a", "c": "c", "d": "c"}, ()), SAID) == []


def test_planted_judgements_are_each_on_a_pair_of_its_own_and_some_contradict() -> None:
    people = {f"m{number:03d}": f"p{number // 3:03d}" for number in range(300)}
    truth = {f"m{number:03d}": f"p{number // 4:03d}" for number in range(300)}
    judgements = streaming.planted(people, truth, Random(1), 90)
    assert len({frozenset((each.left, each.right)) for each in judgements}) == len(judgements) > 80
    assert {each.verdict for each in judgements} == {SAME, DIFFERENT}
    assert any(people[each.left] == people[each.right] for each in judgements if each.verdict == DIFFERENT)
    assert any(truth[each.left] == truth[each.right] for each in judgements if each.verdict == SAME)
    made = clustering({name: Profile() for name in people}, (), judgements, 0.0)
    assert made.contradicted
    assert streaming.violated(made, judgements) == []


def test_a_small_world_is_the_same_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_world(WorldSettings(600, 5), tmp_path / "world")
    table, truth = streaming.labelled(tmp_path / "world")
    arriving = table.to_pylist()
    Random(2).shuffle(arriving)
    streaming.measure(table, truth, arriving, tmp_path / "register", Random(3), 60)
    told = capsys.readouterr().out.splitlines()
    assert "difference of F1 +0.00000" in told
    judged = [line for line in told if "violated" in line]
    assert len(judged) == streaming.MOMENTS + 1
    assert all(line.endswith(" 0 violated") for line in judged)
    assert "people of both" in "".join(told)
    assert any(line.endswith(", one by one alone 0") for line in told)
