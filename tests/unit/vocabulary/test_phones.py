"""Telephone numbers as people, forms, spreadsheets and operators write them."""

import pytest

from crossline.errors import SelectorUnreadable
from crossline.vocabulary.selectors import is_synthetic_phone, normalise_phone, require


@pytest.mark.parametrize(
    "written",
    [
        "07700 900123#0042",
        "07700900123#0042",
        "(07700) 900123 #0042",
        "07700-900-123 # 0042",
        "07700.900.123#0042",
        "7700900123#0042",
        "447700900123#0042",
        "+447700900123#0042",
        "+44 7700 900123 #0042",
        "+44 (0)7700 900123 #0042",
        "+44(0) 7700 900123#0042",
        "+44 07700 900123#0042",
        "00447700900123#0042",
        "0044 (0) 7700-900123#0042",
        "tel:+44-7700-900123#0042",
        "#31#07700900123#0042",
        "14107700900123#0042",
        "  07700\u00a0900123#0042\n",
        "O77OO 900l23#0042",
    ],
)
def test_a_number_has_one_form_however_written(written: str) -> None:
    assert normalise_phone(written) == "+447700900123#0042"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("07700 900123", "+447700900123"),
        ("447700900123.0", "+447700900123"),
        ("7700900123.0", "+447700900123"),
        ("07700 90012.0", "+447700900120"),
        ("020 7946 0000", "+442079460000"),
        ("2079460000", "+442079460000"),
        ("01632 960123", "+441632960123"),
        ("020 7946 0000 ext 12", "+442079460000;ext=12"),
        ("020 7946 0000 x12", "+442079460000;ext=12"),
        ("+48 601 234 567", "+48601234567"),
        ("0048601234567", "+48601234567"),
        ("48601234567", "+48601234567"),
        ("+1 (312) 555-1234", "+13125551234"),
        ("3125551234", "3125551234"),
        ("60163", "60163"),
        ("60000", "60000"),
        ("22222", "22222"),
        ("101", "101"),
        ("5e12", "5E12"),
        ("12e45678", "12E45678"),
        ("u123", "U123"),
        ("Royal Mail", "ROYALMAIL"),
        ("VODAFONE", "VODAFONE"),
    ],
)
def test_other_shapes_have_a_stable_form(written: str, expected: str) -> None:
    assert normalise_phone(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "-",
        "unknown",
        "N/A",
        "Withheld",
        "no number",
        "Anonymous",
        "00000",
        "0000000000",
        "07000000000",
        "+447000000000",
        "07777777777",
        "07123456789",
        "11111111111",
        "999",
        "112",
        "4.477E+11",
        "7.7009e9",
        "4E+11",
        "!!",
    ],
)
def test_filler_is_no_evidence(written: str) -> None:
    assert normalise_phone(written) is None


def test_namespaces_keep_people_apart() -> None:
    assert normalise_phone("07700 900123#0042") != normalise_phone("07700 900123#0043")
    assert normalise_phone("07700 900123#0042") != normalise_phone("07700 900123")


def test_only_drama_numbers_are_synthetic() -> None:
    assert is_synthetic_phone("+447700900123#0042")
    assert is_synthetic_phone("+447700900999")
    assert is_synthetic_phone("+441632960001")
    assert not is_synthetic_phone("+447700901000")
    assert not is_synthetic_phone("+447911123456")


def test_require_says_what_to_write() -> None:
    assert require("phone", "07700 900123") == "+447700900123"
    with pytest.raises(SelectorUnreadable, match=r"'00000' cannot be read as phone: write it like 07700 900123\."):
        require("phone", "00000")
