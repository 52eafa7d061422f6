"""The national table of a week, from deliveries taken in as forces send them: published figures come out exactly."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crossline.access.viewer import Viewpoint
from crossline.operations.campaigns import NationalTable, campaigns_of, expected_agencies, national_table
from crossline.simulation.campaign_returns import reporting_forces, week_rows
from crossline.vocabulary.codes import ReturnStatus

pytestmark = pytest.mark.django_db

JUNE, NOVEMBER = date(2025, 6, 23), date(2024, 11, 25)
PUBLISHED = Path(__file__).parents[3] / "src/crossline/simulation/data/published_weeks.csv"
RESULTS = Path(__file__).parents[3] / "src/crossline/picture/data/county_lines_published_results.csv"
NOVEMBER_METRICS = {
    "lines_closed": "LINE_CLOSED", "arrests": "ARR_T", "weapons_seized": "W_TOTAL", "firearms_seized": "W_FIREARM",
    "bladed_weapons_seized": "W_BLADED", "other_weapons_seized": "W_OTHER", "cash_seized": "CASH",
    "xl_bully_dogs_seized": "DOGS", "vulnerable_people_safeguarded": "SG_T", "drugs_value": "D_VALUE_AB",
}  # fmt: skip


def published(week: date) -> dict[str, Decimal]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["metric"]: Decimal(row["value"]) for row in csv.DictReader(file) if row["week"] == week.isoformat()}


def table_of(viewpoint: Viewpoint, week: date) -> NationalTable:
    found = national_table(viewpoint, week)
    assert found is not None
    return found


@pytest.fixture
def two_weeks(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Every force's returns for both published weeks, as the simulator splits them; the centre's own percentages."""
    senders = reporting_forces((), all_forces=True)
    for agency, rows in week_rows(senders).items():
        receipt = builders.sent(tmp_path / agency, kept, agency=agency, ref=f"{agency}-returns", returns=rows)
        assert receipt.fates["accepted"] == len(rows)


@pytest.fixture
def send(builders: Any, tmp_path: Path, kept: Path) -> Any:
    """`send("kent", figures…)` takes in a delivery of an agency's returns."""
    made: dict[str, int] = defaultdict(int)

    def take(agency: str, *rows: dict[str, Any], made_at: str = "2026-03-02T14:10:00+00:00") -> None:
        made[agency] += 1
        ref = f"{agency}-{made[agency]}"
        rows = tuple(row | {"agency": agency} for row in rows)
        builders.sent(tmp_path / ref, kept, agency=agency, ref=ref, made_at=made_at, returns=rows)

    return take


def test_june_2025_comes_out_exactly(builders: Any, two_weeks: None) -> None:
    with builders.administrator() as viewpoint:
        table = table_of(viewpoint, JUNE)
    assert {row.metric.code: row.value for row in table.rows} == published(JUNE)
    assert table.campaign.missing == ()
    assert len(table.campaign.reporting) == 44
    assert all(row.missing == () and row.status == ReturnStatus.FINAL for row in table.rows)
    assert table.agency_breaches == ()
    assert table.set_aside == ()
    sentences = {each.whole: each.sentence for each in table.arithmetic}
    assert sentences["SG_T"] == "559 + 620 = 1,179 = 395 + 784."
    assert sentences["D_CLASSA_KG"] == "16.1 + 11 + 151.3 = 178.4 against 178.49 published, tolerance 0.15."
    assert [(each.metric, each.value, each.low, each.high) for each in table.derived] == [
        ("ARR_ADULT", 1802, 1801, 1803),
        ("ARR_CHILD", 163, 162, 164),
    ]


def test_november_2024_comes_out_exactly(builders: Any, two_weeks: None) -> None:
    with RESULTS.open(encoding="utf-8", newline="") as file:
        week = [r for r in csv.DictReader(file) if (r["event_id"], r["scope"]) == ("iw-2024-11", "England and Wales")]
    expected = {NOVEMBER_METRICS[row["metric"]]: Decimal(row["value"]) for row in week}
    with builders.administrator() as viewpoint:
        table = table_of(viewpoint, NOVEMBER)
        assert [campaign.first_day for campaign in campaigns_of(viewpoint)] == [JUNE, NOVEMBER]
    assert len(expected) == 10
    assert {row.metric.code: row.value for row in table.rows} == expected
    weapons = next(each for each in table.arithmetic if each.whole == "W_TOTAL")
    assert weapons.holds
    assert weapons.sentence == "377 + 75 + 105 = 557."


def test_a_percentage_is_the_centres_and_is_never_added(builders: Any, two_weeks: None) -> None:
    with builders.administrator() as viewpoint:
        row = table_of(viewpoint, JUNE).row("ARR_CHILD_PCT")
    assert row is not None
    assert (row.value, row.reporting, row.missing) == (Decimal("8.3"), ("nclcc",), ())


def test_percentages_of_forces_alone_make_no_national_one(builders: Any, send: Any) -> None:
    send("kent", builders.figure("ARR_CHILD_PCT", value="10"))
    send("essex", builders.figure("ARR_CHILD_PCT", value="20"))
    with builders.administrator() as viewpoint:
        row = table_of(viewpoint, JUNE).row("ARR_CHILD_PCT")
    assert row is not None and row.value is None
    assert row.reporting == ("essex", "kent")


def test_nil_is_reported_and_absent_is_missing(builders: Any, send: Any) -> None:
    send("kent", builders.figure("ARR_T", value="0"), builders.figure("CASH", value="10.55"))
    send("essex", builders.figure("ARR_T", value="3"))
    send("police-scotland", builders.figure("ARR_T", value="7", campaign="2024-11-25"))
    with builders.administrator() as viewpoint:
        table = table_of(viewpoint, JUNE)
        arrests, cash = table.row("ARR_T"), table.row("CASH")
    assert arrests is not None and cash is not None
    assert (arrests.value, arrests.reporting) == (3, ("essex", "kent"))
    assert "kent" not in arrests.missing and "essex" in cash.missing
    assert "police-scotland" in table.campaign.missing, "it returned for another week"
    assert "norfolk" in table.campaign.missing
    assert cash.value == Decimal("10.55")


def test_who_is_expected_without_any_return() -> None:
    expected = expected_agencies(())
    assert len(expected) == 44
    assert "btp" in expected and "police-scotland" not in expected and "nca" not in expected


def test_the_latest_revision_counts_and_final_outranks_provisional(builders: Any, send: Any) -> None:
    first, later = "2026-03-02T14:10:00+00:00", "2026-03-09T14:10:00+00:00"
    send("kent", builders.figure("CASH", value="100", status="provisional"), made_at=first)
    send("essex", builders.figure("CASH", value="5", status="final"), made_at=first)
    with builders.administrator() as viewpoint:
        row = table_of(viewpoint, JUNE).row("CASH")
        assert row is not None and (row.value, row.status) == (105, ReturnStatus.PROVISIONAL)
    send("kent", builders.figure("CASH", value="120", status="final"), made_at=later)
    send("essex", builders.figure("CASH", value="9", status="provisional"), made_at=later)
    with builders.administrator() as viewpoint:
        row = table_of(viewpoint, JUNE).row("CASH")
        assert row is not None and (row.value, row.status) == (125, ReturnStatus.FINAL)
    send("kent", builders.figure("CASH", value="119.5", status="final"), made_at="2026-03-10T09:00:00+00:00")
    with builders.administrator() as viewpoint:
        row = table_of(viewpoint, JUNE).row("CASH")
        assert row is not None and row.value == Decimal("124.5")


def test_units_are_brought_together_and_what_cannot_be_is_set_aside(builders: Any, send: Any) -> None:
    send("kent", builders.figure("D_CRACK_KG", value="1.5", unit="kg"))
    send("essex", builders.figure("D_CRACK_G", value="250", unit="g"))
    send("norfolk", builders.figure("D_CRACK_KG", value="300", unit="grams"))
    send("suffolk", builders.figure("D_CRACK_KG", value="3", unit="wraps"))
    send("surrey", builders.figure("D_CRACK_KG", value="2", unit="kg"), builders.figure("D_CRACK_G", value="2000"))
    send("btp", builders.figure("DOGS", value="2", unit="dogs"))
    with builders.administrator() as viewpoint:
        table = table_of(viewpoint, JUNE)
    crack, dogs = table.row("D_CRACK_KG"), table.row("DOGS")
    assert crack is not None and dogs is not None
    assert crack.value == Decimal("4.05")
    assert table.row("D_CRACK_G") is None
    assert {part.agency: part.written for part in crack.parts if part.written} == {
        "essex": "250 g",
        "norfolk": "300 grams",
    }
    assert dogs.value == 2
    assert sorted((each.returned.agency, each.returned.metric) for each in table.set_aside) == [
        ("suffolk", "D_CRACK_KG"),
        ("surrey", "D_CRACK_G"),
    ]
    assert "suffolk" in crack.missing


def test_a_region_is_not_added_to_its_forces_nor_the_centre_to_anybody(builders: Any, send: Any) -> None:
    send("kent", builders.figure("ARR_T", value="10"))
    send("ersou", builders.figure("ARR_T", value="12"))
    send("emsou", builders.figure("ARR_T", value="110"))
    send("nclcc", builders.figure("ARR_T", value="999"), builders.figure("LINE_CLOSED", value="4"))
    with builders.administrator() as viewpoint:
        table = table_of(viewpoint, JUNE)
    arrests, closed = table.row("ARR_T"), table.row("LINE_CLOSED")
    assert arrests is not None and closed is not None
    assert (arrests.value, arrests.reporting) == (120, ("emsou", "kent"))
    assert arrests.note == "The centre gives 999; the agencies' own figures stand."
    assert [each.returned.agency for each in table.set_aside] == ["ersou"]
    assert (closed.value, closed.reporting, closed.missing) == (4, ("nclcc",), ())


def test_one_agencys_impossible_figures_are_named(builders: Any, send: Any) -> None:
    send("kent", builders.figure("W_TOTAL", value="3"), builders.figure("W_FIREARM", value="4"))
    send("essex", builders.figure("W_TOTAL", value="9"), builders.figure("W_FIREARM", value="4"))
    with builders.administrator() as viewpoint:
        table = table_of(viewpoint, JUNE)
    assert [each.agency for each in table.agency_breaches] == ["kent"]
    assert table.agency_breaches[0].arithmetic.sentence == "4, which is more than the 3 returned for weapons."
    assert all(each.holds for each in table.arithmetic)


def test_a_force_sees_its_own_returns_and_is_told_that_they_are_not_all(builders: Any, send: Any) -> None:
    send("kent", builders.figure("ARR_T", value="10"))
    send("essex", builders.figure("ARR_T", value="20"))
    with builders.seen_by(builders.enrolled("kent.analyst")) as viewpoint:
        table = table_of(viewpoint, JUNE)
        assert [row.value for row in table.rows] == [10]
        assert table.whole is False
        assert national_table(viewpoint, NOVEMBER) is None
    with builders.seen_by(builders.enrolled("centre.analyst", agency="nclcc")) as viewpoint:
        table = table_of(viewpoint, JUNE)
        assert [row.value for row in table.rows] == [30]
        assert table.whole is True
    with builders.seen_by(builders.enrolled("norfolk.analyst", agency="norfolk")) as viewpoint:
        assert campaigns_of(viewpoint) == []
        assert national_table(viewpoint, JUNE) is None
