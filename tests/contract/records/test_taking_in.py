"""Every file of the delivery contract is taken in, in each form a delivery may have, once and only once."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crossline.errors import DeliveryRefused
from crossline.records.intake.parsed import RowFate
from crossline.records.models import Assertion, Delivery, Mention, Outcome, Record

pytestmark = pytest.mark.django_db


def counts(receipt: Any) -> dict[str, int]:
    """Rows accepted by file."""
    return {file: said["accepted"] for file, said in receipt.files.items() if "accepted" in said}


def as_folder(builders: Any, folder: Path) -> Path:
    return folder


def as_zip(builders: Any, folder: Path) -> Path:
    return builders.zipped(folder, folder.with_suffix(".zip"))


def as_zip_of_a_folder(builders: Any, folder: Path) -> Path:
    return builders.zipped(folder, folder.with_suffix(".zip"), inside="KENT delivery")


def as_workbook(builders: Any, folder: Path) -> Path:
    return builders.with_workbook(folder)


def as_zipped_workbook(builders: Any, folder: Path) -> Path:
    return as_zip(builders, builders.with_workbook(folder))


@pytest.mark.parametrize("form", [as_folder, as_zip, as_zip_of_a_folder, as_workbook, as_zipped_workbook])
def test_a_delivery_with_every_file_is_taken_in_whole(form: Any, builders: Any, tmp_path: Path, kept: Path) -> None:
    receipt = builders.take(form(builders, builders.full_delivery(tmp_path / "delivery")), kept)

    assert receipt.reasons == []
    assert counts(receipt) == builders.FULL_ROWS
    held = Delivery.objects.get()
    assert (held.rows, held.accepted) == (sum(builders.FULL_ROWS.values()),) * 2
    by_kind = dict.fromkeys(Record.objects.values_list("kind", flat=True))
    assert set(by_kind) == {
        *("intelligence", "custody", "stop", "missing", "seizure", "crime", "concern", "visit"),
        *("line_return", "investigation", "campaign_return", "money_event", "homicide", "communications"),
    }
    assert sorted(path.name for path in kept.glob("*/*")) == ["cells.csv", "cells.csv", "records", "records"]


def test_what_a_report_says_is_stored_as_it_says_it(builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "d", kept, reports=[builders.full_report("KENT/1", conditions="A2 S2")])

    record = Record.objects.get(ref="KENT/1")
    assert (record.owner_id, record.kind, record.grade, record.conditions) == ("kent", "intelligence", "2B P", "A2 S2")
    assert record.made_at.isoformat() == builders.MADE_AT
    selectors = dict(Mention.objects.filter(record=record).values_list("key", "selector"))
    assert selectors["t1"] == "phone:+447700900123#0042"
    assert selectors["v1"] == "vrm:AB12CDE"
    assert selectors["l1"] == "line:leo"
    assert selectors["t1.imei"] == "imei:00440015202000"
    jaden = Mention.objects.get(record=record, key="p1")
    said = (jaden.forename, jaden.middle, jaden.surname, jaden.aliases, jaden.born, jaden.sex, jaden.nominal, jaden.pnc)
    assert said == ("Jaden", "Lee", "Cole", ["JC"], "2008-04-11", "M", "K4411", "26/1234A")
    runs = Assertion.objects.get(record=record, type="runs_for")
    assert (runs.from_mention.key, runs.to_mention.key, runs.basis, runs.category) == (
        "p1",
        "l1",
        "assessment",
        "victim",
    )


def test_numbers_and_plates_of_a_text_become_mentions_where_a_report_lists_none(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    text = f"Rang {builders.NUMBER} from a blue AB12 CDE, then {builders.NUMBER} again."
    builders.sent(tmp_path / "d", kept, reports=[builders.report("KENT/1", mentions=[], text=text)])

    found = list(Mention.objects.order_by("key").values_list("selector", flat=True))
    assert found == ["phone:+447700900123#0042", "vrm:AB12CDE"]


def test_a_partial_date_of_birth_is_kept_as_far_as_it_goes(builders: Any, tmp_path: Path, kept: Path) -> None:
    people = [
        builders.person(f"p{place}", dob=dob) for place, dob in enumerate(("2008", "2008-04", "unknown", "2008-01-01"))
    ]
    builders.sent(tmp_path / "d", kept, reports=[builders.report(mentions=people)])

    born = dict(Mention.objects.values_list("key", "born"))
    assert (born["p0"], born["p1"], born["p2"]) == ("2008", "2008-04", "")
    assert Mention.objects.get(key="p2").detail["dob_as_written"] == "unknown"


def test_the_same_delivery_twice_changes_nothing(builders: Any, tmp_path: Path, kept: Path) -> None:
    folder = builders.full_delivery(tmp_path / "d")
    builders.take(folder, kept)
    before = builders.snapshot()
    files = {path: path.stat().st_mtime_ns for path in kept.rglob("*")}

    again = builders.take(folder, kept)
    as_zip_again = builders.take(builders.zipped(folder, tmp_path / "d.zip"), kept)

    assert again.already_held and as_zip_again.already_held
    assert builders.changed(before) == set()
    assert {path: path.stat().st_mtime_ns for path in kept.rglob("*")} == files


@pytest.mark.parametrize("packed", [False, True], ids=["workbook", "workbook in a zip"])
def test_other_bytes_under_the_same_ref_are_refused_and_nothing_of_them_is_stored(
    packed: bool, builders: Any, tmp_path: Path, kept: Path
) -> None:
    def packed_or_not(folder: Path, name: str) -> Path:
        return builders.zipped(folder, tmp_path / name) if packed else folder

    folder = builders.with_workbook(builders.full_delivery(tmp_path / "d"))
    builders.take(packed_or_not(folder, "first.zip"), kept)
    shutil.rmtree(folder / "comms")
    builders.write_communications(folder / "comms", rows=[*builders.calls(2), builders.call(to="07700 900999#0999")])
    before = builders.snapshot()
    files = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}

    with pytest.raises(
        DeliveryRefused, match="already held with other content; send the change under a ref of its own"
    ):
        builders.take(packed_or_not(folder, "second.zip"), kept)

    assert builders.changed(before) == {"access_auditevent"}
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == files


def test_two_agencies_may_use_the_same_refs(builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "k", kept, agency="kent", ref="2026-1", reports=[builders.report("1")])
    receipt = builders.sent(
        tmp_path / "e", kept, agency="essex", ref="2026-1", reports=[builders.report("1", text="Other.")]
    )

    assert receipt.line() == "essex 2026-1: 1 rows: 1 accepted, 0 refused, 0 duplicate, 0 held"
    assert Record.objects.filter(ref="1").count() == 2


def test_a_report_held_already_is_a_duplicate_and_one_that_differs_is_held_with_all_it_said(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    first = builders.full_report("KENT/1")
    other = builders.full_report("KENT/1", text="Another account.")
    receipt = builders.sent(tmp_path / "d", kept, reports=[first, first, other])

    assert [receipt.fates[fate] for fate in RowFate] == [1, 0, 1, 1]
    assert Record.objects.count() == 1
    held = Outcome.objects.get(outcome="held")
    assert (held.file, held.row, held.column) == ("reports.jsonl", 3, "ref")
    kept_content = json.dumps(held.content)
    for said in ("Another account.", "Jaden", "Cole", "2008-04-11", "07700 900123#0042", "runs_for", "victim", "TN34"):
        assert said in kept_content, said


def test_a_changed_return_is_the_next_revision_of_what_it_changes(builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "1", kept, ref="1", lines=[builders.line(status="active")])
    builders.sent(tmp_path / "2", kept, ref="2", lines=[builders.line(status="closed_type1")])
    same = builders.sent(tmp_path / "3", kept, ref="3", lines=[builders.line(status="closed_type1")])

    found = Record.objects.order_by("revision").values_list("revision", "detail__status")
    assert list(found) == [(1, "active"), (2, "closed_type1")]
    assert same.fates[RowFate.DUPLICATE] == 1


def test_unknown_columns_are_kept_and_reported(builders: Any, tmp_path: Path, kept: Path) -> None:
    def more(row: dict[str, Any]) -> dict[str, Any]:
        return {"borough": "Thanet"} | row

    folder = builders.delivery(
        tmp_path / "d",
        reports=[builders.report(borough="Thanet", mentions=[builders.person(build="slim")])],
        lines=[more(builders.line())],
        investigations=[more(builders.investigation())],
        returns=[more(builders.figure())],
        finance=[more(builders.money())],
        homicides=[more(builders.homicide())],
    )
    builders.write_communications(folder / "comms", rows=[{"borough": "Thanet"} | builders.call()])
    receipt = builders.take(folder, kept)

    tables = ("lines", "investigations", "returns", "finance", "homicides", "comms/records")
    assert [receipt.files[f"{name}.csv"].get("unknown_columns") for name in tables] == [["borough"]] * len(tables)
    for record in Record.objects.exclude(kind="communications").exclude(source="reports"):
        assert record.detail["other_columns"] == {"borough": "Thanet"}, record.kind
    assert Record.objects.get(source="reports").detail["borough"] == "Thanet"
    assert Mention.objects.get(key="p1").detail["build"] == "slim"


def test_columns_stand_in_any_order_and_optional_ones_may_be_missing(builders: Any, tmp_path: Path, kept: Path) -> None:
    backwards = dict(reversed(builders.line().items()))
    receipt = builders.sent(
        tmp_path / "d", kept, lines=[backwards], finance=[{"amount": "5", "ref": "M", "stage": "seized"}]
    )

    assert receipt.fates[RowFate.ACCEPTED] == 2
    assert Record.objects.get(source="lines").detail["towns"] == ["Hastings", "Margate"]
    assert Record.objects.get(source="finance").owner_id == "kent"


def test_a_byte_order_mark_is_read_past_in_every_file(builders: Any, tmp_path: Path, kept: Path) -> None:
    folder = builders.delivery(tmp_path / "d", reports=[b"\xef\xbb\xbf" + json.dumps(builders.report()).encode()])
    builders.write_csv(folder / "lines.csv", [builders.line()], bom=True)
    header = folder / "delivery.json"
    header.write_bytes(b"\xef\xbb\xbf" + header.read_bytes())

    assert builders.take(folder, kept).fates[RowFate.ACCEPTED] == 2
    assert Record.objects.get(source="lines").detail.get("other_columns") is None


def test_a_file_that_is_none_of_a_delivery_is_reported_and_not_lost_silently(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d", reports=[builders.report()])
    builders.write_csv(folder / "Lines.csv", [builders.line()])

    receipt = builders.take(folder, kept)

    assert receipt.unread == ["Lines.csv"]
    assert any("Lines.csv" in reason for reason in receipt.reasons)
    assert Delivery.objects.get().receipt["unread"] == ["Lines.csv"]


def test_rows_of_a_workbook_are_named_as_the_workbook_numbers_them(builders: Any, tmp_path: Path, kept: Path) -> None:
    rows = [builders.money("M-1"), dict.fromkeys(builders.money(), ""), builders.money("M-2", stage="lost")]
    folder = builders.with_workbook(builders.delivery(tmp_path / "d", finance=rows))

    receipt = builders.take(folder, kept)

    assert [receipt.fates[fate] for fate in RowFate] == [1, 1, 0, 0]
    assert receipt.reasons[0].startswith("finance.csv, row 4: stage 'lost' is not one of")


def test_a_sheet_cannot_be_named_out_of_the_scratch_folder(builders: Any, tmp_path: Path, kept: Path) -> None:
    folder = builders.with_workbook(builders.delivery(tmp_path / "d", finance=[builders.money()]))
    target = tmp_path / "planted"
    with zipfile.ZipFile(folder / "tables.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="finance"', f'name="{target}"'.encode())
    with zipfile.ZipFile(folder / "tables.xlsx", "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)

    receipt = builders.take(folder, kept)

    assert not target.with_suffix(".csv").exists()
    assert receipt.rows == 0
    assert len(receipt.unread) == 1
