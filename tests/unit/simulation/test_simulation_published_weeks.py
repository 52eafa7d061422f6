"""The real weeks: forces' figures add up to the published ones exactly, force by force consistent, at every scale."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossline.simulation.campaign_returns import published, reporting_forces, week_rows
from crossline.vocabulary.metric_relations import breaches
from crossline.vocabulary.metrics import METRICS

# Domain notes §8.3 and the NPCC's notice of the week of November 2024, copied here by hand as an oracle.
JUNE_2025 = {
    "ARR_T": "1965",
    "LINE_SEIZED": "241",
    "W_TOTAL": "501",
    "W_BLADED": "325",
    "W_OTHER": "93",
    "W_FIREARM": "83",
    "W_FIREARM_S1": "15",
    "W_FIREARM_S5": "29",
    "W_FIREARM_IMIT": "39",
    "D_CRACK_KG": "16.1",
    "D_HEROIN_KG": "11",
    "D_COKE_KG": "151.3",
    "D_CLASSA_KG": "178.49",
    "D_WRAPS_A": "7217",
    "D_PLANTS": "11200",
    "CASH": "2400000",
    "CUCK_VIS": "584",
    "DOGS": "6",
    "SG_F_A": "214",
    "SG_F_C": "181",
    "SG_M_A": "345",
    "SG_M_C": "439",
    "SG_T": "1179",
    "SG_CHILD": "620",
    "SG_ADULT": "559",
    "SG_F": "395",
    "SG_M": "784",
}
NOVEMBER_2024 = {
    "ARR_T": "1660",
    "LINE_CLOSED": "261",
    "W_TOTAL": "557",
    "W_FIREARM": "75",
    "W_BLADED": "377",
    "W_OTHER": "105",
    "CASH": "1980000",
    "DOGS": "4",
    "SG_T": "1434",
}


@pytest.fixture(params=["tiny", "region"])
def rows(request) -> list[dict[str, str]]:
    """Rows of returns.csv at a scale."""
    return request.getfixturevalue(request.param).rows("returns")


@pytest.mark.parametrize(("week", "expected"), [("2025-06-23", JUNE_2025), ("2024-11-25", NOVEMBER_2024)])
def test_forces_add_up_to_the_published_total(rows, week, expected):
    totals: dict[str, Decimal] = {}
    for row in rows:
        if row["campaign"] == week and row["agency"] != "nclcc":
            totals[row["metric"]] = totals.get(row["metric"], Decimal(0)) + Decimal(row["value"])
    assert {metric: totals[metric] for metric in expected} == {m: Decimal(v) for m, v in expected.items()}


def test_each_force_is_consistent_in_itself(rows):
    for week in ("2025-06-23", "2024-11-25"):
        for agency in {row["agency"] for row in rows}:
            theirs = {
                row["metric"]: float(row["value"])
                for row in rows
                if row["agency"] == agency and row["campaign"] == week and METRICS[row["metric"]].is_additive
            }
            assert breaches(theirs) == [], (agency, week)


def test_percentages_are_returned_once_by_the_centre(rows):
    shares = [(row["agency"], row["metric"], row["value"]) for row in rows if row["metric"].endswith("_PCT")]
    assert sorted(shares) == [("nclcc", "ARR_ADULT_PCT", "91.7"), ("nclcc", "ARR_CHILD_PCT", "8.3")]
    assert all(row["metric"].endswith("_PCT") for row in rows if row["agency"] == "nclcc")


def test_every_force_of_england_and_wales_and_the_railways_sends_at_region_scale(region):
    senders = {row["agency"] for row in region.rows("returns")} - {"nclcc"}
    assert len(senders) == 44
    assert {"btp", "dyfed-powys", "northumbria"} <= senders
    assert not {"police-scotland", "northern-ireland"} & senders


def test_published_figures_agree_among_themselves_within_their_rounding():
    for week in {figure.week for figure in published()}:
        of_week = {figure.metric: float(figure.value) for figure in published() if figure.week == week}
        assert breaches(of_week) == []


def test_the_split_does_not_depend_on_which_forces_make_up_the_nation():
    everyone = reporting_forces((), all_forces=True)
    assert week_rows(everyone) == week_rows(reporting_forces(("kent",), all_forces=True))


@pytest.mark.parametrize("scale", ["tiny", "region"])
def test_the_drug_linked_share_of_homicides_is_the_published_one(request, scale):
    homicides = request.getfixturevalue(scale).rows("homicides")
    for year, percent in (("2014/15", 50), ("2016/17", 57)):
        yes = no = unknown = 0
        for row in homicides:
            if row["year"] == year:
                answers = (row["victim_drug_user_or_dealer"], row["suspect_drug_user_or_dealer"])
                yes += "yes" in answers
                no += answers == ("no", "no")
                unknown += answers == ("unknown", "unknown")
        assert unknown > 0
        assert 100 * yes == percent * (yes + no)
        assert yes + no + unknown == sum(row["year"] == year for row in homicides)
