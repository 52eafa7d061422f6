"""Agencies and places: counts, keys that fit each other, and no gaps."""

import json

import pytest

from crossline.vocabulary.agencies import CENTRE, AgencyKind, agencies, force_for, forces, rocus
from crossline.vocabulary.places import DATA, District, Station, Town, distance_metres, districts, stations, towns


def test_the_agencies_are_all_there() -> None:
    assert len(forces()) == 46
    assert {unit.id for unit in rocus()} == {
        "emsou", "ersou", "nerocu", "nwrocu", "serocu", "swrocu", "tarian", "wmrocu", "yhrocu",
    }  # fmt: skip
    assert len(agencies()) == 46 + 9 + 2
    assert agencies()[CENTRE].kind is AgencyKind.CENTRE
    assert all(agency.id == key and agency.name and agency.short_name for key, agency in agencies().items())


def test_every_regional_unit_named_is_an_agency_and_london_has_none() -> None:
    assert {a.rocu_id for a in agencies().values() if a.rocu_id} == {unit.id for unit in rocus()}
    without = {force.id for force in forces() if not force.rocu_id}
    assert without == {"metropolitan", "city-of-london", "police-scotland", "northern-ireland", "btp"}
    assert agencies()["kent"].rocu_id == "ersou"
    assert agencies()["north-wales"].rocu_id == "nwrocu"


def test_a_unit_has_its_forces_people() -> None:
    for unit in rocus():
        covered = [force for force in forces() if force.rocu_id == unit.id]
        assert 3 <= len(covered) <= 7  # [S] domain §1.10
        assert unit.population == sum(force.population or 0 for force in covered)


def test_only_british_transport_police_has_no_area() -> None:
    assert [force.id for force in forces() if not force.has_boundary] == ["btp"]
    assert all((force.lat is None) == (force.id == "btp") for force in forces())


def test_places_lead_to_forces() -> None:
    assert len(districts()) == 361
    assert len(towns()) == 3997
    assert len(stations()) == 2606
    assert sum(district.population for district in districts().values()) == 67_596_281  # the published total
    places: list[District | Town | Station] = [*districts().values(), *towns(), *stations().values()]
    for place in places:
        assert place.force_id in agencies()
        assert 49 < place.lat < 61
        assert -9 < place.lon < 2.5
    assert force_for("E07000062") == "sussex"
    assert force_for("E99999999") is None


def test_the_map_has_the_same_keys() -> None:
    drawn = json.loads((DATA / "uk_light.topojson").read_text(encoding="utf-8"))["objects"]
    assert {shape["properties"]["lad_code"] for shape in drawn["lads"]["geometries"]} == set(districts())
    outlined = {shape["properties"]["force_id"] for shape in drawn["forces"]["geometries"]}
    assert outlined == {force.id for force in forces() if force.has_boundary}


def test_distance() -> None:
    assert distance_metres(51.5, -0.1, 51.5, -0.1) == 0
    london_to_birmingham = distance_metres(51.50853, -0.12574, 52.48142, -1.89983)
    assert london_to_birmingham == pytest.approx(162_000, rel=0.01)
    assert distance_metres(0, 0, 0, 180) == pytest.approx(20_015_115, rel=1e-5)


def test_tables_cannot_be_changed_by_those_who_read_them() -> None:
    with pytest.raises(TypeError):
        agencies()["kent"] = agencies()["essex"]  # type: ignore[index]
