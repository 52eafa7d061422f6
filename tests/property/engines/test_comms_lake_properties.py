"""A lake is what its rows are: however they are cut into deliveries and whatever their order, it comes out the same."""

import csv
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.engines.comms.lake import lake
from crossline.engines.comms.lake.texts import SEEN

START = datetime(2026, 1, 30, tzinfo=UTC)
NUMBERS = st.sampled_from([f"u{n}" for n in range(7)])
ROWS = st.lists(
    st.tuples(
        st.integers(0, 4 * 24).map(lambda hours: (START + timedelta(hours=hours)).isoformat()),
        st.sampled_from(["voice", "sms", "data"]),
        NUMBERS,
        NUMBERS,
        st.sampled_from(["", "0", "12"]),
        st.sampled_from(["", "c1", "c2"]),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:4],  # one event in two wordings is another matter: its fuller row is taken
)


def added(root, name, rows):
    path = Path(root) / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "type", "from", "to", "duration_s", "from_cell"])
        writer.writerows(rows)
    return path


def derived(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*.parquet")
        if not path.name.startswith("events")
    }


def seen(root):
    what = "subject, other, moment, outward, kind, seconds, cell, other_cell, authorisation"
    rows = f"read_parquet(['{root}/*/*/events*.parquet'], union_by_name = true)"
    return sorted(duckdb.sql(f"SELECT {what} FROM {rows} WHERE {SEEN}").fetchall(), key=str)


@settings(deadline=None, max_examples=4)
@given(ROWS, st.lists(st.integers(0, 2), min_size=40, max_size=40), st.randoms(use_true_random=False))
def test_cutting_and_shuffling_change_nothing(rows, piece, chance):
    with TemporaryDirectory() as folder:
        whole, parts = Path(folder) / "whole", Path(folder) / "parts"
        lake.add(whole, added(folder, "all.csv", rows))
        pieces = [[row for row, which in zip(rows, piece, strict=False) if which == number] for number in range(3)]
        pieces.append(chance.sample(rows, len(rows) // 2))  # some of it comes twice
        for number, part in enumerate(
            chance.sample([part for part in pieces if part], len([part for part in pieces if part]))
        ):
            chance.shuffle(part)
            lake.add(parts, added(folder, f"{number}.csv", part))
        assert derived(parts) == derived(whole)
        assert seen(parts) == seen(whole)
        for each in (whole, parts):
            lake.compact(each)
        assert derived(parts) == derived(whole)
