"""The same mentions one by one and all at once: python bench/resolution_streaming.py FOLDER [--seed 1] [--judgements 600]

FOLDER is one of bench/resolution_world.py (mentions.csv and truth.csv) or one that `crossline simulate` wrote. Its mentions go
into a register in random order, each on disk before it is answered, from the first to the last without opening it anew; and
through `resolve` at once. Prints precision, recall and F1 over pairs for both, which pairs and people only one of them has, and
the same after opening the register again, when it is registered for its size.

Then judgements are planted at random moments of the stream: people that are held to be one are said to be different, people that
are held to be two the same, and threes of which no two sayings agree. What the register weighed so far is clustered under what
has been said so far, ten times on the way, and everything at once at the end: no judgement may be violated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from resolution_data import mentions_of, read_mentions, read_truth, truth_of
from resolution_measures import pairwise

from crossline.engines.resolution import register as registers
from crossline.engines.resolution.clusters import DIFFERENT, SAME, Clustering, Judgement, Vetoes
from crossline.engines.resolution.groups import Groups
from crossline.engines.resolution.model import at_scale, released_model
from crossline.engines.resolution.nationwide import Profiles, Weighed, cluster_rows, profiles_of
from crossline.engines.resolution.preparing import prepare
from crossline.engines.resolution.register import Register
from crossline.engines.resolution.resolve import Resolution, resolve, vetoes_of

MOMENTS = 10
People = Mapping[str, str]


class Watched(Groups):
    """Groups that note what each mention may be joined with, so that the same can be clustered under judgements."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.noted: list[Sequence[tuple[int, float]]] = []

    def add(self, pairs: Sequence[tuple[int, float]]) -> None:
        self.noted.append(pairs)
        super().add(pairs)


class Stream:
    """What a register weighed as mentions came: to be clustered as of any moment."""

    def __init__(
        self, arrived: Sequence[str], noted: Sequence[Sequence[tuple[int, float]]], profiles: Profiles
    ) -> None:
        row_of = {name: row for row, name in enumerate(profiles.ids)}
        rows = np.array([row_of[name] for name in arrived], dtype=np.int32)
        counts = [len(each) for each in noted]
        newer = np.repeat(rows, counts)
        older = rows[np.array([other for each in noted for other, _ in each], dtype=np.int64)]
        bits = np.array([weight for each in noted for _, weight in each], dtype=np.float64)
        self._profiles = profiles
        self._pairs = Weighed(np.minimum(newer, older), np.maximum(newer, older), bits)
        self._until = np.concatenate([[0], np.cumsum(counts)])

    def people(self, moment: int, judgements: Sequence[Judgement], vetoes: Vetoes) -> Clustering:
        """After so many mentions."""
        until, ids = self._until[moment], self._profiles.ids
        pairs = Weighed(self._pairs.left[:until], self._pairs.right[:until], self._pairs.bits[:until])
        cluster_of, contradicted = cluster_rows(self._profiles, pairs, judgements, vetoes=vetoes)
        return Clustering({ids[row]: ids[first] for row, first in enumerate(cluster_of.tolist())}, contradicted)

    def pairs(self) -> set[tuple[int, int]]:
        return set(zip(self._pairs.left.tolist(), self._pairs.right.tolist(), strict=True))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--judgements", type=int, default=600)
    chosen = arguments.parse_args()
    table, truth = labelled(chosen.folder)
    chance = Random(chosen.seed)
    arriving = table.take(pa.array(chance.sample(range(table.num_rows), table.num_rows))).to_pylist()
    with tempfile.TemporaryDirectory() as folder:
        measure(table, truth, arriving, Path(folder), chance, chosen.judgements)


def measure(
    table: pa.Table, truth: People, arriving: list[dict[str, Any]], folder: Path, chance: Random, number: int
) -> None:
    """Print everything."""
    started = time.perf_counter()
    with patch.object(registers, "Groups", Watched), Register(folder, released_model()) as register:
        for row in arriving:
            register.add(row)
        grown, model, groups = register.entities(), register.model, register._groups
    assert isinstance(groups, Watched)
    seconds = time.perf_counter() - started
    told = "{:26} scale {}: P {:.4f} R {:.4f} F1 {:.5f}\n"
    sys.stdout.write(f"{table.num_rows:,} mentions one by one in {seconds:.0f} s\n")
    one_by_one = compared(grown, truth)
    sys.stdout.write(told.format("one by one", model.scale, *one_by_one))
    at_once = resolve(table, model)
    together = compared(at_once.cluster_of, truth)
    sys.stdout.write(told.format("all at once", model.scale, *together))
    sys.stdout.write(f"difference of F1 {one_by_one[2] - together[2]:+.5f}\n")
    stream = Stream([row["mention_id"] for row in arriving], groups.noted, profiles_of(prepare(table)))
    tell_apart(stream, at_once, grown)
    own = at_scale(model, table.num_rows)
    with Register(folder, released_model()) as register:
        sys.stdout.write(told.format("opened again", register.model.scale, *compared(register.entities(), truth)))
    if own != model:
        sys.stdout.write(told.format("all at once", own.scale, *compared(resolve(table, own).cluster_of, truth)))
    vetoes = vetoes_of(model)
    judgements = planted(at_once.cluster_of, truth, chance, number)
    place = {row["mention_id"]: at for at, row in enumerate(arriving)}
    known = {each: max(place[each.left], place[each.right]) for each in judgements}
    said = {each: chance.randrange(at, len(arriving)) for each, at in known.items()}
    for step in range(1, MOMENTS + 1):
        moment = step * len(arriving) // MOMENTS
        so_far = [each for each, at in said.items() if at < moment]
        found = stream.people(moment, so_far, vetoes)
        sys.stdout.write(
            f"after {moment:,}: {len(so_far)} judgements, {len(found.contradicted)} shown as conflicts, "
            f"{len(violated(found, so_far))} violated\n"
        )
    judged = resolve(table, model, judgements=judgements)
    sys.stdout.write(
        f"all at once: {len(judgements)} judgements, {len(judged.contradicted)} shown as conflicts, "
        f"{len(violated(judged, judgements))} violated\n"
    )
    for name, people in (("one by one, judged", found.cluster_of), ("all at once, judged", judged.cluster_of)):
        sys.stdout.write(told.format(name, model.scale, *compared(people, truth)))


def tell_apart(stream: Stream, at_once: Resolution, grown: People) -> None:
    """Print which pairs and which people only one of the two ways has, and whom the register's own groups have otherwise."""
    streamed, whole = (
        stream.pairs(),
        set(zip(at_once.compared.left.tolist(), at_once.compared.right.tolist(), strict=True)),
    )
    sys.stdout.write(
        f"pairs of both {len(streamed & whole):,}, one by one alone {len(streamed - whole):,}, "
        f"at once alone {len(whole - streamed):,}; keys shared by too many: {len(at_once.dropped)}\n"
    )
    ours, theirs = groups_of(grown), groups_of(at_once.cluster_of)
    sys.stdout.write(f"people of both {len(ours & theirs):,}, one by one alone {len(ours - theirs):,}\n")


def groups_of(people: People) -> set[frozenset[str]]:
    """The mentions of each person."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for mention, entity in people.items():
        found[entity].add(mention)
    return {frozenset(each) for each in found.values()}


def planted(people: People, truth: People, chance: Random, number: int) -> list[Judgement]:
    """A third part two of one person, a third join two people (every other time rightly), a third cannot all hold."""
    groups = sorted(sorted(each) for each in groups_of(people))
    several = [each for each in groups if len(each) > 1]
    parted: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for mention, entity in people.items():
        if mention in truth:
            parted[truth[mention]].setdefault(entity, mention)
    missed = sorted(sorted(each.values())[:2] for each in parted.values() if len(each) > 1)
    pairs: list[tuple[str, str, str]] = []
    for at in range(number // 3):
        pairs.append((*chance.sample(chance.choice(several), 2), DIFFERENT))
        ends = chance.choice(missed) if at % 2 else [each[0] for each in chance.sample(groups, 2)]
        pairs.append((*ends, SAME))
        if at % 3 == 0:
            one, other, third = (chance.choice(each) for each in chance.sample(groups, 3))
            pairs += [(one, other, SAME), (other, third, SAME), (one, third, DIFFERENT)]
    chance.shuffle(pairs)
    once = {frozenset(each[:2]): each for each in pairs}
    return [Judgement(*each, f"{moment:06d}") for moment, each in enumerate(once.values())]


def violated(found: Clustering, judgements: Sequence[Judgement]) -> list[Judgement]:
    """What does not hold: a "same" may be shown as a conflict instead. No two judgements here are on one pair."""
    shown = {each.at for each in found.contradicted}
    one = {each: found.cluster_of[each.left] == found.cluster_of[each.right] for each in judgements}
    return [each for each in judgements if one[each] != (each.verdict == SAME and each.at not in shown)]


def compared(people: People, truth: People) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of mentions whose person is known."""
    known = [mention for mention in people if mention in truth]
    return pairwise([people[each] for each in known], [truth[each] for each in known])


def labelled(folder: Path) -> tuple[pa.Table, People]:
    """The mentions of a world or a simulation, and who each is."""
    if (folder / "mentions.csv").exists():
        table = read_mentions(folder)
        return table, dict(zip(table.column("mention_id").to_pylist(), read_truth(folder)["person"], strict=True))
    return mentions_of(folder), truth_of(folder)


if __name__ == "__main__":
    main()
