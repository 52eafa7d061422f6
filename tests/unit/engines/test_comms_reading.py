"""A file of call records read once: in however many pieces and by whichever way, the lake and the report are the same."""

import hashlib
from datetime import UTC, datetime

import pytest

from crossline.engines.comms import reading
from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.events import open_events
from crossline.engines.comms.headers import is_bare
from crossline.engines.comms.lake import lake
from crossline.engines.comms.load_report import Refusal
from crossline.engines.comms.reading import Reading
from crossline.errors import FileUnreadable

HEADER = "start,type,duration_s,from,to,from_imei,from_imsi,from_cell,to_imei,note\n"
NUMBERS = [f"+447700900{place:03}" for place in range(12)]
SCOPE = Authorisation(
    "A-1",
    "kent",
    frozenset(NUMBERS[:6]),
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 3, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
    "test",
)
BAD = {
    5: "noon,sms,,+447700900001,+447700900002,,,,,",
    9: "2026-03-01T10:00:00,sms,,+447700900001,+447700900002,,,,,",
    12: "2026-03-01T10:00:00Z,fax,,+447700900001,+447700900002,,,,,",
    13: "2026-03-01T10:00:00Z,sms,,+447700900001,withheld,,,,,",
    20: "2026-03-01T10:00:00Z,sms,,+447700900010,+447700900011,,,,,",
    26: "2026-03-09T10:00:00Z,sms,,+447700900001,+447700900002,,,,,",
    27: "2026-03-01T10:00:00Z,sms,,+447700900001,+447700900002,,,,,,x",
}


def lines(handset="35209900{:06}1"):
    found = []
    for place in range(30):
        ours, theirs = NUMBERS[place % 6], NUMBERS[6 + place % 5]
        imei = handset.format(place % 7)
        found.append(
            f"2026-03-0{1 + place % 2}T10:{place:02}:00Z,{'SMS' if place % 3 else 'voice'},{place},{ours},{theirs}"
            f",{imei},2341,c{place % 4},,"
        )
        if place + 2 in BAD:
            found[-1] = BAD[place + 2]
    # Both ends are held and both operators say another handset: one event, of which the greater text is kept.
    found.append(f"2026-03-01T12:00:00Z,voice,9,{NUMBERS[0]},{NUMBERS[1]},9,,c1,,")
    found.append(f"2026-03-01T12:00:01Z,voice,9,{NUMBERS[0]},{NUMBERS[1]},10,,c2,,")
    return found


def kept(folder, name, rows):
    folder = folder / name
    folder.mkdir()
    source = folder / "records.csv"
    source.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    added = lake.add(folder / "lake", source, SCOPE)
    return (
        source,
        added.report,
        {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((folder / "lake").rglob("*.parquet"))
        },
    )


def rows_of(source):
    with open_events([source.parent / "lake"]) as events:
        return sorted(events.connection.execute("SELECT * FROM event").fetchall(), key=str)


def test_pieces_of_a_file_are_the_file_whether_in_memory_or_on_disk(tmp_path, monkeypatch):
    _, report, whole = kept(tmp_path, "whole", lines())
    assert [(row.line, row.reason) for row in report.refused_rows] == [
        (5, Refusal.START),
        (9, Refusal.OFFSET),
        (12, Refusal.TYPE),
        (13, Refusal.PARTY),
        (20, Refusal.NUMBERS),
        (26, Refusal.PERIOD),
        (27, Refusal.SHAPE),
    ]
    assert report.refused_rows[4].value == f"{NUMBERS[10]}, {NUMBERS[11]}"
    monkeypatch.setattr(reading, "_ROWS_AT_A_TIME", 3)
    assert kept(tmp_path, "pieces", lines())[1:] == (report, whole)
    monkeypatch.setattr(reading, "_ROWS_IN_MEMORY", 5)
    monkeypatch.setattr(reading, "_NAMES_IN_MEMORY", 2)
    assert kept(tmp_path, "disk", lines())[1:] == (report, whole)


@pytest.mark.parametrize("odd", [" 9 ", "9-"])
def test_handsets_that_are_not_all_digits_are_read_as_text_to_the_same_rows(tmp_path, odd, monkeypatch):
    given = lines()
    otherwise = [row.replace(",9,,c1,,", f",{odd},,c1,,") for row in given]
    assert given != otherwise
    source, report, _ = kept(tmp_path, "digits", given)
    coded = []
    run = Reading.run
    monkeypatch.setattr(Reading, "run", lambda self, **how: coded.append(run(self, **how)) or coded[-1])
    again, report_again, _ = kept(tmp_path, "odd", otherwise)
    assert [found[1] for found in coded] == [odd == " 9 "]  # spaces are trimmed first
    assert rows_of(again) == rows_of(source)
    assert report_again == report


def test_a_file_with_spaces_anywhere_is_trimmed_and_one_without_has_nothing_to_trim(tmp_path):
    given = lines()
    bare, report, _ = kept(tmp_path, "bare", given)
    spaced, spaced_report, _ = kept(tmp_path, "spaced", [row.replace("c1", "\u00a0c1 ") for row in given])
    assert (is_bare(bare), is_bare(spaced)) == (True, False)
    assert rows_of(spaced) == rows_of(bare)
    assert spaced_report == report
    for text in ('a,""\n', "a, b\n", "\u00e9\n"):
        (tmp_path / "said").write_text(text, encoding="utf-8")
        assert not is_bare(tmp_path / "said")


def test_a_header_without_rows_is_an_empty_delivery_and_rows_of_another_shape_are_counted(tmp_path):
    (tmp_path / "none").mkdir()
    source = tmp_path / "none" / "records.csv"
    source.write_text(HEADER, encoding="utf-8")
    added = lake.add(tmp_path / "none" / "lake", source)
    assert (added.rows, added.report.rows, added.report.refused) == (0, 0, {})
    _, report, files = kept(tmp_path, "misshapen", [BAD[27]] * 3)
    assert (report.rows, report.refused, files) == (3, {Refusal.SHAPE: 3}, {})
    with pytest.raises(FileUnreadable, match=r"1500 rows \(the first is row 2\)"):
        kept(tmp_path, "many", [BAD[27]] * 1500)


@pytest.mark.parametrize("written", ["nan", "NAN", "inf", "-Infinity", "1e300", "9999999999"])
def test_a_length_that_is_no_number_of_seconds_is_not_known_and_refuses_nothing(tmp_path, written):
    path = tmp_path / "records.csv"
    path.write_text(
        f"start,type,from,to,duration_s\n2026-03-02T14:10:00Z,voice,a,b,{written}\n2026-03-02T15:10:00Z,voice,a,b,25\n"
    )
    with open_events([path]) as events:
        found = events.connection.execute("SELECT seconds FROM event WHERE outward = 1 ORDER BY moment").fetchall()
    assert found == [(None,), (25,)]
