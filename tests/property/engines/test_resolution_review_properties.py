"""What must hold of chains, questions, bars and undo, whatever the pairs, profiles and judgements."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.resolution.chains import Link, chain, forest, standing, way, weakest
from crossline.engines.resolution.clusters import (
    DIFFERENT,
    SAME,
    Judgement,
    Pair,
    Profile,
    Vetoes,
    _compatible,  # the rule of the clustering itself, which what is told of a pair must agree with
    _Merger,
    clustering,
)
from crossline.engines.resolution.nonmatches import vetoed
from crossline.engines.resolution.review import Asks, questions

THRESHOLD = 4.0
IDS = [f"m{number:02d}" for number in range(10)]
PROFILES = st.builds(
    Profile,
    birth=st.sampled_from([None, "1990-01-02", "1990-02-01", "1971-11-23", "2004"]),
    sex=st.sampled_from([None, "M", "F"]),
    pnc=st.sampled_from([None, "90/1A", "90/1B", "71/22B"]),
    anchored=st.booleans(),
)
ids = st.sampled_from(IDS)
nodes = st.fixed_dictionaries(dict.fromkeys(IDS, PROFILES))
pairs = st.lists(st.builds(Pair, ids, ids, st.sampled_from([-2.0, 0.0, 3.9, 4.0, 5.0, 9.0, 30.0])), max_size=30)
judgements = st.lists(
    st.builds(Judgement, ids, ids, st.sampled_from([SAME, DIFFERENT, "unsure"]), st.sampled_from(["1", "2"])),
    max_size=6,
)


def groups(links: Sequence[Pair | Link | Judgement]) -> dict[str, set[str]]:
    """node -> everything that links connect with it."""
    found: dict[str, set[str]] = {}
    for link in links:
        joined = found.get(link.left, {link.left}) | found.get(link.right, {link.right})
        found.update(dict.fromkeys(joined, joined))
    return found


@given(pairs, judgements)
def test_a_chain_connects_what_its_pairs_do_and_each_link_is_the_strongest_between_its_sides(pairs, judgements) -> None:
    links = forest(pairs, judgements)
    said = standing(judgements)
    usable = {
        (min(each.left, each.right), max(each.left, each.right)): each.weight_bits
        for each in sorted(pairs, key=lambda pair: pair.weight_bits)
        if each.left != each.right
    }
    usable = {ends: weight for ends, weight in usable.items() if said.get(ends) != DIFFERENT}
    usable |= {ends: float("inf") for ends, verdict in said.items() if verdict == SAME}
    assert groups(links).keys() == {end for ends in usable for end in ends}
    for link in links:
        rest = groups([each for each in links if each != link])
        left, right = rest.get(link.left, {link.left}), rest.get(link.right, {link.right})
        assert (link.left_size, link.right_size) == (len(left), len(right)) and left.isdisjoint(right)
        across = [weight for ends, weight in usable.items() if len(left & set(ends)) == len(right & set(ends)) == 1]
        assert (float("inf") if link.weight_bits is None else link.weight_bits) == max(across)
    weights = [float("inf") if link.weight_bits is None else link.weight_bits for link in links]
    assert weights == sorted(weights, reverse=True)


@given(pairs, judgements, ids, ids)
def test_the_way_along_a_chain_leads_from_one_end_to_the_other(pairs, judgements, start, end) -> None:
    links = forest(pairs, judgements)
    steps, here = way(links, start, end), start
    for step in steps:
        here = step.right if here == step.left else step.left
    connected = end in groups(links).get(start, {start})
    assert (here == end) == connected and bool(steps) == (connected and start != end)
    assert len(set(steps)) == len(steps)


@given(nodes, pairs, judgements)
def test_two_clusters_are_asked_about_once_and_nothing_is_asked_that_somebody_judged(nodes, pairs, judgements) -> None:
    made = clustering(nodes, pairs, judgements, THRESHOLD)
    found = questions(made.cluster_of, pairs, judgements, THRESHOLD)
    judged = {frozenset((each.left, each.right)) for each in judgements}
    sizes = Counter(made.cluster_of.values())
    asked = []
    for each in found:
        ends = {made.cluster_of[each.left], made.cluster_of[each.right]}
        assert frozenset((each.left, each.right)) not in judged
        assert (len(ends) == 1) == (each.asks is Asks.BRIDGE)
        if each.asks is Asks.BRIDGE:
            assert each.left_size + each.right_size == sizes[made.cluster_of[each.left]]
            members = [mention for mention, of in made.cluster_of.items() if of in ends]
            strong = [pair for pair in pairs if pair.weight_bits >= THRESHOLD]
            links = chain(members, strong, judgements)
            assert each.weight_bits >= weakest(links).weight_bits
        else:
            asked.append(frozenset(ends))
            assert (each.left_size, each.right_size) == tuple(
                sizes[made.cluster_of[end]] for end in (each.left, each.right)
            )
            assert (each.weight_bits >= THRESHOLD) == (each.asks is Asks.VETO)
    assert len(set(asked)) == len(asked)
    assert [each.value for each in found] == sorted((each.value for each in found), reverse=True)


@given(st.lists(PROFILES, min_size=1, max_size=4), st.lists(PROFILES, min_size=1, max_size=4))
def test_a_bar_is_told_exactly_where_the_clustering_refuses(one, other) -> None:
    vetoes = Vetoes()
    merger = _Merger([*one, *other], vetoes)
    for first, size in ((0, len(one)), (len(one), len(other))):
        for row in range(first + 1, first + size):
            merger._join(merger.group_of[first], merger.group_of[row])
    sides = [merger._groups[merger.group_of[first]] for first in (0, len(one))]
    assert (vetoed(one, other, vetoes) == []) == _compatible(*sides, vetoes)


def test_a_thousand_judgements_undone_in_any_order_leave_nothing_behind() -> None:
    chance = random.Random(20260329)
    names = [f"m{number:03}" for number in range(300)]
    births = [None, "1990-01-02", "1971-11-23", "2004-06-30"]
    held = {
        name: Profile(chance.choice(births), chance.choice([None, "M", "F"]), None, chance.random() > 0.1)
        for name in names
    }
    scored = [Pair(*chance.sample(names, 2), chance.uniform(-2, 30)) for _ in range(900)]
    before = clustering(held, scored, [], THRESHOLD)
    said = [
        Judgement(*chance.sample(names, 2), chance.choice([SAME, SAME, DIFFERENT, "unsure"]), f"{at:04}")
        for at in range(1_000)
    ]
    judged = clustering(held, scored, said, THRESHOLD)
    assert judged.cluster_of != before.cluster_of and judged.contradicted
    order = list(said)
    chance.shuffle(order)
    while order:
        del order[-50:]
        left = clustering(held, scored, order, THRESHOLD)
        assert left == clustering(held, scored[::-1], sorted(order, key=lambda each: each.at), THRESHOLD)
    assert clustering(held, scored, order, THRESHOLD) == before


@given(nodes, pairs, judgements)
def test_the_weakest_link_is_no_stronger_than_any_other(nodes, pairs, judgements) -> None:
    made = clustering(nodes, pairs, judgements, THRESHOLD)
    members = defaultdict(list)
    for mention, of in made.cluster_of.items():
        members[of].append(mention)
    for group in members.values():
        links = chain(group, [pair for pair in pairs if pair.weight_bits >= THRESHOLD], judgements)
        assert len(links) == len(group) - 1, "what the clustering joined, pairs and judgements inside it connect"
        bridge = weakest(links)
        assert bridge is None or all(
            each.weight_bits is None or each.weight_bits >= bridge.weight_bits for each in links
        )
        assert all(way(links, one, other) for one, other in combinations(group, 2))
