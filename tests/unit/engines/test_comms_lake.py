"""A lake of call records: the same analyses from it, the same bytes however it came about, and nothing left of what expired."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from crossline.cli import main
from crossline.engines.comms.areas.areas import areas
from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.events import open_events
from crossline.engines.comms.lake import lake
from crossline.engines.comms.lake.files import read_manifest, write_manifest
from crossline.engines.comms.lake.loading import delivery_of
from crossline.engines.comms.layout import write_dataset
from crossline.engines.comms.profiles.profiles import ProfileSettings, profiles
from crossline.engines.comms.succession.successions import successions
from crossline.errors import FileUnreadable

HEADER = "start,type,duration_s,from,to,from_imei,from_imsi,from_cell,to_cell\n"
START = datetime(2026, 1, 28, tzinfo=UTC)
LOOSE = ProfileSettings(least_events=1, least_recipients=4, burst_recipients=6)


def lines_of(days=range(12), line="u1"):
    """A number that texts ten people every day from one handset, is rung back, and hands over half way."""
    found = []
    for day in days:
        sender = line if day < 6 else f"{line}b"
        for place in range(10):
            moment = START + timedelta(days=day, hours=12, seconds=9 * place)
            found.append(
                f"{moment.isoformat()},sms,,{sender},u{100 + place},35{day // 6:012},0010100000000{day // 6:02},c{place % 2},c9"
            )
            back = moment + timedelta(minutes=20)
            found.append(f"{back.isoformat()},voice,{20 + place},u{100 + place},{sender},,,c9,c{place % 2}")
    return found


def written(path, lines):
    path.write_text(HEADER + "\n".join(lines) + "\n")
    return path


def scope(numbers, ref="A-1"):
    first, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    return Authorisation(ref, "kent", frozenset(numbers), first, end, end, "test")


def digests(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.parquet"))
    }


def test_a_lake_gives_what_the_dataset_of_the_same_file_gives(tmp_path):
    source = written(tmp_path / "records.csv", lines_of())
    write_dataset(source, None, tmp_path / "dataset")
    assert lake.add(tmp_path / "lake", source).rows == 480
    assert lake.add(tmp_path / "of dataset", tmp_path / "dataset").rows == 480
    lake.compact(tmp_path / "lake")  # January in buckets, February by day
    there = [tmp_path / "dataset"], [tmp_path / "lake"]
    assert profiles(there[0], settings=LOOSE).equals(profiles(there[1], settings=LOOSE))
    assert profiles(there[0], ["u1", "u103"], settings=LOOSE).equals(profiles(there[1], ["u1", "u103"], settings=LOOSE))
    assert profiles([tmp_path / "of dataset"], settings=LOOSE).equals(profiles(there[0], settings=LOOSE))
    found = successions(there[1])
    assert found.num_rows == 1
    assert found.equals(successions(there[0]))


def test_cells_and_handsets_come_out_as_they_went_in(tmp_path):
    lake.add(tmp_path / "lake", written(tmp_path / "records.csv", lines_of(range(1))))
    with open_events([tmp_path / "lake"]) as events:
        found = events.connection.execute(
            "SELECT DISTINCT handset, sim, cell, other_cell FROM event JOIN number ON number.id = subject"
            " WHERE number.number = 'u1' AND outward = 1 ORDER BY cell"
        ).fetchall()
    assert found == [("35000000000000", "001010000000000", cell, "c9") for cell in ("c0", "c1")]


def test_a_line_has_areas_from_a_lake_as_from_its_file(tmp_path):
    source = written(tmp_path / "records.csv", lines_of())
    lake.add(tmp_path / "lake", source)
    cells = tmp_path / "cells.csv"
    cells.write_text("cell,lat,lon\nc0,51.38,0.53\nc1,51.39,0.54\nc9,51.33,1.42\n")
    assert areas([source], [cells], "u1") == areas([tmp_path / "lake"], [cells], "u1")


def test_days_give_the_bytes_of_the_whole_in_any_order_and_again(tmp_path):
    # The same delivery, cut differently, differs by what says where each row came from; so each day is one delivery here.
    sources = [written(tmp_path / f"{day}.csv", lines_of([day])) for day in (1, 3, 4)]
    for name, order in (("forth", sources), ("back", sources[::-1])):
        for source in order:
            lake.add(tmp_path / name, source)
    assert lake.add(tmp_path / "forth", sources[1]).known
    assert digests(tmp_path / "forth") == digests(tmp_path / "back")
    assert lake.compact(tmp_path / "forth") == ["2026-01"]
    lake.add(tmp_path / "late", sources[2])
    lake.add(tmp_path / "late", sources[0])
    lake.compact(tmp_path / "late")
    for source in sources[1:]:  # one of them goes into a month that is put together already
        lake.add(tmp_path / "late", source)
    assert digests(tmp_path / "late") == digests(tmp_path / "forth")
    assert (tmp_path / "late" / "lake.json").read_bytes() == (tmp_path / "forth" / "lake.json").read_bytes()


def test_what_expired_is_nowhere_and_the_rest_is_as_if_it_had_never_been(tmp_path):
    ours, theirs = (
        written(tmp_path / "a.csv", lines_of(range(3, 7))),
        written(tmp_path / "b.csv", lines_of(range(3, 7), "v1")),
    )
    first, second = scope(["u1", "u1b"], "A-1"), scope(["v1", "v1b"], "B-2")
    lake.add(tmp_path / "both", theirs, second)
    for name in ("both", "one"):
        lake.add(tmp_path / name, ours, first)
    assert lake.compact(tmp_path / "both", before=date(2026, 2, 1)) == lake.compact(tmp_path / "one") == ["2026-01"]
    assert lake.expire(tmp_path / "both", agency="kent", ref="B-2") == 80
    assert digests(tmp_path / "both") == digests(tmp_path / "one")
    assert read_manifest(tmp_path / "both") == read_manifest(tmp_path / "one")
    named = duckdb.sql(f"SELECT name FROM '{tmp_path}/both/*/*/names*.parquet' WHERE name LIKE 'v%'").fetchall()
    assert not named
    lake.expire(tmp_path / "both", agency="kent", ref="A-1")
    assert digests(tmp_path / "both") == {}
    assert profiles([tmp_path / "both"], settings=LOOSE).num_rows == 0


def test_a_row_outlives_the_delivery_that_repeated_it(tmp_path):
    one, both = written(tmp_path / "one.csv", lines_of([0])), written(tmp_path / "both.csv", lines_of([0, 1]))
    for source in (one, both):
        lake.add(tmp_path / "lake", source)
    table = profiles([tmp_path / "lake"], settings=LOOSE)
    assert table.equals(profiles([both], settings=LOOSE))  # the day that came twice counts once
    lake.withdraw(tmp_path / "lake", delivery_of(both, None).content)
    lake.add(tmp_path / "alone", one)
    assert digests(tmp_path / "lake") == digests(tmp_path / "alone")


def test_a_command_that_ended_early_is_put_right_by_the_next(tmp_path, monkeypatch):
    root, sources = tmp_path / "lake", [written(tmp_path / f"{day}.csv", lines_of([day])) for day in range(2)]
    last = written(tmp_path / "2.csv", lines_of([2]))
    for source in sources:
        lake.add(root, source)
    whole = digests(root)
    manifest = read_manifest(root)
    write_manifest(root, type(manifest)(manifest.deliveries, manifest.authorisations, derived=False))
    for path in (root / "days").rglob("pairs.parquet"):
        path.unlink()
    with pytest.raises(FileUnreadable, match="ended early"):
        profiles([root], settings=LOOSE)
    lake.add(root, sources[0])
    assert digests(root) == whole
    with monkeypatch.context() as broken:
        broken.setattr(lake, "derive_day", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lake.add(root, last)
    lake.add(root, last)  # its rows are there already, and none is doubled
    lake.add(tmp_path / "whole", sources[0])
    for source in (*sources[1:], last):
        lake.add(tmp_path / "whole", source)
    assert digests(root) == digests(tmp_path / "whole")


def test_a_number_that_rings_itself_and_data_sessions_are_kept_and_not_counted(tmp_path):
    lines = [*lines_of([0]), "2026-01-28T13:00:00Z,voice,5,u1,u1,,,,", "2026-01-28T13:00:00Z,data,5,u1,u500,,,,"]
    source = written(tmp_path / "records.csv", lines)
    lake.add(tmp_path / "lake", source)
    assert profiles([tmp_path / "lake"], settings=LOOSE).equals(profiles([source], settings=LOOSE))
    rows = duckdb.sql(
        f"SELECT kind, count(*) FROM '{tmp_path}/lake/days/*/events.parquet' WHERE kind > 2 GROUP BY kind"
    ).fetchall()
    assert sorted(rows) == [(3, 2), (4, 1)]


def test_what_a_lake_is_told_wrong_it_says_plainly(tmp_path):
    source = written(tmp_path / "records.csv", lines_of([0]))
    with pytest.raises(FileUnreadable, match="no lake and not empty"):
        lake.add(tmp_path, source)
    lake.add(tmp_path / "lake", source)
    with pytest.raises(FileUnreadable, match="holds nothing under A-9 of kent"):
        lake.expire(tmp_path / "lake", agency="kent", ref="A-9")
    with pytest.raises(FileUnreadable, match="holds no delivery"):
        lake.withdraw(tmp_path / "lake", "abc")
    said = json.loads((tmp_path / "lake" / "lake.json").read_text())
    (tmp_path / "lake" / "lake.json").write_text(json.dumps(said | {"format": 9}))
    with pytest.raises(FileUnreadable, match="format 9"):
        profiles([tmp_path / "lake"])


def test_the_commands_keep_and_forget(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    lines = ["2026-01-05T10:00:00Z,sms,,u1,u2,,,,", "noon,sms,,u1,u2,,,,"]
    source, root = written(tmp_path / "in" / "records.csv", lines), tmp_path / "lake"
    said = {"ref": "A-1", "agency": "kent", "numbers": ["u1"], "expires": "2027-01-01", "purpose": "test"}
    said |= {"period_from": "2026-01-01", "period_to": "2026-01-31"}
    source.with_name("authorisation.json").write_text(json.dumps(said))
    assert main(["comms", "keep", str(root), str(source), "--together"]) == 1
    assert "1 rows set aside; the first is row 3: the time cannot be read" in capsys.readouterr().err
    assert main(["comms", "successions", str(root)]) == 0
    assert main(["comms", "forget", str(root), "--agency", "kent", "--ref", "A-1"]) == 0
    assert "1 rows deleted" in capsys.readouterr().err
