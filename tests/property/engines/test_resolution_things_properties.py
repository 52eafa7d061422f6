"""For any two addresses, plates or numbers: the evidence is symmetric, adds up, shares a key and never rests on a placeholder."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.resolution import addresses, near
from crossline.engines.resolution.address_clusters import join_addresses
from crossline.engines.resolution.clusters import Pair
from crossline.engines.resolution.evidence import evidence_from
from crossline.vocabulary.selectors import normalise_phone, normalise_vrm
from crossline.vocabulary.selectors.text import PLACEHOLDERS

FLATS = (
    "",
    "Flat 2, ",
    "flat a ",
    "Apt 12, ",
    "First Floor Flat, ",
    "TOP FLOOR FLAT ",
    "Basement, ",
    "2/",
    "Zebra House, ",
)
NUMBERS = ("", "12 ", "12A ", "12-14 ", "7 ", "144 and a half ", "12, ")
STREETS = ("High Street", "High St", "St James's Rd", "Rainbow Lane", "RAINBWO LANE", "The Avenue", "Kingsway", "")
TOWNS = ("", ", Hastings", " HASTINGS", ", St Albans", ", Rye, East Sussex")
POSTCODES = ("", "ZZ12 1AA", "zz121aa", "ZZ12 1AB", "ZZ1 9ZZ", "unknown")

written = st.one_of(
    st.tuples(
        st.builds(
            "{}{}{}{}".format,
            st.sampled_from(FLATS),
            st.sampled_from(NUMBERS),
            st.sampled_from(STREETS),
            st.sampled_from(TOWNS),
        ),
        st.sampled_from(POSTCODES),
    ),
    st.tuples(st.text(max_size=40), st.sampled_from(POSTCODES)),
)
plates = st.from_regex(r"[AB80OI1S5Z2]{2}[0-9OI]{2}[A-Z]{3}", fullmatch=True)
digits = st.integers(100, 999).map(lambda last: f"+447700900{last}")


@given(written, written)
def test_addresses_compare_alike_both_ways_and_add_up(one: tuple[str, str], other: tuple[str, str]) -> None:
    left, right = addresses.read_address(*one), addresses.read_address(*other)
    evidence = addresses.compare(left, right)
    assert evidence == addresses.compare(right, left)
    assert addresses.contradict(left, right) == addresses.contradict(right, left)
    assert addresses.read_address(*one) == left, "reading depends on the text alone"
    if evidence is not None:
        assert left.is_evidence and right.is_evidence
        assert evidence.weight_bits == addresses.PRIOR_BITS + sum(each.grade.bits for each in evidence.found)
        assert evidence_from(evidence.compact(), addresses.ASPECTS, addresses.PRIOR_BITS) == evidence


@given(written)
def test_an_address_never_contradicts_itself_and_shares_its_own_keys(one: tuple[str, str]) -> None:
    read = addresses.read_address(*one)
    assert not addresses.contradict(read, read)
    assert bool(addresses.address_keys(read)) <= read.is_evidence


@given(written, written)
def test_addresses_above_the_threshold_share_a_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    left, right = addresses.read_address(*one), addresses.read_address(*other)
    evidence = addresses.compare(left, right)
    if evidence is not None and evidence.weight_bits >= addresses.THRESHOLD_BITS:
        assert addresses.address_keys(left) & addresses.address_keys(right)


@given(st.sampled_from(sorted(PLACEHOLDERS)), st.sampled_from(POSTCODES))
def test_a_placeholder_is_never_evidence(word: str, postcode: str) -> None:
    assert not addresses.address_keys(addresses.read_address(word, postcode))
    assert not near.plate_keys(normalise_vrm(word) or "")
    assert not near.number_keys(normalise_phone(word) or "")


@given(plates, plates)
def test_plates_compare_alike_both_ways_and_what_is_near_shares_a_key(one: str, other: str) -> None:
    evidence = near.compare_vehicles(near.Vehicle(one), near.Vehicle(other))
    assert evidence == near.compare_vehicles(near.Vehicle(other), near.Vehicle(one))
    if evidence is not None:
        assert one != other and near.plate_keys(one) & near.plate_keys(other)


@given(digits, digits)
def test_numbers_compare_alike_both_ways_and_what_is_near_shares_a_key(one: str, other: str) -> None:
    evidence = near.compare_telephones(near.Telephone(one), near.Telephone(other))
    assert evidence == near.compare_telephones(near.Telephone(other), near.Telephone(one))
    if evidence is not None:
        assert one != other and near.number_keys(one) & near.number_keys(other)


@given(st.lists(written, max_size=8), st.randoms(use_true_random=False))
def test_groups_never_hold_two_that_contradict_and_depend_on_no_order(
    texts: list[tuple[str, str]], chance: Random
) -> None:
    ways = {str(place): [addresses.read_address(*each)] for place, each in enumerate(texts)}
    pairs = [
        Pair(one, other, evidence.weight_bits)
        for one in ways
        for other in ways
        if one < other and (evidence := addresses.compare(ways[one][0], ways[other][0])) is not None
    ]
    groups = join_addresses(ways, pairs)
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    assert join_addresses(ways, shuffled) == groups
    for one in groups:
        for other in groups:
            assert groups[one] != groups[other] or not addresses.contradict(ways[one][0], ways[other][0])
