"""What changes nothing in profiles, areas and loading: names of numbers, order of rows, how times are written, cuts of files."""

import csv
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.engines.comms.areas.areas import areas
from crossline.engines.comms.attribution.attribution import attribution
from crossline.engines.comms.layout import parts_of, write_dataset
from crossline.engines.comms.profiles.profiles import ProfileSettings, profiles

START = datetime(2026, 3, 28, 18, tzinfo=UTC)  # the clocks change in the night after
NAMES = ("u0", "u1", "u2", "u3", "u4", "u5")
OTHER_NAMES = ("+447700900005", "w3", "+447700900001", "w1", "w0", "+447700900002")
PLACES = {"a-1": (51.5, 0.0), "a-2": (51.52, 0.01), "b-1": (53.48, -2.24)}
LOW = ProfileSettings(least_events=1, least_recipients=2)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 200).map(lambda step: step * 1200),  # so that many things happen in one second
        st.sampled_from(["voice", "sms", "mms", "data"]),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.sampled_from(["", "0", "12", "95"]),
        st.sampled_from([*PLACES, ""]),
    ),
    min_size=4,
    max_size=40,
    unique_by=lambda row: row[:4],  # the same event twice is one event, which loading is tested for elsewhere
)
OFFSETS = st.lists(st.sampled_from([None, -480, -60, 0, 60, 345, 840]), min_size=40, max_size=40)
"""Minutes east of Greenwich with which a time is written; None for Z."""
CHANCE = st.randoms(use_true_random=False)


def written_as(seconds, minutes):
    moment = START + timedelta(seconds=seconds)
    if minutes is None:
        return moment.isoformat().replace("+00:00", "Z")
    return moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "type", "from", "to", "duration_s", "from_cell"])
        writer.writerows(rows)
    return path


def plain(rows):
    return [(written_as(seconds, 0), *row) for seconds, *row in rows]


def altered(rows, chance, offsets):
    """The same rows, written otherwise: other offsets, other order, other names."""
    called = dict(zip(NAMES, OTHER_NAMES, strict=True))
    changed = [
        (written_as(seconds, minutes), kind, called[sender], called[receiver], *rest)
        for (seconds, kind, sender, receiver, *rest), minutes in zip(rows, offsets, strict=False)
    ]
    chance.shuffle(changed)
    return changed


def named_back(rows):
    """Rows of a result with the numbers written as they were, in an order of their own; sentences name no number."""
    back = dict(zip(OTHER_NAMES, NAMES, strict=True))
    changed = [
        {name: back.get(value, value) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]
    return sorted(changed, key=repr)


@settings(max_examples=5)
@given(ROWS, CHANCE, OFFSETS)
def test_profiles_are_the_same_of_other_names_order_offsets_and_files(rows, chance, offsets):
    changed = altered(rows, chance, offsets)
    with TemporaryDirectory() as folder:
        first = profiles([write(Path(folder) / "whole.csv", plain(rows))], settings=LOW)
        parts = [write(Path(folder) / f"part{at}.csv", changed[at::2]) for at in range(2)]
        again = profiles(parts, settings=LOW)
    assert named_back(again.to_pylist()) == named_back(first.to_pylist())


@settings(max_examples=3)
@given(ROWS, CHANCE, OFFSETS)
def test_areas_are_the_same_of_other_names_order_offsets_and_files(rows, chance, offsets):
    rows = [(60, "sms", "u0", "u1", "", "a-1"), *rows]
    changed = altered(rows, chance, [0, *offsets])
    with TemporaryDirectory() as folder:
        cells = Path(folder) / "cells.csv"
        cells.write_text("cell,lat,lon\n" + "".join(f"{name},{lat},{lon}\n" for name, (lat, lon) in PLACES.items()))
        first = areas([write(Path(folder) / "whole.csv", plain(rows))], [cells], "u0", ["u2"])
        parts = [write(Path(folder) / f"part{at}.csv", changed[at::2]) for at in range(2)]
        again = areas(parts, [cells], OTHER_NAMES[0], [OTHER_NAMES[2]])
    assert named_back(again) == named_back(first)


@settings(max_examples=2)
@given(ROWS, OFFSETS)
def test_attribution_is_the_same_however_the_times_are_written(rows, offsets):
    rows = [(60, "sms", "u0", "u1", "", "a-1"), *rows]
    others = [(written_as(seconds, offset), *row) for (seconds, *row), offset in zip(rows, [0, *offsets], strict=False)]
    found = []
    with TemporaryDirectory() as folder:
        cells = Path(folder) / "cells.csv"
        cells.write_text("cell,lat,lon\n" + "".join(f"{name},{lat},{lon}\n" for name, (lat, lon) in PLACES.items()))
        for which, given_rows in enumerate((plain(rows), others)):
            path = write(Path(folder) / f"records{which}.csv", given_rows)
            found.append(attribution([path], [cells], "u0", NAMES[1:]))
    assert found[0].findings == found[1].findings
    assert found[0].pairs == found[1].pairs


@settings(max_examples=5)
@given(ROWS, CHANCE, OFFSETS)
def test_a_dataset_is_the_same_of_other_names_order_and_offsets(rows, chance, offsets):
    with TemporaryDirectory() as folder:
        reports, held = [], []
        for which, given_rows in enumerate((plain(rows), altered(rows, chance, offsets))):
            path = write(Path(folder) / f"records{which}.csv", given_rows)
            reports.append(write_dataset(path, None, Path(folder) / f"dataset{which}"))
            table = [
                row for part in parts_of(Path(folder) / f"dataset{which}") for row in pq.read_table(part).to_pylist()
            ]
            held.append(named_back([{name: value for name, value in row.items() if name != "line"} for row in table]))
    assert held[0] == held[1]
    assert (reports[0].rows, reports[0].accepted, reports[0].duplicates, reports[0].period, reports[0].numbers) == (
        reports[1].rows,
        reports[1].accepted,
        reports[1].duplicates,
        reports[1].period,
        reports[1].numbers,
    )


@settings(max_examples=4)
@given(ROWS, CHANCE, OFFSETS)
def test_a_dataset_gives_the_profiles_that_its_file_gives(rows, chance, offsets):
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "records.csv", plain(rows))
        write_dataset(write(Path(folder) / "again.csv", altered(rows, chance, offsets)), None, Path(folder) / "dataset")
        kept = profiles([Path(folder) / "dataset"], settings=LOW)
        straight = profiles([path], settings=LOW)
    assert named_back(kept.to_pylist()) == named_back(straight.to_pylist())
