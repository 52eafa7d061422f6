"""Handsets, subscribers, plates, people, brands, handles, accounts, and the dispatcher."""

import pytest

from crossline.errors import SelectorUnreadable
from crossline.vocabulary.codes import SelectorScheme
from crossline.vocabulary.selectors import (
    NORMALISERS,
    fold_brand,
    fold_name,
    imei_check_digit,
    imei_check_digit_holds,
    is_synthetic_imei,
    is_synthetic_imsi,
    is_synthetic_vrm,
    normalise,
    normalise_account,
    normalise_handle,
    normalise_imei,
    normalise_imsi,
    normalise_person,
    normalise_vrm,
    read_selectors,
    require,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("490154203237518", "49015420323751"),
        ("49-015420-323751-8", "49015420323751"),
        ("49015420323751", "49015420323751"),
        ("4901542032375101", "49015420323751"),
        ("00 123456 789012 3", "00123456789012"),
        ("001234567890123#0042", "00123456789012#0042"),
        ("h17", "H17"),
        ("000000000000000", None),
        ("123456789012345", None),
        ("unknown", None),
        ("12345", None),
        ("", None),
    ],
)
def test_imei(written: str, expected: str | None) -> None:
    assert normalise_imei(written) == expected


def test_imei_check_digit() -> None:
    assert imei_check_digit("49015420323751") == "8"
    assert imei_check_digit_holds("49-015420-323751-8") is True
    assert imei_check_digit_holds("490154203237517") is False
    assert imei_check_digit_holds("49015420323751") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("001010123456789", "001010123456789"),
        ("001 01 0123456789", "001010123456789"),
        ("234159999999999", "234159999999999"),
        ("000000000000000", None),
        ("1234", None),
        ("n/k", None),
    ],
)
def test_imsi(written: str, expected: str | None) -> None:
    assert normalise_imsi(written) == expected


def test_synthetic_identities_are_known_as_such() -> None:
    assert is_synthetic_imei("00123456789012")
    assert not is_synthetic_imei("49015420323751")
    assert is_synthetic_imsi("001010123456789")
    assert not is_synthetic_imsi("234159999999999")
    assert is_synthetic_vrm("ZZ99ABC#012")
    assert not is_synthetic_vrm("AB12CDE")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("AB12 CDE", "AB12CDE"),
        ("ab12cde", "AB12CDE"),
        (" AB12-CDE ", "AB12CDE"),
        ("ZZ99 ABC#012", "ZZ99ABC#012"),
        ("zz99abc #012", "ZZ99ABC#012"),
        ("P 1", "P1"),
        ("unknown", None),
        ("no plates", None),
        ("XXXXXXX", None),
        ("?", None),
        ("", None),
    ],
)
def test_vrm(written: str, expected: str | None) -> None:
    assert normalise_vrm(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("O\u2019Brien-Smith", "obrien smith"),
        ("O'BRIEN  SMITH", "obrien smith"),
        ("Zo\u00eb", "zoe"),
        ("\u0141ukasz", "lukasz"),
        ("S\u00f8ren \u00c6gir", "soren aegir"),
        ("D'Angelo", "dangelo"),
        ("  ", ""),
    ],
)
def test_fold_name(written: str, expected: str) -> None:
    assert fold_name(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jaden Cole|2008-04-11", "jaden cole|2008-04-11"),
        ("COLE, Jaden|11/04/2008", "jaden cole|2008-04-11"),
        ("Mr Jaden Cole | 2008-04-11", "jaden cole|2008-04-11"),
        ("Jaden Cole|2008-04", "jaden cole|2008-04"),
        ("Jaden Cole|2008-01-01", "jaden cole|2008"),
        ("Jaden Cole|1900-01-01", "jaden cole|"),
        ("Jaden Cole", "jaden cole|"),
        ("Jaden Cole|unknown", "jaden cole|"),
        ("unknown unknown|2008-04-11", None),
        ("|2008-04-11", None),
    ],
)
def test_person(written: str, expected: str | None) -> None:
    assert normalise_person(written) == expected


@pytest.mark.parametrize(
    "written", ["Leo", "LEO", "The Leo Line", "the leo  line", "Leo's line", "leo deal line", '"Leo" line']
)
def test_a_brand_has_one_form(written: str) -> None:
    assert fold_brand(written) == "leo"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Big Mike", "bigmike"),
        ("A.J. line", "aj"),
        ("J & T", "jandt"),
        ("Theo", "theo"),
        ("The Line", None),
        ("", None),
    ],
)
def test_other_brands(written: str, expected: str | None) -> None:
    assert fold_brand(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("@JC_99", "jc_99"),
        ("jc_99 ", "jc_99"),
        ("Snap: JC_99", "snapchat:jc_99"),
        ("snapchat:@jc_99", "snapchat:jc_99"),
        ("https://www.snapchat.com/add/JC_99?x=1", "snapchat:jc_99"),
        ("IG - jc99", "instagram:jc99"),
        ("n/a", None),
        ("@", None),
    ],
)
def test_handle(written: str, expected: str | None) -> None:
    assert normalise_handle(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12-34-56 01234567", "12345601234567"),
        ("123456 / 01234567", "12345601234567"),
        ("gb33 bukb 2020 1555 5555 55", "GB33BUKB20201555555555"),
        ("00000000", None),
        ("none", None),
    ],
)
def test_account(written: str, expected: str | None) -> None:
    assert normalise_account(written) == expected


def test_every_scheme_has_a_normaliser_and_an_example_that_it_reads() -> None:
    assert set(NORMALISERS) == set(SelectorScheme)
    for scheme in SelectorScheme:
        with pytest.raises(SelectorUnreadable) as refused:
            require(scheme, "unknown")
        example = str(refused.value).split("write it like ")[1].removesuffix(".")
        if not example.startswith("its"):
            assert require(scheme, example)


def test_the_dispatcher_takes_a_word_or_a_scheme_and_refuses_others() -> None:
    assert normalise("VRM", "ab12 cde") == normalise(SelectorScheme.VRM, "AB12CDE") == "AB12CDE"
    with pytest.raises(SelectorUnreadable, match="'email' is not a kind of selector"):
        normalise("email", "a@b")


def test_selectors_of_an_investigation() -> None:
    written = "phone:07700 900123#0042; vrm:ZZ99 ABC#012;handle:snapchat:jc99;"
    assert read_selectors(written) == [
        (SelectorScheme.PHONE, "07700 900123#0042"),
        (SelectorScheme.VRM, "ZZ99 ABC#012"),
        (SelectorScheme.HANDLE, "snapchat:jc99"),
    ]
    assert read_selectors("") == []
    with pytest.raises(SelectorUnreadable, match="'07700 900123' has no known kind"):
        read_selectors("07700 900123")
