"""Which pairs are asked about, what holds a cluster together, what speaks against it, and why a pair did not join."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crossline.engines.resolution.chains import ALARM_MENTIONS, Link, Speaks, chain, contradictions, way, weakest
from crossline.engines.resolution.clusters import Judgement, Pair, Profile, Vetoes
from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.engines.resolution.explain import Explanation, Part
from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.nonmatches import Bar, bars, vetoed, would_change
from crossline.engines.resolution.review import Asks, Question, probability, questions, uncertainty

THRESHOLD = 4.3
SAME, DIFFERENT = "same", "different"


def together(*groups: str) -> dict[str, str]:
    return {mention: min(group) for group in groups for mention in group}


def test_even_odds_are_one_bit_and_certainty_none() -> None:
    assert probability(0) == 0.5 and uncertainty(0) == 1
    assert probability(4.3) == pytest.approx(0.9517, abs=1e-4)
    assert uncertainty(4.3) == uncertainty(-4.3) == pytest.approx(0.2791, abs=1e-4)
    assert uncertainty(5000) < 1e-200 and uncertainty(-5000) < 1e-200
    assert all(math.isfinite(uncertainty(bits)) for bits in (-1100.0, -300.0, 1e300))


def test_what_is_asked_first_is_what_an_answer_would_change_most() -> None:
    pairs = [Pair("a", "b", 9), Pair("a", "d", 2), Pair("x", "y", 0), Pair("c", "e", 8)]
    found = questions(together("abc", "de"), pairs, [], THRESHOLD)
    assert [(each.left, each.right, each.asks) for each in found][:2] == [
        ("c", "e", Asks.VETO),
        ("x", "y", Asks.JOIN),
    ]
    assert found[0].value == 3 * 2 and found[1].value == 1
    assert found[2] == Question("a", "b", 9, Asks.BRIDGE, 1, 1)


def test_of_two_clusters_the_strongest_pair_is_asked_and_none_once_somebody_judged_between_them() -> None:
    pairs = [Pair("a", "d", 1), Pair("e", "b", 3), Pair("c", "d", 2)]
    clusters = together("abc", "de")
    assert [(each.left, each.right) for each in questions(clusters, pairs, [], THRESHOLD)] == [("b", "e")]
    assert questions(clusters, pairs, [Judgement("c", "e", "unsure")], THRESHOLD) == []


def test_the_bridge_of_a_cluster_is_asked_with_the_sizes_of_both_sides() -> None:
    pairs = [Pair("a", "b", 20), Pair("b", "c", 18), Pair("c", "d", 5), Pair("d", "e", 19), Pair("a", "d", 4.5)]
    found = questions(together("abcde"), pairs, [], THRESHOLD)
    assert found[0] == Question("c", "d", 5, Asks.BRIDGE, 3, 2)
    judged = questions(together("abcde"), pairs, [Judgement("d", "c", SAME)], THRESHOLD)
    assert all({each.left, each.right} != {"c", "d"} for each in judged)


def test_a_strong_pair_with_a_mention_that_names_nobody_is_no_dispute_of_facts() -> None:
    pair = [Pair("a", "d", 6)]
    (vetoed_pair,) = questions(together("abc", "de"), pair, [], THRESHOLD)
    (nameless,) = questions(together("abc", "de"), pair, [], THRESHOLD, nameless={"d"})
    assert (vetoed_pair.asks, vetoed_pair.value) == (Asks.VETO, 6)
    assert (nameless.asks, nameless.value) == (Asks.JOIN, 6 * uncertainty(6))


def test_a_list_is_as_long_as_is_asked() -> None:
    pairs = [Pair(f"a{n:03}", f"b{n:03}", n % 4) for n in range(50)]
    found = questions({}, pairs, [], THRESHOLD, most=7)
    assert len(found) == 7
    assert [each.weight_bits for each in found] == [0] * 7 and found[0].left == "a000"


def test_the_chain_is_of_the_strongest_pairs_with_peoples_word_before_them() -> None:
    pairs = [Pair("b", "a", 6), Pair("b", "c", 9), Pair("a", "c", 7), Pair("c", "z", 30)]
    links = chain("abcd", pairs, [Judgement("d", "a", SAME)])
    assert links == [Link("a", "d", None, 3, 1), Link("b", "c", 9, 1, 3), Link("a", "c", 7, 2, 2)]
    assert weakest(links) == links[2]
    assert way(links, "b", "d") == [links[1], links[2], links[0]]
    assert way(links, "b", "z") == [] and way(links, "b", "b") == []
    assert weakest([links[0]]) is None


def test_a_judgement_that_was_overruled_holds_nothing_together() -> None:
    said = [Judgement("a", "b", SAME, "1"), Judgement("b", "a", DIFFERENT, "2")]
    assert chain("ab", [], said) == []
    assert chain("ab", [Pair("a", "b", 9)], said) == []
    assert chain("ab", [Pair("a", "b", 9)], said[:1]) == [Link("a", "b", None, 1, 1)]


@pytest.mark.parametrize(
    ("one", "other", "speaks"),
    [
        ({"birth": "2008-04-11"}, {"birth": "1971-09-30"}, Speaks.BIRTHS),
        ({"birth": "2008-04-11"}, {"birth": "2008-11-04"}, None),
        ({"sex": "M"}, {"sex": "F"}, Speaks.SEXES),
        ({"pnc": "26/1234A"}, {"pnc": "19/9876X"}, Speaks.PNC_IDS),
        ({"pnc": "26/1234A"}, {"pnc": "26/1234B"}, None),
    ],
)
def test_what_speaks_against_a_cluster(one: dict[str, Any], other: dict[str, Any], speaks: Speaks | None) -> None:
    found = contradictions({"a": Profile(**one), "b": Profile(**other), "c": Profile()})
    assert [(each.speaks, each.left, each.right) for each in found] == ([(speaks, *found_in(speaks))] if speaks else [])


def found_in(speaks: Speaks) -> tuple[str, str]:
    """The mentions that show it, ordered by what they say."""
    return ("a", "b") if speaks is Speaks.NOMINALS else ("b", "a")


def test_two_nominals_of_one_force_speak_and_those_of_two_forces_do_not() -> None:
    profiles = dict.fromkeys("abc", Profile())
    assert contradictions(profiles, {"a": ("kent", "K1"), "b": ("essex", "E1"), "c": ("kent", "K1")}) == []
    (found,) = contradictions(profiles, {"a": ("kent", "K1"), "b": ("kent", "K2")})
    assert (found.speaks, found.left, found.right) == (Speaks.NOMINALS, "a", "b")


def test_a_cluster_past_a_size_raises_an_alarm() -> None:
    many = {str(n): Profile() for n in range(ALARM_MENTIONS + 1)}
    assert [each.speaks for each in contradictions(many)] == [Speaks.SIZE]
    assert contradictions(dict(list(many.items())[1:])) == []


def barred(one: list[Profile], other: list[Profile], bits: float, **more: Any) -> list[Bar]:
    return bars(one, other, weight_bits=bits, threshold_bits=THRESHOLD, vetoes=Vetoes(), **more)


def test_why_a_pair_did_not_join() -> None:
    man, woman = Profile(sex="M", birth="2008-04-11"), Profile(sex="F", birth="1971-09-30")
    assert barred([man], [woman], 9) == [Bar.SEX, Bar.BIRTH]
    assert barred([man], [woman], 9, decided=True) == [Bar.DECISION]
    assert barred([man], [woman], 2) == [Bar.WEIGHT]
    assert barred([man], [Profile(anchored=False)], 9) == [Bar.NAMELESS]
    assert barred([man], [man], 9) == [Bar.ORDER]
    assert barred([Profile(pnc="26/1234A")], [Profile(pnc="19/9876X")], 9) == [Bar.PNC]
    one_pnc = [each._replace(pnc="26/1234A") for each in (man, woman)]
    assert vetoed(one_pnc[:1], one_pnc[1:], Vetoes(sex=False)) == []


def explained(**bits: float) -> Explanation:
    """An explanation of comparisons at their last level, with these bits."""
    named = {each.name: each for each in COMPARISONS}
    parts = tuple(Part(name, named[name].levels[-1].code, "", value) for name, value in bits.items())
    return Explanation("tests", -10.0, parts)


def test_facts_that_would_have_changed_it_are_those_that_suffice_and_what_is_disputed_comes_first() -> None:
    model = released_model()
    near = would_change(explained(forename=6.0, surname=6.0, birth=-5.0), model, THRESHOLD)
    assert near[0].comparison == "birth" and near[0].spoke_against
    assert len(near) == 3 and not any(each.spoke_against for each in near[1:])
    assert all(each.weight_bits >= THRESHOLD for each in near)
    assert all(each.weight_bits == pytest.approx(-3.0 + each.gain_bits) for each in near)


def test_where_no_fact_suffices_those_that_together_do_are_named() -> None:
    found = would_change(explained(forename=-8.0, surname=-8.0, birth=-9.0, pnc=-4.0), released_model(), THRESHOLD)
    assert len(found) > 1
    assert found[-1].weight_bits >= THRESHOLD > found[-2].weight_bits
