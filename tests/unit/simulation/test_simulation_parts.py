"""The parts the nation is made from: names, addresses, clock, selectors, lines, networks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from crossline.simulation.apportion import apportion
from crossline.simulation.chance import Choice, stream
from crossline.simulation.clock import at, stamp
from crossline.simulation.community import Community
from crossline.simulation.concerns import Episode, repeated
from crossline.simulation.geography import hubs_of, markets_for, outward_code, population_weights, towns_of
from crossline.simulation.lines import make_lines, successions
from crossline.simulation.name_origins import traditions_by_district
from crossline.simulation.names import invent_name, spellings, without_accents
from crossline.simulation.networks import make_networks
from crossline.simulation.parameters import SIZES, Scale
from crossline.simulation.people import invent_household
from crossline.simulation.written import ForceIds, write_person
from crossline.vocabulary.agencies import forces
from crossline.vocabulary.places import distance_metres, districts

REGION = SIZES[Scale.REGION].agencies


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        (at(date(2026, 3, 29), 59), "+00:00"),
        (at(date(2026, 3, 29), 120), "+01:00"),
        (at(date(2026, 10, 25), 30), "+01:00"),
        (at(date(2026, 10, 25), 180), "+00:00"),
        (at(date(2025, 12, 25), 720), "+00:00"),
    ],
)
def test_british_summer_time(moment, offset):
    assert stamp(moment).endswith(offset)


@pytest.mark.parametrize(
    ("name", "known_as"),
    [("Mohammed", "Muhammad"), ("Muhammad", "Mohammed"), ("Oluwaseun", "Seun"), ("Szymon", "Simon"), ("Joseph", "Joe")],
)
def test_other_spellings_are_known_both_ways_where_it_makes_sense(name, known_as):
    assert known_as in spellings(name)


def test_accents_are_left_out_as_a_british_keyboard_does():
    assert [without_accents(n) for n in ("Łukasz", "Öztürk", "Nguyễn", "Đặng", "Bērziņš")] == [
        *("Lukasz", "Ozturk", "Nguyen", "Dang", "Berzins")
    ]


@pytest.mark.parametrize("year", [1938, 1961, 1987, 1996, 2012, 2021])
@pytest.mark.parametrize("sex", ["M", "F"])
def test_there_is_a_name_for_everybody_born_in_any_year(year, sex):
    rng = Random(1)
    traditions = {tradition for choice in traditions_by_district().values() for tradition in choice.items}
    for tradition in sorted(traditions):
        name = invent_name(rng, tradition=tradition, sex=sex, birth_year=year, force_id="kent")
        assert name.forename
        assert name.surname


def test_districts_differ_in_who_lives_there():
    rng = Random(2)
    brent, allerdale = traditions_by_district()["E09000005"], traditions_by_district()["E07000143"]
    assert sum(brent.draw(rng) == "british" for _ in range(500)) < 300
    assert sum(allerdale.draw(rng) == "british" for _ in range(500)) > 420


def test_every_district_has_a_postcode_area_of_its_own_that_does_not_exist():
    codes = [outward_code(code) for code in districts()]
    assert len(set(codes)) == len(codes)
    assert all(code[0] == "Z" and code[1] not in "EZ" for code in codes)


@pytest.mark.parametrize("force", [force.id for force in forces() if force.id != "btp"])
def test_every_force_has_towns_a_hub_and_markets(force):
    every = frozenset(f.id for f in forces())
    hub = hubs_of(force).draw(Random(3))
    assert towns_of(force)
    assert hub.force_id == force
    market = markets_for(hub, every, internal=False).draw(Random(4))
    assert market.force_id != force
    assert distance_metres(hub.lat, hub.lon, market.lat, market.lon) < 430_000


def test_weights_of_agencies_add_up_and_none_is_left_out():
    weights = population_weights(REGION)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert min(weights.values()) > 0.003
    assert max(weights, key=weights.__getitem__) == "metropolitan"


def test_there_are_about_two_numbers_a_brand_and_half_last_six_weeks_or_less():
    lines = make_lines(brands=1_000, force_ids=[force.id for force in forces()], seed=5)
    numbers = [period for line in lines for period in line.periods]
    assert 1_850 < len(numbers) < 2_250
    assert len({period.number for period in numbers}) == len(numbers)
    changed = [(p.end - p.start).days for line in lines if len(line.periods) > 1 for p in line.periods[:-1] if p.end]
    assert 25 < sorted(changed)[len(changed) // 2] < 50
    assert sum(line.internal for line in lines) / 1_000 == pytest.approx(0.12, abs=0.04)


def test_splits_and_mergers_are_changes_across_lines():
    lines = make_lines(brands=1_000, force_ids=[force.id for force in forces()], seed=5)
    owner = {period.number: line.line_id for line in lines for period in line.periods}
    across = [(old, new) for old, new, _, _ in successions(lines) if owner[old] != owner[new]]
    assert len([line for line in lines if line.split_from]) >= 3
    assert len([line for line in lines if line.merged_into]) >= 3
    assert len(across) == sum(bool(line.split_from) + bool(line.merged_into) for line in lines)


def test_the_origin_of_lines_follows_the_published_shares():
    lines = make_lines(brands=1_000, force_ids=[force.id for force in forces()], seed=6)
    exporters = Counter(line.exporting_agency for line in lines)
    assert exporters["metropolitan"] / 1_000 == pytest.approx(0.33, abs=0.05)
    assert exporters.most_common(1)[0][0] == "metropolitan"


def test_external_lines_sell_in_other_forces():
    for line in make_lines(brands=60, force_ids=REGION, seed=7):
        assert line.markets
        assert all((place.force_id == line.exporting_agency) == line.internal for place in line.markets)


def test_networks_name_holder_and_runners_and_children_have_kin_at_home():
    networks = make_networks(make_lines(brands=60, force_ids=REGION, seed=7), 7)
    for network in networks:
        assert network.line.holder_id == network.holder.person_id
        assert network.line.runner_ids == tuple(runner.person_id for runner in network.runners)
        for child_id, kin in network.kin:
            child = next(runner for runner in network.runners if runner.person_id == child_id)
            assert kin.homes == child.homes
            assert kin.name.surname == child.name.surname
    assert sum(len(network.kin) for network in networks) > 30


def test_households_are_the_same_whoever_asks_and_share_a_home():
    here = Community("kent", position=3, reports=500, seed=9)
    there = Community("kent", position=3, reports=500, seed=9, keep=False)
    assert [here.household(n) for n in range(40)] == [there.household(n) for n in range(40)]
    large = next(found for n in range(40) if len(found := here.household(n)) > 2)
    assert len({member.homes[0] for member in large[1:]}) == 1


def test_somebody_met_a_second_time_may_get_a_second_nominal_but_never_a_third():
    ids = ForceIds("kent", Random(1))
    given = {person: {ids.nominal(person) for _ in range(30)} for person in map(str, range(200))}
    assert {len(found) for found in given.values()} == {2}
    once = ForceIds("kent", Random(1))
    assert len({once.nominal(str(person)) for person in range(200)}) == 200


def test_care_makes_fewer_mistakes():
    people = [invent_household(11, "kent", number, 5_000 + number * 5)[0] for number in range(400)]

    def wrong(care: float) -> int:
        rng, ids = Random(5), ForceIds("kent", Random(6))
        written = [write_person(p, day=date(2026, 5, 1), rng=rng, ids=ids, care=care) for p in people]
        return sum(
            (w["surname"] or "").lower() != without_accents(p.name.surname).lower()
            for w, p in zip(written, people, strict=True)
        )

    assert wrong(0.45) < wrong(1.7)


def test_a_choice_never_draws_what_weighs_nothing():
    choice = Choice({"never": 0.0, "always": 1.0})
    assert {choice.draw(Random(seed)) for seed in range(50)} == {"always"}
    with pytest.raises(ValueError, match="every weight is zero"):
        Choice({"never": 0.0})


def test_streams_of_chance_do_not_disturb_one_another():
    assert stream(1, "a").random() == stream(1, "a").random()
    assert len({stream(1, "a").random(), stream(1, "b").random(), stream(2, "a").random()}) == 3


def test_a_whole_cannot_be_split_by_weights_of_nothing():
    with pytest.raises(ValueError, match="add up to nothing"):
        apportion(5, {"kent": 0.0})


def test_one_episode_that_two_forces_write_up_counts_once():
    def episode(day: int, ref: str) -> Episode:
        return Episode(f"2026-03-{day:02d}T20:00:00+00:00", date(2026, 3, day), "kent", ref, "p1")

    twice_told = [episode(1, "a"), episode(1, "b"), episode(9, "c")]
    assert list(repeated(twice_told)) == []
    assert [found.ref for found in repeated([*twice_told, episode(20, "d")])] == ["d"]


def test_episodes_more_than_ninety_days_apart_are_not_repeated():
    days = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 2)]
    found = [Episode(day.isoformat(), day, "kent", day.isoformat(), "p1") for day in days]
    assert list(repeated(found)) == []
    assert [one.day for one in repeated([*found, Episode("2026-04-01", date(2026, 4, 1), "kent", "x", "p1")])] == [
        *(date(2026, 4, 1), date(2026, 4, 2))
    ]
