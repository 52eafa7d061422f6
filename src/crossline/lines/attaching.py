"""Placing reports that give a line's name and nothing else: with the one returned line of that name that their force knows.

A force's own report rarely says which number or town. Where exactly one returned line of that name touches the force (for
a force without an area, such as the railway police: exactly one anywhere), the report is about that line; where two do,
it is left by itself for a person. Computed from the rows given only, like all grouping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossline.engines.lines import LineGroup
from crossline.vocabulary.agencies import AgencyKind, agencies
from crossline.vocabulary.selectors import fold_brand


@dataclass(frozen=True)
class Attachment:
    """A group of reports that is placed with a returned line, and the sentence that says why."""

    group: LineGroup
    to: str
    sentence: str


def attach(groups: Sequence[LineGroup], returned_forces: Mapping[str, frozenset[str]]) -> list[Attachment]:
    """Where each name-only group belongs. `returned_forces`: id of a returned group -> every force its returns name."""
    by_brand: dict[str, list[LineGroup]] = defaultdict(list)
    for group in groups:
        if group.id in returned_forces:
            for brand in {key for name in group.brands if (key := fold_brand(name))}:
                by_brand[brand].append(group)
    found = []
    for group in groups:
        if group.id in returned_forces or group.numbers:
            continue
        name = fold_brand(group.name) or ""
        candidates = [line for line in by_brand.get(name, []) if _touches(group, returned_forces[line.id])]
        if len(candidates) == 1:
            sentence = f"the only returned line called {candidates[0].name} that the reporting force is part of"
            found.append(Attachment(group, candidates[0].id, sentence))
    return found


def _touches(group: LineGroup, forces: frozenset[str]) -> bool:
    return all(owner in forces or not _has_an_area(owner) for owner in group.owners)


def _has_an_area(agency: str) -> bool:
    known = agencies().get(agency)
    return known is not None and known.kind is AgencyKind.TERRITORIAL
