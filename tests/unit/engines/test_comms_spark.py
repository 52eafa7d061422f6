"""Spark gives the rows that DuckDB gives, from the same texts and the same code above them (decision 0005)."""

import csv
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isclose, isnan
from random import Random

import pytest

from crossline.engines.comms.areas.areas import areas_of, name_areas
from crossline.engines.comms.attribution.continuity import SHARING
from crossline.engines.comms.attribution.model import released
from crossline.engines.comms.attribution.pairs import ask, pairs_asked, place_registrations
from crossline.engines.comms.attribution.texts import COUNTING, PAIRING, PLACING
from crossline.engines.comms.cells import read_cells
from crossline.engines.comms.events import open_events
from crossline.engines.comms.executor import make_tables
from crossline.engines.comms.numbers import id_of
from crossline.engines.comms.profiles.profiles import STANDARD_PROFILE
from crossline.engines.comms.profiles.texts import PROFILING
from crossline.engines.comms.succession.successions import LINES, compare, settings_for
from crossline.engines.comms.succession.texts import COMPARING
from crossline.engines.comms.succession.turning_texts import TURNING

pytestmark = pytest.mark.slow
pytest.importorskip("pyspark", reason="Spark is not installed here; `just spark` makes an environment that has it")

START = datetime(2026, 3, 2, tzinfo=UTC)
CELLS = {"a-1": (51.5, 0.0), "a-2": (51.52, 0.01), "b-1": (51.503, 0.0), "b-2": (51.6, 0.1), "a-3": (52.5, 0.0)}
SUBJECTS = ("line", "later", "rival", "after", "desk", *(f"u{number}" for number in range(6)))


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Some thousand rows: a line that changes its number, a rival, an office that reminds people, and six others."""
    chance, rows = Random(5), []

    def row(day, hour, kind, sender, receiver, seconds="", imei="", imsi=""):
        moment = START + timedelta(days=day, hours=hour)
        cell = chance.choice([*CELLS, ""])
        rows.append((moment.isoformat(timespec="seconds"), kind, sender, receiver, seconds, imei, imsi, cell))

    customers = [f"c{number}" for number in range(30)]
    for day in range(24):
        first, second = ("line", "later")[day >= 14], ("rival", "after")[day >= 22]
        for line, listed, imei in (
            (first, customers[:22], "35100000000001"),
            (second, customers[12:], "35100000000002"),
        ):
            for hour in (11, 18):
                for place, person in enumerate(listed):
                    row(day, hour + place / 600, "sms", line, person, imei=imei, imsi=f"00101{len(line):010}")
                for person in chance.sample(listed, 6):
                    asked = hour + chance.uniform(0.1, 1.5)
                    row(day, asked, "voice", person, line, chance.randrange(5, 90))
                    if chance.random() < 0.5:
                        row(day, asked + 0.2, "voice", line, person, chance.randrange(5, 90))
        for place in range(12):
            row(day, 9 + place / 300, "sms", "desk", f"d{chance.randrange(200)}")
        for person in SUBJECTS[5:]:
            for _ in range(6):
                other, kind = chance.choice([*SUBJECTS, *customers]), chance.choice(["voice", "sms"])
                row(day, chance.uniform(0, 24), kind, person, other, 60, "35100000000001", "001010000000004")
    rows = [row for row in rows if row[2] != row[3]]
    folder = tmp_path_factory.mktemp("records")
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "type", "from", "to", "duration_s", "from_imei", "from_imsi", "from_cell"])
        writer.writerows(rows)
    cells = "".join(f"{name},{lat},{lon}\n" for name, (lat, lon) in CELLS.items())
    (folder / "cells.csv").write_text("cell,lat,lon\n" + cells)
    return folder


@pytest.fixture(scope="module")
def both(records):
    """DuckDB with the records open, and Spark on the Parquet that DuckDB wrote of them."""
    from crossline.engines.comms.spark_executor import spark

    with open_events([records / "records.csv"]) as events, spark() as second:
        for name in ("event", "number"):
            written = records / f"{name}.parquet"
            events.connection.execute(f"COPY (SELECT * FROM {name}) TO '{written}' (FORMAT parquet)")
            second.read(name, [written])
        yield events.connection, second


def plain(value):
    if isinstance(value, Decimal):
        return int(value)
    return None if isinstance(value, float) and isnan(value) else value


def rows_of(connection, name):
    table = connection.execute(f"SELECT * FROM {name}").to_arrow_table()
    rows = [{key: plain(value) for key, value in row.items()} for row in table.to_pylist()]
    return table.column_names, sorted(rows, key=lambda row: [(row[key] is None, rounded(row[key])) for key in row])


def rounded(value):
    return 0 if value is None else round(value, 6) if isinstance(value, float) else value


def differing(one, two):
    """The first rows that are not the same, floats to a thousand-millionth."""
    if len(one) != len(two):
        return len(one), len(two)
    return [
        (left, right)
        for left, right in zip(one, two, strict=True)
        if not all(alike(left[key], right[key]) for key in left)
    ][:3]


def alike(one, two):
    if isinstance(one, float) or isinstance(two, float):
        return one is not None and two is not None and isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)
    return one == two


def same_tables(both, texts):
    for name in texts:
        (columns, first), (others, second) = (rows_of(connection, name) for connection in both)
        assert columns == others, name
        assert not differing(first, second), name
        assert first, f"{name} is empty, so that it shows nothing"


def test_profiles(both):
    for connection in both:
        make_tables(connection, PROFILING, asdict(STANDARD_PROFILE))
    same_tables(both, PROFILING)


def test_successions(both):
    assert [settings_for(connection) for connection in both] == [LINES, LINES]
    found = [compare(connection, LINES) for connection in both]
    assert [each.pair for each in found[0]] == [each.pair for each in found[1]]
    assert all(alike(one.score, two.score) for one, two in zip(*found, strict=True))
    assert (id_of("line"), id_of("later")) in [each.pair for each in found[0]]
    same_tables(both, [*TURNING, *COMPARING])


def test_attribution_and_areas(both, records):
    cells, given = read_cells([records / "cells.csv"]), []
    for connection in both:
        place_registrations(connection, cells)
        name_areas(connection, cells)
        ask(connection, id_of("line"), [id_of(number) for number in SUBJECTS[1:]])
        given.append(pairs_asked(connection, released()))
        make_tables(connection, COUNTING, {})
        make_tables(connection, SHARING, {})
    assert given[0].phones == given[1].phones
    assert given[0].weight == pytest.approx(given[1].weight, rel=1e-9)
    same_tables(both, [*PLACING, *PAIRING, *COUNTING, *SHARING])
    shares = [areas_of(connection, "line", ["u1"]) for connection in both]
    assert shares[0] == shares[1]
    assert {row["role"] for row in shares[0] if row["voices"]} == {"exporting", "importing"}
