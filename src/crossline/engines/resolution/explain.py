"""Why two mentions were matched: the parts of a weight, in words and in bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.engines.resolution.model import Model


@dataclass(frozen=True)
class Part:
    """What one comparison said. `one_in`: one in so many people shares the value, where that set its weight."""

    comparison: str
    level: str
    words: str
    bits: float
    one_in: int | None = None


@dataclass(frozen=True)
class Explanation:
    """`prior_bits` and the parts' bits add up to `weight_bits` exactly."""

    model_version: str
    prior_bits: float
    parts: tuple[Part, ...]

    @property
    def weight_bits(self) -> float:
        return self.prior_bits + sum(part.bits for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """What is kept beside a match."""
        return {
            "model": self.model_version,
            "prior": self.prior_bits,
            "parts": [[part.comparison, part.level, part.words, part.bits, part.one_in] for part in self.parts],
        }


def explain(levels: Iterable[Mapping[str, Any]], model: Model) -> Explanation:
    """The explanation of one row of score_pairs, from its `levels`; strongest part first."""
    parts = []
    for each in levels:
        comparison = COMPARISONS[each["comparison"]]
        level = comparison.levels[each["level"]]
        bits = float(each["bits"])
        one_in = None
        if level.share_of:
            one_in = round(2**bits / model.values[comparison.name][level.code].m)
        parts.append(Part(comparison.name, level.code, level.words, bits, one_in))
    parts.sort(key=lambda part: (-abs(part.bits), part.comparison))
    return Explanation(model.version, model.prior_bits, tuple(parts))


def explanation_from_json(content: Mapping[str, Any]) -> Explanation:
    """What Explanation.as_json wrote."""
    return Explanation(content["model"], content["prior"], tuple(Part(*part) for part in content["parts"]))


def sentence(explanation: Explanation) -> str:
    """One sentence for the page: what speaks for, what speaks against, and the odds they amount to."""
    for_it = [_said(part) for part in explanation.parts if part.bits >= 0.5]
    against = [_said(part) for part in explanation.parts if part.bits <= -0.5]
    weight = explanation.weight_bits
    verdict = f"{_odds(weight)} that these are {'the same person' if weight >= 0 else 'different people'}"
    spoken = "; ".join(filter(None, [
        f"for it: {', '.join(for_it)}" if for_it else "",
        f"against it: {', '.join(against)}" if against else "",
    ]))  # fmt: skip
    return f"{verdict}{': ' + spoken if spoken else ''}."


def _said(part: Part) -> str:
    return f"{part.words} (1 person in {part.one_in:,})" if part.one_in and part.one_in > 1 else part.words


def _odds(weight: float) -> str:
    odds = 2 ** abs(weight)
    return "More than a million to one" if odds > 1_000_000 else f"About {max(1, round(odds)):,} to one"
