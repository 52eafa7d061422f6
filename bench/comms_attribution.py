"""Attribution on rough worlds whose truth is known: python bench/comms_attribution.py [--train FILE] --seeds 11 12 13

`--train FILE` learns a release on the given seeds and writes it: the first half of the seeds gives the chances, the second
half the calibration and its bounds. Without it the shipped release (or `--release FILE`) is measured on the given seeds:
take others than those it was learnt on. Each line's phone is compared with the phones of everybody who was in its town
when the world began; how often a phone is near a cell is counted from everybody's.

    strangers  people who have nothing to do with the line; local: whose pairs are mostly in the line's area
    H          holders, h holders whose line is handed on, S those it is handed to, D deputies
    C, M, K    companions 15-60 % of the time, housemates, close companions 60-95 %
    LRs, LRc   ratios against a stranger and against a companion; between: LRc from 1/10 to 10, "cannot separate"
    Cllr       of LRc: holders against companions, against companions and housemates, against close companions
    days       share of days of periods (carriers.py) that name who had the line's phone most of that day; and that name another
    first      the holder first by lead score
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from comms_carrier_world import START, CarrierSettings, CarrierWorld, carrier_world, hour_of, write_world
from numpy.typing import NDArray

from crossline.engines.comms.attribution.carriers import periods
from crossline.engines.comms.attribution.likelihood_ratios import Calibration, calibrated, cllr
from crossline.engines.comms.attribution.model import (
    BANDS,
    KINDS,
    NEAR,
    Blocks,
    Floats,
    Part,
    Release,
    log_products,
    raw_ratios,
    release_from,
    release_text,
)
from crossline.engines.comms.attribution.pairs import Pairs, ask, pairs_asked, place_registrations
from crossline.engines.comms.cells import read_cells
from crossline.engines.comms.events import open_events
from crossline.engines.comms.numbers import id_of

GRID = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
WEIGHT_OF_AREA = 50.0
LOCAL = 0.5  # of a stranger's pairs in the line's area, to be called a stranger of the area
OPEN = Calibration(0.0, 1.0, -99.0, 99.0)


@dataclass
class Compared:
    """One line against everybody: who, what kind of person, and the products over blocks."""

    line: str
    names: NDArray[np.str_]
    kinds: NDArray[np.str_]  # H, S, D, C, M, K, P; h for a holder whose line is handed on
    local: NDArray[np.bool_]
    pairs: NDArray[np.int64]
    blocks: NDArray[np.int64]
    products: Floats


def blank_release() -> Release:
    """Nothing learnt yet: every band alike."""
    flat = (tuple([1.0 / len(BANDS)] * len(BANDS)),) * 2
    part = (Part("", 1.0, (tuple([1.0 / len(GRID)] * len(GRID)),) * len(KINDS)),)
    return Release("", {}, flat, (flat,) * len(KINDS), WEIGHT_OF_AREA, GRID, part, part, part, OPEN, OPEN)


def each_line(
    seed: int, settings: CarrierSettings, release: Release, most: int | None = None
) -> Iterator[tuple[CarrierWorld, str, Pairs, dict[int, str]]]:
    """The pairs of every line of one world."""
    world = carrier_world(seed, settings)
    with tempfile.TemporaryDirectory() as working:
        dataset, cells = write_world(world, Path(working))
        with open_events([dataset]) as events:
            place_registrations(events.connection, read_cells([cells]))
            names = {id_of(each.name): each.name for each in world.phones}
            homes = {each.name: world.spots[int(each.track[0])].town for each in world.phones}
            for line in list(world.carriers)[:most]:
                # People of other towns are told apart at a glance; they cost the time that more worlds can have.
                near = (n for n, name in names.items() if homes[name] == homes[line] or name[1:] == line[1:])
                there = [n for n in near if names[n][0] != "L"]
                ask(events.connection, id_of(line), there)
                yield world, line, pairs_asked(events.connection, release), names


def kind_of(world: CarrierWorld, line: str, name: str) -> str:
    """What a person is to a line: a letter; another line's people are plain people."""
    if name[0] == "P" or name[1:] != line[1:]:
        return "P"
    return "h" if name[0] == "H" and len(world.carriers[line][0]) > 2 else name[0]


def compared(world: CarrierWorld, line: str, pairs: Pairs, names: dict[int, str]) -> Compared:
    """Everybody's products over blocks."""
    blocks: Blocks = pairs.blocks()
    who, at, counts = np.unique(pairs.candidate, return_inverse=True, return_counts=True)
    near = np.bincount(at, pairs.band < NEAR, len(who)) / counts
    block_counts = np.bincount(np.searchsorted(who, blocks.candidate), minlength=len(who))
    called = np.array([names[number] for number in who.tolist()])
    kinds = np.array([kind_of(world, line, name) for name in called.tolist()])
    return Compared(line, called, kinds, near >= LOCAL, counts, block_counts, log_products(blocks, who, GRID))


def count_bands(seeds: Sequence[int], settings: CarrierSettings, most: int) -> tuple[Floats, Floats]:
    """Bands of pairs while the line's phone was truly in the candidate's hands, and of strangers of the area."""
    together, apart = np.ones((2, len(BANDS))), np.ones((len(KINDS), 2, len(BANDS)))
    for seed in seeds:
        for world, line, pairs, names in each_line(seed, settings, blank_release(), most):
            carriers, who = world.carriers[line]
            number = {id_of(name): place for place, name in enumerate(carriers)}
            has_it = np.array([number.get(each, -1) for each in pairs.candidate.tolist()])
            hour = np.clip(hour_of(pairs.line_moment), 0, len(who) - 1)
            same = (has_it >= 0) & (who[hour] == has_it)
            np.add.at(together, (pairs.same_network[same], pairs.band[same]), 1)
            found = compared(world, line, pairs, names)
            stranger = found.local & (found.kinds == "P")
            at = np.searchsorted(np.unique(pairs.candidate), pairs.candidate)
            chosen = stranger[at]
            np.add.at(apart, (pairs.kind[chosen], pairs.same_network[chosen], pairs.band[chosen]), 1)
    return _chances(together, 0.002), _chances(apart, 0.002)


def _chances(counts: Floats, least: float) -> Floats:
    found = np.maximum(counts / counts.sum(-1, keepdims=True), least)
    return np.round(found / found.sum(-1, keepdims=True), 9)


def fit_kinds(products: Floats, *, rounds: int = 200, doubt: float = 0.3) -> tuple[tuple[float, ...], ...]:
    """For each kind of time the chances of the shares that make the products likeliest; `doubt` counts added to each."""
    rows = []
    for kind in range(len(KINDS)):
        held = products[np.any(products[:, kind, :] != 0.0, axis=1), kind, :]
        chances = np.full(len(GRID), 1.0 / len(GRID))
        for _ in range(rounds):
            each = held + np.log(chances)
            each = np.exp(each - each.max(1, keepdims=True))
            counts = (each / each.sum(1, keepdims=True)).sum(0) + doubt
            chances = counts / counts.sum()
        rows.append(tuple(np.round(chances, 9).tolist()))
    return tuple(rows)


def gather(seeds: Sequence[int], settings: CarrierSettings, release: Release) -> list[Compared]:
    """Every line of every seed."""
    found = []
    for seed in seeds:
        for each in each_line(seed, settings, release):
            one = compared(*each)
            keep = one.local | (one.kinds != "P")
            found.append(
                Compared(
                    one.line,
                    one.names[keep],
                    one.kinds[keep],
                    one.local[keep],
                    one.pairs[keep],
                    one.blocks[keep],
                    one.products[keep],
                )
            )
        sys.stderr.write(f"seed {seed} read\n")
    return found


def of_kinds(found: Sequence[Compared], kinds: str) -> Floats:
    return np.concatenate([one.products[np.isin(one.kinds, list(kinds))] for one in found])


def train(seeds: Sequence[int], settings: CarrierSettings, out: Path) -> None:
    """Learn a release and write it."""
    half = (len(seeds) + 1) // 2
    together, apart = count_bands(seeds[:1], settings, 25)
    release = replace(blank_release(), together=_rows(together), apart=tuple(_rows(kind) for kind in apart))
    fitting, holding = gather(seeds[:half], settings, release), gather(seeds[half:], settings, release)
    out.write_text(release_text(learn(release, fitting, holding, seeds, settings)), encoding="utf-8")


def learn(
    release: Release,
    fitting: Sequence[Compared],
    holding: Sequence[Compared],
    seeds: Sequence[int],
    settings: CarrierSettings,
) -> Release:
    """Chances from the one half, calibration and bounds from the other."""
    same = (Part("same hands", 1.0, fit_kinds(of_kinds(fitting, "H"))),)
    stranger = (Part("stranger of the area", 1.0, fit_kinds(of_kinds(fitting, "P"))),)
    companion = (
        Part("companion", 0.5, fit_kinds(of_kinds(fitting, "C"))),
        Part("housemate", 0.5, fit_kinds(of_kinds(fitting, "M"))),
    )
    release = replace(release, same_hands=same, stranger=stranger, companion=companion)
    holders = of_kinds(holding, "H")
    figures = {}
    for name, others, place in (("against_stranger", "P", 0), ("against_companion", "CM", 1)):
        rest = of_kinds(holding, others)
        raw = np.concatenate([raw_ratios(holders, release)[place], raw_ratios(rest, release)[place]])
        label = np.arange(len(raw)) < len(holders)
        found = calibrated(raw, label)
        figures[name] = Calibration(*(round(value, 6) for value in asdict(found).values()))
        sys.stderr.write(
            f"{name}: {figures[name]}, {len(holders)} against {len(rest)},"
            f" Cllr {cllr(found.offset + found.slope * raw, label):.4f}\n"
        )
    trained_on = {
        "by": "bench/comms_attribution.py --train",
        "worlds": "bench/comms_carrier_world.py",
        "seeds": list(seeds),
        "settings": json.loads(json.dumps(asdict(settings))),
        "holders": len(of_kinds(fitting, "H")) + len(holders),
        "companions": len(of_kinds(fitting, "CM")) + len(of_kinds(holding, "CM")),
        "strangers": len(of_kinds(fitting, "P")) + len(of_kinds(holding, "P")),
    }
    return replace(release, release="attribution-2026.1", trained_on=trained_on, **figures)


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(np.round(row, 9).tolist()) for row in table)


def measure(seeds: Sequence[int], settings: CarrierSettings, release: Release) -> dict[str, object]:
    """What the release makes of the worlds."""
    logs: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    strangers = local = over = local_over = first = lines = 0
    top = -99.0
    days: list[str] = []
    for seed in seeds:
        for each in each_line(seed, settings, release):
            one = compared(*each)
            raw = raw_ratios(one.products, release)
            stranger = _calibrate(raw[0], release.against_stranger)
            companion = _calibrate(raw[1], release.against_companion)
            days.extend(_carried(*each))
            plain = one.kinds == "P"
            strangers += int(plain.sum())
            local += int((plain & one.local).sum())
            over += int((plain & (stranger > 3)).sum())
            local_over += int((plain & one.local & (stranger > 3)).sum())
            top = max(top, float(stranger[plain].max()))
            for place in np.flatnonzero(~plain):
                logs[str(one.kinds[place])].append(
                    (float(stranger[place]), float(companion[place]), int(one.blocks[place]))
                )
            if "H" in one.kinds:
                lines += 1
                first += int(one.kinds[np.lexsort((raw[0], np.round(stranger, 6)))[-1]] == "H")
        sys.stderr.write(f"seed {seed} measured\n")
    found: dict[str, object] = {
        "seeds": list(seeds),
        "strangers": strangers,
        "local": local,
        "over": over,
        "local_over": local_over,
        "highest stranger": round(top, 2),
        "first": f"{first} of {lines}",
        "days": f"right {days.count('right') / len(days):.3f} wrong {days.count('wrong') / len(days):.3f} of {len(days)}",
    }
    held = {kind: np.array(rows) for kind, rows in logs.items()}
    for kind in "HhSDCMK":
        if kind in held:
            a, b, n = held[kind].T
            found[kind] = (
                f"{len(a):4} LRs>1000 {np.mean(a > 3):.3f}  LRc>1000 {np.mean(b > 3):.4f} >10 {np.mean(b > 1):.3f} "
                f"<1/10 {np.mean(b < -1):.3f} between {np.mean(np.abs(b) <= 1):.3f} blocks {np.median(n):.0f}"
            )
    for name, kinds in (("Cllr C", "C"), ("Cllr C+M", "CM"), ("Cllr K", "K")):
        others = np.concatenate([held[kind][:, 1] for kind in kinds])
        values = np.concatenate([held["H"][:, 1], others])
        found[name] = round(cllr(values, np.arange(len(values)) < len(held["H"])), 3)
    return found


def _carried(world: CarrierWorld, line: str, pairs: Pairs, names: dict[int, str]) -> Iterator[str]:
    """Of each day whether its period names who had the phone most of it."""
    carriers, who = world.carriers[line]
    start = int(START.timestamp()) // 86_400
    for period in periods(pairs.blocks(), len(names) - len(world.carriers)):
        for day in range(max(period.first_day - start, 0), min(period.last_day - start + 1, world.settings.days)):
            most = carriers[int(np.bincount(who[day * 24 : day * 24 + 24]).argmax())]
            named = None if period.candidate is None else names[period.candidate]
            yield "none" if named is None else "right" if named == most else "wrong"


def _calibrate(raw: Floats, by: Calibration) -> Floats:
    return np.clip(by.offset + by.slope * raw, by.lower, by.upper)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, nargs="+", required=True)
    arguments.add_argument("--train", type=Path, metavar="FILE")
    arguments.add_argument("--release", type=Path, metavar="FILE")
    for name, standard in asdict(CarrierSettings()).items():
        if isinstance(standard, int | float):
            arguments.add_argument(f"--{name.replace('_', '-')}", type=type(standard), default=standard)
    given = vars(arguments.parse_args())
    settings = replace(CarrierSettings(), **{name: given[name] for name in asdict(CarrierSettings()) if name in given})
    if given["train"]:
        train(given["seeds"], settings, given["train"])
        return
    if given["release"]:
        release = release_from(json.loads(given["release"].read_text(encoding="utf-8")))
    else:
        from crossline.engines.comms.attribution.model import released

        release = released()
    for name, value in measure(given["seeds"], settings, release).items():
        sys.stdout.write(f"{name:18} {value}\n")


if __name__ == "__main__":
    main()
