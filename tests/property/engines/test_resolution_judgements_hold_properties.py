"""However often people split, merge, judge, take back and run again: no judgement in force is violated, and undo is exact."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crossline.engines.resolution.clusters import (
    DIFFERENT,
    SAME,
    Clustering,
    Judgement,
    Pair,
    Profile,
    Vetoes,
    clustering,
)
from crossline.engines.resolution.nationwide import clustering_of_many
from crossline.engines.resolution.resolve import THRESHOLD_BITS

BIRTHS = (None, "2008-04-11", "2008-11-04", "1971-03-09", "1971")
PNCS = (None, None, None, "01/1234X", "77/9999Q")
BITS = (1.0, 4.5, 9.0, 15.0, 26.0)
PLACE = st.integers(min_value=0, max_value=10_000)
VERDICTS = (SAME, DIFFERENT, "unsure")
CHANCE = st.randoms(use_true_random=False)


def profile(chance: Random) -> Profile:
    return Profile(chance.choice(BIRTHS), chance.choice((None, "M", "F")), chance.choice(PNCS), chance.random() < 0.85)


def written(made: Clustering) -> bytes:
    """All of a clustering, as bytes."""
    return json.dumps([sorted(made.cluster_of.items()), made.contradicted]).encode()


def in_force(judgements: list[Judgement]) -> dict[frozenset[str], str]:
    """The verdict that stands on each two mentions. No two judgements here are of one moment."""
    ordered = sorted(judgements, key=lambda each: each.at)
    return {frozenset((each.left, each.right)): each.verdict for each in ordered}


def violated(made: Clustering, judgements: list[Judgement]) -> list[str]:
    """What stands and does not hold: told without the engine's own reading of judgements. A "same" may be shown as a conflict
    instead, and then a "different" must stand between its two sides."""
    shown = {frozenset((each.left, each.right)) for each in made.contradicted}
    cluster_of = made.cluster_of
    standing = {pair: verdict for pair, verdict in in_force(judgements).items() if pair <= cluster_of.keys()}
    kept_apart = {
        frozenset(cluster_of[end] for end in pair) for pair, verdict in standing.items() if verdict == DIFFERENT
    }
    found = [f"{sorted(pair)} shown and not in force" for pair in shown if standing.get(pair) != SAME]
    for pair, verdict in standing.items():
        sides = frozenset(cluster_of[end] for end in pair)
        if verdict == DIFFERENT and len(sides) == 1:
            found.append(f"{sorted(pair)} are different, and one")
        if verdict == SAME and (len(sides) == 2) != (pair in shown):
            found.append(f"{sorted(pair)} are the same, {len(sides)} and {'' if pair in shown else 'not '}shown")
        if pair in shown and sides not in kept_apart:
            found.append(f"{sorted(pair)} are shown as a conflict with nothing between them")
    return found


class Judging(RuleBasedStateMachine):
    """Mentions and pairs that come and go, while people judge and take back."""

    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.nodes: dict[str, Profile] = {}
        self.pairs: dict[tuple[str, str], float] = {}
        self.judgements: list[Judgement] = []
        self.moment = 0
        self.made = Clustering({}, ())

    def run(self) -> Clustering:
        pairs = [Pair(*ends, bits) for ends, bits in self.pairs.items()]
        return clustering(self.nodes, pairs, self.judgements, THRESHOLD_BITS)

    def did(self, what: str) -> None:
        type(self).done[what] += 1
        self.made = self.run()

    def two(self, one: int, other: int) -> tuple[str, str]:
        names = sorted(self.nodes)
        first = one % len(names)
        return names[first], names[(first + 1 + other % (len(names) - 1)) % len(names)]

    def judge(self, left: str, right: str, verdict: str) -> None:
        self.moment += 1
        self.judgements.append(Judgement(left, right, verdict, f"{self.moment:06d}"))

    @initialize(chance=CHANCE)
    def some_are_there(self, chance: Random) -> None:
        for number in range(16):
            self.nodes[f"m{number:04d}"] = profile(chance)
        for _ in range(24):
            self.pairs[min(ends := chance.sample(sorted(self.nodes), 2)), max(ends)] = chance.choice(BITS)
        self.made = self.run()

    @rule(chance=CHANCE)
    def a_mention_comes(self, chance: Random) -> None:
        new = f"m{chance.randrange(10**4):04d}"
        self.nodes[new] = profile(chance)
        for other in chance.sample(sorted(self.nodes), min(3, len(self.nodes))):
            if other != new:
                self.pairs[min(new, other), max(new, other)] = chance.choice(BITS)
        self.did("mention comes")

    @precondition(lambda self: len(self.nodes) > 4)
    @rule(place=PLACE)
    def a_mention_goes(self, place: int) -> None:
        """Its pairs and what was said of it stay behind, as of a mention that somebody does not see."""
        del self.nodes[sorted(self.nodes)[place % len(self.nodes)]]
        self.did("mention goes")

    @rule(one=PLACE, other=PLACE, bits=st.sampled_from(BITS))
    def a_pair_is_scored(self, one: int, other: int, bits: float) -> None:
        left, right = self.two(one, other)
        self.pairs[min(left, right), max(left, right)] = bits
        self.did("pair scored")

    @precondition(lambda self: self.pairs)
    @rule(place=PLACE)
    def a_pair_goes(self, place: int) -> None:
        del self.pairs[sorted(self.pairs)[place % len(self.pairs)]]
        self.did("pair goes")

    @rule(chance=CHANCE)
    def everything_is_run_again(self, chance: Random) -> None:
        """In another order, each pair and judgement turned about by chance: one by one, and many at once."""
        turned = [chance.sample(ends, 2) for ends in self.pairs]
        pairs = [Pair(*ends, bits) for ends, bits in zip(turned, self.pairs.values(), strict=True)]
        nodes, judgements = list(self.nodes.items()), list(self.judgements)
        for each in (pairs, nodes, judgements):
            chance.shuffle(each)
        again = clustering(dict(nodes), pairs, judgements, THRESHOLD_BITS)
        at_once = clustering_of_many(dict(nodes), pairs, judgements, THRESHOLD_BITS, Vetoes())
        assert written(again) == written(at_once) == written(self.made)
        self.did("run again")

    @rule(one=PLACE, other=PLACE, back=st.booleans())
    def somebody_splits_a_person(self, one: int, other: int, back: bool) -> None:
        people = [each for each in self.people() if len(each) > 1]
        if people:
            members = people[one % len(people)]
            first = other % len(members)
            ends = members[first], members[(first + 1) % len(members)]
            self.judge(*(ends[::-1] if back else ends), DIFFERENT)
            self.did("split")
            assert self.made.cluster_of[ends[0]] != self.made.cluster_of[ends[1]]

    @rule(one=PLACE, other=PLACE)
    def somebody_merges_two_people(self, one: int, other: int) -> None:
        people = self.people()
        if len(people) > 1:
            first = one % len(people)
            ends = people[first][0], people[(first + 1 + other % (len(people) - 1)) % len(people)][-1]
            self.judge(*ends, SAME)
            self.did("merge")

    @rule(one=PLACE, other=PLACE, verdict=st.sampled_from(VERDICTS))
    def somebody_judges(self, one: int, other: int, verdict: str) -> None:
        self.judge(*self.two(one, other), verdict)
        self.did(verdict)

    @precondition(lambda self: self.judgements)
    @rule(place=PLACE)
    def a_judgement_is_taken_back(self, place: int) -> None:
        del self.judgements[place % len(self.judgements)]
        self.did("taken back")

    @rule(one=PLACE, other=PLACE, verdict=st.sampled_from(VERDICTS))
    def a_judgement_is_made_and_taken_back(self, one: int, other: int, verdict: str) -> None:
        before = written(self.made)
        self.judge(*self.two(one, other), verdict)
        self.made = self.run()
        assert violated(self.made, self.judgements) == []
        self.judgements.pop()
        self.did("made and taken back")
        assert written(self.made) == before

    def people(self) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for name in sorted(self.nodes):
            groups.setdefault(self.made.cluster_of[name], []).append(name)
        return list(groups.values())

    @invariant()
    def no_judgement_in_force_is_violated(self) -> None:
        assert violated(self.made, self.judgements) == []


@pytest.mark.parametrize(
    ("scripts", "steps", "of_each"),
    [(15, 40, 0), pytest.param(500, 50, 500, marks=pytest.mark.slow, id="20,000 steps")],
)
def test_no_judgement_in_force_is_violated_whatever_happens(scripts: int, steps: int, of_each: int) -> None:
    class Counted(Judging):
        done: ClassVar[Counter[str]] = Counter()

    run_state_machine_as_test(
        Counted,
        settings=settings(max_examples=scripts, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )
    print(f"{Counted.done.total():,} steps: {dict(Counted.done.most_common())}")
    # Hypothesis chooses how long each script is: only many of them have a sure length.
    assert Counted.done.total() >= (0.8 * scripts * steps if of_each else scripts)
    assert min(Counted.done[each] for each in ("run again", "split", "merge", "taken back")) >= of_each


@pytest.mark.parametrize(("number", "seed"), [(100, 1), *((1_000, seed) for seed in range(2, 6))])
def test_judgements_taken_back_in_random_order_give_back_every_byte(number: int, seed: int) -> None:
    """On the way, too, it is at each moment what a run over what still stands makes, and nothing that stands is violated."""
    chance = Random(seed)
    names = [f"m{place:04d}" for place in range(number)]
    nodes = {name: profile(chance) for name in names}
    pairs = [Pair(*chance.sample(names, 2), chance.choice(BITS)) for _ in range(2 * number)]
    first = [Judgement(*chance.sample(names, 2), chance.choice(VERDICTS), f"a{at:05d}") for at in range(number // 10)]
    before = clustering(nodes, pairs, first, THRESHOLD_BITS)
    judged = names[: number // 4]  # so few that some of it contradicts some
    judgements = list(first)
    for at in range(number):
        ends = chance.sample(judged, 2) if chance.random() < 0.5 else list(chance.choice(pairs)[:2])
        judgements.append(Judgement(*ends, chance.choice(VERDICTS), f"b{at:05d}"))
    most = clustering(nodes, pairs, judgements, THRESHOLD_BITS)
    assert written(most) != written(before)
    assert most.contradicted
    undone = [each for each in judgements if each.at.startswith("b")]
    chance.shuffle(undone)
    for place, each in enumerate(undone):
        judgements.remove(each)
        if place % 50 == 0:
            made = clustering_of_many(nodes, pairs, judgements, THRESHOLD_BITS, Vetoes())
            assert violated(made, judgements) == []
            assert written(made) == written(clustering(nodes, pairs[::-1], judgements[::-1], THRESHOLD_BITS))
    assert len(undone) == number
    assert written(clustering(nodes, pairs, judgements, THRESHOLD_BITS)) == written(before)
