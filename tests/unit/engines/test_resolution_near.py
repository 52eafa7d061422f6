"""Near misses of plates and telephone numbers: what a reader confuses, one character, two swapped; no placeholders."""

from __future__ import annotations

import pytest

from crossline.engines.resolution.near import (
    PRIOR_BITS,
    Telephone,
    Vehicle,
    compare_telephones,
    compare_vehicles,
    holder_key,
    number_keys,
    plate_keys,
    possible_plate,
)
from crossline.engines.resolution.pairs_by_key import MOST_OF_A_KEY, pairs_by_key
from crossline.vocabulary.selectors import normalise_phone, normalise_vrm

JADEN = frozenset({holder_key("Jaden", "Cole")})


@pytest.mark.parametrize(
    ("plate", "possible"),
    [
        ("ZZ51ABC", True),
        ("ZZ5IABC", False),
        ("ZZ51A8C", False),
        ("A123BCD", True),
        ("ABC123D", True),
        ("ABC123", True),
        ("1234AB", True),
        ("AIZ1234", True),
        ("ZZ51ABC#012", True),
        ("A012BCD", False),
    ],
)
def test_whether_a_mark_can_be_a_plate(plate: str, possible: bool) -> None:
    assert possible_plate(plate) is possible


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("ZZ51AUC", "misread"),
        ("ZZ5IAVC", "misread, one impossible"),
        ("ZZS1AVC", "misread, one impossible"),
        ("Z251AVC", "misread, one impossible"),
        ("ZZ15AVC", "swapped"),
        ("ZZ51ACV", "swapped"),
        ("ZZ51AVK", "one character"),
        ("ZZ51AV7", "one character, one impossible"),
        ("ZZ51AV", "left out"),
    ],
)
def test_how_two_plates_are_near(other: str, code: str) -> None:
    for suffix in ("", "#012"):
        one, two = f"ZZ51AVC{suffix}", f"{other}{suffix}"
        evidence = compare_vehicles(Vehicle(one), Vehicle(two))
        assert evidence is not None and evidence.code_of("plate") == code
        assert plate_keys(one) & plate_keys(two), "what is near shares a key"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ZZ51ABC", "ZZ51ABC"),
        ("ZZ51ABC", "ZZ77ABC"),
        ("ZZ51ABC", "ZZ15ACB"),
        ("ZZ51ABC#012", "ZZ51ABK#013"),
        ("A1", "A7"),
    ],
)
def test_equal_far_short_and_otherwise_numbered_plates_are_no_near_miss(one: str, other: str) -> None:
    assert compare_vehicles(Vehicle(one), Vehicle(other)) is None


def test_what_a_vehicle_looks_like_counts_for_and_against() -> None:
    ford, near = Vehicle("ZZ51ABC", "Ford", "Focus", "blue"), "ZZ51ABK"
    weights = [
        evidence.weight_bits
        for other in (
            Vehicle(near, "FORD", "focus", "Blue"),
            Vehicle(near, "Ford"),
            Vehicle(near),
            Vehicle(near, "Ford", "Focus", "red"),
            Vehicle(near, "Audi", "A3", "blue"),
        )
        if (evidence := compare_vehicles(ford, other)) is not None
    ]
    assert weights == sorted(weights, reverse=True) and len(set(weights)) == 5
    assert weights[0] >= 0 > weights[2], "one character alone is too little to be shown"


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("07700 900123", "07700 900124", "one digit"),
        ("07700 900123", "07700 900132", "swapped"),
        ("07700 900123", "07700 90013", "left out"),
    ],
)
def test_how_two_numbers_are_near(one: str, other: str, code: str) -> None:
    left, right = normalise_phone(one) or "", normalise_phone(other) or ""
    alone = compare_telephones(Telephone(left), Telephone(right))
    assert alone is not None and alone.code_of("digits") == code and alone.weight_bits < 0
    held = compare_telephones(Telephone(left, holders=JADEN), Telephone(right, holders=JADEN))
    assert held is not None and held.weight_bits > 0
    assert held.weight_bits == PRIOR_BITS + sum(each.grade.bits for each in held.found)
    assert number_keys(left) & number_keys(right)


def test_the_same_handset_speaks_for_one_number() -> None:
    left, right = "+447700900123", "+447700900124"
    one = compare_telephones(Telephone(left, "004400152020000"), Telephone(right, "004400152020000"))
    other = compare_telephones(Telephone(left, "004400152020000"), Telephone(right, "004400152020018"))
    assert one is not None and other is not None and one.weight_bits > other.weight_bits


@pytest.mark.parametrize("written", ["withheld", "unknown", "07777777777", "00000000000", "999", "60000", "LENNY"])
def test_placeholders_and_short_codes_are_no_evidence(written: str) -> None:
    number = normalise_phone(written) or ""
    assert number_keys(number) == frozenset()
    assert compare_telephones(Telephone(number), Telephone("+447700900123")) is None
    assert compare_telephones(Telephone(number, holders=JADEN), Telephone(number + "1", holders=JADEN)) is None


@pytest.mark.parametrize("written", ["unknown", "no plate", "-", "0000"])
def test_a_placeholder_of_a_plate_has_no_near_miss(written: str) -> None:
    assert normalise_vrm(written) is None
    assert plate_keys("") == frozenset()


def test_spellings_of_a_name_are_one_holder_and_half_a_name_is_none() -> None:
    assert holder_key("Bill", "Cole") == holder_key("William", "COLE")
    assert holder_key("", "Cole") == holder_key("Jaden", "") == ""


def test_pairs_share_a_key_and_hold_something_new() -> None:
    keys = {"a": {"1", "2"}, "b": {"1"}, "c": {"2"}, "d": {"3"}}
    assert pairs_by_key(keys) == [("a", "b"), ("a", "c")]
    assert pairs_by_key(keys, {"c"}) == [("a", "c")]
    assert pairs_by_key(keys, set()) == []


def test_a_key_that_too_many_share_says_nothing() -> None:
    assert pairs_by_key({f"{place:04d}": {"1"} for place in range(MOST_OF_A_KEY + 1)}) == []
