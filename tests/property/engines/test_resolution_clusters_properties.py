"""What must hold of clusters whatever the pairs, profiles and judgements."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.resolution.clusters import DIFFERENT, SAME, Judgement, Pair, Profile, cluster, clustering

THRESHOLD = 4.0
IDS = [f"m{number:02d}" for number in range(12)]

ids = st.sampled_from(IDS)
profiles = st.builds(
    Profile,
    birth=st.sampled_from([None, "1990-01-02", "1990-02-01", "1971-11-23", "2004-06-30"]),
    sex=st.sampled_from([None, "M", "F"]),
    pnc=st.sampled_from([None, "90/1A", "71/22B", "04/333C"]),
    anchored=st.sampled_from([True, True, True, False]),
)
nodes = st.fixed_dictionaries(dict.fromkeys(IDS, profiles))
pairs = st.lists(st.builds(Pair, ids, ids, st.sampled_from([-1.0, 3.9, 4.0, 5.0, 9.0, 9.0, 20.0, 30.0])), max_size=40)
judgements = st.lists(
    st.builds(
        Judgement,
        ids,
        ids,
        st.sampled_from([SAME, DIFFERENT, "unsure"]),
        st.sampled_from(["2026-01", "2026-02", "2026-03"]),
    ),
    max_size=10,
)


def standing(given_judgements: list[Judgement]) -> dict[frozenset[str], str]:
    """The newest verdict on each pair; at one time "different" outranks."""
    newest: dict[frozenset[str], tuple[str, bool, str]] = {}
    for each in given_judgements:
        if each.left != each.right:
            pair = frozenset((each.left, each.right))
            candidate = (each.at, each.verdict == DIFFERENT, each.verdict)
            newest[pair] = max(newest.get(pair, candidate), candidate)
    return {pair: verdict for pair, (_, _, verdict) in newest.items()}


@given(nodes, pairs, judgements, st.randoms(use_true_random=False))
def test_order_of_what_is_given_changes_nothing(nodes, pairs, judgements, shuffler) -> None:
    before = clustering(nodes, pairs, judgements, THRESHOLD)
    shuffled_pairs = [
        Pair(each.right, each.left, each.weight_bits) if shuffler.random() < 0.5 else each for each in pairs
    ]
    shuffled_judgements = list(judgements)
    shuffled_nodes = list(nodes.items())
    for each in (shuffled_pairs, shuffled_judgements, shuffled_nodes):
        shuffler.shuffle(each)
    after = clustering(dict(shuffled_nodes), shuffled_pairs, shuffled_judgements, THRESHOLD)
    assert after.cluster_of == before.cluster_of
    assert after.contradicted == before.contradicted


@given(nodes, pairs, judgements)
def test_different_always_holds(nodes, pairs, judgements) -> None:
    cluster_of = cluster(nodes, pairs, judgements, THRESHOLD)
    for pair, verdict in standing(judgements).items():
        if verdict == DIFFERENT:
            left, right = pair
            assert cluster_of[left] != cluster_of[right]


@given(nodes, pairs, judgements)
def test_same_holds_or_is_handed_back(nodes, pairs, judgements) -> None:
    found = clustering(nodes, pairs, judgements, THRESHOLD)
    handed_back = {frozenset((each.left, each.right)) for each in found.contradicted}
    for pair, verdict in standing(judgements).items():
        if verdict == SAME:
            left, right = pair
            assert (found.cluster_of[left] == found.cluster_of[right]) != (pair in handed_back)


@given(nodes, pairs, judgements, st.data())
def test_undoing_a_judgement_and_making_it_again_restores_everything(nodes, pairs, judgements, data) -> None:
    before = cluster(nodes, pairs, judgements, THRESHOLD)
    if judgements:
        taken = data.draw(st.integers(0, len(judgements) - 1))
        without = judgements[:taken] + judgements[taken + 1 :]
        cluster(nodes, pairs, without, THRESHOLD)
        assert cluster(nodes, pairs, [*without, judgements[taken]], THRESHOLD) == before


@given(nodes, pairs, judgements, st.sets(ids))
def test_nobody_is_joined_without_a_path_of_visible_pairs(nodes, pairs, judgements, hidden) -> None:
    visible = {name: profile for name, profile in nodes.items() if name not in hidden}
    cluster_of = cluster(visible, pairs, judgements, THRESHOLD)
    links = [(each.left, each.right) for each in pairs if each.weight_bits >= THRESHOLD]
    links += [tuple(pair) for pair, verdict in standing(judgements).items() if verdict == SAME]
    reach = _components(set(visible), [(left, right) for left, right in links if {left, right} <= set(visible)])
    assert set(cluster_of) == set(visible)
    for left in visible:
        for right in visible:
            assert cluster_of[left] != cluster_of[right] or reach[left] == reach[right]


@given(nodes, pairs, judgements, st.sets(ids))
def test_what_is_hidden_leaves_no_trace(nodes, pairs, judgements, hidden) -> None:
    visible = {name: profile for name, profile in nodes.items() if name not in hidden}
    seen_pairs = [each for each in pairs if not {each.left, each.right} & hidden]
    seen_judgements = [each for each in judgements if not {each.left, each.right} & hidden]
    assert cluster(visible, pairs, judgements, THRESHOLD) == cluster(visible, seen_pairs, seen_judgements, THRESHOLD)


@given(nodes, pairs, judgements)
def test_a_component_can_be_clustered_by_itself(nodes, pairs, judgements) -> None:
    whole = cluster(nodes, pairs, judgements, THRESHOLD)
    links = [(each.left, each.right) for each in pairs if each.weight_bits >= THRESHOLD]
    links += [tuple(pair) for pair, verdict in standing(judgements).items() if verdict == SAME]
    for root in set(reach := _components(set(nodes), links)).intersection(reach.values()):
        component = {name: profile for name, profile in nodes.items() if reach[name] == root}
        alone = cluster(component, pairs, judgements, THRESHOLD)
        assert alone == {name: whole[name] for name in component}


@given(nodes, pairs)
def test_the_representative_is_the_smallest_of_its_cluster(nodes, pairs) -> None:
    members = defaultdict(list)
    for name, representative in cluster(nodes, pairs, [], THRESHOLD).items():
        members[representative].append(name)
    assert all(min(group) == representative for representative, group in members.items())


def _components(names: set[str], links: list[tuple[str, ...]]) -> dict[str, str]:
    reach = {name: name for name in names}
    for _ in names:
        for left, right in links:
            reach[left] = reach[right] = min(reach[left], reach[right])
    return reach
