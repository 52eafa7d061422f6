"""What the page of overlaps says of a pair: both sides, what they share as people read it, and where that leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from crossline.deconfliction.overlaps import Hub, Overlap, OverlapKind, Side
from crossline.deconfliction.presenter import KINDS, SCHEMES, hub_row, overlap_row, value_in_words
from crossline.deconfliction.rules import CheckKind
from crossline.vocabulary.codes import SelectorScheme

MADE = datetime(2026, 3, 1, tzinfo=UTC)
LEFT, RIGHT = (Side(agency, f"{agency}/OP/1", uuid4(), uuid4(), MADE) for agency in ("essex", "kent"))


def pair(scheme: str, value: str) -> Overlap:
    """An overlap of two investigations."""
    return Overlap(OverlapKind.INVESTIGATION, LEFT, RIGHT, scheme, value)


@pytest.mark.parametrize(
    ("scheme", "value", "words"),
    [
        ("phone", "+447700900123#0042", "07700 900123 #0042"),
        ("address", "ZC2 6NB|16|", "16, ZC2 6NB"),
        ("vrm", "ZZ69WNL#001", "ZZ69WNL#001"),
    ],
)
def test_a_value_reads_as_people_read_it(scheme: str, value: str, words: str) -> None:
    assert value_in_words(scheme, value) == words
    assert hub_row(Hub(scheme, value, 7, 61))["value"] == words


def test_what_is_shared_is_shown_as_the_first_side_wrote_it() -> None:
    shown = overlap_row(pair("address", "ZC2 6NB|16|"), {LEFT.mention: "16 Westfield Lane, Portsmouth"}, {})
    assert shown["shared"] == "16 Westfield Lane, Portsmouth"
    assert shown["shared_href"] == f"/things/{LEFT.mention}"
    assert shown["why"] == "The same address"


def test_a_person_and_a_line_lead_to_their_own_pages() -> None:
    person = overlap_row(pair("person", "THOMAS MURRAY"), {}, {})
    assert (person["shared"], person["shared_href"]) == ("Thomas Murray", f"/people/{LEFT.mention}")
    line_id = str(uuid4())
    line = overlap_row(pair("line", "'TEDDY'"), {LEFT.mention: "07700 900123 #0042"}, {LEFT.mention: line_id})
    assert (line["shared"], line["shared_href"]) == ("Teddy", f"/lines/{line_id}")


def test_a_pair_that_waits_for_somebody_to_confirm_a_change_of_number_says_so() -> None:
    line = replace(pair("line", "LEO"), if_confirmed=True)
    assert "nobody has confirmed" in str(overlap_row(line, {}, {})["why"])
    assert "nobody has confirmed" not in str(overlap_row(pair("line", "LEO"), {}, {})["why"])


def test_every_scheme_that_overlaps_is_found_by_has_words() -> None:
    assert set(SCHEMES) == set(KINDS) - {str(CheckKind.EVENT)}, "an event is checked, and overlaps with no record"
    assert {"phone", "imei", "imsi", "vrm", "address", "account", "handle", "person", "line"} <= set(SCHEMES)
    assert set(SCHEMES) <= set(map(str, SelectorScheme))
