"""Evidence about things (addresses, plates, telephones): declared grades of agreement, summed in bits and said in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Grade:
    """One grade of agreement: its code, its words in an explanation, and its weight in bits (log2 of m/u)."""

    code: str
    words: str
    bits: float


@dataclass(frozen=True)
class Aspect:
    """What is compared between two things, and the grades that the comparison can come to. Silence is no grade: 0 bits."""

    name: str
    grades: tuple[Grade, ...]

    def __post_init__(self) -> None:
        if len({grade.code for grade in self.grades}) != len(self.grades):
            raise ValueError(f"Aspect {self.name} has two grades of one code: name each once.")

    def at(self, code: str) -> Found:
        """The finding that this grade was reached. KeyError for a code that is not declared."""
        for place, grade in enumerate(self.grades):
            if grade.code == code:
                return Found(self.name, place, grade)
        raise KeyError(code)


@dataclass(frozen=True)
class Found:
    """One comparison's outcome."""

    aspect: str
    place: int
    grade: Grade


@dataclass(frozen=True)
class Evidence:
    """What a pair's comparisons amount to: the prior and the findings' bits add up to `weight_bits` exactly."""

    prior_bits: float
    found: tuple[Found, ...]

    @property
    def weight_bits(self) -> float:
        return self.prior_bits + sum(each.grade.bits for each in self.found)

    def code_of(self, aspect: str) -> str:
        """The grade reached in an aspect, "" where the pair had nothing to say."""
        return next((each.grade.code for each in self.found if each.aspect == aspect), "")

    def compact(self) -> list[list[str | int | float]]:
        """As a match keeps it: [[aspect, place of the grade, bits], …]."""
        return [[each.aspect, each.place, each.grade.bits] for each in self.found]


def evidence_from(
    compact: Iterable[Sequence[str | int | float]], aspects: Mapping[str, Aspect], prior: float
) -> Evidence:
    """What `Evidence.compact` wrote, with the words of today's declarations and the bits that were kept."""
    found = []
    for aspect, place, bits in compact:
        grade = aspects[str(aspect)].grades[int(place)]
        found.append(Found(str(aspect), int(place), Grade(grade.code, grade.words, float(bits))))
    return Evidence(prior, tuple(found))


def in_a_sentence(evidence: Evidence, one: str, two: str) -> str:
    """What speaks for and against, and the odds: "About 40 to one that these are one address: for it: …; against it: …."

    `one`, `two`: what they are if they are one ("one address"), and if not ("two addresses").
    """
    by_size = sorted(evidence.found, key=lambda each: (-abs(each.grade.bits), each.aspect))
    for_it = ", ".join(each.grade.words for each in by_size if each.grade.bits > 0)
    against = ", ".join(each.grade.words for each in by_size if each.grade.bits < 0)
    weight = evidence.weight_bits
    spoken = "; ".join(
        filter(None, [f"for it: {for_it}" if for_it else "", f"against it: {against}" if against else ""])
    )
    return f"{_odds(weight)} that these are {one if weight >= 0 else two}{': ' + spoken if spoken else ''}."


def _odds(weight: float) -> str:
    odds = 2 ** abs(weight)
    if odds > 1_000_000:
        return "More than a million to one"
    return "As likely as not" if odds < 1.5 else f"About {round(odds):,} to one"
