"""Whatever text comes: no normaliser raises, each gives one form, and that form is its own."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.vocabulary.codes import SelectorScheme
from crossline.vocabulary.grading import is_above_ceiling, read_marking
from crossline.vocabulary.places import distance_metres
from crossline.vocabulary.selectors import (
    NORMALISERS,
    PartialDate,
    fold_name,
    normalise,
    normalise_phone,
    normalise_postcode,
    parse_partial_date,
)

# Pieces that selectors are made of, so that random text comes near real shapes as well as far from them.
PIECES = st.sampled_from(
    [
        *(
            "07700",
            "900123",
            "#0042",
            "+44",
            "(0)",
            "0044",
            "0",
            "1",
            "00",
            "e",
            "x",
            "ext 4",
            "tel:",
            " ",
            "-",
            ";",
            "|",
        ),
        *(
            "TN34",
            "1AA",
            "Flat",
            "2,",
            "12",
            "High",
            "St",
            "Street",
            "Hastings",
            "House",
            "ground floor flat",
            "ZZ99",
            "ABC",
        ),
        *("2008-01-01", "the", "line", "leo", "'s", "snap:", "@", "jc", "unknown", "n/a", "'", "\u2019"),
        *("\u0130", "\u00df", "\u017f", "\ufb01", "\u1e9e", "Y", "\u00af", "\u0301"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40), st.lists(PIECES, max_size=8).map(" ".join), st.lists(PIECES, max_size=8).map("".join)
)
SCHEMES = st.sampled_from(list(SelectorScheme))


@given(SCHEMES, TEXTS)
def test_no_text_makes_a_normaliser_raise_and_its_form_is_its_own(scheme: SelectorScheme, text: str) -> None:
    once = normalise(scheme, text)
    if once is not None:
        assert once.strip()
        assert normalise(scheme, once) == once


@pytest.mark.parametrize("scheme", list(SelectorScheme))
def test_every_single_sign_keeps_to_that(scheme: SelectorScheme) -> None:
    normaliser = NORMALISERS[scheme]
    for point in range(0x3000):
        for text in (chr(point), f"a1{chr(point)}b2"):
            once = normaliser(text)
            assert once is None or normaliser(once) == once, (hex(point), once)


@given(SCHEMES, st.lists(PIECES, max_size=8).map(" ".join))
def test_case_and_runs_of_space_do_not_matter(scheme: SelectorScheme, text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    expected = normalise(scheme, plain)
    assert normalise(scheme, plain.upper()) == expected
    assert normalise(scheme, plain.lower()) == expected
    assert normalise(scheme, f"  {plain.replace(' ', '   ')}\t") == expected


DRAMA = st.integers(0, 999)
SUFFIX = st.one_of(st.just(""), st.integers(0, 99_999).map(lambda n: f"#{n:04d}"))


@given(DRAMA, SUFFIX, st.sampled_from(["0", "+44", "0044", "44", "+44(0)", "+44 (0)", ""]), st.data())
def test_a_drama_number_comes_back_whatever_is_put_between(
    last: int, suffix: str, prefix: str, data: st.DataObject
) -> None:
    national = f"7700900{last:03d}"
    gaps = data.draw(st.lists(st.sampled_from(["", "", "", " ", "-", " - ", "."]), min_size=9, max_size=9))
    written = (
        prefix + national[0] + "".join(gap + digit for gap, digit in zip(gaps, national[1:], strict=True)) + suffix
    )
    assert normalise_phone(written) == f"+44{national}{suffix}"


@given(TEXTS)
def test_folding_a_name_is_idempotent_and_blind_to_case(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_name(text.encode("ascii", "ignore").decode().upper()) == fold_name(
        text.encode("ascii", "ignore").decode()
    )


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2150, 12, 31)))
def test_a_date_reads_back_from_how_it_is_written(day: date) -> None:
    found = parse_partial_date(str(day))
    assert found is not None
    assert str(found) == str(day)
    assert found.earliest == found.latest == day


@given(TEXTS)
def test_no_text_makes_the_date_reader_raise(text: str) -> None:
    found = parse_partial_date(text)
    assert found is None or parse_partial_date(str(found)) == found


@given(st.integers(1850, 2150), st.integers(1, 12))
def test_a_month_lies_within_its_year(year: int, month: int) -> None:
    assert PartialDate(year).agrees_with(PartialDate(year, month))
    assert PartialDate(year).earliest <= PartialDate(year, month).earliest
    assert PartialDate(year, month).latest <= PartialDate(year).latest


@given(TEXTS)
def test_a_marking_is_never_both_held_and_above_the_ceiling(text: str) -> None:
    assert not (is_above_ceiling(text) and read_marking(text) is not None)


@given(st.lists(st.sampled_from([" ", "-", ".", "/", "_"]), min_size=5, max_size=5), st.booleans())
def test_secret_shows_through_any_spacing(gaps: list[str], upper: bool) -> None:
    written = "".join(letter + gap for letter, gap in zip("secret", [*gaps, ""], strict=True))
    assert is_above_ceiling(written.upper() if upper else written)


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_symmetric_and_within_half_the_earth(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there, back = distance_metres(lat1, lon1, lat2, lon2), distance_metres(lat2, lon2, lat1, lon1)
    assert abs(there - back) < 1e-3
    assert 0 <= there <= 20_015_200
    assert distance_metres(lat1, lon1, lat1, lon1) == 0


@given(st.from_regex(re.compile(r"(0|\+44 ?)[0-9][0-9 -]{6,15}(#[0-9]{1,4})?", re.ASCII), fullmatch=True))
def test_a_usual_number_is_read_sooner_and_to_the_same(written: str) -> None:
    assert normalise_phone(written) == normalise_phone(f"tel:{written}")


@given(st.from_regex(re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", re.ASCII), fullmatch=True))
def test_a_tidy_postcode_is_read_sooner_and_to_the_same(written: str) -> None:
    assert normalise_postcode(written) == normalise_postcode(written.lower())
