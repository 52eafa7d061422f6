"""The world that resolution is measured on: the same for a seed, with every trouble it promises, and nothing of anybody real."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

import resolution_world as worlds  # bench is no package: it is on the path only from here
from resolution_world_people import ORIGINS
from resolution_world_writing import COLUMNS, TROUBLES

MENTIONS = 12_000


@pytest.fixture(scope="module")
def made() -> list[Any]:
    return list(worlds.world(worlds.WorldSettings(mentions=MENTIONS, seed=3)))


def value(mention: Any, column: str) -> str:
    found: str = mention.row[COLUMNS.index(column)]
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    folders = []
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        worlds.write_world(worlds.WorldSettings(mentions=800, seed=seed), tmp_path / name)
        folders.append([(tmp_path / name / file).read_bytes() for file in ("mentions.csv", "truth.csv")])
    assert folders[0] == folders[1]
    assert folders[0][0] != folders[2][0]


def test_it_has_as_many_mentions_as_asked_each_with_its_truth(tmp_path: Path) -> None:
    worlds.write_world(worlds.WorldSettings(mentions=700, seed=2), tmp_path)
    with (tmp_path / "mentions.csv").open(encoding="utf-8") as file:
        mentions = list(csv.DictReader(file))
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    assert len(mentions) == 700
    assert [row["ref"] for row in mentions] == [row["ref"] for row in truth]
    assert len({row["ref"] for row in mentions}) == 700


def test_every_trouble_is_met_and_no_other(made: list[Any]) -> None:
    assert {trouble for mention in made for trouble in mention.troubles} == set(TROUBLES)


def test_every_origin_has_people(made: list[Any]) -> None:
    people = Counter(mention.person.origin for mention in {id(m.person): m for m in made}.values())
    assert set(people) == set(ORIGINS)
    assert min(people.values()) >= 25


def test_most_people_are_mentioned_once_and_a_few_very_often(made: list[Any]) -> None:
    often = Counter(mention.person.number for mention in made)
    once = sum(times == 1 for times in often.values()) / len(often)
    assert 0.5 < once < 0.85
    assert max(often.values()) >= 50


def test_a_telephone_is_used_by_several_people_and_a_hostel_by_many(made: list[Any]) -> None:
    users, lodgers = defaultdict(set), defaultdict(set)
    for mention in made:
        person = mention.person
        for phone in person.shared_phones:
            users[phone].add(person.number)
        for home in person.homes:
            if home.hostel:
                lodgers[home.address.text].add(person.number)
    assert max(map(len, users.values())) >= 3
    assert max(map(len, lodgers.values())) >= 3


def test_nominal_numbers_are_a_forces_own(made: list[Any]) -> None:
    forces = defaultdict(set)
    for mention in made:
        if value(mention, "nominal"):
            forces[value(mention, "nominal")].add(value(mention, "agency"))
    assert max(map(len, forces.values())) > 10


def test_half_of_the_values_go_when_asked_and_no_row_is_left_empty(made: list[Any]) -> None:
    bare = list(worlds.world(worlds.WorldSettings(mentions=MENTIONS, seed=3, missing=0.5)))
    full, left = (sum(bool(cell) for m in all_ for cell in m.row[2:]) for all_ in (made, bare))
    assert 0.47 < left / full < 0.53
    assert all(any(m.row[2:]) for m in bare)


def test_nothing_in_it_could_be_anybodys(made: list[Any]) -> None:
    for mention in made:
        for phone in filter(None, value(mention, "phones").split(";")):
            digits = re.sub(r"\D", "", phone.partition("#")[0])
            assert not digits or re.search(r"7700900\d{3}|1632960\d{3}|0000000$|7{4,}", digits)
        assert value(mention, "vrm")[:2].upper() in ("", "ZZ")
        assert value(mention, "postcode")[:1] in ("", "Z")
