"""Addresses and postcodes, in the orders and abbreviations officers use."""

import pytest

from crossline.vocabulary.selectors import normalise, normalise_address, normalise_outward, normalise_postcode


@pytest.mark.parametrize("written", ["TN34 1AA", "tn341aa", " tn34  1aa ", "TN34-1AA", "Tn34\t1aA"])
def test_a_postcode_has_one_form(written: str) -> None:
    assert normalise_postcode(written) == "TN34 1AA"


@pytest.mark.parametrize(
    "written", ["", "TN34", "SWIA 1AA", "TN34 1A", "TN34 AAA", "ZZ99 3VZ", "unknown", "TN34 1CA", "12345"]
)
def test_what_is_no_postcode_is_none(written: str) -> None:
    assert normalise_postcode(written) is None


@pytest.mark.parametrize("written", ["SW1A 1AA", "M1 1AE", "B33 8TH", "EC1A 1BB", "GIR 0AA", "ZB12 4AB"])
def test_every_shape_of_postcode_is_read(written: str) -> None:
    assert normalise_postcode(written.lower().replace(" ", "")) == written


def test_a_district_is_read_apart_from_a_postcode() -> None:
    assert normalise_outward("tn34") == "TN34"
    assert normalise_outward("TN34 1AA") == "TN34"
    assert normalise_outward("sw1a") == "SW1A"
    assert normalise_outward("Hastings") is None


@pytest.mark.parametrize(
    "written",
    [
        "Flat 2, 12 High Street, Hastings",
        "12 High Street Flat 2",
        "12 High Street, Flat 2, Hastings",
        "FLAT 2 12 HIGH ST",
        "Apt. 2, 12 High St., Hastings",
        "apartment no 2, no. 12 high street",
        "Flat 2, Kingfisher House, 12 High Street",
        "Flat 2\n12 High Street\nHastings",
        "Flat 2, 12, High Street",
        "Flat 2, 12 High Street, Hastings, TN34 1AA, UK",
    ],
)
def test_a_flat_has_one_form_however_written(written: str) -> None:
    assert normalise_address(written, "TN34 1AA") == "TN34 1AA|12|2"
    assert normalise_address(written, "tn341aa") == "TN34 1AA|12|2"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12 High Street", "TN34 1AA|12|"),
        ("12a High St", "TN34 1AA|12A|"),
        ("12-14 High Road", "TN34 1AA|12-14|"),
        ("12 \u2013 14 High Road", "TN34 1AA|12-14|"),
        ("Rose Cottage, Mill Lane", "TN34 1AA|ROSECOTTAGE|"),
        ("The Rose Cott., Mill Ln, Hastings", "TN34 1AA|ROSECOTTAGE|"),
        ("Flat 3, Kingfisher Ct", "TN34 1AA|KINGFISHERCOURT|3"),
        ("Flat 3 Kingfisher Court, High Street", "TN34 1AA|KINGFISHERCOURT|3"),
        ("Ground Floor Flat, 3 The Parade", "TN34 1AA|3|GROUND"),
        ("GFF, 3 The Parade", "TN34 1AA|3|GROUND"),
        ("3 The Parade, basement flat", "TN34 1AA|3|BASEMENT"),
        ("Flat A, 5 St James's Road", "TN34 1AA|5|A"),
        ("5 1st Avenue", "TN34 1AA|5|"),
        ("Room 14, Hotel Bellevue, 9 Marine Parade", "TN34 1AA|9|14"),
    ],
)
def test_numbers_names_and_floors(written: str, expected: str) -> None:
    assert normalise_address(written, "TN34 1AA") == expected


def test_the_postcode_may_stand_in_the_text_or_after_a_bar() -> None:
    assert normalise_address("12 High Street, Hastings TN34 1AA") == "TN34 1AA|12|"
    assert normalise_address("12 High Street, TN341AA, Hastings") == "TN34 1AA|12|"
    assert normalise("address", "12 High Street|tn34 1aa") == "TN34 1AA|12|"


def test_without_a_postcode_street_and_town_stand_in() -> None:
    assert normalise_address("Flat 2, 12 High Street, Hastings") == "~HIGHSTREETHASTINGS|12|2"
    assert normalise_address("12 high st hastings flat 2") == "~HIGHSTREETHASTINGS|12|2"


@pytest.mark.parametrize("written", ["", "unknown", "12 High Street", "5 St James's Road", "Hastings", "n/a"])
def test_an_address_that_could_be_anywhere_is_none(written: str) -> None:
    assert normalise_address(written) is None


@pytest.mark.parametrize("written", ["High Street", "High Street, Hastings", ""])
def test_a_street_alone_names_no_premises(written: str) -> None:
    assert normalise_address(written, "TN34 1AA") is None


def test_neighbours_stay_apart() -> None:
    forms = {
        normalise_address(written, "TN34 1AA")
        for written in (
            "12 High Street",
            "Flat 1, 12 High Street",
            "Flat 2, 12 High Street",
            "2 High Street",
            "12A High St",
        )
    }
    assert len(forms) == 5


def test_a_token_comes_back_as_itself_however_spaced() -> None:
    assert normalise_address("TN34 1AA|12|2") == "TN34 1AA|12|2"
    assert normalise_address(" tn341aa | 12 | 2 ") == "TN34 1AA|12|2"
    assert normalise_address("~HIGHSTREETHASTINGS|12|2") == "~HIGHSTREETHASTINGS|12|2"
    assert normalise_address("TN34 1AA||") is None
