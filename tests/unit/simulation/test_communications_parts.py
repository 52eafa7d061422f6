"""The parts the communications data is made of: streams, numbers, the UK clock, masts, movement, the fit of windows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from crossline.simulation.communications_cells import Network, Spot
from crossline.simulation.communications_events import (
    call_seconds,
    clock_hours,
    day_number,
    day_of,
    midnights,
    weekdays,
)
from crossline.simulation.communications_movement import BLOCK_DAYS, Carrier, Movement, Person, at
from crossline.simulation.communications_numbers import Directory, chance, handset_and_sim
from crossline.simulation.communications_parameters import BLASTS_A_DAY, HAUNTS, SERVING_SHARES, WEEKDAY_FACTOR
from crossline.simulation.communications_rhythms import RHYTHMS, Bystander
from crossline.simulation.world import Place
from crossline.vocabulary.selectors import imei_check_digit_holds

CITY = Place("Leeds", 53.8, -1.55, "E08000035", "west-yorkshire", 516_000)
TOWN = Place("Whitby", 54.486, -0.615, "E06000065", "north-yorkshire", 13_000)


def test_a_stream_depends_on_its_names_and_the_seed_only() -> None:
    first = chance(1, "a", 2).random(3)
    chance(1, "b").random(100)
    assert np.array_equal(first, chance(1, "a", 2).random(3))
    for other in (chance(1, "a", 3), chance(2, "a", 2), chance(1, "a2")):
        assert not np.array_equal(first, other.random(3))


def test_a_directory_writes_what_it_was_given_and_never_twice_the_same() -> None:
    directory = Directory(["+447700900002#0001", "+447700900001#0001", "+447700900002#0001"])
    first = directory.reserve(2_500)
    written = directory.written(np.arange(directory.count, dtype=np.int32))
    assert directory.code("+447700900001#0001") == 0
    assert first == 2
    assert written[:3] == ["+447700900001#0001", "+447700900002#0001", "+447700900000#900001"]
    assert written[-1] == "+447700900499#900003"
    assert len(set(written)) == 2_502


def test_invented_handsets_have_a_right_check_digit() -> None:
    phones = [handset_and_sim(3, str(name)) for name in range(50)]
    assert all(imei_check_digit_holds(imei) and imei.startswith("00") for imei, _ in phones)
    assert all(imsi.startswith("00101") and len(imsi) == 15 for _, imsi in phones)
    assert len(set(phones)) == 50


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 3, 28), 0),
        (date(2026, 3, 29), -1),
        (date(2026, 7, 1), -1),
        (date(2026, 10, 24), -1),
        (date(2026, 10, 25), 0),
    ],
)
def test_clock_hours_are_those_of_the_uk(day: date, hour: int) -> None:
    utc = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    assert midnights(np.array([day_number(day)]))[0] == utc + hour * 3_600
    assert day_of(day_number(day)) == day
    assert weekdays(np.array([day_number(day)]))[0] == day.weekday()


def test_hours_are_drawn_by_weight() -> None:
    hours = clock_hours(chance(1, "hours"), [0.0] * 9 + [3.0, 0.0, 1.0] + [0.0] * 12, 4_000)
    drawn, counts = np.unique(hours.astype(int), return_counts=True)
    assert drawn.tolist() == [9, 11]
    assert 0.72 < counts[0] / 4_000 < 0.78


def test_calls_have_their_mean_length_and_share_of_missed() -> None:
    seconds = call_seconds(chance(1, "calls"), 25.0, 0.1, 20_000)
    assert 0.09 < np.mean(seconds == 0) < 0.11
    assert 24 < seconds[seconds > 0].mean() < 26


def test_shares_add_up_to_one() -> None:
    for shares in (BLASTS_A_DAY.value, SERVING_SHARES.value, HAUNTS.value):
        assert sum(shares) == pytest.approx(1.0)
    assert np.mean(WEEKDAY_FACTOR.value) == pytest.approx(1.0)
    assert set(RHYTHMS) == set(Bystander)


def test_masts_stand_closer_in_a_city_than_in_a_town() -> None:
    network = Network([TOWN, CITY, TOWN], seed=1)
    assert [place.name for place in network.towns] == ["Leeds", "Whitby"]
    cells = network.describe(np.arange(network.count, dtype=np.int32))
    lat = np.array([float(str(value)) for value in cells["lat"]])
    lon = np.array([float(str(value)) for value in cells["lon"]])

    def within(place: Place, metres: float) -> int:
        north, east = 111_320 * (lat - place.lat), 111_320 * np.cos(np.radians(place.lat)) * (lon - place.lon)
        return int((np.hypot(north, east) < metres).sum())

    assert within(CITY, 3_000) > 1.5 * within(TOWN, 3_000) > 0
    assert len(set(cells["cell"])) == network.count
    assert network.written(np.array([0, network.count - 1], np.int32)) == [cells["cell"][0], cells["cell"][-1]]


def test_the_serving_cells_are_near_and_face_the_phone() -> None:
    network = Network([CITY], seed=1)
    spot = Spot(0, 1_500.0, -800.0)
    for own in range(4):
        cells = network.serving(spot, own)
        rows = network.describe(cells)
        for lat, lon, azimuth in zip(rows["lat"], rows["lon"], rows["azimuth"], strict=True):
            east = spot.east - 111_320 * np.cos(np.radians(CITY.lat)) * (float(str(lon)) - CITY.lon)
            north = spot.north - 111_320 * (float(str(lat)) - CITY.lat)
            assert np.hypot(east, north) < 6_000
            turned = (np.degrees(np.arctan2(east, north)) - int(str(azimuth)) + 180) % 360 - 180
            assert abs(turned) <= 61
        assert len(set(cells.tolist())) == len(cells)


def test_a_runner_is_in_the_market_more_than_a_holder_and_a_resident_never() -> None:
    network = Network([CITY, TOWN], seed=1)
    movement = Movement(network, seed=1)

    def away(carrier: Carrier) -> float:
        shares = []
        for block in range(40):
            where = movement.of(Person("somebody", carrier, home=0, markets=(1,)), block)
            towns = np.array([spot.town for spot in where.spots])
            shares.append(np.mean(towns[where.hours] == 1))
        return float(np.mean(shares))

    assert away(Carrier.RESIDENT) == 0.0
    assert 0.04 < away(Carrier.HOLDER) < 0.12
    assert 0.5 < away(Carrier.RUNNER) < 0.8


def test_two_people_together_share_the_blocks_asked_for() -> None:
    network = Network([CITY], seed=1)
    movement = Movement(network, seed=1)
    one = movement.of(Person("one", Carrier.RESIDENT, home=0), 3)
    other = movement.of(Person("other", Carrier.RESIDENT, home=0), 3)
    both = one.unless(0.4, other, chance(1, "together"))
    assert 0.25 < np.mean(both.hours < len(one.spots)) < 0.55
    cells = movement.cells(both, phone="p", block=3)
    assert cells.shape == (BLOCK_DAYS, 96)
    start = 3 * BLOCK_DAYS * 86_400
    assert at(cells, 3, np.array([start - 5, start + 900 * 7])).tolist() == [cells[0, 95], cells[0, 7]]
