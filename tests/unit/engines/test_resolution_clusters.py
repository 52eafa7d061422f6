"""Vetoes, nameless mentions and judgements, case by case."""

from __future__ import annotations

import random
import time

import pyarrow as pa
import pytest

from crossline.engines.resolution.clusters import (
    DIFFERENT,
    OVERRIDING_BITS,
    SAME,
    Judgement,
    Pair,
    Profile,
    cluster,
    clustering,
    profile,
    same_birth,
)
from crossline.engines.resolution.mentions import MENTION_SCHEMA, birth, names_given
from crossline.engines.resolution.nationwide import profiles_of
from crossline.engines.resolution.preparing import prepare

BORN, BORN_ELSE = "2008-04-11", "1971-11-23"


def people(**profiles: Profile) -> dict[str, Profile]:
    return profiles


def test_pairs_below_the_threshold_join_nobody() -> None:
    nodes = people(a=Profile(), b=Profile())
    assert cluster(nodes, [Pair("a", "b", 4.2)], [], 4.3) == {"a": "a", "b": "b"}
    assert cluster(nodes, [Pair("a", "b", 4.3)], [], 4.3) == {"a": "a", "b": "a"}


def test_a_weak_bridge_does_not_join_two_dates_of_birth() -> None:
    nodes = people(a=Profile(birth=BORN), b=Profile(), c=Profile(birth=BORN_ELSE))
    found = cluster(nodes, [Pair("a", "b", 9.0), Pair("b", "c", 8.0)], [], 4.3)
    assert found == {"a": "a", "b": "a", "c": "c"}


def test_two_sexes_and_two_pnc_ids_stay_apart() -> None:
    assert cluster(people(a=Profile(sex="M"), b=Profile(sex="F")), [Pair("a", "b", 9.0)], [], 4.3)["b"] == "b"
    ids = people(a=Profile(pnc="011234X"), b=Profile(pnc="987654A"))
    assert cluster(ids, [Pair("a", "b", 9.0)], [], 4.3)["b"] == "b"


def test_a_slip_in_a_pnc_id_is_not_another_id() -> None:
    ids = people(a=Profile(pnc="011234X"), b=Profile(pnc="011243X"))
    assert cluster(ids, [Pair("a", "b", 9.0)], [], 4.3)["b"] == "a"


def test_overwhelming_agreement_joins_over_a_veto_of_the_data() -> None:
    ids = people(a=Profile(pnc="011234X"), b=Profile(pnc="987654A"))
    assert cluster(ids, [Pair("a", "b", OVERRIDING_BITS)], [], 4.3)["b"] == "a"


def test_a_shared_pnc_id_settles_a_disputed_date_of_birth() -> None:
    nodes = people(a=Profile(birth=BORN, pnc="011234X"), b=Profile(birth=BORN_ELSE, pnc="011234X"))
    assert cluster(nodes, [Pair("a", "b", 9.0)], [], 4.3)["b"] == "a"


def test_a_nameless_mention_follows_one_person_and_joins_no_two() -> None:
    nodes = people(a=Profile(), b=Profile(anchored=False), c=Profile())
    found = cluster(nodes, [Pair("a", "b", 9.0), Pair("b", "c", 12.0)], [], 4.3)
    assert found == {"a": "a", "b": "b", "c": "b"}


def test_same_outranks_the_data_and_different_outranks_same() -> None:
    nodes = people(a=Profile(sex="M"), b=Profile(sex="F"), c=Profile())
    same = [Judgement("a", "b", SAME, "2026-01-01")]
    assert cluster(nodes, [], same, 4.3)["b"] == "a"
    later = Judgement("b", "a", DIFFERENT, "2026-02-01")
    assert cluster(nodes, [], [*same, later], 4.3)["b"] == "b"
    ring = [Judgement("a", "c", SAME, "2026-01-03"), Judgement("b", "c", SAME, "2026-01-02"), later]
    found = clustering(nodes, [], ring, 4.3)
    assert found.cluster_of == {"a": "a", "c": "a", "b": "b"}
    assert found.contradicted == (ring[1],)


def test_different_travels_with_the_whole_component() -> None:
    nodes = people(a=Profile(), b=Profile(), c=Profile(), d=Profile())
    pairs = [Pair("a", "b", 20.0), Pair("c", "d", 19.0), Pair("b", "c", 18.0)]
    assert set(cluster(nodes, pairs, [], 4.3).values()) == {"a"}
    found = cluster(nodes, pairs, [Judgement("a", "d", DIFFERENT, "2026-01-01")], 4.3)
    assert found == {"a": "a", "b": "a", "c": "c", "d": "c"}


def test_dates_that_may_be_one() -> None:
    assert same_birth("2008-04-11", "2008-11-04")
    assert same_birth("2008-04-11", "2008-04-12")
    assert same_birth("2008-04-11", "2006-04-11")
    assert not same_birth("2008-04-11", "2007-05-11")
    assert same_birth("2008-04-11", "2009")
    assert same_birth("2008-04-11", "2008-07")
    assert not same_birth("2008-04-11", "2015")


def test_a_hundred_thousand_mentions_are_clustered_in_seconds() -> None:
    chance = random.Random(5)
    nodes = {f"{number:06d}": Profile() for number in range(60_000)}
    names = list(nodes)
    pairs = [
        Pair(*chance.sample(names[start : start + 6], 2), chance.uniform(5, 30))
        for start in range(0, 59_990, 6)
        for _ in range(18)
    ]
    started = time.process_time()
    found = cluster(nodes, pairs, [], 4.3)
    assert time.process_time() - started < 8
    assert len(set(found.values())) < 15_000


@pytest.mark.parametrize(
    ("said", "names_somebody"),
    [
        ({"forename": "Ann", "surname": "Pole"}, True),
        ({"forename": "A", "surname": "Pole"}, False),
        ({"surname": "Pole", "dob": "2001-02-03"}, True),
        ({"surname": "Pole", "dob": "2001"}, False),
        ({"dob": "2001-02-03"}, False),
        ({"nominal": "N1234"}, True),
        ({"pnc": "01/1234X"}, True),
        ({}, False),
    ],
)
def test_a_mention_read_by_itself_has_the_profile_it_has_among_many(said: dict[str, str], names_somebody: bool) -> None:
    row = {"mention_id": "a", "agency": "kent", **said}
    together = profiles_of(prepare(pa.Table.from_pylist([row], schema=MENTION_SCHEMA))).one(0)
    names = names_given(said.get("forename"), said.get("surname"))
    alone = profile(birth=birth(said.get("dob")), sex=None, pnc=together.pnc, nominal=said.get("nominal"), names=names)
    assert alone == together and alone.anchored == names_somebody
