"""UK addresses as people write them: read into parts, compared with reasons, and the best of several chosen."""

from __future__ import annotations

import pytest

from crossline.engines.resolution.address_clusters import join_addresses
from crossline.engines.resolution.address_reading import Number
from crossline.engines.resolution.addresses import (
    ASPECTS,
    PRIOR_BITS,
    THRESHOLD_BITS,
    address_keys,
    compare,
    contradict,
    match_address,
    read_address,
)
from crossline.engines.resolution.clusters import Judgement, Pair
from crossline.engines.resolution.evidence import Aspect, Evidence, Grade, evidence_from, in_a_sentence

POSTCODE = "ZZ12 1AA"


def weigh(one: str, other: str, postcode: str = POSTCODE, other_postcode: str | None = None) -> Evidence:
    evidence = compare(
        read_address(one, postcode), read_address(other, postcode if other_postcode is None else other_postcode)
    )
    assert evidence is not None
    return evidence


@pytest.mark.parametrize(
    ("text", "number", "flat", "floors"),
    [
        ("12 High Street, Rye", Number(12, 12), "", set()),
        ("Flat 2, 12 High St, Rye", Number(12, 12), "2", set()),
        ("FLAT A 12 HIGH STREET RYE", Number(12, 12), "A", set()),
        ("Apt. B2, 12 High Street, Rye", Number(12, 12), "B2", set()),
        ("12 High Street, Flat 2, Rye", Number(12, 12), "2", set()),
        ("2, 12 High Street, Rye", Number(12, 12), "2", set()),
        ("21A High Street, Rye", Number(21, 21, "A"), "", set()),
        ("21 A High Street, Rye", Number(21, 21, "A"), "", set()),
        ("12-14 High Street, Rye", Number(12, 14), "", set()),
        ("12/14 High Street, Rye", Number(12, 14), "", set()),
        ("92-92A High Street, Rye", Number(92, 92, "", "A"), "", set()),
        ("21/3 Leith Walk, Rye", Number(21, 21), "3", set()),
        ("3/1, 21 Leith Walk, Rye", Number(21, 21), "3/1", set()),
        ("2F1, 21 Leith Walk, Rye", Number(21, 21), "2F1", set()),
        ("144 & a half Mill Road, Rye", Number(144, 144, "HALF"), "", set()),
        ("144 1/2 Mill Road, Rye", Number(144, 144, "HALF"), "", set()),
        ("First Floor Flat, 12 High Street, Rye", Number(12, 12), "", {"1"}),
        ("FLAT FIRST FLOOR 12 HIGH STREET RYE", Number(12, 12), "", {"1"}),
        ("FLAT A FIRST AND SECOND FLOORS 12 HIGH STREET RYE", Number(12, 12), "A", {"1", "2"}),
        ("Ground floor flat 2, 12 High Street, Rye", Number(12, 12), "2", {"ground"}),
        ("BASEMENT 12 HIGH STREET RYE", Number(12, 12), "", {"basement"}),
        ("Garden Flat, 12 High Street, Rye", Number(12, 12), "", {"garden"}),
        ("Top Floor, 12 High Street, Rye", Number(12, 12), "", {"top"}),
        ("gff 12 High Street, Rye", Number(12, 12), "", {"ground"}),
        ("5 Zebra House, High Street, Rye", None, "5", set()),
        ("Flat 5 Zebra House High Street Rye", None, "5", set()),
        ("Block 3, 12 Mill Road, Rye", Number(12, 12), "", set()),
    ],
)
def test_numbers_flats_and_floors_are_read(text: str, number: Number | None, flat: str, floors: set[str]) -> None:
    read = read_address(text)
    assert (read.number, read.flat, set(read.floors)) == (number, flat, floors)
    assert read.unit is bool(flat or floors)


@pytest.mark.parametrize(
    ("text", "street", "kind", "town"),
    [
        ("12 High St, Rye", ("high",), "street", ("rye",)),
        ("12 HIGH ST RYE", ("high",), "street", ("rye",)),
        ("12 St James's St, Rye", ("saint", "jamess"), "street", ("rye",)),
        ("12 Mill Rd, St Albans", ("mill",), "road", ("saint", "albans")),
        ("12 MILL ROAD ST ALBANS", ("mill",), "road", ("saint", "albans")),
        ("12 Green St, Rye", ("green",), "street", ("rye",)),
        ("12 The Avenue, Lewes", ("the",), "avenue", ("lewes",)),
        ("12 Castle Hill Road, Rye", ("castle", "hill"), "road", ("rye",)),
        ("12 Kingsway, Lewes", ("kingsway",), "", ("lewes",)),
        ("Rose Cottage, Love Lane, Rye", ("love",), "lane", ("rye",)),
        ("ROSE COTTAGE LOVE LANE RYE", ("love",), "lane", ("rye",)),
        ("8, Church Gdns, Rye", ("church",), "gardens", ("rye",)),
    ],
)
def test_streets_and_towns_are_read(text: str, street: tuple[str, ...], kind: str, town: tuple[str, ...]) -> None:
    read = read_address(text)
    assert (read.street.words, read.street.kind, read.town) == (street, kind, town)


def test_a_postcode_is_read_from_its_field_from_the_text_and_with_a_letter_for_a_digit() -> None:
    assert read_address("12 High Street, Rye", "zz121aa").postcode == POSTCODE
    assert read_address("12 High Street, Rye, ZZ12 1AA").postcode == POSTCODE
    assert read_address("12 High Street, Rye", "ZZ12 IAA").postcode == "ZZ12 IAA"
    assert read_address("12 High Street, Rye", "ZZ12 1AA#4").outward == "ZZ12"


@pytest.mark.parametrize("text", ["", "unknown", "not known", "ZZ12 1AA", "Hastings", "High Street, Hastings", "-"])
def test_what_says_no_building_is_no_evidence(text: str) -> None:
    nothing, something = read_address(text, POSTCODE), read_address("12 High Street, Rye", POSTCODE)
    assert compare(nothing, something) is None and compare(something, nothing) is None
    assert address_keys(nothing) == frozenset()
    assert match_address(nothing, [something]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 2, 12 High Street, Rye", "Apt 2, 12 High St, Rye"),
        ("21A High Street, Rye", "Flat A, 21 High Street, Rye"),
        ("First Floor Flat, 12 High Street, Rye", "FLAT FIRST FLOOR 12 HIGH STREET"),
        ("14 High Street, Rye", "12-14 High Street, Rye"),
        ("12 Rainbow Road, Rye", "12 Rainbwo Road, Rye"),
        ("5 Zebra House, High Street, Rye", "Flat 5 Zebra House High Street Rye"),
        ("12 High Street, Rye", "Corner Shop, 12 High Street, Rye"),
        ("Rose Cottage, Love Lane, Rye", "ROSE COTTAGE LOVE LANE RYE"),
    ],
)
def test_one_address_written_twice_is_above_the_threshold(one: str, other: str) -> None:
    assert weigh(one, other).weight_bits >= THRESHOLD_BITS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 2, 12 High Street, Rye", "Flat 3, 12 High Street, Rye"),
        ("Flat A, 12 High Street, Rye", "Flat B, 12 High Street, Rye"),
        ("Ground Floor Flat, 12 High Street", "First Floor Flat, 12 High Street"),
        ("12 High Street, Rye", "14 High Street, Rye"),
        ("12 High Street, Rye", "21 High Street, Rye"),
        ("21A High Street, Rye", "21B High Street, Rye"),
        ("12-14 High Street, Rye", "13 High Street, Rye"),
        ("Rose Cottage, Love Lane, Rye", "Ivy Cottage, Love Lane, Rye"),
    ],
)
def test_two_neighbours_are_below_what_is_shown(one: str, other: str) -> None:
    assert weigh(one, other).weight_bits < 0


def test_a_flat_left_out_is_weaker_evidence_and_another_flat_is_another_address() -> None:
    same = weigh("Flat 2, 12 High Street, Rye", "Flat 2, 12 High Street, Rye").weight_bits
    left_out = weigh("Flat 2, 12 High Street, Rye", "12 High Street, Rye").weight_bits
    other = weigh("Flat 2, 12 High Street, Rye", "Flat 3, 12 High Street, Rye").weight_bits
    assert other < 0 < left_out < THRESHOLD_BITS < same


def test_what_one_leaves_out_is_silent_or_weaker_never_a_contradiction() -> None:
    whole = read_address("Flat 2, Zebra House, 12 High Street, Rye", POSTCODE)
    for text, postcode in (("12 High Street, Rye", POSTCODE), ("Flat 2, 12 High Street, Rye", ""), ("12", POSTCODE)):
        assert not contradict(whole, read_address(text, postcode))


@pytest.mark.parametrize(
    ("postcode", "code"),
    [
        ("ZZ12 1AA", "postcode and street"),
        ("ZZ12 1AB", "near postcode and street"),
        ("ZZ12 7QX", "district and street"),
        ("", "street and town"),
        ("ZZ3 7QX", "town and street"),
    ],
)
def test_the_nearer_the_postcodes_the_more_they_say(postcode: str, code: str) -> None:
    said = weigh("12 High Street, Rye", "12 High Street, Rye", other_postcode=postcode)
    assert said.code_of("place") == code


def test_a_street_of_another_town_is_elsewhere() -> None:
    assert weigh("12 High Street, Rye", "12 High Street, Lewes", "", "").weight_bits < 0


def test_the_parts_add_up_survive_being_kept_and_are_said_in_words() -> None:
    evidence = weigh("Flat 2, 12 High Street, Rye", "12 High St, Rye")
    assert evidence.prior_bits + sum(each.grade.bits for each in evidence.found) == evidence.weight_bits
    assert evidence_from(evidence.compact(), ASPECTS, PRIOR_BITS) == evidence
    assert in_a_sentence(evidence, "one address", "two addresses") == (
        "About 11 to one that these are one address: for it: the same postcode and street, the same house number; "
        "against it: a flat that one of them leaves out."
    )


def test_odds_are_said_as_people_say_them() -> None:
    assert in_a_sentence(Evidence(0.0, ()), "one", "two") == "As likely as not that these are one."
    assert in_a_sentence(Evidence(-30.0, ()), "one", "two") == "More than a million to one that these are two."


def test_no_two_grades_of_an_aspect_bear_one_code() -> None:
    with pytest.raises(ValueError, match="two grades of one code"):
        Aspect("place", (Grade("same", "the same", 1.0), Grade("same", "as well", 2.0)))
    with pytest.raises(KeyError):
        ASPECTS["place"].at("no such grade")


def test_the_best_of_several_candidates_is_chosen_and_a_tie_is_not_settled() -> None:
    texts = ("Flat 1, 12 High Street, Rye", "Flat 2, 12 High Street, Rye", "12 High Street, Rye", "14 High Street, Rye")
    candidates = [read_address(text, POSTCODE) for text in texts]
    choice = match_address(read_address("Apt 2, 12 High St", POSTCODE), candidates)
    assert choice is not None and choice.place == 1 and choice.settled
    doubtful = match_address(read_address("12 High Street", POSTCODE), candidates[:2])
    assert doubtful is not None and not doubtful.settled


def test_words_that_tell_the_candidates_apart_count() -> None:
    candidates = [
        read_address(text, POSTCODE) for text in ("Zebra Stores, 12 High Street", "Apple Stores, 12 High Street")
    ]
    choice = match_address(read_address("APPLE STORES 12 HIGH STREET", POSTCODE), candidates)
    assert choice is not None and choice.place == 1


@pytest.mark.parametrize(
    ("one", "other", "other_postcode"),
    [
        ("Flat 2, 12 High Street, Rye", "Apt 2, 12 High St, Rye", ""),
        ("12 High Street, Rye", "12 High Street, Rye", "ZZ12 1AB"),
        ("12 Rainbow Road, Rye", "12 Rainbwo Road, Rye", POSTCODE),
        ("14 High Street, Rye", "12-14 High Street", POSTCODE),
        ("Rose Cottage, Love Lane, Rye", "Rose Cottage, Love Ln, Rye", ""),
        ("SUES NAILS RAINBOW LANE RYE", "Sues Nails, 6 Rainbow Lane, Rye", POSTCODE),
    ],
)
def test_one_address_written_twice_shares_a_key(one: str, other: str, other_postcode: str) -> None:
    assert address_keys(read_address(one, POSTCODE)) & address_keys(read_address(other, other_postcode))


def test_flats_and_houses_never_come_into_one_group_however_they_are_connected() -> None:
    ways = {
        "a": [read_address("Flat 2, 12 High Street, Rye", POSTCODE)],
        "b": [read_address("12 High Street, Rye", POSTCODE)],
        "c": [read_address("Flat 3, 12 High Street, Rye", POSTCODE)],
    }
    pairs = [Pair("a", "b", 30.0), Pair("b", "c", 29.0)]
    assert join_addresses(ways, pairs) == {"a": "a", "b": "a", "c": "c"}
    assert join_addresses(ways, pairs, [Judgement("a", "c", "same")])["c"] == "a"
    assert join_addresses(ways, pairs, [Judgement("a", "b", "different")]) == {"a": "a", "b": "b", "c": "b"}
    assert join_addresses(ways, pairs, threshold_bits=29.5) == {"a": "a", "b": "a"}


def test_towns_that_share_a_word_are_not_one_and_counties_are_no_towns() -> None:
    for one, other in (
        ("26 Station Road, Newton Abbot", "26 Station Road, Newton Poppleford"),
        ("12 High Street, Rye, East Sussex", "12 High Street, Battle, East Sussex"),
    ):
        assert weigh(one, other, "", "").weight_bits < 0
    assert weigh("12 High Street, Rye", "12 High Street, Rye, East Sussex", "").code_of("place") == "street and town"


def test_a_flat_that_does_not_open_the_address_is_never_taken_for_the_house() -> None:
    one = read_address("Orchard Court, Flat 10, Mill Street, Rye")
    other = read_address("ORCHARD COURT FLAT 10 CASTLE CLOSE RYE")
    assert (one.number, one.flat, one.name) == (None, "10", ("orchard", "court"))
    assert contradict(one, other)
