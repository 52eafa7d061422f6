"""Whole names against published hard pairs: python bench/resolution_names.py NAME_CASES.csv

NAME_CASES.csv is nomenklatura's name_cases.csv (MIT): schema, name1, name2, is_match. The settings were chosen on a random half
(seed 2026). Printed are both halves, what of the other shares no name with the first, and the whole, by kind of name: at the
best threshold, and at the one chosen on the tuning half; and the processor time a pair, warm. --wrong lists the pairs of the
tuning half that are told wrong: never look at the other's.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_set_ratio

from crossline.engines.resolution.whole_names import name_similarity

SEED = 2026
PEOPLE = "Person"


@dataclass(frozen=True)
class Case:
    """A published pair and whether it is one name."""

    schema: str
    left: str
    right: str
    one_name: bool


def cases_of(path: Path) -> tuple[list[Case], list[Case]]:
    """(tuning half, other half)."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    places = list(range(len(rows)))
    Random(SEED).shuffle(places)
    tuning = set(places[: len(rows) // 2])
    cases = [Case(row["schema"], row["name1"], row["name2"], row["is_match"] == "true") for row in rows]
    return [case for at, case in enumerate(cases) if at in tuning], [
        c for at, c in enumerate(cases) if at not in tuning
    ]


def f1_at(scores: Sequence[float], cases: Sequence[Case], threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of taking scores from the threshold on for one name."""
    taken = [score >= threshold for score in scores]
    right = sum(each and case.one_name for each, case in zip(taken, cases, strict=True))
    said, real = sum(taken), sum(case.one_name for case in cases)
    return right / max(1, said), right / max(1, real), 2 * right / max(1, said + real)


def best_threshold(scores: Sequence[float], cases: Sequence[Case]) -> float:
    """The threshold with the best F1; of several the middle one."""
    steps = sorted({round(score, 4) for score in scores})
    best = max(f1_at(scores, cases, step)[2] for step in steps)
    equal = [step for step in steps if f1_at(scores, cases, step)[2] == best]
    return equal[len(equal) // 2]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    tuning, other = cases_of(given.cases)
    methods = {
        "whole_names": lambda left, right: name_similarity(left, right).score,
        "rapidfuzz token_set": lambda left, right: token_set_ratio(left.lower(), right.lower()) / 100,
        "Jaro-Winkler": lambda left, right: JaroWinkler.similarity(left.lower(), right.lower()),
    }
    seen = {name for case in tuning for name in (case.left, case.right)}
    unseen = [case for case in other if case.left not in seen and case.right not in seen]
    print("| method | names | half | pairs | best F1 | at the fixed threshold: P | R | F1 |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for method, alike in methods.items():
        fixed = best_threshold([alike(case.left, case.right) for case in tuning], tuning)
        for half, cases in (
            ("tuning", tuning),
            ("other", other),
            ("other, unseen", unseen),
            ("both", [*tuning, *other]),
        ):
            for names in ("all", "people", "others"):
                chosen = [case for case in cases if names == "all" or (case.schema == PEOPLE) == (names == "people")]
                scores = [alike(case.left, case.right) for case in chosen]
                best = f1_at(scores, chosen, best_threshold(scores, chosen))[2]
                figures = " | ".join(f"{figure:.3f}" for figure in f1_at(scores, chosen, fixed))
                print(f"| {method} (≥ {fixed:.3f}) | {names} | {half} | {len(chosen)} | {best:.3f} | {figures} |")
    everything = [*tuning, *other]
    rounds = 20
    began = time.process_time()
    for _ in range(rounds):
        for case in everything:
            name_similarity(case.left, case.right)
    print(
        f"\n{(time.process_time() - began) / rounds / len(everything) * 1e6:.1f} microseconds of processor a pair, warm"
    )
    if given.wrong:
        scores = [name_similarity(case.left, case.right).score for case in tuning]
        threshold = best_threshold(scores, tuning)
        for score, case in sorted(zip(scores, tuning, strict=True), key=lambda each: each[0]):
            if (score >= threshold) != case.one_name:
                told = name_similarity(case.left, case.right).in_words()
                print(f"{score:.3f} {'one' if case.one_name else 'two'} {case.left} | {case.right} | {told}")


if __name__ == "__main__":
    main()
