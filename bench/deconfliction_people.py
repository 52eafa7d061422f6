"""What keys of people find, and whom else they meet: python bench/deconfliction_people.py FOLDER… [--people N --seed S]

FOLDER is one that `crossline simulate` wrote: of each pair of mentions of one person by two agencies, which kinds of key
agree. With --people, so many invented people have one mention each, as one agency wrote it; a sample of them is asked after
as another wrote them; who else is met is a stranger, told for two million. --labelled names a folder of resolution_foreign.py.
"""

from __future__ import annotations

import argparse
import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from resolution_deliveries import mentions_of, truth_of
from resolution_foreign import _fake, _febrl

from crossline.engines.deconfliction.people import PersonAsked, person_lookups, person_texts
from crossline.engines.deconfliction.people_worth import KeyKind, judge
from crossline.engines.resolution.names import words
from crossline.simulation.people import Person, invent_household, invent_moniker
from crossline.simulation.written import ForceIds, write_person
from crossline.vocabulary.places import districts
from crossline.vocabulary.selectors import parse_partial_date

TWO_MILLION = 2_000_000
WRITTEN_ON = date(2026, 3, 1)
write = sys.stdout.write


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("simulation", type=Path, nargs="*")
    arguments.add_argument("--people", type=int, help="how many invented people are pointed to")
    arguments.add_argument("--asked", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=21)
    arguments.add_argument("--street-names", type=float, default=0.0, help="share of people given one besides")
    arguments.add_argument("--labelled", type=Path)
    chosen = arguments.parse_args()
    if chosen.simulation:
        delivered(chosen.simulation)
    if chosen.people:
        invented(chosen.people, chosen.asked, chosen.seed, chosen.street_names)
    if chosen.labelled:
        sets = {
            "FEBRL4": [_febrl(chosen.labelled / "febrl" / f"dataset4{side}.csv") for side in "ab"],
            "fake_1000": [_fake(chosen.labelled / "fake_1000.csv")] * 2,
        }
        for name, (left, right) in sets.items():
            labelled(name, left, right)


def agreeing(one: PersonAsked, other: PersonAsked) -> frozenset[str]:
    """Kinds of key that agree; and, behind a "-", those of the keys that were left out."""
    kept = {key.kind.value for key in set(person_lookups(one)) & set(person_texts(other))}
    return frozenset(kept | {kind for kind, _ in left_out(one) & left_out(other)})


def left_out(person: PersonAsked) -> set[tuple[str, str]]:
    """Keys that were tried and are no part of the product, so that their figures can be had again."""
    pairs = {
        key.text.split(":")[2].split("|")[0] for key in person_texts(replace(person, year_of_birth=1990, born=None))
    }
    found = {("- names alone", pair) for pair in pairs}
    born = parse_partial_date(str(person.born)) if person.born else None
    day = str(born.evidence or "") if born else ""
    if len(day) == 10:
        found |= {("- names, day and month", f"{pair}|{day[5:]}") for pair in pairs}
        found |= {("- names, month and year", f"{pair}|{day[:7]}") for pair in pairs}
        found |= {("- surname and day", f"{''.join(words(person.surname))}|{day}")} if person.surname else set()
    year = person.born.year if person.born else person.year_of_birth
    if year:
        found |= {("- street name and year", f"{alias.casefold()}|{year}") for alias in person.aliases}
        found |= {("- names and year, days or not", f"{pair}|{year}") for pair in pairs}
    return found


def asked(row: dict[str, Any]) -> PersonAsked:
    """A row of MENTION_SCHEMA, or of a labelled file, as whom is asked after."""
    born = parse_partial_date(row.get("dob") or "")
    aliases = row.get("aliases") or ()
    return PersonAsked(
        forename=row.get("forename") or "",
        surname=row.get("surname") or "",
        born=born.earliest if born and born.day else None,
        year_of_birth=born.year if born else None,
        sex=row.get("sex") or "",
        aliases=() if isinstance(aliases, str) else tuple(aliases),
    )


def delivered(folders: Iterable[Path]) -> None:
    """Print what finds pairs of mentions of one person by two agencies, in all and with each person counting once."""
    pairs: list[tuple[float, frozenset[str]]] = []
    dated: list[frozenset[str]] = []
    for folder in folders:
        truth = truth_of(folder)
        rows = defaultdict(list)
        for row in mentions_of(folder).to_pylist():
            if row["mention_id"] in truth:
                rows[truth[row["mention_id"]]].append(row)
        for of_one in rows.values():
            both = [(one, other) for one, other in combinations(of_one, 2) if one["agency"] != other["agency"]]
            for one, other in both:
                kinds = agreeing(asked(one), asked(other))
                pairs.append((1 / len(both), kinds))
                if one["dob"] and other["dob"]:
                    dated.append(kinds)
    persons = sum(weight for weight, _ in pairs)
    write(f"{len(pairs):,} pairs of mentions of {persons:,.0f} people by two agencies\n")
    for name, finds in _finds([kinds for _, kinds in pairs]).items():
        each = sum(weight for weight, kinds in pairs if _has(name, kinds)) / persons
        write(f"  {name:30} {finds:7.2%} of pairs, {each:7.2%} with each person once\n")
    likely, may_be = (sum(_has(name, kinds) for kinds in dated) / len(dated) for name in ("= likely", "= may_be"))
    write(f"  of the {len(dated):,} with a year at least on both sides: likely {likely:.2%}, may be {may_be:.2%}\n")


def _has(name: str, kinds: frozenset[str]) -> bool:
    verdict = judge(KeyKind(kind) for kind in kinds if not kind.startswith("-"))
    return name in kinds or name == (f"= {verdict}" if verdict else "= nothing")


def _finds(pairs: list[frozenset[str]]) -> dict[str, float]:
    names = ["= likely", "= may_be", "= nothing", *KeyKind, *sorted({k for p in pairs for k in p if k.startswith("-")})]
    return {str(name): sum(_has(str(name), kinds) for kinds in pairs) / max(1, len(pairs)) for name in names}


def invented(size: int, sample: int, seed: int, street_names: float) -> None:
    """Print, for a sample of the invented, how often each kind finds them and how many of two million others it meets."""
    started = time.perf_counter()
    pointers, askers = _written(size, set(Random(seed + 1).sample(range(size), sample)), seed, street_names)
    write(f"{size:,} people pointed to, {pointers.kept / size:.2f} keys each; {time.perf_counter() - started:.0f} s\n")
    own: list[frozenset[str]] = []
    strangers: Counter[str] = Counter()
    ringing: Counter[str] = Counter()
    by_origin: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for number, origin, person in askers:
        met = pointers.met_by(person)
        own.append(frozenset(met.pop(number, set())))
        verdicts = [f"= {judge(KeyKind(kind) for kind in kinds if not kind.startswith('-'))}" for kinds in met.values()]
        strangers.update(kind for kinds in met.values() for kind in kinds)
        strangers.update(verdicts)
        ringing.update(set(verdicts))
        by_origin[origin].update(["asked", *(name for name in ("= likely", "= may_be") if _has(name, own[-1]))])
        by_origin[origin].update(f"stranger {each}" for each in verdicts)
    scale = TWO_MILLION / size
    write(f"{sample:,} asked after; strangers as if two million were pointed to\n")
    for name, finds in _finds(own).items():
        write(f"  {name:30} finds {finds:7.2%}; {strangers[name] / sample * scale:9.4f} strangers a check\n")
    likely, may_be = (ringing[name] / sample for name in ("= likely", "= may_be"))
    write(f"  checks that met any stranger among these {size:,}: likely {likely:.2%}, may be {may_be:.2%}\n")
    for origin, counts in sorted(by_origin.items(), key=lambda each: -each[1]["asked"]):
        asked_ = counts["asked"]
        found = ", ".join(f"{name[2:]} {counts[name] / asked_:.1%}" for name in ("= likely", "= may_be"))
        others = ", ".join(f"{counts[f'stranger {name}'] / asked_ * scale:.4f}" for name in ("= likely", "= may_be"))
        write(f"  {origin:24} {asked_:6,} asked after: {found}; strangers {others}\n")


class Pointers:
    """Which key leads to whom: 64-bit hashes in order, because two million people have ten million keys."""

    def __init__(self) -> None:
        self._hashes, self._owners = array("q"), array("i")
        self.kept = 0

    def point(self, owner: int, person: PersonAsked) -> None:
        texts = [(key.kind.value, key.text) for key in person_texts(person)]
        self.kept += len(texts)
        for each in (*texts, *left_out(person)):
            self._hashes.append(hash(each))
            self._owners.append(owner)

    def close(self) -> None:
        order = np.argsort(np.frombuffer(self._hashes, dtype=np.int64), kind="stable")
        self._sorted = np.frombuffer(self._hashes, dtype=np.int64)[order]
        self._whose = np.frombuffer(self._owners, dtype=np.int32)[order]

    def met_by(self, person: PersonAsked) -> defaultdict[int, set[str]]:
        met: defaultdict[int, set[str]] = defaultdict(set)
        for each in {*((key.kind.value, key.text) for key in person_lookups(person)), *left_out(person)}:
            first, last = (int(np.searchsorted(self._sorted, hash(each), side)) for side in ("left", "right"))
            for owner in self._whose[first:last].tolist():
                met[owner].add(each[0])
        return met


def _written(
    size: int, chosen: set[int], seed: int, street_names: float
) -> tuple[Pointers, list[tuple[int, str, PersonAsked]]]:
    """Everybody as one agency wrote them, and of the chosen how another did."""
    rng = Random(seed)
    pointing, asking = ForceIds("kent-pointing", rng), ForceIds("essex-asking", rng)
    pointers, askers = Pointers(), []
    for number, invented_person in enumerate(_people(size, seed)):
        person = invented_person
        if not person.moniker and rng.random() < street_names:
            person = replace(person, moniker=invent_moniker(rng, person.name))
        pointers.point(number, asked(write_person(person, day=WRITTEN_ON, rng=rng, ids=pointing)))
        if number in chosen:
            askers.append((number, person.tradition, asked(write_person(person, day=WRITTEN_ON, rng=rng, ids=asking))))
    pointers.close()
    return pointers, askers


def _people(size: int, seed: int) -> Iterator[Person]:
    """So many people, in households, over the forces as the population is."""
    population: Counter[str] = Counter()
    for district in districts().values():
        population[district.force_id] += district.population
    left = size
    for place, (force, here) in enumerate(sorted(population.items())):
        last = place == len(population) - 1
        wanted = left if last else round(size * here / population.total())
        left -= wanted
        household = 0
        while wanted > 0:
            for person in invent_household(seed, force, household, 0)[:wanted]:
                yield person
                wanted -= 1
            household += 1


def labelled(name: str, left: list[dict[str, str]], right: list[dict[str, str]]) -> None:
    """Print what finds pairs of one person in a file made by others, and how many wrong pairs of the file agree."""
    index: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(right):
        for key in person_texts(asked(row)):
            index[key.kind.value, key.text].append(place)
    true: list[frozenset[str]] = []
    wrong: Counter[str] = Counter()
    where = defaultdict(list)
    for place, row in enumerate(right):
        where[row["truth"]].append(place)
    for row in left:
        met: defaultdict[int, set[KeyKind]] = defaultdict(set)
        for key in person_lookups(asked(row)):
            for place in index.get((key.kind.value, key.text), ()):
                met[place].add(key.kind)
        for place in where[row["truth"]]:
            if right[place]["ref"] != row["ref"]:
                true.append(frozenset(kind.value for kind in met.get(place, ())))
        wrong.update(f"= {judge(kinds)}" for place, kinds in met.items() if right[place]["truth"] != row["truth"])
    write(f"{name}: {len(true):,} true pairs; wrong pairs that agree: {dict(wrong)} of {len(left) * len(right):,}\n")
    for each, finds in _finds(true).items():
        write(f"  {each:30} {finds:7.2%}\n")


if __name__ == "__main__":
    main()
