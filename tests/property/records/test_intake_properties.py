"""Whatever a delivery holds: each row has one fate, the fates sum to the rows, and nothing but a refusal is raised."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from crossline.errors import DeliveryRefused
from crossline.records.intake.accept import Receipt
from crossline.records.intake.parsed import RowFate
from crossline.records.models import Delivery, Mention, Outcome, Record

pytestmark = pytest.mark.django_db
MANY = settings(max_examples=40, suppress_health_check=list(HealthCheck))
FEWER = settings(MANY, max_examples=15)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
AWKWARD = st.sampled_from(
    [
        "\0",
        "a\0b",
        "\\u0000",
        "\\",
        '"',
        "SECRET",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2026-03-02T14:10:00+23:59",
        "9" * 30,
        "x" * 5000,
        "١٢٣",
        "\u202e",
        "🚂" * 200,
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | AWKWARD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | AWKWARD, inner, max_size=3),
    max_leaves=8,
)
REPORT_KEYS = st.sampled_from(
    [
        *("ref", "kind", "made_at", "occurred_from", "occurred_to", "source_grade", "information_grade", "handling"),
        *("conditions", "classification", "audience", "subject", "text", "mentions", "assertions", "missing", "other"),
    ]
)
MENTION_KEYS = st.sampled_from(
    [
        *(
            "key",
            "kind",
            "forename",
            "middle",
            "surname",
            "aliases",
            "dob",
            "age",
            "sex",
            "ids",
            "number",
            "imei",
            "imsi",
        ),
        *(
            "text",
            "postcode",
            "uprn",
            "lat",
            "lon",
            "premises",
            "vrm",
            "make",
            "name",
            "quantity",
            "unit",
            "value",
            "other",
        ),
    ]
)
KINDS = st.sampled_from(
    ["person", "phone", "address", "vehicle", "line", "group", "item", "place", "account", "handle"]
)
PLACES = st.integers(min_value=0, max_value=6)
DEEP = (b"[" * 3000, b'{"a":' * 3000, b'{"classification":' + b"[" * 3000)


@contextmanager
def undone() -> Iterator[Path]:
    """A folder for one example; what it stores is taken back."""
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        yield Path(folder)
        transaction.set_rollback(True)


def taken(builders: Any, folder: Path, delivery: Path) -> Receipt | None:
    """The receipt, or None where the delivery as a whole was refused: in one sentence, with nothing left of it."""
    before = Delivery.objects.count(), Record.objects.count()
    kept = folder / "kept"
    try:
        return builders.take(delivery, kept)
    except DeliveryRefused as refusal:
        assert "\n" not in str(refusal)
        assert (Delivery.objects.count(), Record.objects.count()) == before
        assert list(kept.glob("*")) == []
        return None


def assert_every_row_has_one_fate(receipt: Receipt, rows: int) -> None:
    """The sums agree wherever they are kept, and each row that was not accepted has its sentence."""
    assert receipt.rows == rows
    held = Delivery.objects.get(agency_id=receipt.agency, ref=receipt.ref)
    assert held.accepted + held.refused + held.duplicate + held.held == held.rows == rows
    assert Record.objects.filter(delivery=held).count() == receipt.fates[RowFate.ACCEPTED]
    outcomes = list(Outcome.objects.filter(delivery=held))
    assert len(outcomes) == rows - receipt.fates[RowFate.ACCEPTED]
    for outcome in outcomes:
        assert outcome.reason.startswith(outcome.file), outcome.reason
        assert f" {outcome.row}: " in outcome.reason
        assert outcome.reason.endswith("."), outcome.reason
        assert (outcome.content is not None) == (outcome.outcome == "held")
    for record in Record.objects.filter(delivery=held):
        assert record.made_at is not None  # every stored time can be read back
        assert list(Mention.objects.filter(record=record)) is not None


@st.composite
def damaged_reports(draw: Any, builders: Any) -> bytes:
    """A line that is a good report but for one or two things: a field, a mention's field, an assertion, or its bytes."""
    value = builders.full_report(f"KENT/{draw(PLACES)}")
    for _ in range(draw(st.integers(min_value=0, max_value=2))):
        match draw(st.sampled_from(["report", "mention", "kind", "assertion", "drop"])):
            case "report":
                value[draw(REPORT_KEYS)] = draw(JSON)
            case "mention" if isinstance(value["mentions"], list) and value["mentions"]:
                chosen = draw(st.sampled_from(value["mentions"]))
                if isinstance(chosen, dict):
                    chosen[draw(MENTION_KEYS)] = draw(JSON)
            case "kind" if isinstance(value["mentions"], list) and value["mentions"]:
                chosen = draw(st.sampled_from(value["mentions"]))
                if isinstance(chosen, dict):
                    chosen["kind"] = draw(KINDS)
            case "assertion" if isinstance(value["assertions"], list) and value["assertions"]:
                chosen = draw(st.sampled_from(value["assertions"]))
                if isinstance(chosen, dict):
                    chosen[draw(st.sampled_from(["from", "to", "type", "category", "from_date", "other"]))] = draw(JSON)
            case "drop":
                value.pop(draw(REPORT_KEYS), None)
        value.setdefault("mentions", [])
        value.setdefault("assertions", [])
    line = json.dumps(value).encode()
    if draw(st.integers(min_value=0, max_value=9)) == 0:
        place = draw(st.integers(min_value=0, max_value=len(line)))
        line = line[:place] + draw(st.binary(max_size=4)) + line[place + draw(PLACES) :]
    return line.replace(b"\n", b" ")


@MANY
@given(data=st.data())
def test_any_line_of_reports_is_taken_or_refused_with_a_sentence(data: st.DataObject, builders: Any) -> None:
    garbage = st.binary(max_size=60).map(lambda each: each.replace(b"\n", b" ")) | st.sampled_from(DEEP)
    lines = data.draw(st.lists(damaged_reports(builders) | garbage, min_size=1, max_size=6))
    with undone() as folder:
        receipt = taken(builders, folder, builders.delivery(folder / "d", reports=lines))
        assert receipt is not None, "lines are refused one by one, never the delivery for them"
        assert_every_row_has_one_fate(receipt, sum(1 for line in lines if line.strip()))


def rows_of(builders: Any) -> dict[str, dict[str, Any]]:
    """A good row of each table."""
    return {
        "lines": builders.line(),
        "investigations": builders.investigation(),
        "returns": builders.figure(),
        "finance": builders.money(),
        "homicides": builders.homicide(),
    }


@MANY
@given(data=st.data())
def test_any_cell_of_any_table_is_taken_or_refused_with_a_sentence(data: st.DataObject, builders: Any) -> None:
    tables: dict[str, list[dict[str, Any]]] = {}
    cell = (
        TEXT
        | AWKWARD
        | st.sampled_from(["1e400", "1e-400", "NaN", "Infinity", "-0", "1_0", "£1,000", "\u0661", "20260302"])
    )
    for name, good in rows_of(builders).items():
        columns = st.sampled_from([*good, "something else"])
        changes = data.draw(st.lists(st.dictionaries(columns, cell, max_size=2), max_size=2))
        if changes:
            tables[name] = [good | change for change in changes]
    blank = sum(1 for rows in tables.values() for row in rows if not any(str(value).strip() for value in row.values()))
    with undone() as folder:
        receipt = taken(builders, folder, builders.delivery(folder / "d", **tables))
        if receipt is not None:
            assert_every_row_has_one_fate(receipt, sum(len(rows) for rows in tables.values()) - blank)


@MANY
@given(name=st.sampled_from(["lines", "finance", "returns", "investigations", "homicides"]), content=st.data())
def test_any_bytes_as_a_table_are_taken_or_refused(name: str, content: st.DataObject, builders: Any) -> None:
    with undone() as folder:
        path = builders.write_csv(builders.delivery(folder / "d") / f"{name}.csv", [rows_of(builders)[name]] * 2)
        good = path.read_bytes()
        place = content.draw(st.integers(min_value=0, max_value=len(good)))
        piece = content.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b'"a"b', b"\r", b"\n\n", b",,,", b"\0", b";"])
        )
        path.write_bytes(good[:place] + piece + good[place + content.draw(PLACES) :])
        receipt = taken(builders, folder, path.parent)
        if receipt is not None:
            assert_every_row_has_one_fate(receipt, receipt.rows)


@FEWER
@given(header=JSON | st.fixed_dictionaries({"agency": JSON, "ref": JSON, "made_at": JSON | AWKWARD}))
def test_any_header_is_refused_or_taken(header: Any, builders: Any) -> None:
    with undone() as folder:
        path = builders.delivery(folder / "d", reports=[builders.report()])
        good = json.loads((path / "delivery.json").read_text())
        mixed = (
            good | {key: value for key, value in header.items() if key in good} if isinstance(header, dict) else header
        )
        (path / "delivery.json").write_text(json.dumps(mixed))
        receipt = taken(builders, folder, path)
        if receipt is not None:
            assert_every_row_has_one_fate(receipt, 1)


@FEWER
@given(
    header=st.binary(max_size=40),
    place=st.integers(min_value=0, max_value=2000),
    piece=st.binary(min_size=1, max_size=20),
)
def test_a_damaged_zip_or_workbook_is_refused_or_taken(header: bytes, place: int, piece: bytes, builders: Any) -> None:
    with undone() as folder:
        good = builders.with_workbook(
            builders.delivery(folder / "d", finance=[builders.money()], reports=[builders.report()])
        )
        book = good / "tables.xlsx"
        content = book.read_bytes()
        book.write_bytes(content[: place % len(content)] + piece + content[place % len(content) + len(piece) :])
        archive = builders.zipped(good, folder / "d.zip")
        packed = archive.read_bytes()
        broken = folder / "broken.zip"
        broken.write_bytes(header + packed[: len(packed) - place] + piece)
        for path in (good, broken):
            receipt = taken(builders, folder, path)
            if receipt is not None and not receipt.already_held:
                assert_every_row_has_one_fate(receipt, receipt.rows)


@FEWER
@given(data=st.data())
def test_any_call_records_are_counted_and_only_authorised_ones_are_kept(data: st.DataObject, builders: Any) -> None:
    number = st.sampled_from([builders.NUMBER, builders.OTHER_NUMBER, "07700 900999#0001", "", "unknown", "\0"]) | TEXT
    start = (
        st.sampled_from(["2026-01-10T10:00:00+00:00", "2026-01-31T23:59:59+00:00", "2026-02-01T00:00:00+00:00"]) | TEXT
    )
    row = st.fixed_dictionaries(
        {"start": start, "type": st.sampled_from(["voice", "sms", "fax"]), "from": number, "to": number}
    )
    rows = data.draw(st.lists(row, max_size=6))
    with undone() as folder:
        path = builders.delivery(folder / "d")
        builders.write_communications(path / "comms", rows=[builders.call(), *rows])
        receipt = taken(builders, folder, path)
        if receipt is not None:
            assert Delivery.objects.get().rows == receipt.rows == 1 + len(rows) + 1
            kept = parquet.ParquetDataset(list((folder / "kept").rglob("*.parquet"))).read()
            assert set(kept["subject"].to_pylist()) == {"+447700900123#0042"}, "nobody else's calls are kept"
            assert kept.num_rows >= receipt.files["comms/records.csv"]["accepted"] >= 1


@FEWER
@given(
    authorised=JSON, key=st.sampled_from(["ref", "agency", "numbers", "period_from", "period_to", "expires", "purpose"])
)
def test_any_authorisation_is_taken_or_refused(authorised: Any, key: str, builders: Any) -> None:
    said = builders.authorisation() | {key: [builders.NUMBER, authorised] if key == "numbers" else authorised}
    with undone() as folder:
        path = builders.delivery(folder / "d")
        builders.write_communications(path / "comms", said=said, rows=builders.calls(1))
        taken(builders, folder, path)


def test_a_zip_cannot_write_outside_itself(builders: Any, tmp_path: Path, kept: Path) -> None:
    archive = tmp_path / "d.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("delivery.json", json.dumps({"agency": "kent", "ref": "1", "made_at": builders.MADE_AT}))
        target.writestr("../planted.txt", "planted")
    with pytest.raises(DeliveryRefused, match="outside the delivery"):
        builders.take(archive, kept)
    assert not list(tmp_path.rglob("planted*"))
