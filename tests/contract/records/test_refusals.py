"""What cannot be taken in is refused in one plain sentence that names the file, the row and the column, and says what to do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.errors import DeliveryRefused
from crossline.records.intake.parsed import RowFate
from crossline.records.models import Delivery, Outcome, Record

pytestmark = pytest.mark.django_db


def refused(builders: Any, folder: Path, kept: Path, **files: Any) -> Outcome:
    """The outcome of the only row that is refused of a delivery."""
    receipt = builders.sent(folder, kept, **files)
    assert receipt.fates[RowFate.REFUSED] == 1
    outcome = Outcome.objects.get(outcome="refused")
    assert receipt.reasons == [outcome.reason]
    assert outcome.content is None
    return outcome


REPORTS: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "rumour"}, "kind", "kind 'rumour' is not one of "),
    ({"kind": "finding"}, "kind", "kind 'finding' is not one of "),
    ({"ref": ""}, "ref", "ref '' cannot be taken: "),
    ({"ref": "x" * 201}, "ref", "ref 'x"),
    ({"made_at": "2026-03-02T14:10:00"}, "made_at", "made_at '2026-03-02T14:10:00' has no offset; write it as 2026-"),
    ({"made_at": "yesterday"}, "made_at", "made_at 'yesterday' cannot be taken: "),
    (
        {"made_at": "9999-12-31T23:59:59-12:00"},
        "made_at",
        "made_at '9999-12-31T23:59:59-12:00' lies outside 1900 to 2199",
    ),
    (
        {"occurred_from": "0001-01-01T00:00:00+14:00"},
        "occurred_from",
        "occurred_from '0001-01-01T00:00:00+14:00' lies out",
    ),
    ({"source_grade": 4}, "source_grade", "source_grade '4' cannot be taken: "),
    ({"information_grade": "F"}, "information_grade", "information_grade 'F' is not one of 'A', 'B', 'C', 'D' or 'E'."),
    ({"handling": None}, "handling", "handling is not one of 'P' or 'C'."),
    (
        {"audience": ["kent", "mars"]},
        "audience",
        "audience names 'mars', which is neither an agency nor a role; use ids such as",
    ),
    ({"mentions": [{"key": "p1"}]}, "mentions.0.kind", "mentions.0.kind is missing; it is needed."),
    ({"mentions": [{"key": "p1", "kind": "ghost"}]}, "mentions.0.kind", "mentions.0.kind 'ghost' is not one of "),
    ({"mentions": [{"key": "a", "kind": "line"}] * 2}, "mentions", "two mentions share a key; give each its own."),
    (
        {"assertions": [{"from": "p1", "to": "p9", "type": "uses", "basis": "fact"}]},
        "assertions",
        "an assertion's to is 'p9', which is the key of no mention; use one of the record's own.",
    ),
    (
        {"assertions": [{"from": "p1", "to": "p1", "type": "succeeded_by", "basis": "fact"}]},
        "assertions.0.type",
        "assertions.0.type 'succeeded_by' is not one of ",
    ),
    (
        {
            "assertions": [
                {"from": "p1", "to": "p1", "type": "uses", "basis": "fact"}
                | {"from_date": "2026-02-01", "to_date": "2026-01-01"}
            ]
        },
        "assertions",
        "an assertion ends before it begins; check from_date and to_date.",
    ),
]


@pytest.mark.parametrize(("change", "column", "sentence"), REPORTS, ids=[f"{row[1]} {row[2][:20]}" for row in REPORTS])
def test_a_report_is_refused_by_line_and_column(
    change: dict[str, Any], column: str, sentence: str, builders: Any, tmp_path: Path, kept: Path
) -> None:
    good = builders.report("KENT/1")
    outcome = refused(builders, tmp_path / "d", kept, reports=[good, builders.report("KENT/2") | change])

    assert (outcome.file, outcome.row, outcome.column) == ("reports.jsonl", 2, column)
    assert outcome.reason.startswith(f"reports.jsonl, line 2: {sentence}")
    assert outcome.reason.endswith(".")
    assert Record.objects.get().ref == "KENT/1"


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"a word"',
        b"null",
        b'{"ref": NaN}',
        b'{"ref": 1e999}',
        b"\xff\xfe",
        b"[" * 5000,
        b'{"a": ' + b"9" * 5000,
    ],
    ids=["cut off", "a list", "a word", "null", "NaN", "infinity", "not UTF-8", "deep", "a huge number"],
)
def test_a_line_that_is_no_json_object_is_refused(line: bytes, builders: Any, tmp_path: Path, kept: Path) -> None:
    outcome = refused(builders, tmp_path / "d", kept, reports=[line])
    assert outcome.reason == "reports.jsonl, line 1: the line is not valid JSON; write one JSON object on each line."


TABLES: list[tuple[str, dict[str, str], str, str]] = [
    ("lines", {"agency": "essex"}, "agency", "agency 'essex' is not the sender 'kent'; send only your own rows."),
    ("lines", {"line_ref": ""}, "line_ref", "line_ref is empty; it is needed."),
    ("lines", {"line_ref": "x" * 201}, "line_ref", "line_ref is longer than 200 characters; shorten it."),
    (
        "lines",
        {"status": "gone"},
        "status",
        "status 'gone' is not one of identified, active, disrupted, closed_type1, closed",
    ),
    (
        "lines",
        {"first_seen": "02/03/2026"},
        "first_seen",
        "first_seen '02/03/2026' is not a date; write it as 2026-03-02.",
    ),
    (
        "lines",
        {"first_seen": "0001-01-01"},
        "first_seen",
        "first_seen '0001-01-01' lies outside 1900 to 2199; check the year.",
    ),
    (
        "lines",
        {"violence": "6"},
        "violence",
        "violence '6' is not a whole number from 0 to 5; leave it empty if not known.",
    ),
    ("lines", {"crit_travel": "maybe"}, "crit_travel", "crit_travel 'maybe' is not one of yes, no, unknown."),
    (
        "lines",
        {"classification": "SECRET"},
        "classification",
        "classification is not OFFICIAL or OFFICIAL-SENSITIVE; nothing",
    ),
    ("investigations", {"selectors": "fax:1"}, "selectors", ""),
    (
        "investigations",
        {"agency": "essex"},
        "agency",
        "agency 'essex' is not the sender 'kent'; send only your own rows.",
    ),
    ("returns", {"value": ""}, "value", "value is empty; write 0 for nil, or leave the row out if it is not known."),
    (
        "returns",
        {"metric": "LUCK"},
        "metric",
        "metric 'LUCK' is not in the metric list; see the codes in docs/formats.md.",
    ),
    ("returns", {"campaign": ""}, "campaign", "campaign is empty; write its first day, such as 2025-06-23."),
    ("returns", {"agency": "essex"}, "agency", "agency 'essex' is not the sender 'kent'; send only your own rows."),
    ("finance", {"amount": "lots"}, "amount", "amount 'lots' is not a number; write it as 1234.5."),
    (
        "finance",
        {"amount": "1e999999"},
        "amount",
        "amount '1e999999' is not a number of 15 digits; write it as 1234.5.",
    ),
    ("finance", {"amount": "NaN"}, "amount", "amount 'NaN' is not a number of 15 digits; write it as 1234.5."),
    (
        "finance",
        {"stage": ""},
        "stage",
        "stage '' is not one of seized, detained, forfeited, frozen, restrained, ordered, rec",
    ),
    ("finance", {"agency": "essex"}, "agency", "agency 'essex' is not the sender 'kent'; send only your own rows."),
    ("homicides", {"year": "2014"}, "year", "year '2014' is not a financial year; write it as 2014/15."),
    ("homicides", {"agency": "essex"}, "agency", "agency 'essex' is not the sender 'kent'; send only your own rows."),
]


@pytest.mark.parametrize(
    ("table", "change", "column", "sentence"), TABLES, ids=[f"{row[0]} {row[1]}" for row in TABLES]
)
def test_a_row_of_a_table_is_refused_by_row_and_column(
    table: str, change: dict[str, str], column: str, sentence: str, builders: Any, tmp_path: Path, kept: Path
) -> None:
    good = {
        "lines": builders.line(),
        "investigations": builders.investigation(),
        "returns": builders.figure(),
        "finance": builders.money(),
        "homicides": builders.homicide(),
    }[table]
    outcome = refused(builders, tmp_path / "d", kept, **{table: [good, good | change]})

    assert (outcome.file, outcome.row, outcome.column) == (f"{table}.csv", 3, column)
    assert outcome.reason.startswith(f"{table}.csv, row 3: {sentence}")
    assert outcome.reason.endswith(".")
    assert Record.objects.count() == 1


def test_a_cell_that_moved_because_of_a_comma_is_refused_and_not_taken_for_another(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d")
    (folder / "finance.csv").write_text("ref,stage,amount\nM-1,seized,1,250\n\nM-2,seized,90,\n")

    receipt = builders.take(folder, kept)

    assert [receipt.fates[fate] for fate in RowFate] == [1, 1, 0, 0]
    assert receipt.reasons == [
        "finance.csv, row 2: the row has more cells than the header; put quotation marks round a cell with a comma in it."
    ]
    assert Record.objects.get().ref == "M-2"


def test_rows_behind_a_blank_line_keep_the_number_a_spreadsheet_gives_them(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d")
    (folder / "finance.csv").write_text('\nref,stage,amount\n\nM-1,seized,"1"\n,,\nM-2,lost,2\n')

    assert builders.take(folder, kept).reasons[0].startswith("finance.csv, row 6: stage 'lost'")


def test_a_call_outside_the_authorisation_is_refused_by_line_and_counted(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d")
    rows = [
        builders.call(),
        builders.call("2026-02-01T00:00:00+00:00"),
        builders.call(**{"from": "07700 900111#0001", "to": "07700 900222#0002"}),
        builders.call(),
        builders.call("2026-01-11 10:00"),
    ]
    builders.write_communications(folder / "comms", rows=rows)

    receipt = builders.take(folder, kept)

    assert receipt.files["comms/records.csv"] == {"accepted": 1, "refused": 3, "duplicate": 1}
    assert receipt.rows == 6
    assert Delivery.objects.get().rows == 6
    assert [reason.split(":")[0] for reason in receipt.reasons] == [f"comms/records.csv, line {n}" for n in (3, 4, 6)]
    assert "outside the authorised period" in receipt.reasons[0]
    assert "neither end is a number of the authorisation" in receipt.reasons[1]
    assert not any("900111" in reason for reason in receipt.reasons), "a number that nobody authorised is not repeated"
    assert Record.objects.get().detail["refused"] != {}


@pytest.mark.parametrize(
    "outside", [[], ["2026-02-01T00:00:00+00:00"] * 2], ids=["no call", "no call that is authorised"]
)
def test_a_set_of_which_nothing_is_taken_is_held_with_its_counts(
    outside: list[str], builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d")
    builders.write_communications(folder / "comms")
    header = ",".join(builders.call())
    rows = "".join(",".join(str(cell) for cell in builders.call(start).values()) + "\n" for start in outside)
    (folder / "comms/records.csv").write_text(f"{header}\n{rows}")

    receipt = builders.take(folder, kept)

    assert [receipt.fates[fate] for fate in RowFate] == [1, len(outside), 0, 0]
    assert Record.objects.get().detail["rows"] == 0


WHOLE: list[tuple[str, Any, str]] = [
    (
        "no header",
        lambda folder: (folder / "delivery.json").unlink(),
        "has no delivery.json; add one with agency, ref and made_at",
    ),
    (
        "header not JSON",
        lambda folder: (folder / "delivery.json").write_text("agency=kent"),
        "cannot be read; write it as",
    ),
    ("header a list", lambda folder: (folder / "delivery.json").write_text("[]"), "cannot be read; write it as"),
    ("header deep", lambda folder: (folder / "delivery.json").write_text("[" * 9999), "cannot be read; write it as"),
    (
        "no such agency",
        lambda folder: header(folder, agency="mars"),
        "agency 'mars' in delivery.json is not known; use an id",
    ),
    ("agency with NUL", lambda folder: header(folder, agency="kent\0"), "cannot be read; write it as"),
    ("long ref", lambda folder: header(folder, ref="x" * 201), "cannot be read; write it as"),
    ("half a character", lambda folder: header(folder, ref="\ud800"), "cannot be read; write it as"),
    (
        "no offset",
        lambda folder: header(folder, made_at="2026-03-02T14:10:00"),
        "made_at has no offset; write it as 2026-03-02T",
    ),
    (
        "far future",
        lambda folder: header(folder, made_at="9999-12-31T00:00:00+00:00"),
        "made_at lies outside 1900 to 2199",
    ),
    (
        "no needed column",
        lambda folder: (folder / "lines.csv").write_text("name\nLeo\n"),
        "lines.csv has no column line_ref; add it",
    ),
    (
        "empty table",
        lambda folder: (folder / "lines.csv").write_text(""),
        "lines.csv is empty; its first row names the columns",
    ),
    (
        "twice a column",
        lambda folder: (folder / "lines.csv").write_text("line_ref,name,name\n1,a,b"),
        "has the column name twice",
    ),
    (
        "UTF-16",
        lambda folder: (folder / "lines.csv").write_text("line_ref\n1", encoding="utf-16"),
        "cannot be read near row 1",
    ),
    ("Latin-1", lambda folder: (folder / "lines.csv").write_bytes(b"line_ref\n1\ncaf\xe9\n"), "save it as UTF-8 CSV"),
    (
        "open quote",
        lambda folder: (folder / "lines.csv").write_text('line_ref,name\n1,"a\n2,b\n3,c\n'),
        "lines.csv cannot be read near row 2",
    ),
    ("no workbook", lambda folder: (folder / "all.xlsx").write_bytes(b"PK"), "all.xlsx cannot be read as a workbook"),
    ("no authority", lambda folder: (folder / "comms/authorisation.json").unlink(), "comms has no authorisation.json"),
    ("no calls", lambda folder: (folder / "comms/records.csv").unlink(), "comms has no records.csv"),
    (
        "authority not JSON",
        lambda folder: (folder / "comms/authorisation.json").write_text("{"),
        "comms: authorisation.json: cannot",
    ),
    (
        "calls without start",
        lambda folder: (folder / "comms/records.csv").write_text("type,from,to\n"),
        "column start is missing",
    ),
]


def header(folder: Path, **said: Any) -> None:
    """Change what delivery.json says."""
    path = folder / "delivery.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | said))


def second_set_without_authority(folder: Path) -> None:
    """A good set, and behind it one that cannot be taken."""
    shutil.copytree(folder / "comms", folder / "comms-2")
    (folder / "comms-2/authorisation.json").unlink()


WHOLE.append(("second set bad", second_set_without_authority, "comms-2 has no authorisation.json"))


@pytest.mark.parametrize(("spoil", "sentence"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_a_delivery_is_refused_as_a_whole_and_leaves_nothing_but_its_audit_row(
    spoil: Any, sentence: str, builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d", reports=[builders.report()])
    builders.write_communications(folder / "comms")
    spoil(folder)
    before = builders.snapshot()

    with pytest.raises(DeliveryRefused, match=re.escape(sentence)) as told:
        builders.take(folder, kept)

    assert "\n" not in str(told.value) and str(told.value).endswith(".")
    assert builders.changed(before) <= {"access_auditevent"}
    assert not kept.exists() or list(kept.iterdir()) == []
    if "delivery.json cannot" not in str(told.value) and AuditEvent.objects.exists():
        assert AuditEvent.objects.get().event == "delivery_refused"


def test_what_is_no_delivery_at_all_is_refused(builders: Any, tmp_path: Path, kept: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    builders.zipped(tmp_path / "no folder", tmp_path / "empty.zip")
    for path, sentence in (
        (tmp_path / "nowhere", "does not exist; give the folder or .zip of a delivery."),
        (tmp_path / "notes.txt", "is neither a folder nor a .zip; send the delivery as one of those."),
        (tmp_path / "empty.zip", "has no delivery.json; add one with agency, ref and made_at."),
    ):
        with pytest.raises(DeliveryRefused, match=re.escape(sentence)):
            builders.take(path, kept)


MARKER = "Zyxwhollyunlikely"
ABOVE: list[dict[str, Any]] = [
    {"classification": "SECRET"},
    {"classification": "Top Secret STRAP2"},
    {"classification": "S E C R E T"},
    {"classification": MARKER},
    {"classification": ["SECRET"]},
    {"classification": None},
    {"classification": "SECRET", "kind": MARKER},
    {"classification": "SECRET", "made_at": MARKER},
    {"classification": "SECRET", "audience": [MARKER]},
    {"classification": "SECRET", "assertions": [{"from": MARKER, "to": MARKER, "type": "uses", "basis": "fact"}]},
    {"classification": "SECRET", "assertions": [{"from": "p1", "to": "p1", "type": MARKER, "basis": "fact"}]},
]


@pytest.mark.parametrize("change", ABOVE, ids=[str(each)[:50] for each in ABOVE])
def test_a_row_above_the_ceiling_leaves_nothing_anywhere(
    change: dict[str, Any], builders: Any, tmp_path: Path, kept: Path
) -> None:
    report = builders.report(
        f"{MARKER}/1",
        subject=MARKER,
        text=f"{MARKER} rang {builders.NUMBER}.",
        other=MARKER,
        mentions=[builders.person(surname=MARKER, aliases=[MARKER])],
    )
    line = json.dumps(report | change)
    # The key written with an escape reads the same, and must not slip past.
    escaped = line.replace('"classification"', '"cl\\u0061ssification"')
    receipt = builders.sent(tmp_path / "d", kept, reports=[line, escaped, builders.report("KENT/9")])

    assert [receipt.fates[fate] for fate in RowFate] == [1, 2, 0, 0]
    assert builders.tables_holding("KENT/9") == ["records_record"], "the search finds what is there"
    assert builders.tables_holding(MARKER) == []
    assert not any(MARKER in reason for reason in receipt.reasons)
    assert MARKER not in json.dumps(receipt.files)


def test_a_marked_row_of_a_table_leaves_nothing_anywhere(builders: Any, tmp_path: Path, kept: Path) -> None:
    row = builders.line(name=MARKER, agency=MARKER, status=MARKER, classification="SECRET")
    receipt = builders.sent(tmp_path / "d", kept, lines=[row, builders.line("LEO-2", classification="OFFICIAL")])

    assert [receipt.fates[fate] for fate in RowFate] == [1, 1, 0, 0]
    assert builders.tables_holding(MARKER) == []
