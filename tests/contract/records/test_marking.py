"""A marking above the ceiling is found wherever a sender may have put it, and a restricted row's refusal stays with its owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossline.errors import DeliveryRefused
from crossline.records.intake.parsed import RowFate
from crossline.records.models import Outcome, Record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["Classification", "GSC", "protective_marking", "Security Classification"])
def test_a_marked_row_of_a_table_is_refused_whatever_the_column_is_called(
    key: str, builders: Any, tmp_path: Path, kept: Path
) -> None:
    row = builders.line() | {key: "TOP SECRET"}
    receipt = builders.take(builders.delivery(tmp_path / "d", lines=[row]), kept)
    assert receipt.fates == {RowFate.REFUSED: 1}
    assert not Record.objects.exists()


def test_a_report_marked_twice_is_refused_for_the_higher(builders: Any, tmp_path: Path, kept: Path) -> None:
    marked = builders.report(protective_marking="SECRET")
    receipt = builders.take(builders.delivery(tmp_path / "d", reports=[marked]), kept)
    assert receipt.fates == {RowFate.REFUSED: 1}


def test_a_marked_delivery_or_authorisation_is_refused_whole(builders: Any, tmp_path: Path, kept: Path) -> None:
    folder = builders.delivery(tmp_path / "d", reports=[builders.report()])
    header = json.loads((folder / "delivery.json").read_text())
    (folder / "delivery.json").write_text(json.dumps(header | {"classification": "SECRET"}))
    with pytest.raises(DeliveryRefused, match="OFFICIAL-SENSITIVE"):
        builders.take(folder, kept)
    (folder / "delivery.json").write_text(json.dumps(header))
    builders.write_communications(folder / "comms", said=builders.authorisation(classification="SECRET"))
    with pytest.raises(DeliveryRefused, match="OFFICIAL-SENSITIVE"):
        builders.take(folder, kept)
    assert not Record.objects.exists()
    assert not list(kept.glob("*/*"))


def test_a_set_that_another_agency_acquired_is_refused(builders: Any, tmp_path: Path, kept: Path) -> None:
    folder = builders.delivery(tmp_path / "d", reports=[builders.report()])
    builders.write_communications(folder / "comms", said=builders.authorisation(agency="essex"))
    with pytest.raises(DeliveryRefused, match="not the sender 'kent'"):
        builders.take(folder, kept)


def test_the_refusal_of_a_report_with_an_audience_of_its_own_is_told_to_its_owner_only(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    open_, restricted = builders.report("A", kind="wrong"), builders.report("B", kind="wrong", audience=["kent"])
    nobody = builders.report("C", audience=["no-such-group"])
    builders.take(builders.delivery(tmp_path / "d", reports=[open_, restricted, nobody]), kept)
    seen_by = {o.row: set(o.audience.labels.values_list("key", flat=True)) for o in Outcome.objects.all()}
    assert seen_by == {1: {"agency:kent", "centre"}, 2: {"agency:kent"}, 3: {"agency:kent"}}
