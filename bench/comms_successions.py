"""Number successions on worlds whose truth is known: python bench/comms_successions.py --simulations FOLDER…

Each FOLDER is what `crossline simulate` wrote. Every set is taken in under its authorisation and read by itself, as the
platform does. `--rough N` adds N seeds of each setting of the rougher second world. `--fit` fits the weights anew on what is
given and prints them; measure the result on other folders than those it was fitted on. `--cuts N` reads each set N times
more, as if its records had ended at some moment, and takes in what surged in the five days before: whoever decides today
has no later records. How soon a change is seen is measured by comms_succession_early.py.

Of the scores: `top` the likeliest predecessor of each new number that has one; `P` and `R` at the score the engine asks
for; `R@.95`, `R@.99` the recall at that precision; `ECE` the expected calibration error over ten bins.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from comms_rough_world import ROUGH, rough_world
from numpy.typing import NDArray

from crossline.engines.comms.authorisation import read_authorisation
from crossline.engines.comms.events import only_subjects, open_events
from crossline.engines.comms.layout import write_dataset
from crossline.engines.comms.succession.score import Scored, one_to_one, terms_of_all
from crossline.engines.comms.succession.successions import LINES, compare, names_of, settings_for

DAYS_TO_BE_SEEN = 3
LATELY = 5 * 86_400  # of a set that was cut off, whatever surged in the last five days is judged
_DAYS_IN_USE = """
    SELECT number.number, count(DISTINCT floor(event.moment / 86400.0)) FROM event JOIN number ON number.id = event.subject
    WHERE event.outward = 1 GROUP BY number.number"""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Judged:
    """The scored pairs of one set of records, with what is true."""

    kind: str
    scored: list[Scored]
    right: list[bool]
    to_find: int  # changes that the records show, from at least three days of use of both numbers


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--simulations", type=Path, nargs="*", default=[])
    arguments.add_argument("--rough", type=int, default=0, metavar="N")
    arguments.add_argument("--first-seed", type=int, default=1)
    arguments.add_argument("--cuts", type=int, default=0, metavar="N")
    arguments.add_argument("--fit", action="store_true")
    given = arguments.parse_args()
    judged = [each for folder in given.simulations for each in simulated(folder, given.cuts)]
    for seed in range(given.first_seed, given.first_seed + given.rough):
        judged += rough(seed, given.cuts)
    write = sys.stdout.write
    write("world             changes    top      P      R   R@.95  R@.99    ECE\n")
    for kind in dict.fromkeys(each.kind for each in judged):
        write(f"{kind:16}{_line([each for each in judged if each.kind == kind])}\n")
    if given.fit:
        fitted = fit(judged)
        for heading, base, terms in (
            ("base", fitted.base, fitted.terms),
            ("given up", fitted.given_up_base, fitted.given_up),
        ):
            write(f"{heading} {base:.2f}\n" + "".join(f"  {name} {weight:.2f}\n" for name, weight in terms.items()))


def simulated(folder: Path, cuts: int = 0) -> Iterator[Judged]:
    """The sets of one simulation."""
    with (folder / "truth" / "successions.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["old_number"], row["new_number"]) for row in csv.DictReader(file)}
    for source in sorted(folder.glob("deliveries/*/comms*")):
        scope = read_authorisation(source / "authorisation.json")
        with tempfile.TemporaryDirectory() as working:
            write_dataset(source / "records.csv", scope, Path(working) / "set")
            yield from _judged("simulated", Path(working) / "set", truth, cuts=cuts)


def rough(seed: int, cuts: int = 0) -> Iterator[Judged]:
    """One world of each setting."""
    for kind, settings in ROUGH.items():
        world = rough_world(seed, settings)
        with tempfile.TemporaryDirectory() as working:
            path = Path(working) / "records.csv"
            world.write(path)
            subjects = [name for name in world.names if name[0] in "LBP"]
            yield from _judged(kind, path, world.changes, subjects, cuts=cuts)


def _judged(
    kind: str, path: Path, truth: set[Pair], subjects: Sequence[str] = (), *, cuts: int = 0
) -> Iterator[Judged]:
    """One set of records, whole; and as it stood at `cuts` moments of its later two thirds."""
    with open_events([path]) as events:
        connection = events.connection
        if subjects:
            only_subjects(connection, subjects)
        connection.execute("CREATE TEMP TABLE whole_event AS SELECT * FROM event")
        ((first, last),) = connection.execute("SELECT min(moment), max(moment) FROM whole_event").fetchall()
        chance = np.random.default_rng(last)
        for cut in (None, *chance.uniform(first + (last - first) / 3, last, cuts).astype(int).tolist()):
            only = "" if cut is None else f" WHERE moment < {cut}"
            connection.execute(f"CREATE OR REPLACE TEMP VIEW event AS SELECT * FROM whole_event{only}")
            scored = compare(connection, settings_for(connection))
            if cut is not None:
                scored = [each for each in scored if float(each.row["surged_moment"] or 0) > cut - LATELY]
            yield _against(truth, kind, connection, scored, whole=cut is None)


def _against(
    truth: set[Pair], kind: str, connection: duckdb.DuckDBPyConnection, scored: list[Scored], *, whole: bool
) -> Judged:
    names = names_of(connection, scored)
    right = [(names[each.pair[0]], names[each.pair[1]]) in truth for each in scored]
    if not whole:
        return Judged(f"{kind}, cut", scored, right, sum(right))
    days = dict(connection.execute(_DAYS_IN_USE).fetchall())
    to_find = sum(min(days.get(old, 0), days.get(new, 0)) >= DAYS_TO_BE_SEEN for old, new in truth)
    return Judged(kind, scored, right, to_find)


def _line(judged: Sequence[Judged]) -> str:
    scores = np.array([each.score for one in judged for each in one.scored])
    right = np.array([answer for one in judged for answer in one.right], float)
    to_find = max(sum(one.to_find for one in judged), 1)
    likeliest: dict[tuple[int, int], bool] = {}
    chosen: list[bool] = []
    for place, one in enumerate(judged):
        answers = dict(zip((each.pair for each in one.scored), one.right, strict=True))
        chosen += [answers[each.pair] for each in one_to_one(one.scored, least_score=LINES.least_score)]
        has = {pair[1] for pair, answer in answers.items() if answer}
        for each in one.scored:
            if each.pair[1] in has:
                likeliest.setdefault((place, each.pair[1]), answers[each.pair])
    found = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = found / np.arange(1, len(found) + 1)
    recall = [max(found[precision >= least], default=0.0) / to_find for least in (0.95, 0.99)]
    top = sum(likeliest.values()) / max(len(likeliest), 1)
    share = sum(chosen) / max(len(chosen), 1)
    # More can be found than the truth counts as to be found: changes with fewer than three days on a side.
    return (
        f"{to_find:9}{top:7.3f}{share:7.3f}{min(sum(chosen) / to_find, 1):7.3f}"
        f"{min(recall[0], 1):8.3f}{min(recall[1], 1):7.3f}{_calibration(scores, right):7.3f}"
    )


def _calibration(scores: Floats, right: Floats) -> float:
    bins = np.minimum((scores * 10).astype(int), 9)
    gaps = [abs(scores[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum() for b in np.unique(bins)]
    return float(sum(gaps) / max(len(scores), 1))


_GIVEN_UP = ("fall_silence", "fall", "overlap", "same_handset")
_ALIKE_LEFT_OUT = {"fall_silence", "fall", "overlap"}  # they only tell a change from a second phone


@dataclass(frozen=True)
class Fitted:
    """Points of both parts of the score: that the same people are behind both numbers, and that the old one was given up."""

    base: float
    terms: dict[str, float]
    given_up_base: float
    given_up: dict[str, float]


def fit(judged: Sequence[Judged], *, steps: int = 3000, ridge: float = 30.0, ridge_given_up: float = 3.0) -> Fitted:
    """Weights not below nought that make the true pairs likeliest among their rivals; simulated sets count threefold."""
    terms = [each for one in judged for each in terms_of_all([scored.row for scored in one.scored])]
    right = np.array([answer for one in judged for answer in one.right], float)
    counts = np.array([3.0 if one.kind.startswith("simulated") else 1.0 for one in judged for _ in one.right])
    alike = [name for name in terms[0] if name not in _ALIKE_LEFT_OUT]
    tables = [_scaled(terms, alike), _scaled(terms, _GIVEN_UP)]
    widths = [len(alike) + 1, len(_GIVEN_UP) + 1]
    held_back = np.concatenate([[ridge] * len(alike), [0.0], [ridge_given_up] * len(_GIVEN_UP), [0.0]])
    least = np.where(held_back > 0, 0.0, -np.inf)  # the bases alone may be below nought, and are not held back
    weights = np.concatenate([np.zeros(len(alike)), [-2.0], np.zeros(len(_GIVEN_UP)), [1.0]])
    drift, size = np.zeros_like(weights), np.zeros_like(weights)
    codes = tuple(_codes(judged, end) for end in (0, 1))
    for step in range(1, steps + 1):
        odds_log = [table.scaled @ part for table, part in zip(tables, np.split(weights, widths[:1]), strict=True)]
        slopes = _slopes(odds_log[0], odds_log[1], right, counts, codes)
        gradient = np.concatenate([table.scaled.T @ slope for table, slope in zip(tables, slopes, strict=True)])
        gradient = (gradient + held_back * weights) / (counts * right).sum()
        drift, size = 0.9 * drift + 0.1 * gradient, 0.999 * size + 0.001 * gradient**2
        pace = 0.03 * min(1.0, 200 / step) / (np.sqrt(size / (1 - 0.999**step)) + 1e-9)
        weights = np.maximum(weights - pace * drift / (1 - 0.9**step), least)
    (base, shares), (given_up_base, given_up) = (
        table.unscaled(part) for table, part in zip(tables, np.split(weights, widths[:1]), strict=True)
    )
    return Fitted(base, shares, given_up_base, given_up)


@dataclass(frozen=True)
class _Scaled:
    names: Sequence[str]
    scaled: Floats
    middle: Floats
    spread: Floats

    def unscaled(self, weights: Floats) -> tuple[float, dict[str, float]]:
        shares = weights[:-1] / self.spread
        return float(weights[-1] - (shares * self.middle).sum()), dict(zip(self.names, shares.tolist(), strict=True))


def _scaled(terms: Sequence[dict[str, float]], names: Sequence[str]) -> _Scaled:
    table = np.array([[each[name] for name in names] for each in terms])
    middle, spread = table.mean(0), table.std(0) + 1e-9
    return _Scaled(names, np.column_stack([(table - middle) / spread, np.ones(len(table))]), middle, spread)


def _slopes(
    odds_log: Floats, given_up_log: Floats, right: Floats, counts: Floats, codes: tuple[Codes, ...]
) -> tuple[Floats, Floats]:
    """How the log loss of the scores (each against its rivals, as score_pairs does) changes with each log odds."""
    olds, news = codes
    odds, given_up = np.exp(np.clip(odds_log, -30, 25)), 1 / (1 + np.exp(-np.clip(given_up_log, -30, 30)))
    rival = odds * given_up
    room = 1 + odds + np.bincount(olds, rival)[olds] + np.bincount(news, rival)[news] - 2 * rival
    score = np.clip(rival / room, 1e-9, 1 - 1e-9)
    pull = -counts * (right - (1 - right) * score / (1 - score))
    shared = pull / room
    against = rival * (np.bincount(olds, shared)[olds] + np.bincount(news, shared)[news] - 2 * shared)
    return pull * (1 - odds / room) - against, (pull - against) * (1 - given_up)


def _codes(judged: Sequence[Judged], end: int) -> Codes:
    """A number for each old (0) or new (1) number of each set."""
    known: dict[tuple[int, int], int] = {}
    return np.array(
        [
            known.setdefault((place, each.pair[end]), len(known))
            for place, one in enumerate(judged)
            for each in one.scored
        ]
    )


if __name__ == "__main__":
    main()
