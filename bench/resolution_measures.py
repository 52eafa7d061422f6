"""How good a clustering is against the truth, in all and for each group of people, with intervals that count people, not pairs.

Pairs of one person are not independent: somebody mentioned a hundred times holds 4,950 of them. So the interval of a share of
pairs is that of a ratio of sums over people (missed links) or over clusters (false links), by linearisation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp, log, sqrt
from typing import Any

LEAST_PEOPLE = 100  # people with two mentions or more that a group must have to be compared with others
_INTERVAL = 1.96


@dataclass(frozen=True)
class Quality:
    """Pairs put together, B-cubed over mentions, and the size of the largest cluster that holds more than one person."""

    precision: float
    recall: float
    f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float
    largest_wrong: int


@dataclass(frozen=True)
class Share:
    """A share of pairs with its 95 % interval, out of so many pairs of so many people (or clusters)."""

    share: float
    low: float
    high: float
    pairs: float
    units: int


def pairwise(found: Iterable[str], truth: Iterable[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of rows put together."""
    both = list(zip(found, truth, strict=True))
    together = pairs_within(Counter(both))
    predicted, actual = (
        pairs_within(Counter(entity for entity, _ in both)),
        pairs_within(Counter(person for _, person in both)),
    )
    precision, recall = together / max(1, predicted), together / max(1, actual)
    return precision, recall, 2 * together / max(1, predicted + actual)


def quality(found: Sequence[str], truth: Sequence[str]) -> Quality:
    """All measures of a clustering; both in the order of the mentions."""
    both = Counter(zip(found, truth, strict=True))
    entities, people = Counter(found), Counter(truth)
    b3_precision = sum(n * n / entities[entity] for (entity, _), n in both.items()) / max(1, len(found))
    b3_recall = sum(n * n / people[person] for (_, person), n in both.items()) / max(1, len(found))
    held = Counter(entity for entity, _ in both)
    wrong = max((entities[entity] for entity, number in held.items() if number > 1), default=0)
    b3_f1 = 2 * b3_precision * b3_recall / max(1e-12, b3_precision + b3_recall)
    return Quality(*pairwise(found, truth), b3_precision, b3_recall, b3_f1, wrong)


def slices(found: Sequence[str], truth: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """For each attribute: the missed and false links of each group, and how much worse the worst is off than the best."""
    people = truth["person"]
    report: dict[str, Any] = {}
    for attribute in ("origin", "sex", "age_band", "force"):
        if len(set(truth.get(attribute, ()))) < 2:
            continue
        group_of = dict(zip(people, truth[attribute], strict=True))
        missed, false = _missed(found, people, group_of), _false(found, people, group_of)
        large = [group for group, share in missed.items() if share.units >= LEAST_PEOPLE]
        report[attribute] = {
            "groups": {group: {"missed": asdict(missed[group]), "false": asdict(false[group])} for group in missed},
            "missed_ratio": _ratio({group: missed[group] for group in large}),
            "false_ratio": _ratio({group: false[group] for group in large}),
        }
    if "troubles" in truth:
        report["troubles"] = _by_trouble(found, people, truth["troubles"])
    return report


def _missed(found: Sequence[str], people: Sequence[str], group_of: Mapping[str, str]) -> dict[str, Share]:
    """Share of the pairs of each group's people that were not put together; a unit is a person with two mentions or more."""
    together: Counter[str] = Counter()
    for (_, person), size in Counter(zip(found, people, strict=True)).items():
        together[person] += _two(size)
    units: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for person, size in Counter(people).items():
        if size > 1:
            units[group_of[person]].append((_two(size) - together[person], _two(size)))
    return {group: _share(each) for group, each in sorted(units.items())}


def _false(found: Sequence[str], people: Sequence[str], group_of: Mapping[str, str]) -> dict[str, Share]:
    """Share of each group's joined pairs that join two people; a unit is a cluster. A pair of two groups counts half for each."""
    members: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entity, person in zip(found, people, strict=True):
        members[entity][person] += 1
    units: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for held in members.values():
        whole = sum(held.values())
        joined: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for person, size in held.items():
            joined[group_of[person]] += size * (whole - 1)
            right[group_of[person]] += size * (size - 1)
        for group, number in joined.items():
            if number:
                units[group].append(((number - right[group]) / 2, number / 2))
    empty = Share(0.0, 0.0, 0.0, 0.0, 0)
    return {group: _share(units[group]) if units[group] else empty for group in sorted(set(group_of.values()))}


def _share(units: Sequence[tuple[float, float]]) -> Share:
    total = sum(whole for _, whole in units)
    ratio = sum(part for part, _ in units) / total
    error = sqrt(sum((part - ratio * whole) ** 2 for part, whole in units)) / total
    low, high = max(0.0, ratio - _INTERVAL * error), min(1.0, ratio + _INTERVAL * error)
    return Share(ratio, low, high, total, len(units))


def _ratio(groups: Mapping[str, Share]) -> dict[str, Any]:
    """Worst against best group, with the interval of their ratio; empty where no two groups are large enough or one has none."""
    told = {group: share for group, share in groups.items() if share.share > 0}
    if len(told) < 2:
        return {}
    worst, best = (choose(told, key=lambda group: told[group].share) for choose in (max, min))
    ratio = told[worst].share / told[best].share
    spread = [(told[each].high - told[each].share) / _INTERVAL / told[each].share for each in (worst, best)]
    error = _INTERVAL * sqrt(sum(each * each for each in spread))
    return {
        "worst": worst, "best": best, "ratio": ratio, "low": exp(log(ratio) - error), "high": exp(log(ratio) + error)
    }  # fmt: skip


def _by_trouble(found: Sequence[str], people: Sequence[str], troubles: Sequence[str]) -> dict[str, Any]:
    """For mentions with each trouble (and with none): what share of their person's other mentions they were parted from."""
    sizes, together = Counter(people), Counter(zip(found, people, strict=True))
    parted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for entity, person, met in zip(found, people, troubles, strict=True):
        if sizes[person] > 1:
            for trouble in set(met.split(";")) if met else {"none"}:
                parted[trouble][0] += sizes[person] - together[entity, person]
                parted[trouble][1] += sizes[person] - 1
    return {trouble: {"missed": part / whole, "pairs": whole} for trouble, (part, whole) in sorted(parted.items())}


def pairs_within(sizes: Counter[Any]) -> int:
    """Pairs within groups of these sizes."""
    return sum(_two(size) for size in sizes.values())


def _two(size: int) -> int:
    return size * (size - 1) // 2
