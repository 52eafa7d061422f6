"""Addresses as badly as people write them: python bench/resolution_addresses_rough.py SEED… [--wrong N] [--write FOLDER]

Invented addresses with their neighbours and the other flats of their houses, each written two to four times: without commas, in
capitals, abbreviated, misspelt, another kind of street, a postcode missing or a character off, the flat before, behind, as a
letter of the number, by its floor or left out. The truth is which address was written. How often each goes wrong is our
assumption [D]. Measured twice: mentions joined with one another, and each way of writing given to the clean address it is, where
there is such a one. --write puts the latter's two lists into messy.csv and clean.csv, for other matchers.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from resolution_addresses import THRESHOLD_BITS, join, pairs_of, print_agreement, show

from crossline.engines.resolution.addresses import VERSION, address_keys, match_address, read_address
from crossline.simulation.geography import address_in, homes_of
from crossline.simulation.written import slip_letter

FORCES = ("sussex", "kent", "west-yorkshire", "devon-and-cornwall")
KINDS = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Close": "Cl", "Lane": "La", "Drive": "Dr", "Gardens": "Gdns"}
FLOORS = {
    "basement": ("Basement Flat", "FLAT BASEMENT", "Basement"),
    "ground": ("Ground Floor Flat", "GFF", "Flat Ground Floor", "Flat, Gnd Floor"),
    "first": ("First Floor Flat", "1st Floor Flat", "FLAT FIRST FLOOR", "FFF"),
    "top": ("Top Floor Flat", "Top Flat", "FLAT TOP FLOOR"),
}


@dataclass(frozen=True)
class Standing:
    """One address that there is. `flat`: a number, a letter, a floor of FLOORS or ""."""

    house: str
    flat: str
    name: str
    street: str
    town: str
    postcode: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("seed", type=int, nargs="+")
    arguments.add_argument("--places", type=int, default=1500)
    arguments.add_argument("--wrong", type=int, default=0)
    arguments.add_argument("--write", type=Path)
    chosen = arguments.parse_args()
    sys.stdout.write(f"{VERSION}\n")
    for seed in chosen.seed:
        _measure(seed, chosen.places, chosen.wrong)
        _choose(seed, chosen.places, chosen.write)


def _measure(seed: int, number: int, wrong: int) -> None:
    rng = Random(seed)
    true = _standing(rng, number)
    judged: list[tuple[str, str, Hashable]] = []
    for each in true:
        judged.extend(_written(each, rng) for _ in range(rng.choice((2, 3, 4))))
    started = time.perf_counter()
    writings = {(text, postcode): read_address(text, postcode) for text, postcode, _ in judged}
    found = pairs_of(writings)
    seconds = time.perf_counter() - started
    sys.stdout.write(
        f"seed {seed}: {len(true):,} addresses, {len(judged):,} written, {len(writings):,} ways of writing, "
        f"{len(found.pairs):,} pairs kept in {seconds:.1f} s\n"
    )
    print_agreement("equal value (before)", [(each, found.value_of[text, postcode]) for text, postcode, each in judged])
    for threshold in (0.0, THRESHOLD_BITS):
        joined = join(found, threshold)
        labels = [(each, joined[found.value_of[text, postcode]]) for text, postcode, each in judged]
        print_agreement(f"at {threshold} bits", labels)
        if threshold == THRESHOLD_BITS and wrong:
            show(judged, found.value_of, joined, wrong)


def _standing(rng: Random, number: int) -> list[Standing]:
    once = {(each.house, each.flat, each.name, each.street, each.town): each for each in _places(rng, number)}
    return [once[key] for key in sorted(once)]


def _choose(seed: int, number: int, folder: Path | None) -> None:
    """Each address written once, and the clean one chosen for it among all; what now says the house alone is left out."""
    rng = Random(seed)
    true = _standing(rng, number)
    clean = [(str(place), *_clean(each)) for place, each in enumerate(true)]
    written = [(str(place), _written(each, rng)) for place, each in enumerate(true)]
    messy = [(place, said[0], said[1]) for place, said in written if said[2] == true[int(place)]]
    if folder:
        for name, rows in (("messy", messy), ("clean", clean)):
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([("unique_id", "address_concat", "postcode"), *rows])
    started = time.process_time()
    candidates = [read_address(text, postcode) for _, text, postcode in clean]
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, candidate in enumerate(candidates):
        for key in address_keys(candidate):
            sharing[key].append(place)
    found: Counter[str] = Counter()
    for true_place, text, postcode in messy:
        read = read_address(text, postcode)
        near = sorted({place for key in address_keys(read) for place in sharing.get(key, ())})
        choice = match_address(read, [candidates[place] for place in near])
        if choice is None or choice.evidence.weight_bits < 0:
            found["none"] += 1
        else:
            found["right" if near[choice.place] == int(true_place) else "wrong"] += 1
    sys.stdout.write(
        f"  chosen of {len(clean):,} clean addresses for {len(messy):,}: {found['right']:,} right, {found['wrong']:,} wrong, "
        f"{found['none']:,} none, in {time.process_time() - started:.1f} s of processor\n"
    )


def _clean(one: Standing) -> tuple[str, str]:
    """The address as it should be written, with its postcode."""
    flat = FLOORS[one.flat][0] if one.flat in FLOORS else f"Flat {one.flat}" if one.flat else ""
    parts = (flat, one.name, f"{one.house} {one.street}".strip(), one.town)
    return ", ".join(part for part in parts if part), one.postcode


def _places(rng: Random, number: int) -> Iterator[Standing]:
    """Addresses, each with some of its neighbours and of the other flats of its house."""
    for _ in range(number):
        drawn = address_in(homes_of(rng.choice(FORCES)).draw(rng), rng, flat_share=0.0)
        one = Standing(drawn.number, "", "", drawn.street, drawn.town, drawn.postcode)
        if rng.random() < 0.08:
            one = replace(one, house="", name=f"{rng.choice(('Rose', 'Ivy', 'Mill', 'Orchard'))} {rng.choice(_NAMES)}")
        way = rng.random()
        if way < 0.25:
            yield from (replace(one, flat=str(flat)) for flat in rng.sample(range(1, 13), rng.choice((1, 2, 3))))
        elif way < 0.32 and one.house.isdigit():
            yield from (replace(one, flat=flat) for flat in rng.sample("ABCD", 2))
        elif way < 0.42 and one.house.isdigit():
            yield from (replace(one, flat=floor) for floor in rng.sample(sorted(FLOORS), 2))
        else:
            yield one
        if one.house.isdigit() and rng.random() < 0.5:
            yield replace(one, house=str(int(one.house) + rng.choice((1, 2, 4, 10))))


_NAMES = ("Cottage", "House", "Lodge", "Farm", "Court")


def _written(one: Standing, rng: Random) -> tuple[str, str, Standing]:
    """One address written down, with whatever goes wrong, and what it now says: without its flat it is the house."""
    flat, house, behind = _flat(one, rng)
    said = one if flat or house != one.house else replace(one, flat="")
    street = f"{house} {_street(one.street, rng)}".strip()
    town = "" if rng.random() < 0.12 else one.town
    county = "East Sussex" if rng.random() < 0.06 else ""
    parts = [street, flat] if behind else [flat, street]
    text = ", ".join(part for part in (one.name, *parts, town, county) if part)
    if rng.random() < 0.3:
        text = text.replace(",", "").upper()
    return text, _postcode(one.postcode, rng, left_out=0.2 if town else 0.0), said


def _flat(one: Standing, rng: Random) -> tuple[str, str, bool]:
    """(the flat's words, the house number, whether the flat stands behind the street)."""
    if not one.flat or rng.random() < 0.05:
        return "", one.house, False
    if one.flat in FLOORS:
        return rng.choice(FLOORS[one.flat]), one.house, False
    way = rng.random()
    if one.flat.isalpha() and way < 0.3:
        return "", one.house + one.flat, False
    word = rng.choice(("Flat", "Flat", "Flat", "Apt", "flat", "Apartment", "Flat no."))
    return f"{word} {one.flat}", one.house, way > 0.9


def _street(street: str, rng: Random) -> str:
    words = street.split()
    if words[-1] in KINDS and len(words) > 1:
        way = rng.random()
        kind = words[-1]
        words[-1] = KINDS[kind] if way < 0.35 else rng.choice(sorted(KINDS)) if way < 0.37 else kind
        if 0.37 <= way < 0.40:
            words.pop()
    if rng.random() < 0.07:
        words[0] = slip_letter(words[0], rng)
    return " ".join(words)


def _postcode(postcode: str, rng: Random, *, left_out: float) -> str:
    """Left out (never with the town), a sign wrong, or written otherwise."""
    way = rng.random()
    if way < left_out:
        return ""
    if way < left_out + 0.05:
        at = rng.choice([place for place in range(len(postcode)) if postcode[place] != " "])
        sign = rng.choice("ABDEFGHJLN" if postcode[at].isalpha() else "123456789")
        return postcode[:at] + sign + postcode[at + 1 :]
    return postcode.replace(" ", "").lower() if way < left_out + 0.2 else postcode


if __name__ == "__main__":
    main()
