"""How strongly pairs of registrations speak for same hands: weights, blocks, hypotheses. Pure functions on numbers.

A pair's weight is ln P(band | together) / P(band | apart). The pairs of a block add up to W. Under a hypothesis a share s of
the blocks of one kind of time is spent together, s being left open; a kind's likelihood is the average over s of
    product over blocks of (s e^W + 1 - s)
and that of a hypothesis the product over the kinds, averaged over what the hypothesis consists of. A kind without pairs is one.
Everything a value rests on is in the released file, so that it can be worked out again by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossline.engines.comms.attribution.likelihood_ratios import Calibration

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BANDS = (
    "same cell",
    "within 0.2 of the reach of both cells",
    "within 0.4 of the reach",
    "within 0.6 of the reach",
    "within 0.8 of the reach",
    "within the reach",
    "within 1.4 times the reach",
    "within twice the reach",
    "within four times the reach",
    "farther, in one area",
    "in another area",
    "too far apart for the time between",
)
KINDS = ("night", "day", "away")
IMPOSSIBLE = 11
NEAR = 10  # bands below this are of one area, and their shares are counted from the phones held
_LN10 = float(np.log(10.0))


@dataclass(frozen=True)
class Part:
    """One way in which a hypothesis may hold: its share, and for each kind of time the chance of each share of the grid."""

    name: str
    share: float
    kinds: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Release:
    """Everything learnt, with what it was learnt on."""

    release: str
    trained_on: Mapping[str, Any]
    together: tuple[tuple[float, ...], ...]  # chance of each band: on different networks, on the same
    apart: tuple[tuple[tuple[float, ...], ...], ...]  # likewise for each kind of time, of strangers of the line's area
    weight_of_area: float  # how many phones the counted shares have to outvote
    grid: tuple[float, ...]
    same_hands: tuple[Part, ...]
    stranger: tuple[Part, ...]
    companion: tuple[Part, ...]
    against_stranger: Calibration
    against_companion: Calibration


@dataclass(frozen=True)
class Blocks:
    """The blocks of one or many candidates, in order of candidate: whose, of which kind, and their weight W."""

    candidate: Integers
    kind: Integers
    block: Integers
    weight: Floats
    pairs: Integers


@cache
def released() -> Release:
    """The release that ships with the product."""
    resource = files("crossline.engines.comms") / "data" / "attribution.json"
    return release_from(json.loads(resource.read_text(encoding="utf-8")))


def release_from(said: Mapping[str, Any]) -> Release:
    """A release as it stands in its file."""

    def rows(name: str) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(map(float, row)) for row in said[name])

    def parts(name: str) -> tuple[Part, ...]:
        return tuple(
            Part(str(each["name"]), float(each["share"]), tuple(tuple(map(float, row)) for row in each["kinds"]))
            for each in said[name]
        )

    return Release(
        release=str(said["release"]),
        trained_on=said["trained_on"],
        together=rows("together"),
        apart=tuple(tuple(tuple(map(float, row)) for row in kind) for kind in said["apart"]),
        weight_of_area=float(said["weight_of_area"]),
        grid=tuple(map(float, said["grid"])),
        same_hands=parts("same_hands"),
        stranger=parts("stranger"),
        companion=parts("companion"),
        against_stranger=Calibration(**said["against_stranger"]),
        against_companion=Calibration(**said["against_companion"]),
    )


def release_text(release: Release) -> str:
    """The file of a release: the same release, the same bytes."""
    return json.dumps(asdict(release), indent=1, ensure_ascii=False) + "\n"


def pair_weights(
    *,
    band: Integers,
    kind: Integers,
    same_network: Integers,
    base_hours: Floats,
    base_total: Floats,
    phones: int,
    release: Release,
) -> tuple[Floats, Floats]:
    """Of each pair ln P(band | together) / P(band | apart), and that P(band | apart).

    The share counted from the phones held (base_hours of base_total) weighs as much as there are phones, the released share
    as much as `weight_of_area` phones. It only parts what the release says of the whole area: how often a stranger who lives
    where the line's phone usually is would be near it at all, at night, by day, or where it is away.
    """
    together, apart = np.array(release.together), np.array(release.apart)
    prior = apart[kind, same_network, band]
    room = apart[:, :, :NEAR].sum(2)[kind, same_network]
    held = np.where(base_total > 0, float(phones), 0.0)
    counted = room * base_hours / np.maximum(base_total, 1.0)
    mixed = (held * counted + release.weight_of_area * prior) / (held + release.weight_of_area)
    chance = np.where(band < NEAR, mixed, prior)
    return np.log(together[same_network, band] / chance), chance


def blocks_of(candidate: Integers, kind: Integers, block: Integers, weight: Floats) -> Blocks:
    """Pairs added up to blocks, in order of candidate, kind and block. The pairs of one block are added in their order."""
    if not len(candidate):
        none = np.array([], np.int64)
        return Blocks(none, none, none, np.array([]), none)
    order = np.lexsort((block, kind, candidate))
    keys = np.column_stack([candidate, kind, block])[order]
    starts = np.flatnonzero(np.concatenate([[True], np.any(keys[1:] != keys[:-1], axis=1)]))
    sums = np.add.reduceat(weight[order], starts)
    counts = np.diff(np.append(starts, len(order)))
    return Blocks(keys[starts, 0], keys[starts, 1], keys[starts, 2], sums, counts)


def log_products(blocks: Blocks, candidates: Integers, grid: Sequence[float]) -> Floats:
    """ln of the product over blocks, for each candidate (sorted), kind of time and share of the grid."""
    shares = np.array(grid)
    found = np.zeros((len(candidates), len(KINDS), len(shares)))
    if not len(blocks.weight):
        return found
    with np.errstate(divide="ignore"):
        each = np.logaddexp(np.log(shares)[None, :] + blocks.weight[:, None], np.log1p(-shares)[None, :])
    at = np.searchsorted(candidates, blocks.candidate) * len(KINDS) + blocks.kind
    starts = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]]))
    found.reshape(-1, len(shares))[at[starts]] = np.add.reduceat(each, starts, axis=0)
    return found


def log_likelihood(products: Floats, parts: Sequence[Part]) -> Floats:
    """ln likelihood of a hypothesis, for each candidate of `products`."""
    return _log_sum(np.stack([part_likelihood(products, part) for part in parts]), axis=0)


def part_likelihood(products: Floats, part: Part) -> Floats:
    """ln likelihood of one part with its share."""
    with np.errstate(divide="ignore"):
        chances = np.log(np.array(part.kinds))
    found: Floats = np.log(part.share) + _log_sum(products + chances[None, :, :], axis=2).sum(1)
    return found


def raw_ratios(products: Floats, release: Release) -> tuple[Floats, Floats]:
    """log10 likelihood ratios of same hands against a stranger and against a companion, before calibration."""
    same = log_likelihood(products, release.same_hands)
    stranger, companion = log_likelihood(products, release.stranger), log_likelihood(products, release.companion)
    return (same - stranger) / _LN10, (same - companion) / _LN10


def _log_sum(values: Floats, axis: int) -> Floats:
    top = np.max(values, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = np.log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis=axis)
    return found
