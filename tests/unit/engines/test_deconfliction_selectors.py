"""Selectors as texts to look up: one spelling meets another, and nothing meets nothing."""

from __future__ import annotations

import pytest

from crossline.engines.deconfliction.tokens import SELECTOR_SCHEMES, selector_texts
from crossline.errors import SelectorUnreadable
from crossline.vocabulary.codes import SelectorScheme


@pytest.mark.parametrize(
    ("scheme", "one", "other", "text"),
    [
        ("phone", "07700 900123", "+44 (0)7700-900123", "phone:+447700900123"),
        ("imei", "00499901064001", "00 499901 064001 5", "imei:00499901064001"),
        ("imsi", "001010123456789", "001-01-0123456789", "imsi:001010123456789"),
        ("vrm", "zz99 abc #012", "ZZ99ABC#012", "vrm:ZZ99ABC#012"),
        (
            "address",
            "Flat 2, 12 High St, Hastings, TN34 1AA",
            "12 High Street Flat 2, tn341aa",
            "address:TN34 1AA|12|2",
        ),
        ("handle", "Snap: JC_99", "snapchat:@jc_99", "handle:snapchat:jc_99"),
        ("account", "12-34-56 01234567", "12345601234567", "account:12345601234567"),
    ],
)
def test_two_ways_of_writing_give_one_text(scheme: str, one: str, other: str, text: str) -> None:
    assert selector_texts(scheme, one) == selector_texts(scheme, other) == (text,)


@pytest.mark.parametrize("scheme", SELECTOR_SCHEMES)
@pytest.mark.parametrize("value", ["", "  ", "unknown", "N/K", "withheld"])
def test_what_is_no_evidence_has_no_text(scheme: SelectorScheme, value: str) -> None:
    assert selector_texts(scheme, value) == ()


@pytest.mark.parametrize("value", ["123", "87070", "PARCELS", "999"])
def test_services_that_ring_everybody_are_nobodys_number(value: str) -> None:
    assert selector_texts("phone", value) == ()


@pytest.mark.parametrize("scheme", ["postcode", "person", "line", "shoe size"])
def test_a_kind_that_is_not_asked_by_one_value_is_said(scheme: str) -> None:
    with pytest.raises(SelectorUnreadable, match=r"is not a kind of selector that can be checked: write one of phone,"):
        selector_texts(scheme, "TN34 1AA")
