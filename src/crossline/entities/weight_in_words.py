"""A weight in words: bits, odds, and step by step from two mentions at random to these two."""

from __future__ import annotations

from typing import Final

from crossline.drawing.waterfall import bars
from crossline.engines.resolution.explain import Explanation, Part
from crossline.entities.clusters import THRESHOLD_BITS

COMPARED: Final = {
    "forename": "Forename",
    "surname": "Surname",
    "middle": "Middle name",
    "birth": "Date of birth",
    "pnc": "PNC id",
    "nominal": "Nominal of a force",
    "phones": "Telephone numbers",
    "vehicle": "Vehicle",
    "address": "Address",
    "sex": "Sex",
    "monikers": "Aliases",
    "company": "Others named beside",
    "force": "Agency",
}


def times(bits: float) -> str:
    """Bits in plain words: how many times likelier something makes it that two are one."""
    odds = 2.0 ** abs(bits)
    size = "more than a million" if odds > 1_000_000 else f"{odds:,.0f}" if odds >= 10 else f"{odds:.1f}"
    return f"{size} times {'more' if bits >= 0 else 'less'} likely"


def odds(bits: float) -> str:
    """A weight in plain words: the odds that two are one."""
    many = 2.0 ** abs(bits)
    size = "more than a million" if many > 1_000_000 else f"{max(1, round(many)):,}"
    return f"{size} to one for it" if bits >= 0 else f"{size} to one against it"


def signed_bits(bits: float) -> str:
    """Bits with their sign: +9.3, −18.2."""
    return f"{'+' if bits >= 0 else '−'}{abs(bits):.1f}"


def part_words(part: Part) -> str:
    """What one comparison found, with how rare it is."""
    return f"{part.words} (1 person in {part.one_in:,})" if part.one_in and part.one_in > 1 else part.words


def steps(explanation: Explanation) -> list[dict[str, object]]:
    """From two mentions at random to these two: what each comparison adds, and the total so far."""
    said = [("At random", "two mentions picked blindly", explanation.prior_bits)]
    said += [(COMPARED[part.comparison], part_words(part), part.bits) for part in explanation.parts]
    drawn = bars([bits for _, _, bits in said], mark=THRESHOLD_BITS)
    total, rows = 0.0, []
    for (what, words, bits), bar in zip(said, drawn, strict=True):
        total += bits
        rows.append(
            {
                "what": what,
                "words": words,
                "bits": signed_bits(bits),
                "plain": times(bits),
                "total": odds(total),
                "bar": bar,
            }
        )
    rows[0]["plain"] = odds(said[0][2])
    return rows
