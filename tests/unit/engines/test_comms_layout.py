"""Call records in: what is accepted, what is refused with its line and reason, and what the dataset holds."""

import json
from collections import Counter
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from crossline.engines.comms.authorisation import Authorisation, read_authorisation
from crossline.engines.comms.layout import Refusal, parts_of, write_dataset
from crossline.engines.comms.numbers import id_of, number_of
from crossline.errors import FileUnreadable

ONE, TWO, THREE = "+447700900001#0001", "+447700900002#0001", "+447700900003#0001"
SCOPE = Authorisation(
    "CD-1",
    "kent",
    frozenset({ONE}),
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 4, 1, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
    "who holds the line",
)
BOTH = Authorisation("CD-2", "kent", frozenset({ONE, TWO}), SCOPE.period_from, SCOPE.period_to, SCOPE.expires, "")


def written(tmp_path, text, authorisation=None):
    source = tmp_path / "records.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = write_dataset(source, authorisation, tmp_path / "dataset")
    rows = [row for part in parts_of(tmp_path / "dataset") for row in pq.read_table(part).to_pylist()]
    return report, rows


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("07700 900123#0042", "+447700900123#0042"),
        ("+447700900123#0042", "+447700900123#0042"),
        ("u123", "u123"),
        (" 118 ", "118"),
        ("T-Mobile", "T-Mobile"),
        ("withheld", None),
        ("", None),
    ],
)
def test_a_number_has_one_form_and_a_token_stays_as_written(text, number):
    assert number_of(text) == number


def test_an_id_is_the_same_everywhere_and_fits_a_signed_column():
    assert id_of("+447700900123#0042") == 8307077475793747248
    assert 0 <= id_of("u1") < 2**63


def test_every_event_is_kept_from_its_subjects_side(tmp_path):
    report, rows = written(
        tmp_path,
        "start,type,from,to,duration_s,from_imei,from_cell,to_cell\n"
        "2026-03-02T14:10:00+01:00,voice,07700 900001#0001,07700 900002#0001,31,001234567890123,c1,c2\n",
    )
    assert (report.rows, report.accepted, report.numbers, report.refused) == (1, 1, 2, {})
    assert report.period == (datetime(2026, 3, 2, 13, 10, tzinfo=UTC),) * 2
    shown = [
        (row["subject"], row["other"], row["outward"], row["cell"], row["imei"], row["other_imei"]) for row in rows
    ]
    assert sorted(shown) == [
        (ONE, TWO, True, "c1", "001234567890123", None),
        (TWO, ONE, False, "c2", None, "001234567890123"),
    ]
    shared = {(row["start"].isoformat(), row["type"], row["duration_s"], row["line"]) for row in rows}
    assert shared == {("2026-03-02T13:10:00", "voice", 31, 2)}


def test_columns_in_any_order_some_missing_and_some_unknown(tmp_path):
    report, rows = written(tmp_path, f"to,Tariff,TYPE,start,from\n{TWO},gold,sms,2026-03-02T14:10:00Z,{ONE}\n")
    assert report.unknown_columns == ("tariff",)
    assert {row["duration_s"] for row in rows} == {None}
    assert report.accepted == 1


def test_semicolons_and_a_byte_order_mark_are_no_obstacle(tmp_path):
    report, _ = written(tmp_path, f"\ufeffstart;type;from;to\r\n2026-03-02T14:10Z;sms;{ONE};{TWO}\r\n")
    assert (report.accepted, report.refused) == (1, {})


def test_a_subject_outside_the_authorisation_is_nobodys_subject(tmp_path):
    report, rows = written(tmp_path, f"start,type,from,to\n2026-03-02T14:10:00Z,sms,{TWO},{ONE}\n", SCOPE)
    assert [(row["subject"], row["outward"]) for row in rows] == [(ONE, False)]
    assert (report.accepted, report.numbers) == (1, 1)


@pytest.mark.parametrize(
    ("row", "reason", "value"),
    [
        (f"noon,sms,{ONE},{TWO}", Refusal.START, "noon"),
        (f",sms,{ONE},{TWO}", Refusal.START, ""),
        (f"2026-02-30T10:00:00Z,sms,{ONE},{TWO}", Refusal.START, "2026-02-30T10:00:00Z"),
        (f"2026-03-02T14:10:00,sms,{ONE},{TWO}", Refusal.OFFSET, "2026-03-02T14:10:00"),
        (f"2026-03-02T14:10:00Z,fax,{ONE},{TWO}", Refusal.TYPE, "fax"),
        (f"2026-03-02T14:10:00Z,,{ONE},{TWO}", Refusal.TYPE, ""),
        (f"2026-03-02T14:10:00Z,sms,{ONE},withheld", Refusal.PARTY, f"{ONE}, withheld"),
        (f"2026-03-02T14:10:00Z,sms,{ONE}", Refusal.PARTY, ONE),
        (f"2026-03-02T14:10:00Z,sms,{TWO},{THREE}", Refusal.NUMBERS, f"{TWO}, {THREE}"),
        (f"2026-02-28T23:59:59Z,sms,{ONE},{TWO}", Refusal.PERIOD, "2026-02-28T23:59:59Z"),
        (f"2026-04-01T01:30:00+01:00,sms,{ONE},{TWO}", Refusal.PERIOD, "2026-04-01T01:30:00+01:00"),
        (f"2026-03-02T14:10:00Z,sms,{ONE},{TWO},,x", Refusal.SHAPE, ""),
    ],
)
def test_a_bad_row_is_refused_by_itself_with_its_line_and_reason(tmp_path, row, reason, value):
    good = f"2026-03-02T14:10:00Z,sms,{ONE},{TWO}"
    report, rows = written(tmp_path, f"start,type,from,to\n{good}\n{row}\n{good[:17]}05Z,sms,{ONE},{TWO}\n", SCOPE)
    assert report.refused == {reason: 1}
    assert [(each.line, each.reason, each.value) for each in report.refused_rows] == [(3, reason, value)]
    assert (report.rows, report.accepted) == (3, 2)
    assert [each["line"] for each in rows] == [2, 4]  # the rows behind a misshapen one keep their lines


def test_the_edges_of_the_period_are_from_its_first_moment_to_before_its_end(tmp_path):
    report, _ = written(
        tmp_path,
        f"start,type,from,to\n2026-03-01T00:00:00Z,sms,{ONE},{TWO}\n2026-03-31T23:59:59Z,sms,{ONE},{TWO}\n",
        SCOPE,
    )
    assert (report.accepted, report.refused) == (2, {})


def test_without_an_authorisation_a_time_without_offset_is_read_as_utc_and_said_so(tmp_path):
    report, _ = written(tmp_path, f"start,type,from,to\n2026-03-02T14:10:00,sms,{ONE},{TWO}\n")
    assert report.accepted == 1
    assert report.notes == ("1 times had no offset and were read as UTC.",)


def test_only_the_first_hundred_refusals_are_listed_and_all_are_counted(tmp_path):
    report, _ = written(tmp_path, "start,type,from,to\n" + f"noon,sms,{ONE},{TWO}\n" * 250, SCOPE)
    assert report.refused == {Refusal.START: 250}
    assert [row.line for row in report.refused_rows] == list(range(2, 102))
    assert (report.accepted, report.period, report.numbers) == (0, None, 0)


def test_the_same_row_twice_is_one_event(tmp_path):
    row = f"2026-03-02T14:10:00Z,sms,{ONE},{TWO}\n"
    report, rows = written(tmp_path, "start,type,from,to\n" + row * 3, SCOPE)
    assert (report.rows, report.accepted, report.duplicates, len(rows)) == (3, 1, 2, 1)


def test_both_operators_rows_of_one_call_are_one_event_that_knows_both_cells(tmp_path):
    text = (
        "start,type,from,to,from_cell,to_cell\n"
        f"2026-03-02T14:10:00Z,voice,{ONE},{TWO},c1,\n2026-03-02T14:10:02Z,voice,{ONE},{TWO},,c2\n"
    )
    report, rows = written(tmp_path, text, BOTH)
    assert (report.rows, report.accepted, report.duplicates) == (2, 1, 1)
    assert sorted((row["subject"], row["cell"], row["other_cell"]) for row in rows) == [
        (ONE, "c1", "c2"),
        (TWO, "c2", "c1"),
    ]


def test_two_texts_in_two_seconds_are_two_where_only_one_side_is_held(tmp_path):
    text = f"start,type,from,to\n2026-03-02T14:10:00Z,sms,{ONE},{TWO}\n2026-03-02T14:10:02Z,sms,{ONE},{TWO}\n"
    report, _ = written(tmp_path, text, SCOPE)
    assert (report.accepted, report.duplicates) == (2, 0)


def test_a_dataset_is_sorted_by_subject_and_time_and_each_subject_lies_in_one_part(tmp_path):
    lines = [f"2026-03-{2 + n % 20:02}T14:{n % 60:02}:00Z,sms,u{n % 7},u{n % 11}x" for n in range(400)]
    _, rows = written(tmp_path, "start,type,from,to\n" + "\n".join(lines) + "\n")
    keys = [(row["subject"], row["start"]) for row in rows]
    assert keys == sorted(keys)
    held = Counter(
        subject
        for part in parts_of(tmp_path / "dataset")
        for subject in set(pq.read_table(part, columns=["subject"]).column("subject").to_pylist())
    )
    assert set(held.values()) == {1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("start,type,from\n", "row 1: column to is missing"),
        ("start,start,type,from,to\n", "row 1: column start is there twice"),
        ('start,type,from,to\na,sms,1,2\nb,sms,1,"2\nc,sms,1,2\n', "row 3: a quotation mark is opened and not closed"),
        (b"start,type,from,to\xff\n", "row 1 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_file_of_records_is_told_so_and_leaves_nothing(tmp_path, text, told):
    with pytest.raises(FileUnreadable, match=told) as error:
        written(tmp_path, text)
    assert "records.csv" in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["records.csv"]


def test_a_dataset_is_never_written_over(tmp_path):
    written(tmp_path, f"start,type,from,to\n2026-03-02T14:10:00Z,sms,{ONE},{TWO}\n")
    with pytest.raises(FileUnreadable, match="already exists"):
        write_dataset(tmp_path / "records.csv", None, tmp_path / "dataset")


def test_an_authorisations_dates_mean_whole_days(tmp_path):
    said = {
        "ref": "CD-1",
        "agency": "kent",
        "numbers": ["07700 900001#0001"],
        "period_from": "2026-03-01",
        "period_to": "2026-03-31",
        "expires": "2026-12-31",
        "purpose": "who holds the line",
    }
    path = tmp_path / "authorisation.json"
    path.write_text(json.dumps(said))
    read = read_authorisation(path)
    assert (read.numbers, read.period_from, read.period_to) == (SCOPE.numbers, SCOPE.period_from, SCOPE.period_to)
    path.write_text(json.dumps(said | {"period_from": "2026-03-01T12:00:00+01:00"}))
    assert read_authorisation(path).period_from == datetime(2026, 3, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "{",
        '{"ref": "x"}',
        '{"ref":"x","agency":"k","numbers":[],"period_from":"2026-01-01","period_to":"2026-02-01","expires":"2026-03-01","purpose":""}',
        '{"ref":"x","agency":"k","numbers":["u1"],"period_from":"2026-02-02","period_to":"2026-02-01","expires":"2026-03-01","purpose":""}',
        '{"ref":"x","agency":"k","numbers":"u1","period_from":"soon","period_to":"2026-02-01","expires":"2026-03-01","purpose":""}',
    ],
)
def test_an_authorisation_that_makes_no_sense_is_refused(tmp_path, said):
    path = tmp_path / "authorisation.json"
    path.write_text(said)
    with pytest.raises(FileUnreadable, match="authorisation"):
        read_authorisation(path)
