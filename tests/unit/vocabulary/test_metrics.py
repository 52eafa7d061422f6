"""Intensification-week metrics: complete, consistent, and true to the published weeks."""

import pytest

from crossline.vocabulary.metric_relations import RELATIONS, SHARES, SUBSTITUTED, breaches
from crossline.vocabulary.metrics import METRICS, CountBasis, Unit, in_base_unit

# Domain §8.1, as the return form lists them.
LISTED = (
    "ARR_T ARR_M ARR_F ARR_ADULT ARR_CHILD CHG_PEOPLE CHG_N CHG_MSA",
    "LINE_ID LINE_DISR LINE_SEIZED LINE_CLOSED_T1 LINE_CLOSED_T2 DEV_LINE PHONES",
    "SG_ADULT SG_CHILD SG_F_A SG_F_C SG_M_A SG_M_C NRM DTN CUCK_VIS",
    "W_FIREARM W_KNIFE W_BLADED W_MACHETE W_SWORD W_ZOMBIE W_CROSSBOW W_KNUCK W_OTHER W_TOTAL",
    "D_CRACK_G D_HEROIN_G D_COKE_G D_CANN_G D_PLANTS D_WRAPS_A D_VALUE_A D_VALUE_AB D_CLASS_B CASH",
    "VEH DOGS WARR OPS STOPS JOINT_OPS SCHOOLS ENGAGE TAXI HOTEL DDTRO STRO STPO CBO SIU COURT",
)

# Domain §8.3, 23 to 29 June 2025.
JUNE_2025 = {
    "ARR_T": 1965, "ARR_CHILD_PCT": 8.3, "LINE_SEIZED": 241, "W_BLADED": 325, "W_OTHER": 93, "W_FIREARM": 83,
    "W_FIREARM_S1": 15, "W_FIREARM_S5": 29, "W_FIREARM_IMIT": 39, "W_TOTAL": 501, "D_CRACK_KG": 16.1, "D_HEROIN_KG": 11,
    "D_COKE_KG": 151.3, "D_CLASSA_KG": 178.49, "D_WRAPS_A": 7217, "D_PLANTS": 11200, "CASH": 2_400_000, "CUCK_VIS": 584,
    "DOGS": 6, "SG_F_A": 214, "SG_F_C": 181, "SG_M_A": 345, "SG_M_C": 439, "SG_F": 395, "SG_M": 784, "SG_CHILD": 620,
    "SG_ADULT": 559, "SG_T": 1179,
}  # fmt: skip
OCTOBER_2021 = {"W_TOTAL": 289, "W_FIREARM": 49, "W_KNIFE": 120, "W_ZOMBIE": 12, "W_MACHETE": 22, "W_SWORD": 8}


def test_every_listed_metric_is_there_with_what_a_reader_needs() -> None:
    assert {code for row in LISTED for code in row.split()} <= set(METRICS)
    assert set(JUNE_2025) <= set(METRICS)
    for code, metric in METRICS.items():
        assert metric.code == code
        assert metric.label
        assert metric.version >= 1
    assert len({metric.definition for metric in METRICS.values()}) == len(METRICS)


def test_relations_name_metrics_of_one_unit() -> None:
    for relation in RELATIONS:
        units = {METRICS[code].unit for code in (relation.whole, *relation.parts)}
        assert len(units) == 1, relation
    for share in SHARES:
        assert METRICS[share.share].unit is Unit.PERCENT
        assert METRICS[share.part].unit is METRICS[share.whole].unit
    assert all(code in METRICS for group in SUBSTITUTED for code in group)


def test_a_percentage_is_never_added() -> None:
    assert {code for code, metric in METRICS.items() if not metric.is_additive} == {"ARR_ADULT_PCT", "ARR_CHILD_PCT"}
    assert METRICS["ARR_T"].basis is CountBasis.PERSON
    assert METRICS["CASH"].often_provisional


@pytest.mark.parametrize("week", [JUNE_2025, OCTOBER_2021, {"ARR_T": 586, "ARR_M": 500, "ARR_F": 86}])
def test_published_weeks_hold(week: dict[str, float]) -> None:
    assert breaches(week) == []


@pytest.mark.parametrize(
    ("changed", "whole"),
    [
        ({"W_BLADED": 326}, "W_TOTAL"),
        ({"W_FIREARM_S1": 14}, "W_FIREARM"),
        ({"SG_F_C": 182}, "SG_F"),
        ({"D_COKE_KG": 152}, "D_CLASSA_KG"),
    ],
)
def test_a_wrong_figure_is_found(changed: dict[str, float], whole: str) -> None:
    assert whole in [breach.relation.whole for breach in breaches(JUNE_2025 | changed)]


def test_a_missing_part_is_not_a_nil() -> None:
    assert breaches({"W_TOTAL": 100, "W_FIREARM": 20}) == []
    assert breaches({"W_TOTAL": 100, "W_FIREARM": 20, "W_BLADED": 70, "W_OTHER": 0}) != []
    assert breaches({"W_TOTAL": 10, "W_FIREARM": 20}) != []


def test_kilograms_are_kept_as_grams() -> None:
    code, grams = in_base_unit("D_CRACK_KG", 16.1)
    assert code == "D_CRACK_G"
    assert grams == pytest.approx(16100)
    assert in_base_unit("CASH", 5) == ("CASH", 5)
    for metric in METRICS.values():
        if metric.scale_of:
            assert METRICS[metric.scale_of[0]].unit is Unit.GRAMS
