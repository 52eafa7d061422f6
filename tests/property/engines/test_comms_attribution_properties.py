"""What must not change attribution, whatever the records: names of numbers, order of rows, whole days, how files are cut."""

import csv
from datetime import UTC, datetime, timedelta
from math import exp, log
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.engines.comms.attribution.attribution import attribution
from crossline.engines.comms.attribution.likelihood_ratios import calibrated, cllr, elub
from crossline.engines.comms.attribution.model import (
    KINDS,
    blocks_of,
    log_likelihood,
    log_products,
    raw_ratios,
    released,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = {
    "a-1": (51.5, 0.0),
    "a-2": (51.52, 0.01),
    "b-1": (51.503, 0.0),
    "b-2": (51.6, 0.1),
    "a-3": (52.5, 0.0),
    "b-3": (52.5, 0.02),
}
NAMES = ("line", "u1", "u2", "u3")
ROWS = st.lists(
    st.tuples(st.integers(0, 6 * 86_400), st.sampled_from(NAMES), st.sampled_from([*PLACES, "", "c-9"])),
    min_size=5,
    max_size=60,
).map(lambda rows: [(600, "line", "a-1"), *rows])
VALUES = st.lists(st.floats(-6, 6), min_size=3, max_size=40)


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "type", "from", "to", "from_cell"])
        writer.writerows((START + timedelta(seconds=s), "sms", number, "x9", cell) for s, number, cell in rows)
    return path


def found(rows, *, names=None, days=0, parts=1):
    """Findings and pairs with the numbers written back as they were."""
    called = dict(zip(NAMES, names or NAMES, strict=True))
    back = {new: old for old, new in called.items()}
    moved = [(seconds + days * 86_400, called[number], cell) for seconds, number, cell in rows]
    with TemporaryDirectory() as folder:
        cells = Path(folder) / "cells.csv"
        cells.write_text("cell,lat,lon\n" + "".join(f"{name},{lat},{lon}\n" for name, (lat, lon) in PLACES.items()))
        paths = [write(Path(folder) / f"records{part}.csv", moved[part::parts]) for part in range(parts)]
        result = attribution(paths, [cells], called["line"], [called[name] for name in NAMES[1:]])
    findings = [
        {
            name: back.get(value, value) if isinstance(value, str) else value
            for name, value in row.items()
            if name != "sentences"
        }
        for row in result.findings
    ]
    shown = {"band", "weight", "metres", "cell", "line_cell", "kind_of_time"}
    pairs = [(back[row["candidate"]], *(row[name] for name in sorted(shown))) for row in result.pairs]
    return sorted(findings, key=lambda row: row["candidate"]), sorted(pairs)


@settings(deadline=None, max_examples=4)
@given(ROWS, st.randoms(use_true_random=False), st.integers(-40, 40))
def test_names_order_whole_days_and_the_cut_of_files_change_nothing(rows, chance, days):
    first = found(rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert found(shuffled, parts=2) == first
    assert found(rows, names=["w7", "w3", "w9", "w1"], days=days) == first


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, len(KINDS) - 1), st.integers(0, 5), st.floats(-6, 6)),
        max_size=40,
    )
)
def test_likelihoods_agree_with_plain_python(rows):
    release = released()
    table = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    blocks = blocks_of(*table.T, np.array([row[3] for row in rows], dtype=np.float64))
    who = np.array([1, 2, 3], dtype=np.int64)
    products = log_products(blocks, who, release.grid)
    for hypothesis in (release.same_hands, release.stranger, release.companion):
        for place, candidate in enumerate(who.tolist()):
            total = 0.0
            for part in hypothesis:
                value = part.share
                for kind in range(len(KINDS)):
                    sums = {}
                    for number, at, block, weight in rows:
                        if (number, at) == (candidate, kind):
                            sums[block] = sums.get(block, 0.0) + weight
                    value *= sum(
                        chance * np.prod([share * exp(w) + 1 - share for w in sums.values()])
                        for chance, share in zip(part.kinds[kind], release.grid, strict=True)
                    )
                total += value
            assert log_likelihood(products, hypothesis)[place] == pytest.approx(log(total), abs=1e-6)
    assert all(np.isfinite(each).all() for each in raw_ratios(products, release))


@settings(max_examples=30)
@given(VALUES, VALUES)
def test_bounds_enclose_nought_and_never_reach_past_what_was_tested(same, other):
    logs, label = np.array(same + other), np.arange(len(same) + len(other)) < len(same)
    lower, upper = elub(logs, label)
    assert -np.log10(len(same) + 1) - 0.02 <= lower <= 0 <= upper <= np.log10(len(other) + 1) + 0.02


@settings(max_examples=30)
@given(VALUES, VALUES)
def test_calibration_keeps_order_where_it_is_of_use_and_lowers_the_cost(same, other):
    logs, label = np.array(same + other), np.arange(len(same) + len(other)) < len(same)
    found_by = calibrated(logs, label)
    assert cllr(found_by.offset + found_by.slope * logs, label) <= min(cllr(logs, label), 1.0) + 1e-2
