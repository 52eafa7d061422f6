"""Who answers for somebody: force and authority of the home and, far from it, of where they were found; or nobody known."""

from __future__ import annotations

import pytest

from crossline.engines.indicators.answerers import Whereabouts, answerers, is_out_of_area
from crossline.engines.indicators.places import district_of_address, district_of_place
from crossline.vocabulary.places import authorities, districts

MEDWAY, SOUTHEND, ASHFORD = (districts()[code] for code in ("E06000035", "E06000033", "E07000105"))


def told(said: Whereabouts) -> dict[str, str]:
    return {str(each.capacity): each.who for each in answerers(said)}


def test_a_child_of_essex_found_in_medway() -> None:
    said = Whereabouts("kent", ["essex"], [SOUTHEND], "kent", MEDWAY)
    assert told(said) == {
        "home_force": "essex",
        "home_authority": SOUTHEND.utla_code,
        "host_force": "kent",
        "host_authority": MEDWAY.utla_code,
    }


def test_an_address_says_the_home_where_no_episode_does_and_the_newest_comes_first() -> None:
    said = Whereabouts("metropolitan", [], [ASHFORD, SOUTHEND], "metropolitan", None)
    found = told(said)
    assert (found["home_force"], found["home_authority"]) == ("kent", "E10000016")
    assert (found["host_force"], found["host_authority"]) == ("metropolitan", "")


def test_what_an_episode_says_outranks_an_address_elsewhere_whose_authority_is_then_not_the_home_s() -> None:
    found = told(Whereabouts("kent", ["essex"], [ASHFORD]))
    assert found == {"home_force": "essex", "home_authority": ""}


def test_where_nothing_says_the_sender_answers_and_the_authority_is_not_known() -> None:
    said = Whereabouts("norfolk", found_force="kent")
    assert told(said) == {"home_force": "norfolk", "home_authority": ""}  # though all of Norfolk is one authority's
    assert not is_out_of_area(said)
    (home, authority) = answerers(said)
    assert "no record says where their home is" in home.because and "no record says" in authority.because


def test_a_force_whose_area_is_one_authority_s_is_enough() -> None:
    found = told(Whereabouts("kent", ["surrey"], found_force="norfolk"))
    assert (found["home_authority"], found["host_authority"]) == ("E10000030", "E10000020")


@pytest.mark.parametrize("agency", ["btp", "nca", "no agency", ""])
def test_those_who_work_everywhere_are_nobody_s_home_and_no_area(agency: str) -> None:
    assert told(Whereabouts("kent", [agency])) == {"home_force": "kent", "home_authority": ""}
    assert not is_out_of_area(Whereabouts("kent", ["essex"], found_force=agency))


def test_at_home_nobody_is_a_host() -> None:
    assert set(told(Whereabouts("kent", ["kent"], [MEDWAY], "kent", ASHFORD))) == {"home_force", "home_authority"}


@pytest.mark.parametrize(
    ("text", "lat", "lon", "district"),
    [
        ("4 Marine Parade, Southend-on-Sea", None, None, "Southend-on-Sea"),
        ("Flat 19, 51 Church Street, Gillingham ZB13 2WD", 51.40311, 0.50473, "Medway"),  # two towns are called so
        ("Flat 19, 51 Church Street, Gillingham", None, None, None),
        ("Somewhere", 51.40311, 0.50473, "Medway"),
        ("Somewhere", 60.5, -8.0, None),  # in the sea
        ("Somewhere", None, None, None),
    ],
)
def test_the_district_of_an_address(text: str, lat: float | None, lon: float | None, district: str | None) -> None:
    found = district_of_address(text, lat, lon)
    assert (found.name if found else None) == district


def test_the_district_of_a_place_where_the_force_takes_the_doubt_away() -> None:
    found = district_of_place("Gillingham", "kent")
    assert found is not None and found.name == "Medway"
    assert district_of_place("Gillingham", "") is None
    assert district_of_place("Chatham", "essex") is None
    station = district_of_place("Chatham railway station", "kent")
    assert station is not None and station.name == "Medway"


def test_every_district_has_an_authority_that_answers() -> None:
    known = authorities()
    assert len(known) > 200
    assert {each.utla_code for each in districts().values()} == set(known)
    assert known["E10000016"].forces == {"kent"}
