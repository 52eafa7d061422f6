"""Near misses of plates and numbers: python bench/resolution_near.py SEED…

Vehicles and telephones of the simulation, each written three times as its officers write them, with its slips. Of 3,000 plates
few have a neighbour, of 13,000 most have. Numbers lie side by side in the range for drama, so that every one has 27 neighbours
(a real one has hardly any that are held); seven in ten say who uses them, and two users in 3,000 bear one name. The truth is
which thing was written. Judged are pairs of different values alone: what a page would show of them, and what it would not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TypeVar

from crossline.engines.resolution import near
from crossline.engines.resolution.evidence import Evidence
from crossline.engines.resolution.near import Telephone, Vehicle
from crossline.engines.resolution.pairs_by_key import pairs_by_key
from crossline.exchange.measures import of_sets
from crossline.simulation.parameters_people import NUMBER_SLIP, PLATE_SLIP
from crossline.simulation.people import Phone
from crossline.simulation.selectors import deal_number, handset, plate, sim
from crossline.simulation.vehicles import vehicle_for
from crossline.simulation.written import write_phone, write_vehicle
from crossline.vocabulary.selectors import normalise_phone, normalise_vrm

Thing = TypeVar("Thing", Vehicle, Telephone)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("seed", type=int, nargs="+")
    chosen = arguments.parse_args()
    sys.stdout.write(f"{near.VERSION}; slips: plates {PLATE_SLIP.value}, numbers {NUMBER_SLIP.value}\n")
    for seed in chosen.seed:
        for number in (3_000, 13_000):
            vehicles = list(_vehicles(Random(seed), number))
            _measure(f"seed {seed}, {number:,} plates", vehicles, _plate_keys, near.compare_vehicles)
        phones = list(_telephones(Random(seed), 10_000))
        _measure(f"seed {seed}, 10,000 numbers", phones, _number_keys, near.compare_telephones)


def _plate_keys(one: Vehicle) -> frozenset[str]:
    return near.plate_keys(one.plate)


def _number_keys(one: Telephone) -> frozenset[str]:
    return near.number_keys(one.number)


def _measure(
    name: str,
    written: Sequence[tuple[int, Thing]],
    keys: Callable[[Thing], frozenset[str]],
    compare: Callable[[Thing, Thing], Evidence | None],
) -> None:
    by_id = {f"{place:08d}": each for place, each in enumerate(dict.fromkeys(written))}
    shown, true = set(), set()
    for one, other in pairs_by_key({number: keys(thing) for number, (_, thing) in by_id.items()}):
        (place, left), (other_place, right) = by_id[one], by_id[other]
        evidence = compare(left, right)
        if evidence is None:
            continue
        if place == other_place:
            true.add((one, other))
        if evidence.weight_bits >= near.WORTH_SHOWING_BITS:
            shown.add((one, other))
    found = of_sets(true, shown)
    sys.stdout.write(
        f"  {name:28} right {found.right:,} wrong {found.wrong:,} missed {found.missed:,} "
        f"P {found.precision or 0:.3f} R {found.recall or 0:.3f}\n"
    )


def _vehicles(rng: Random, number: int) -> Iterator[tuple[int, Vehicle]]:
    for at in range(number):
        true = vehicle_for(rng, plate(at))
        for _ in range(3):
            said, _ = write_vehicle(true, rng=rng)
            mark = normalise_vrm(said["vrm"]) or ""
            yield at, Vehicle(mark, said["make"] or "", said["model"] or "", said["colour"] or "")


def _telephones(rng: Random, number: int) -> Iterator[tuple[int, Telephone]]:
    for at in range(number):
        holders = frozenset({f"name {rng.randrange(3000)}"})
        true = Phone(deal_number(at), handset(at), sim(at))
        for _ in range(3):
            said, _ = write_phone(true, rng=rng, handset_share=0.2)
            held = holders if rng.random() < 0.7 else frozenset()
            yield at, Telephone(normalise_phone(said["number"]) or "", said["imei"] or "", held)


if __name__ == "__main__":
    main()
