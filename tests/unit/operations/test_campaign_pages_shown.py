"""What the pages of an intensification week say: figures with their units, ranges of what was worked out, nil and missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from crossline.operations.campaign_arithmetic import arithmetic, derived
from crossline.operations.campaign_returns import Returned
from crossline.operations.campaigns import Campaign, NationalRow, NationalTable
from crossline.operations.presenter import SECTIONS, CampaignFigure, CampaignPage, amount, campaign_row, section_of
from crossline.vocabulary.codes import ReturnStatus
from crossline.vocabulary.metrics import METRICS, Unit

WEEK = date(2025, 6, 23)


def part(agency: str, metric: str, value: str) -> Returned:
    """One agency's figure."""
    made = datetime(2025, 7, 1, tzinfo=UTC)
    unit = str(METRICS[metric].unit)
    return Returned(WEEK, agency, metric, Decimal(value), unit, ReturnStatus.FINAL, "", uuid4(), 1, made)


def row(metric: str, *parts: tuple[str, str], missing: tuple[str, ...] = ()) -> NationalRow:
    """A row added from the parts."""
    found = tuple(part(agency, metric, value) for agency, value in parts)
    return NationalRow(METRICS[metric], sum((each.value for each in found), Decimal(0)), found, missing)


def table(*rows: NationalRow, whole: bool = True) -> NationalTable:
    """A week's table with what follows from its rows."""
    values: dict[str, Any] = {each.metric.code: each.value for each in rows}
    campaign = Campaign(WEEK, ("essex", "kent"), ("sussex",), ReturnStatus.FINAL)
    return NationalTable(campaign, rows, derived(values), arithmetic(values), (), (), whole)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("2400000", Unit.POUNDS, "£2,400,000"),
        ("178.49", Unit.KILOGRAMS, "178.49 kg"),
        ("11.00", Unit.KILOGRAMS, "11 kg"),
        ("8.3", Unit.PERCENT, "8.3%"),
        ("1965", Unit.PEOPLE, "1,965"),
    ],
)
def test_a_figure_is_shown_exactly_with_its_unit(value: str, unit: Unit, words: str) -> None:
    assert amount(Decimal(value), unit) == words


def test_every_metric_stands_under_a_heading_and_the_order_of_headings_holds() -> None:
    assert {section_of(metric) for metric in METRICS.values()} == set(SECTIONS)
    assert section_of(METRICS["W_KNIFE"]) == "Weapons"
    assert section_of(METRICS["DTN"]) == "People safeguarded"
    assert section_of(METRICS["DOGS"]) == "Other results"


def test_sums_are_shown_in_numbers_and_in_words() -> None:
    week = CampaignPage(
        table(
            row("W_TOTAL", ("kent", "501")),
            row("W_BLADED", ("kent", "325")),
            row("W_OTHER", ("kent", "93")),
            row("W_FIREARM", ("kent", "83")),
        )
    )
    ((heading, rows, sums),) = week.sections
    assert heading == "Weapons"
    assert [each["value"] for each in rows] == ["501", "325", "93", "83"]
    assert sums[0]["sentence"] == "325 + 83 + 93 = 501."
    assert sums[0]["parts"] == ["bladed weapons + firearms + other weapons"]
    assert sums[0]["holds"] is True


def test_what_follows_from_a_published_percentage_is_shown_with_its_range() -> None:
    share = NationalRow(METRICS["ARR_CHILD_PCT"], Decimal("8.3"), (part("nclcc", "ARR_CHILD_PCT", "8.3"),), ())
    week = CampaignPage(table(row("ARR_T", ("kent", "1965")), share))
    rows = {each["label"]: each for _, found, _ in week.sections for each in found}
    assert rows["Children among those arrested"]["value"] == "8.3%"
    assert rows["Children among those arrested"]["reporting"] == "As published"
    assert rows["Children arrested"]["value"] == "163 (between 162 and 164)"
    assert rows["Children arrested"]["reporting"] == "Worked out"
    assert "8.3% of 1,965" in str(rows["Children arrested"]["note"])


def test_a_nil_is_counted_and_a_missing_agency_named() -> None:
    nil = row("W_FIREARM", ("essex", "0"), ("kent", "3"), missing=("sussex",))
    week = CampaignPage(table(nil))
    shown = week.sections[0][1][0]
    assert (shown["nil"], shown["missing"]) == (1, 1)
    assert week.standing == "2 agencies have returned figures; 1 agency is missing."
    page = CampaignFigure(table(nil), nil)
    assert [(each["agency"], each["said"]) for each in page.rows] == [
        ("Essex Police", "Nil"),
        ("Kent Police", "Returned"),
        ("Sussex Police", "Not returned"),
    ]
    assert "1 of them returned nil" in page.sum_in_words
    assert "1 agency has returned nothing" in page.sum_in_words


def test_who_does_not_see_every_return_is_not_told_that_one_is_missing() -> None:
    only = row("W_FIREARM", ("kent", "3"), missing=("essex", "sussex"))
    part_of_it = table(only, whole=False)
    week = CampaignPage(part_of_it)
    assert week.is_part
    assert "missing" not in week.standing
    assert week.sections[0][1][0]["missing"] is None
    page = CampaignFigure(part_of_it, only)
    assert [each["agency"] for each in page.rows] == ["Kent Police"]
    assert "not shown to you" in page.sum_in_words
    assert campaign_row(part_of_it.campaign, whole=False)["missing"] is None
    assert campaign_row(part_of_it.campaign, whole=True)["missing"] == 1
