"""A matching model: what each level of each comparison is worth, in bits, under a version that names its meaning."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from crossline.engines.resolution.blocking import RULES
from crossline.engines.resolution.comparisons import COMPARISONS, Comparison, Level
from crossline.engines.resolution.names import SHARE_STEPS, name_reference
from crossline.errors import CrosslineError

FORMAT = 2
# Bits are kept in steps of 1/1024, so that the parts of a weight add up to it exactly, in any order.
BIT_STEPS = SHARE_STEPS
# [D] No single agreement or disagreement may count for more than this, whatever a sample seems to say.
MOST_BITS = 20.0
# [D] A handful of rows says little about how often people recur: odds of a random pair stay within these bounds.
LEAST_PRIOR_BITS, MOST_PRIOR_BITS = -24.0, -7.0


class ModelError(CrosslineError):
    """A model lacks a value for a level, or was made for other comparisons: it must not score anything."""


@dataclass(frozen=True)
class LevelValues:
    """m: share of pairs of one person that show the level; u: share of pairs of two people. Both in (0, 1]."""

    m: float
    u: float


@dataclass(frozen=True)
class Model:
    """A registered release.

    `recurrence`: how many other mentions of the same person a mention has, on average. `scale`: the number of mentions,
    as a power of two, that the release is registered for: with it, how likely two of them are one person.
    """

    release: str
    recurrence: float
    scale: int
    values: Mapping[str, Mapping[str, LevelValues]]  # comparison -> level -> values
    diagnostics: Mapping[str, Any]

    def __post_init__(self) -> None:
        for comparison in COMPARISONS:
            for level in comparison.levels:
                found = self.values.get(comparison.name, {}).get(level.code)
                if found is None or not (0 < found.m <= 1 and 0 < found.u <= 1):
                    raise ModelError(
                        f"the model {self.release} has no value for {comparison.name}, {level.words}: train it again"
                    )

    @property
    def prior_bits(self) -> float:
        """log2 odds that two mentions drawn at random are one person, in whole steps."""
        bits = math.log2(self.recurrence) - self.scale
        return round(max(LEAST_PRIOR_BITS, min(MOST_PRIOR_BITS, bits)) * BIT_STEPS) / BIT_STEPS

    @cached_property
    def version(self) -> str:
        """Names the release and everything a score depends on: values, level definitions, keys, name tables."""
        content = json.dumps(
            [FORMAT, self.recurrence, self.scale, _plain(self.values), definitions_digest(), name_reference().digest],
            sort_keys=True,
        )
        return f"{self.release}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"

    def of_scale(self, scale: int) -> Model:
        """The same release at a scale: one object each, which keeps what is reckoned from it."""
        if scale not in self._of_scales:
            self._of_scales[scale] = replace(self, scale=scale)
        return self._of_scales[scale]

    @cached_property
    def _of_scales(self) -> dict[int, Model]:
        return {}

    @property
    def prior_steps(self) -> int:
        """The same in steps."""
        return round(self.prior_bits * BIT_STEPS)

    def steps(self, comparison: Comparison) -> dict[str, int]:
        """Level code -> its weight, log2(m / u), in steps; log2(m) where the share of the name itself takes the place of u.

        Bounded, except where a name's share sets the weight.
        """
        weights: dict[str, int] = {}
        for level in comparison.levels:
            values = self.values[comparison.name][level.code]
            if level.share_of:
                weights[level.code] = round(math.log2(values.m) * BIT_STEPS)
                continue
            bits = max(-MOST_BITS, min(MOST_BITS, math.log2(values.m / values.u)))
            weights[level.code] = round(bits * BIT_STEPS)
        return weights

    def usual_bits(self, comparison: Comparison, level: Level) -> float:
        """What a level weighs for a value as common as most are: log2(m / u), bounded, also where a name's share sets it."""
        values = self.values[comparison.name][level.code]
        return round(max(-MOST_BITS, min(MOST_BITS, math.log2(values.m / values.u))) * BIT_STEPS) / BIT_STEPS


def at_scale(model: Model, mentions: int) -> Model:
    """The release for a collection of so many mentions, rounded up to a power of two.

    The more people there are, the likelier that two who look alike are two. An installation registers a release at its
    scale and keeps it while it grows twofold; a weight then depends on that register, not on the rows of the day.
    """
    return model.of_scale(max(1, (max(2, mentions) - 1).bit_length()))


def definitions_digest() -> str:
    """Changes when a comparison, a level's condition or a blocking rule changes."""
    parts = [
        (
            comparison.name,
            comparison.silent,
            [(each.code, each.sql, each.share_of, each.least_share) for each in comparison.levels],
        )
        for comparison in COMPARISONS
    ]
    rules = [(rule.name, rule.sql, rule.each) for rule in RULES]
    return hashlib.sha256(json.dumps([parts, rules]).encode()).hexdigest()[:12]


def assumed_model(release: str = "assumed") -> Model:
    """The model of the written assumptions alone ([D], comparisons.py): where training starts."""
    values = {
        comparison.name: {level.code: LevelValues(level.m, level.u) for level in comparison.levels}
        for comparison in COMPARISONS
    }
    return Model(release=release, recurrence=4.0, scale=18, values=values, diagnostics={})


def save(model: Model, path: Path) -> None:
    """Write a model as JSON."""
    content = {
        "format": FORMAT, "release": model.release, "version": model.version, "definitions": definitions_digest(),
        "names": name_reference().digest, "recurrence": model.recurrence, "scale": model.scale, "values": _plain(model.values),
        "diagnostics": model.diagnostics,
    }  # fmt: skip
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Model:
    """Read a model; refuses one made for other comparisons, keys or name tables, or altered since."""
    return _read(path.read_text(encoding="utf-8"), str(path))


@cache
def released_model() -> Model:
    """The release shipped with the engine."""
    resource = files("crossline.engines.resolution") / "data" / "model.json"
    return _read(resource.read_text(encoding="utf-8"), "the shipped model")


def _read(text: str, where: str) -> Model:
    content = json.loads(text)
    if content.get("format") != FORMAT or content.get("definitions") != definitions_digest():
        raise ModelError(f"{where} was made for other comparisons or blocking rules: train it again")
    if content.get("names") != name_reference().digest:
        raise ModelError(f"{where} was made with other name tables: train it again")
    model = Model(
        release=content["release"],
        recurrence=content["recurrence"],
        scale=content["scale"],
        values={
            name: {code: LevelValues(each["m"], each["u"]) for code, each in levels.items()}
            for name, levels in content["values"].items()
        },
        diagnostics=content["diagnostics"],
    )
    if content["version"] != model.version:
        raise ModelError(f"{where} was altered after its release: its version does not fit its values")
    return model


def _plain(values: Mapping[str, Mapping[str, LevelValues]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        name: {code: {"m": each.m, "u": each.u} for code, each in levels.items()} for name, levels in values.items()
    }
