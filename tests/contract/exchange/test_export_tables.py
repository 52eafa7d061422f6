"""Exports as tables: the contract's columns always, each viewer's own rows, values that survive a spreadsheet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crossline.entities.judgements import judge
from crossline.entities.models import Verdict
from crossline.errors import UsageError
from crossline.exchange.catalogue import COLUMNS, TABLES, What
from crossline.exchange.exports import export, prepare
from crossline.lines.register import register
from crossline.records.models import Mention

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


@pytest.mark.parametrize("what", list(What))
def test_with_nothing_in_the_store_there_is_still_a_header(builders: Any, what: What) -> None:
    with builders.administrator() as viewpoint:
        with prepare(what, "csv", viewpoint).file as file:
            text = file.read().decode()
        with prepare(what, "json", viewpoint).file as file:
            rows = json.loads(file.read())
    assert text.split("\n")[0] == ",".join(COLUMNS[what])
    if what is not What.FIGURES:  # a count of nothing is a figure
        assert text.count("\n") == 1 and rows == []


@pytest.mark.parametrize("what", list(What))
def test_every_format_of_a_table_says_the_same(
    builders: Any, two_forces: None, read: Read, read_json: Read, written: Read, what: What
) -> None:
    with builders.administrator() as viewpoint:
        rows, objects = read(viewpoint, what), read_json(viewpoint, what)
        sheet = load_workbook(written(viewpoint, what, "xlsx")).worksheets[0]
    columns = COLUMNS[what]
    assert [tuple(row) for row in rows] == [columns] * len(rows)
    assert [tuple(each) for each in objects] == [columns] * len(rows)
    assert [cell.value for cell in next(sheet.iter_rows())] == list(columns)
    assert sheet.max_row == len(rows) + 1
    for row, each in zip(rows, objects, strict=True):
        for column in columns:
            value = "" if each[column] is None else str(each[column])
            assert row[column].removeprefix("'") == value


def test_people_are_one_row_a_mention_with_their_cluster(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        rows = read(viewpoint, "people")
    places = [(row["agency"], row["ref"], row["key"]) for row in rows]
    assert len(set(places)) == len(places)
    assert ("kent", "KENT/2026/000001", "p1") in places
    entity = {place: row["entity"] for place, row in zip(places, rows, strict=True)}
    assert entity["kent", "KENT/2026/000001", "p1"] == entity["essex", "ESSEX/2026/000001", "p1"]
    assert ("kent", "OP-1", "s7") in places, "the person an investigation is about"


def test_a_judgement_parts_a_cluster_at_once(builders: Any, two_forces: None, read: Read) -> None:
    ends = [Mention.objects.get(record__ref=ref, key="p1").id for ref in ("KENT/2026/000001", "ESSEX/2026/000001")]
    with builders.administrator() as viewpoint:
        judge(left=ends[0], right=ends[1], verdict=Verdict.DIFFERENT, reason="two brothers", viewpoint=viewpoint)
        entity = {row["ref"]: row["entity"] for row in read(viewpoint, "people") if row["key"] == "p1"}
    assert entity["KENT/2026/000001"] != entity["ESSEX/2026/000001"]


def test_things_with_an_equal_value_are_one(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        phones, addresses, vehicles = (read(viewpoint, what) for what in ("phones", "addresses", "vehicles"))
    entity = {(row["agency"], row["ref"], row["key"]): row["entity"] for row in phones}
    same = {
        entity["kent", "KENT/2026/000001", "t1"],
        entity["essex", "ESSEX/2026/000001", "t9"],
        entity["kent", "OP-1", "s1"],
    }
    assert len(same) == 1
    assert same == {entity["kent", "LEO-1", "n1"]}
    assert not [row for row in phones if row["key"].endswith(".imei")], "a handset is no mention of the delivery"
    by_ref = {(row["ref"], row["key"]): row["entity"] for row in addresses}
    assert by_ref["KENT/2026/000001", "a1"] == by_ref["OP-1", "s6"]
    assert by_ref["OP-1", "s5"] not in {by_ref["OP-1", "s6"]}, "a postcode alone is no address"
    assert len({row["entity"] for row in vehicles}) == 1


def test_postcodes_alone_are_not_one_place(builders: Any, tmp_path: Path, kept: Path, read: Read) -> None:
    cases = [builders.investigation(f"OP-{n}", selectors="postcode:TN34 1AA") for n in (1, 2)]
    builders.sent(tmp_path / "cases", kept, investigations=cases)
    with builders.administrator() as viewpoint:
        rows = read(viewpoint, "addresses")
    assert len({row["entity"] for row in rows}) == len(rows) == 2


def test_a_revised_return_is_exported_once_as_it_stands(builders: Any, tmp_path: Path, kept: Path, read: Read) -> None:
    for number, numbers in enumerate(("07700 900111#0001", "07700 900222#0002")):
        builders.sent(tmp_path / str(number), kept, ref=str(number), lines=[builders.line(numbers=numbers)])
    with builders.administrator() as viewpoint:
        rows = read(viewpoint, "phones")
        newest = Mention.objects.get(selector="phone:+447700900222#0002")
    assert [(row["ref"], row["key"], row["entity"]) for row in rows] == [("LEO-1", "n1", str(newest.id))]


def test_lines_have_numbers_holders_and_a_score_unless_closed(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        rows = {row["name"]: row for row in read(viewpoint, "lines")}
        numbers, ranked = read(viewpoint, "line-numbers"), read(viewpoint, "priorities")
        lines = {line.name: line for line in register(viewpoint).lines}
    leo, closed = rows["Leo"], rows["Max"]
    assert leo["exporting_agency"] == "metropolitan" and leo["importing_agencies"] == "kent"
    assert set(leo["numbers"].split(";")) == {"+447700900123#0042", "+447700900456#0007"}
    assert (leo["first_seen"], leo["status"]) == ("2025-09-01", "active")
    assert float(leo["score_low"]) <= float(leo["score"]) <= float(leo["score_high"])
    assert (closed["score"], closed["rank"], closed["status"]) == ("", "", "closed_type1")
    assert {row["line"] for row in ranked} == {line.id for line in lines.values() if not line.status.is_closed}
    assert [int(row["rank"]) for row in ranked] == sorted(int(row["rank"]) for row in ranked)
    assert {row["line"] for row in numbers} == {leo["line"], closed["line"]}


def test_holders_are_the_entities_of_people_who_control_the_line(
    builders: Any, tmp_path: Path, kept: Path, read: Read
) -> None:
    mentions = [
        builders.person(),
        {"key": "l1", "kind": "line", "name": "Leo"},
        {"key": "t1", "kind": "phone", "number": "07700 900123#0042"},
    ]
    says = [
        {"from": "p1", "to": "l1", "type": "controls", "basis": "assessment", "category": "suspect"},
        {"from": "l1", "to": "t1", "type": "uses", "basis": "fact"},
    ]
    report = builders.report("KENT/2026/000001", mentions=mentions, assertions=says)
    builders.sent(tmp_path / "kent", kept, reports=[report], lines=[builders.line()])
    with builders.administrator() as viewpoint:
        holders = [row["holders"] for row in read(viewpoint, "lines") if row["holders"]]
        entities = {row["entity"] for row in read(viewpoint, "people")}
    assert holders == [next(iter(entities))]


def test_overlaps_name_both_sides(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        rows = read(viewpoint, "overlaps")
    pairs = {(row["left_ref"], row["right_ref"], row["kind"], row["scheme"], row["value"]) for row in rows}
    assert ("OP-9", "OP-1", "investigation", "phone", "+447700900123#0042") in pairs
    assert {row["kind"] for row in rows} == {"investigation", "report"}
    assert all(row["left_agency"] != row["right_agency"] for row in rows)


def test_concerns_are_of_people_put_forward(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        rows = read(viewpoint, "concerns")
        people = {(row["agency"], row["ref"], row["key"]): row["entity"] for row in read(viewpoint, "people")}
    assert {row["reason"] for row in rows} >= {"child_in_runner_role"}
    assert all(row["entity"] == people[row["agency"], row["ref"], row["key"]] for row in rows)
    assert all(row["raised_at"].endswith("+00:00") for row in rows)


def test_returns_are_the_national_table(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        rows = {row["metric"]: row for row in read(viewpoint, "returns")}
    assert rows["ARR_T"]["campaign"] == "2025-06-23"
    assert (rows["ARR_T"]["value"], rows["ARR_T"]["unit"], rows["ARR_T"]["status"]) == ("7", "people", "final")
    assert (rows["CASH"]["value"], rows["CASH"]["status"]) == ("1250.5", "provisional")
    assert rows["CASH"]["agencies_reporting"] == "kent"
    assert len(rows["CASH"]["agencies_missing"].split(";")) == 43


def test_a_formula_from_outside_cannot_run_and_numbers_keep_their_plus(
    builders: Any, two_forces: None, read: Read, read_json: Read, written: Read
) -> None:
    with builders.administrator() as viewpoint:
        people, exact = read(viewpoint, "people"), read_json(viewpoint, "people")
        numbers = read(viewpoint, "line-numbers")
        sheet = load_workbook(written(viewpoint, "people", "xlsx")).worksheets[0]
        lines = load_workbook(written(viewpoint, "line-numbers", "xlsx")).worksheets[0]
    formula = "=cmd|'/c calc'!A1"
    assert f"'{formula}" in {row["ref"] for row in people}
    assert formula in {row["ref"] for row in exact}, "json gives values to the letter"
    assert all(row["number"].startswith("+4477009") for row in numbers)
    found = next(cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value == formula)
    assert found.data_type == "s" and found.quotePrefix
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert all(cell.data_type == "s" for cell in lines["B"][1:])


def test_a_workbook_hides_nothing_and_says_who_exported_it(builders: Any, two_forces: None, written: Read) -> None:
    with builders.administrator() as viewpoint:
        book = load_workbook(written(viewpoint, "lines", "xlsx"))
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"]
    assert book.defined_names == {}
    sheet = book.worksheets[0]
    assert not any(each.hidden for each in (*sheet.column_dimensions.values(), *sheet.row_dimensions.values()))
    assert "OFFICIAL-SENSITIVE. lines, exported by administrator (nclcc)" in str(sheet.oddFooter.center.text)
    assert isinstance(sheet["D2"].value, date)


def test_each_viewer_exports_their_own_rows(builders: Any, two_forces: None, read: Read) -> None:
    with builders.seen_by(builders.enrolled("essex.analyst", agency="essex")) as viewpoint:
        refs = {row["ref"] for row in read(viewpoint, "people")}
        assert "KENT/2026/000001" in refs
        assert "KENT/2026/000002" not in refs, "handling C is Kent's and the centre's"
        assert "OP-1" not in refs
        assert {row["left_ref"] for row in read(viewpoint, "overlaps")}.isdisjoint({"OP-1", "KENT/2026/000002"})
        assert read(viewpoint, "returns") == []


def test_a_selection_exports_what_a_page_shows(builders: Any, two_forces: None) -> None:
    with builders.administrator() as viewpoint:
        chosen = next(line.id for line in register(viewpoint).lines if line.name == "Max")
        prepared = prepare("lines", "json", viewpoint, only=[chosen])
        with prepared.file as file:
            assert [each["line"] for each in json.loads(file.read())] == [chosen]
        with pytest.raises(UsageError, match="A selection cannot be written as stix"):
            prepare("lines", "stix", viewpoint, only=[chosen])
    assert (prepared.rows, prepared.content_type) == (1, "application/json")
    assert re.fullmatch(r"lines-X(-[0-9A-HJKMNP-TV-Z]{4}){3}\.json", prepared.file_name)


def test_every_table_format_is_offered_and_nothing_else_slips_in(builders: Any) -> None:
    with (
        builders.administrator() as viewpoint,
        pytest.raises(UsageError, match="concerns cannot be written as graphml"),
    ):
        export("concerns", "graphml", viewpoint, None)
    assert {"csv", "json", "xlsx"} == TABLES
