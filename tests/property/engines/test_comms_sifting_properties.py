"""Whoever is left out before the rows are read could not have turned: what is found is what is found when nobody is left out."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from random import Random

import pyarrow as pa
import pytest

from crossline.engines.comms.executor import executor, make_tables
from crossline.engines.comms.succession.successions import ANYBODY, LINES
from crossline.engines.comms.succession.turning_texts import TURNING

DAY = 86_400
START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
FIRST = ("used", "ending", "source_day", "observed", "subject_seen", "eighth")
THEN = ("activity", "rising", "falling", "surged", "fell_before")
ALL_LET_THROUGH = """
    SELECT subject, 0 AS rise_from, 9999 AS rise_to, 0 AS fall_from, 9999 AS fall_to, by_outward,
        0 AS rise_start, ending.finish AS rise_finish, 0 AS fall_start, ending.finish AS fall_finish
    FROM subject_seen CROSS JOIN ending"""
OBSERVED_BY_ROW = """
    WITH daily AS (
        SELECT source, CAST(-floor((ending.finish - moment) / 86400.0) AS BIGINT) AS day, count(*) AS n,
            min(moment) AS first_moment, max(moment) AS last_moment FROM event CROSS JOIN ending GROUP BY ALL),
        busy AS (SELECT source, max(n) AS most FROM daily GROUP BY source)
    SELECT source, min(day), max(day), min(first_moment), max(last_moment)
    FROM daily JOIN busy USING (source) WHERE n >= 0.02 * most GROUP BY source ORDER BY source"""


def numbers_in_use(chance):
    """Rows of numbers that are used evenly, start, stop, pause, grow, fade or hardly are, in records that end at any moment."""
    days, rows = chance.randrange(4, 75), []
    for number in range(90):
        rate, outward = chance.choice((0.2, 1, 3, 12)), chance.choice((0.0, 0.1, 0.5, 1.0))
        start, end = sorted((chance.uniform(-days, days), chance.uniform(0, 2 * days)))
        pause, growth = chance.uniform(0, 2 * days), chance.choice((0.0, 0.0, 0.06, -0.06))
        for day in range(days + 1):
            if not start <= day <= end or pause <= day <= pause + 6:
                continue
            today = rate * 2.718 ** (growth * (day - days / 2))
            for _ in range(min(int(today) + (chance.random() < today % 1), 40)):
                second = day * DAY + int(chance.triangular(0, DAY, 0.6 * DAY))
                way = int(chance.random() < outward)
                rows.append((number, 100 + chance.randrange(9), START + second, way, number % 3))
    last = START + days * DAY - chance.randrange(DAY)
    strays = [(7, 101, START - 9 * DAY, 1, 1), (8, 102, last, 1, 0)]
    return [row for row in rows if row[2] <= last] + strays


def turned(connection, settings):
    make_tables(connection, {name: TURNING[name] for name in THEN}, asdict(settings))
    return [connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in THEN[-2:]]


@pytest.mark.parametrize("seed", range(8))
def test_leaving_out_who_cannot_have_turned_changes_nothing(seed):
    chance = Random(seed)
    columns = zip(*numbers_in_use(chance), strict=True)
    names = ("subject", "other", "moment", "outward", "source")
    settings = chance.choice((LINES, ANYBODY, replace(LINES, surge_ratio=1.5, fall_ratio=0.6, least_silence=1)))
    with executor() as connection:
        connection.register(
            "given", pa.table({name: list(column) for name, column in zip(names, columns, strict=True)})
        )
        connection.execute("CREATE TEMP TABLE event AS SELECT * FROM given")
        make_tables(connection, {name: TURNING[name] for name in FIRST}, asdict(settings))
        observed = connection.execute("SELECT source, opened, closed, start, finish FROM observed ORDER BY source")
        assert observed.fetchall() == connection.execute(OBSERVED_BY_ROW).fetchall()
        make_tables(connection, {"sifted": TURNING["sifted"]}, asdict(settings))
        found = turned(connection, settings)
        (left_out,) = connection.execute(
            "SELECT count(*) FROM subject_seen WHERE subject NOT IN (SELECT subject FROM sifted)"
        ).fetchone()
        make_tables(connection, {"sifted": ALL_LET_THROUGH}, asdict(settings))
        assert found == turned(connection, settings)
    assert any(found)
    assert left_out or settings != LINES
