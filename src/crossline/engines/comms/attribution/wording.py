"""What a finding on two phones is called: answers, the verbal scale, and sentences that say no more than the figures do."""

from __future__ import annotations

from enum import StrEnum
from math import floor

BANNER = (
    "Intelligence lead, not evidence unless validated by an expert. Where a phone was is opinion for an expert in cell site "
    "analysis; these figures come from a model learnt on synthetic records. Having a phone is not controlling it: a child or "
    "an exploited person may be handed a line's phone."
)
SCALE_SOURCE = (
    "Verbal scale: Association of Forensic Science Providers, Standards for the formulation of evaluative forensic science "
    "expert opinion, Science & Justice 49 (2009) 161-164."
)
_SCALE = (
    (1.0, "weak support"),
    (2.0, "moderate support"),
    (3.0, "moderately strong support"),
    (4.0, "strong support"),
    (6.0, "very strong support"),
    (99.0, "extremely strong support"),
)


class Answer(StrEnum):
    """What was found of one candidate. None of them says whose a phone is."""

    NO_RECORDS = "no data: the number has no records here"
    NO_PAIRS = "no data: the two were never seen with cells within a quarter of an hour"
    TOO_LITTLE = "too little to compare"
    DIFFERENT = "speaks for different hands"
    UNDECIDED = "tells neither same hands nor a stranger"
    COMPANION = "speaks for a companion rather than same hands"
    CANNOT_SEPARATE = "cannot separate same hands from a companion"
    SAME_HANDS = "speaks for same hands"


TELLING = 1.0  # log10: a ratio below ten either way is not acted on [D]
LEAST_BLOCKS = 10  # of four hours, before anything is said [D]


def answer_of(pairs: int, blocks: int, against_stranger: float, against_companion: float) -> Answer:
    """The answer to two log10 likelihood ratios and how much they rest on."""
    if not pairs:
        return Answer.NO_PAIRS
    if blocks < LEAST_BLOCKS:
        return Answer.TOO_LITTLE
    if against_stranger <= -TELLING:
        return Answer.DIFFERENT
    if against_stranger < TELLING:
        return Answer.UNDECIDED
    if against_companion <= -TELLING:
        return Answer.COMPANION
    return Answer.SAME_HANDS if against_companion >= TELLING else Answer.CANNOT_SEPARATE


def support(log10: float) -> str:
    """The verbal scale's words for the size of a ratio."""
    return next(words for most, words in _SCALE if abs(log10) <= most)


def times(log10: float) -> str:
    """A ratio in figures: two digits that count, rounded down, as no more is known."""
    ratio = 10.0 ** abs(log10)
    unit = 10 ** max(floor(abs(log10)) - 1, 0)
    if ratio < 10:
        return f"{floor(ratio * 10 + 1e-9) / 10:g}"
    return f"{floor(ratio / unit + 1e-9) * unit:,}"


def sentence(line: str, candidate: str, log10: float, *, companion: bool, at_bound: bool) -> str:
    """One finding as a court may be told it: both propositions, the ratio, the scale's words."""
    same = f"the phones {line} and {candidate} were in the same hands"
    other = (
        "they were in the hands of two people who live or travel together some of the time"
        if companion
        else "they were in the hands of two people of one area who have nothing to do with each other"
    )
    first, second = (same, other) if log10 >= 0 else (other, same)
    bound = " (the bound of what the model was tested for)" if at_bound else ""
    return (
        f"The findings are {times(log10)} times more probable if {first} than if {second}{bound}: "
        f"{support(log10)} for the first over the second."
    )
