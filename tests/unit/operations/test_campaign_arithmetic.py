"""The arithmetic of a week: sums that hold, sums that do not, and counts that follow from rounded percentages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.operations.campaign_arithmetic import arithmetic, breaches_of, derived, shown
from crossline.vocabulary.metric_relations import RELATIONS, breaches

# Published, 23 to 29 June 2025.
JUNE_2025 = {
    "ARR_T": "1965", "ARR_CHILD_PCT": "8.3", "ARR_ADULT_PCT": "91.7", "W_TOTAL": "501", "W_BLADED": "325", "W_OTHER": "93",
    "W_FIREARM": "83", "W_FIREARM_S1": "15", "W_FIREARM_S5": "29", "W_FIREARM_IMIT": "39", "D_CRACK_KG": "16.1",
    "D_HEROIN_KG": "11", "D_COKE_KG": "151.3", "D_CLASSA_KG": "178.49", "SG_T": "1179", "SG_ADULT": "559", "SG_CHILD": "620",
    "SG_F": "395", "SG_M": "784", "SG_F_A": "214", "SG_F_C": "181", "SG_M_A": "345", "SG_M_C": "439",
}  # fmt: skip


def values(**changed: str) -> dict[str, Decimal]:
    return {code: Decimal(value) for code, value in (JUNE_2025 | changed).items()}


def sentence(whole: str, **changed: str) -> str:
    return next(each.sentence for each in arithmetic(values(**changed)) if each.whole == whole)


def test_the_published_week_adds_up_in_words() -> None:
    assert sentence("W_TOTAL") == "325 + 83 + 93 = 501."
    assert sentence("W_FIREARM") == "15 + 29 + 39 = 83."
    assert sentence("SG_T") == "559 + 620 = 1,179 = 395 + 784."
    assert sentence("SG_F") == "214 + 181 = 395."
    assert sentence("D_CLASSA_KG") == "16.1 + 11 + 151.3 = 178.4 against 178.49 published, tolerance 0.15."
    assert list(breaches_of(values())) == []


@pytest.mark.parametrize(
    ("changed", "whole", "words"),
    [
        ({"W_BLADED": "326"}, "W_TOTAL", "326 + 83 + 93 = 502, which is more than the 501 returned for weapons."),
        ({"W_OTHER": "90"}, "W_TOTAL", "325 + 83 + 90 = 498, which is less than the 501 returned for weapons."),
        ({"SG_F": "401"}, "SG_T", "559 + 620 = 1,179; 401 + 784 = 1,185, which is more than the 1,179 returned for"),
    ],
)
def test_a_wrong_figure_is_said_with_its_sum(changed: dict[str, str], whole: str, words: str) -> None:
    assert sentence(whole, **changed).startswith(words)
    assert whole in {each.whole for each in breaches_of(values(**changed))}


def test_parts_that_need_not_be_all_may_fall_short() -> None:
    found = arithmetic({"ARR_T": Decimal(100), "ARR_M": Decimal(80), "ARR_F": Decimal(15)})
    assert [each.sentence for each in found] == ["80 + 15 = 95 of 100 (the parts need not be all)."]
    assert found[0].holds
    some = arithmetic({"W_TOTAL": Decimal(100), "W_FIREARM": Decimal(20)})
    assert some[0].sentence == "20 of 100 (not returned: bladed weapons, other weapons)."


def test_children_arrested_follow_from_the_published_percentage_with_its_rounding() -> None:
    found = {each.metric: each for each in derived(values())}
    child, adult = found["ARR_CHILD"], found["ARR_ADULT"]
    assert (child.value, child.low, child.high) == (163, 162, 164)
    assert (adult.value, adult.low, adult.high) == (1802, 1801, 1803)
    assert child.sentence == ("8.3 % of 1,965 is 163 (children arrested); the percentage is rounded, so 162 to 164.")
    assert not child.is_exact


def test_a_whole_nobody_returned_follows_from_all_its_parts() -> None:
    given_ = values()
    for code in ("W_TOTAL", "W_FIREARM", "SG_T", "SG_ADULT", "SG_CHILD", "SG_F", "SG_M"):
        del given_[code]
    found = {each.metric: each for each in derived(given_)}
    assert (found["W_FIREARM"].value, found["W_TOTAL"].value) == (83, 501)
    assert found["W_TOTAL"].is_exact
    assert (found["SG_F"].value, found["SG_M"].value, found["SG_CHILD"].value) == (395, 784, 620)
    assert found["SG_CHILD"].high is None, "sex may be unrecorded, so the parts are the least it can be"
    assert "W_BLADED" not in found


def test_a_count_that_was_returned_is_not_derived() -> None:
    assert "ARR_CHILD" not in {each.metric for each in derived(values(ARR_CHILD="163"))}


@pytest.mark.parametrize(
    ("value", "words"),
    [("1965", "1,965"), ("178.49", "178.49"), ("11.00", "11"), ("1E+1", "10"), ("0", "0"), ("-0.50", "-0.5")],
)
def test_figures_read_as_people_write_them(value: str, words: str) -> None:
    assert shown(Decimal(value)) == words


CODES = sorted({code for relation in RELATIONS for code in (relation.whole, *relation.parts)})


@given(st.dictionaries(st.sampled_from(CODES), st.integers(0, 300), max_size=len(CODES)))
def test_the_same_figures_break_as_the_vocabulary_says(given_: dict[str, int]) -> None:
    """Whole numbers, so that floats and decimals agree; the vocabulary's own check is the oracle."""
    expected = {breach.relation.whole for breach in breaches(given_)}
    assert {each.whole for each in breaches_of({code: Decimal(value) for code, value in given_.items()})} == expected


def test_decimals_never_break_by_a_rounding_of_ours() -> None:
    parts = {"D_CRACK_GBP": Decimal("0.1"), "D_HEROIN_GBP": Decimal("0.2"), "D_COKE_GBP": Decimal(0)}
    assert breaches({code: float(value) for code, value in parts.items()} | {"D_VALUE_A": 0.3}), "floats do"
    assert list(breaches_of(parts | {"D_VALUE_A": Decimal("0.3")})) == []
