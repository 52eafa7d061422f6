"""Addresses resolved: python bench/resolution_addresses.py [--cases edge_case_addresses.yaml] [FOLDER…]

--cases: a file of the uk_address_matcher project: a messy address and candidates of which the first is the true one. Each case is
chosen with the candidates in their order, and again with them turned round, so that a tie counts as none.
FOLDER is one that `crossline simulate` wrote. Its truth for addresses is the point: two mentions with one point were written of
one invented address. Only mentions that have a point are judged; those that have none are matched as well.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import zipfile
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossline.engines.resolution.address_clusters import join_addresses
from crossline.engines.resolution.addresses import (
    THRESHOLD_BITS,
    VERSION,
    WORTH_SHOWING_BITS,
    Address,
    address_keys,
    compare,
    match_address,
    read_address,
)
from crossline.engines.resolution.clusters import Pair
from crossline.engines.resolution.pairs_by_key import pairs_by_key
from crossline.exchange.measures import pairwise
from crossline.vocabulary.selectors import normalise_address, normalise_postcode

Writing = tuple[str, str]
_PAIR = re.compile(r'\[\s*"([^"]*)",\s*"([^"]*)",?\s*\]')


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("simulation", type=Path, nargs="*")
    arguments.add_argument("--cases", type=Path)
    arguments.add_argument("--wrong", type=int, default=0, help="print so many wrong and missed pairs")
    chosen = arguments.parse_args()
    sys.stdout.write(f"{VERSION}\n")
    if chosen.cases:
        _cases(chosen.cases)
    for folder in chosen.simulation:
        _simulation(folder, chosen.wrong)


def _cases(path: Path) -> None:
    text = "\n".join(
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    cases = [_PAIR.findall(block) for block in text.split("messy_address:")[1:]]
    started = time.perf_counter()
    right = tied = 0
    for number, (messy, *candidates) in enumerate(cases, start=1):
        read = [read_address(*each) for each in candidates]
        forwards = match_address(read_address(*messy), read)
        backwards = match_address(read_address(*messy), read[::-1])
        found = {forwards.place if forwards else None, len(read) - 1 - backwards.place if backwards else None}
        right += found == {0}
        tied += 0 in found and len(found) > 1
        if found != {0}:
            sys.stdout.write(f"  case {number}: {messy[0]}: {'a tie' if 0 in found else 'wrong'}\n")
    seconds = time.perf_counter() - started
    sys.stdout.write(
        f"{path.name}: {right} of {len(cases)} right, {tied} tied, {1000 * seconds:.1f} ms for all, twice\n"
    )


def _simulation(folder: Path, wrong: int) -> None:
    mentions = list(_mentions(folder / "deliveries"))
    started = time.perf_counter()
    found = pairs_of({(text, postcode): read_address(text, postcode) for text, postcode, _ in mentions})
    seconds = time.perf_counter() - started
    judged = [(text, postcode, point) for text, postcode, point in mentions if point is not None]
    places = len({point for _, _, point in judged})
    sys.stdout.write(
        f"{folder}: {len(mentions):,} mentions of addresses, {len(judged):,} of them with a point, {places:,} places; "
        f"{len(found.value_of):,} ways of writing, {len(found.pairs):,} pairs kept in {seconds:.1f} s\n"
    )
    print_agreement(
        "equal value (before)", [(point, found.value_of[text, postcode]) for text, postcode, point in judged]
    )
    for threshold in (WORTH_SHOWING_BITS, 2.0, THRESHOLD_BITS, 7.0):
        joined = join(found, threshold)
        labels = [(point, joined[found.value_of[text, postcode]]) for text, postcode, point in judged]
        print_agreement(f"at {threshold} bits", labels)
        if threshold == THRESHOLD_BITS and wrong:
            show(judged, found.value_of, joined, wrong)


@dataclass(frozen=True)
class Found:
    """The pairs of values that may be one address. A writing is (text, postcode)."""

    value_of: Mapping[Writing, str]
    ways: Mapping[str, Sequence[Address]]
    pairs: Sequence[Pair]


def pairs_of(writings: Mapping[Writing, Address]) -> Found:
    """Every pair of values worth showing, as the daily round finds them."""
    ids = {f"{place:08d}": writing for place, writing in enumerate(sorted(writings))}
    value_of = {writing: _value(writing) for writing in writings}
    pairs = []
    for one, other in pairs_by_key({number: address_keys(writings[writing]) for number, writing in ids.items()}):
        left, right = value_of[ids[one]], value_of[ids[other]]
        evidence = compare(writings[ids[one]], writings[ids[other]]) if left != right else None
        if evidence is not None and evidence.weight_bits >= WORTH_SHOWING_BITS:
            pairs.append(Pair(left, right, evidence.weight_bits))
    ways: dict[str, list[Address]] = {}
    for writing, value in value_of.items():
        ways.setdefault(value, []).append(writings[writing])
    return Found(value_of, ways, pairs)


def join(found: Found, threshold: float) -> dict[str, str]:
    """Value -> group, as an export joins them."""
    cluster_of = join_addresses(found.ways, found.pairs, threshold_bits=threshold)
    return {value: cluster_of.get(value, value) for value in found.ways}


def _value(writing: Writing) -> str:
    """The value by which equal addresses were one before; a writing without one, or a postcode alone, is alone."""
    text, postcode = writing
    value = normalise_address(text, postcode)
    if value is None or value.endswith("||"):
        return f"alone {text} {normalise_postcode(postcode)}"
    return value


def print_agreement(name: str, labels: Iterable[tuple[Hashable, Hashable]]) -> None:
    """A line of the sheet."""
    found = pairwise(labels)
    sys.stdout.write(
        f"  {name:22} right {found.right:,} wrong {found.wrong:,} missed {found.missed:,} "
        f"P {found.precision or 0:.4f} R {found.recall or 0:.4f} F1 {found.f1 or 0:.4f}\n"
    )


def show(
    judged: Sequence[tuple[str, str, Hashable]], value_of: Mapping[Writing, str], joined: Mapping[str, str], most: int
) -> None:
    """Some of the groups that hold two places, and of the places that are in two groups."""
    by_group: dict[Hashable, dict[Hashable, str]] = {}
    by_place: dict[Hashable, dict[Hashable, str]] = {}
    for text, postcode, place in judged:
        group = joined[value_of[text, postcode]]
        by_group.setdefault(group, {})[place] = f"{text} {postcode}"
        by_place.setdefault(place, {})[group] = f"{text} {postcode}"
    for name, groups in (("wrong", by_group), ("missed", by_place)):
        for each in [list(group.values()) for group in groups.values() if len(group) > 1][:most]:
            sys.stdout.write(f"    {name}: {' <> '.join(each)}\n")


def _mentions(deliveries: Path) -> Iterator[tuple[str, str, tuple[float, float] | None]]:
    """(text, postcode, point or None) of every address of every report."""
    for path in sorted(deliveries.iterdir()):
        for record in _records(path):
            for each in record.get("mentions") or ():
                if each["kind"] == "address":
                    point = (each["lat"], each["lon"]) if each.get("lat") is not None else None
                    yield each.get("text") or "", each.get("postcode") or "", point


def _records(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            if "reports.jsonl" in archive.namelist():
                yield from map(json.loads, archive.read("reports.jsonl").splitlines())
    elif (path / "reports.jsonl").exists():
        with (path / "reports.jsonl").open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)


if __name__ == "__main__":
    main()
