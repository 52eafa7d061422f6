"""returns.csv and homicides.csv: published national figures, split over the forces so that they add up to the figure exactly.

The national values are real and published (data/published_weeks.csv, each with its source). How much of each came from
which force was not published: the split, by residents and largest remainders, is ours, and every row's note says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

from crossline.simulation.apportion import apportion
from crossline.simulation.chance import stream
from crossline.simulation.geography import RAILWAY, population_weights
from crossline.vocabulary.agencies import CENTRE, forces
from crossline.vocabulary.metrics import METRICS

DATA: Final = Path(__file__).parent / "data"
NOTE: Final = "Synthetic split of a published national total."
NOTE_WHOLE: Final = "Published national figure; not split."
_WHOLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(  # made of their parts, force by force
    {
        "W_FIREARM": ("W_FIREARM_S1", "W_FIREARM_S5", "W_FIREARM_IMIT"),
        "W_TOTAL": ("W_BLADED", "W_FIREARM", "W_OTHER"),
        "SG_F": ("SG_F_A", "SG_F_C"),
        "SG_M": ("SG_M_A", "SG_M_C"),
        "SG_ADULT": ("SG_F_A", "SG_M_A"),
        "SG_CHILD": ("SG_F_C", "SG_M_C"),
        "SG_T": ("SG_ADULT", "SG_CHILD"),
    }
)
_ATOP: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(  # parts and a remainder the notices do not name
    {"D_CLASSA_KG": ("D_CRACK_KG", "D_HEROIN_KG", "D_COKE_KG")}
)
HOMICIDE_SHARES: Final[Mapping[str, int]] = MappingProxyType({"2014/15": 50, "2016/17": 57})
"""Per cent drug-linked of those known, Serious Violence Strategy (April 2018)."""
_UNKNOWN: Final = 8  # further homicides, in each hundred known, of which it is not known [D]


@dataclass(frozen=True, slots=True)
class Published:
    """One published national figure."""

    week: str
    metric: str
    value: Decimal
    unit: str
    qualifier: str


def published() -> list[Published]:
    """The published figures, as they stand in the data file."""
    with (DATA / "published_weeks.csv").open(encoding="utf-8", newline="") as file:
        return [
            Published(row["week"], row["metric"], Decimal(row["value"]), row["unit"], row["qualifier"])
            for row in csv.DictReader(file)
        ]


def reporting_forces(agency_ids: Sequence[str], *, all_forces: bool) -> tuple[str, ...]:
    """Who sends figures: the forces of England and Wales and the railway's; at the smallest scale, those there are."""
    known = [f.id for f in forces() if f.country in ("England", "Wales") or f.id == RAILWAY]
    return tuple(force for force in known if all_forces or force in agency_ids)


def week_rows(senders: Sequence[str]) -> dict[str, list[dict[str, object]]]:
    """Rows of returns.csv by sender; the centre returns what cannot be split."""
    found: dict[str, list[dict[str, object]]] = {sender: [] for sender in (*senders, CENTRE)}
    figures = published()
    for week in sorted({figure.week for figure in figures}):
        of_week = {figure.metric: figure for figure in figures if figure.week == week}
        split = _split(of_week, senders)
        for metric, figure in of_week.items():
            if metric not in split:
                found[CENTRE].append(_row(figure, CENTRE, figure.value, NOTE_WHOLE))
                continue
            for sender in senders:
                found[sender].append(_row(figure, sender, split[metric][sender], NOTE))
    return found


def _split(of_week: Mapping[str, Published], senders: Sequence[str]) -> dict[str, dict[str, Decimal]]:
    """Each additive figure by sender; wholes are the sums of their parts, so they agree force by force."""
    weights = population_weights(tuple(senders))
    split: dict[str, dict[str, Decimal]] = {}
    for metric, figure in of_week.items():
        derived = metric in _WHOLES and all(part in of_week for part in _WHOLES[metric])
        if METRICS[metric].is_additive and not derived and metric not in _ATOP:
            split[metric] = _apportioned(figure.value, figure.unit, _turned(weights, metric))
    for whole, parts in _ATOP.items():
        if whole in of_week:
            rest = of_week[whole].value - sum((of_week[part].value for part in parts), Decimal(0))
            remainder = _apportioned(rest, of_week[whole].unit, weights)
            split[whole] = {s: sum((split[part][s] for part in parts), remainder[s]) for s in senders}
    for whole, parts in _WHOLES.items():
        if whole in of_week and whole not in split:
            split[whole] = {s: sum((split[part][s] for part in parts), Decimal(0)) for s in senders}
    return split


def _turned(weights: Mapping[str, float], metric: str) -> dict[str, float]:
    """The weights, moved a little for each metric, so that forces do not all look alike."""
    return {sender: weight * (0.7 + 0.6 * Random(f"{metric}/{sender}").random()) for sender, weight in weights.items()}


def _apportioned(value: Decimal, unit: str, weights: Mapping[str, float]) -> dict[str, Decimal]:
    """Kilograms in hundredths, everything else in ones."""
    step = Decimal("0.01") if unit == "kg" else Decimal(1)
    return {sender: count * step for sender, count in apportion(int(value / step), weights).items()}


def _row(figure: Published, agency: str, value: Decimal, note: str) -> dict[str, object]:
    return {
        "campaign": figure.week,
        "agency": agency,
        "metric": figure.metric,
        "value": f"{value:f}",
        "unit": figure.unit,
        "status": "final",
        "note": note if figure.qualifier == "=" else f"{note} Published as approximate ({figure.qualifier}).",
    }


def homicide_rows(senders: Sequence[str], known: tuple[int, int], seed: int) -> dict[str, list[dict[str, object]]]:
    """Invented homicide records in whose known ones the published share is drug-linked, exactly."""
    weights = population_weights(tuple(senders))
    found: dict[str, list[dict[str, object]]] = {sender: [] for sender in senders}
    for (year, percent), count in zip(HOMICIDE_SHARES.items(), known, strict=True):
        linked, exact = divmod(count * percent, 100)
        if exact:
            raise ValueError(f"{percent} % of {count} homicides is no whole number: choose another count")
        answers = list(_answers(linked, count - linked, count * _UNKNOWN // 100, stream(seed, "homicides", year)))
        place = 0
        for sender, theirs in apportion(len(answers), weights).items():
            for number, (victim, suspect) in enumerate(answers[place : place + theirs], start=1):
                found[sender].append(
                    {
                        "agency": sender,
                        "ref": f"{sender.upper()}/H/{year.replace('/', '-')}/{number:03d}",
                        "year": year,
                        "victim_drug_user_or_dealer": victim,
                        "suspect_drug_user_or_dealer": suspect,
                    }
                )
            place += theirs
    return found


def _answers(linked: int, other: int, unknown: int, rng: Random) -> Iterator[tuple[str, str]]:
    """Victim and suspect of each: linked where either is, not linked where neither, not known where both are not."""
    ways = (("yes", "no"), ("no", "yes"), ("yes", "yes"), ("yes", "unknown"), ("unknown", "yes"))
    answers = [ways[int(rng.random() * len(ways))] for _ in range(linked)]
    answers += [("no", "no")] * other + [("unknown", "unknown")] * unknown
    rng.shuffle(answers)
    yield from answers
