"""How alike two names are that are written as whole strings: any order, any number of parts, any alphabet we have a table for.

Parts are set beside one another best first. What both names have weighs for them, a part that only one has weighs little (people
leave names out), and a part on each side that stands beside nothing weighs most against: two different names were given.
The settings were chosen on a random half of 826 published hard pairs (bench/resolution_names.py); no score acts by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from crossline.engines.resolution.names import name_reference
from crossline.engines.resolution.whole_name_parts import Part, PartKind, TakenApart, take_apart


class Likeness(Enum):
    """Why two parts of names were set beside each other; the value is what an explanation says."""

    SAME = "the same"
    VARIANT = "a short form or another spelling of one name"
    SOUND = "written differently for one sound"
    CONSONANTS = "the same consonants"
    SLIP = "alike but for a slip"
    INITIAL = "an initial"
    JOINED = "written as one word and as two"
    ABBREVIATED = "the first letters"
    ALONE = "only in one of the names"


class SetBeside(NamedTuple):
    """Parts of the two names beside each other (one side is empty where it stands alone), how alike from 0 to 1, and why."""

    left: str
    right: str
    likeness: Likeness
    score: float


class NameSimilarity(NamedTuple):
    """How alike two whole names are, 0 to 1, and the parts that make it so."""

    score: float
    parts: tuple[SetBeside, ...]

    def in_words(self) -> str:
        """The parts in a sentence, for an explanation."""
        told = [
            f"{part.left} and {part.right}: {part.likeness.value}" for part in self.parts if part.left and part.right
        ]
        alone = [part.left or part.right for part in self.parts if not (part.left and part.right)]
        if alone:
            told.append(f"{', '.join(alone)}: {Likeness.ALONE.value}")
        return "; ".join(told)


@dataclass(frozen=True, slots=True, eq=False)  # comparisons are kept by the object
class NameWeights:
    """What the score is made from. [D], chosen on one half of the published pairs."""

    conflict: float = 2.4  # a part on each side that stands beside nothing
    extra: float = 0.1  # a part that one name has more
    extra_organisation: float = 1.7
    forms_differ: float = 0.08  # two legal forms that are not one
    slip: float = 1.4  # how fast likeness falls with slips for each letter
    most_slips: float = 2.0  # more than two slips make another name, however long it is
    least: float = 0.525  # likeness from which parts may stand beside each other
    variant: float = 0.97
    sound: float = 0.98
    consonants: float = 0.92
    initial: float = 0.7
    changed_about: float = 0.6  # A son of B beside B son of A
    alone_factor: float = 0.8  # one name of several parts has only one part in common with the other


WEIGHTS: Final = NameWeights()
LIKELY_ONE_NAME: Final = 0.72
"""The score with the best F1 on the tuning half [D]. A lead for somebody to look at, never a decision."""
NAME_WEIGHT: Final = 0.5  # what weighs less is a particle, an initial or a number
BELOW_ONE: Final = 0.999  # names that are not the same letter for letter
_RANK: Final = itemgetter(0, 1, 2, 3)
SONS: Final = frozenset({"bin", "ibn", "ben", "bint", "binti"})


def name_similarity(left: str, right: str, weights: NameWeights = WEIGHTS) -> NameSimilarity:
    """How alike two names are, and why. Symmetric; 1 for a name and itself; 0 where one holds no letter or digit."""
    turned = left > right
    one, other = (take_apart(right), take_apart(left)) if turned else (take_apart(left), take_apart(right))
    if not one.parts or not other.parts:
        return NameSimilarity(0.0, ())
    if one.whole == other.whole or (one.joined == other.joined and one.forms == other.forms):
        likeness = Likeness.SAME if len(one.parts) == len(other.parts) else Likeness.JOINED
        score, parts = 1.0, [SetBeside(_written(one.parts), _written(other.parts), likeness, 1.0)]
    elif abbreviated := _abbreviated(one, other):
        score, parts = abbreviated.score, [abbreviated]
    else:
        score, parts = _compared(one, other, weights)
    if turned:
        parts = [SetBeside(right, left, likeness, alike) for left, right, likeness, alike in parts]
    return NameSimilarity(score, tuple(parts))


def _compared(one: TakenApart, other: TakenApart, weights: NameWeights) -> tuple[float, list[SetBeside]]:
    organisation = one.is_organisation or other.is_organisation
    found, lefts, rights = _beside(one.parts, other.parts, weights)
    common = whole = 0.0
    names = 0
    for beside, weight in found:
        common += weight * beside.score
        whole += weight
        names += weight >= NAME_WEIGHT
    alone_left, alone_right = _alone(lefts, one.parts, rights), _alone(rights, other.parts, lefts)
    conflict, extra = min(alone_left, alone_right), abs(alone_left - alone_right)
    dearth = weights.extra_organisation if organisation else weights.extra
    score = common / max(1e-9, whole + weights.conflict * conflict + dearth * extra)
    if names < 2 and max(_names(one.parts), _names(other.parts)) > 1:
        score *= weights.alone_factor
    if organisation and one.forms and other.forms and not one.forms & other.forms:
        score -= weights.forms_differ
    if _father_and_child_changed_about(one, other, found):
        score *= weights.changed_about
    parts = [beside for beside, _ in found]
    parts += [SetBeside(part.text, "", Likeness.ALONE, 0.0) for part in lefts]
    parts += [SetBeside("", part.text, Likeness.ALONE, 0.0) for part in rights]
    return max(0.0, min(BELOW_ONE, score)), parts


def _beside(
    left: tuple[Part, ...], right: tuple[Part, ...], weights: NameWeights
) -> tuple[list[tuple[SetBeside, float]], list[Part], list[Part]]:
    """(what stands beside what, with its weight; parts left over on the left; on the right), best first."""
    found: list[tuple[SetBeside, float]] = []
    rest_left, rest_right = list(range(len(left))), list(range(len(right)))
    for at, part in enumerate(left):  # the same words first: most pairs need no more
        for beside in rest_right:
            if part.text == right[beside].text and part.vowelless == right[beside].vowelless:
                weight = (part.weight + right[beside].weight) / 2
                found.append((SetBeside(part.text, part.text, Likeness.SAME, 1.0), weight))
                rest_left.remove(at)
                rest_right.remove(beside)
                break
    if not rest_left or not rest_right:
        return found, [left[at] for at in rest_left], [right[at] for at in rest_right]
    candidates = []
    for at in rest_left:
        for beside in rest_right:
            score, likeness = _alike(left[at], right[beside], weights)
            if score >= weights.least:
                candidates.append((-score, abs(at - beside), at, beside, likeness))
    candidates.sort(key=_RANK)
    for negative, _, at, beside, likeness in candidates:
        if at in rest_left and beside in rest_right:
            rest_left.remove(at)
            rest_right.remove(beside)
            weight = (left[at].weight + right[beside].weight) / 2
            found.append((SetBeside(left[at].text, right[beside].text, likeness, -negative), weight))
    if rest_left and rest_right:
        found += _joined(left, right, rest_left, rest_right)
    return found, [left[at] for at in rest_left], [right[at] for at in rest_right]


def _joined(
    left: tuple[Part, ...], right: tuple[Part, ...], rest_left: list[int], rest_right: list[int]
) -> list[tuple[SetBeside, float]]:
    """Neighbours of one side that the other writes as one word; what is used is taken out of the rests."""
    found = []
    for single, parts, several, many in ((left, right, rest_left, rest_right), (right, left, rest_right, rest_left)):
        for at in list(several):
            run = _run_of(single[at], parts, many)
            if run:
                weight = sum(parts[each].weight for each in run)
                texts = " ".join(parts[each].text for each in run)
                initials = len(run) == len(single[at].text)
                likeness, score = (Likeness.INITIAL, 0.8) if initials else (Likeness.JOINED, 0.97)
                pair = (single[at].text, texts) if single is left else (texts, single[at].text)
                found.append((SetBeside(*pair, likeness, score), weight))
                several.remove(at)
                for each in run:
                    many.remove(each)
    return found


def _run_of(part: Part, parts: tuple[Part, ...], free: list[int]) -> list[int]:
    """Free neighbours that together spell the part, or whose first letters do."""
    if len(part.text) < 2:
        return []
    for start in range(len(free)):
        for length in (2, 3):
            run = free[start : start + length]
            if len(run) < length or run[-1] - run[0] != length - 1:
                continue
            texts = [parts[at].text for at in run]
            together = "".join(texts)
            if (
                abs(len(together) - len(part.text)) <= 1
                and len(together) > 4
                and OSA.distance(together, part.text) <= 1
            ):
                return run
            if len(part.text) == length and "".join(text[0] for text in texts) == part.text:
                return run
    return []


def _abbreviated(one: TakenApart, other: TakenApart) -> SetBeside | None:
    """PLA beside People's Liberation Army."""
    for short, long in ((one, other), (other, one)):
        if len(short.parts) == 1 and len(long.parts) >= 3 and 3 <= len(short.joined) <= 6:
            first = "".join(part.text[0] for part in long.parts)
            telling = "".join(part.text[0] for part in long.parts if part.kind is not PartKind.PARTICLE)
            if short.joined in (first, telling):
                pair = (_written(one.parts), _written(other.parts))
                return SetBeside(*pair, Likeness.ABBREVIATED, 0.8)
    return None


def _alone(rest: list[Part], parts: tuple[Part, ...], against: list[Part]) -> float:
    """What the parts left over weigh; one that the name has twice weighs nothing, unless something stands against it."""
    return sum(part.weight for part in rest if against or sum(part.text == each.text for each in parts) < 2)


def _father_and_child_changed_about(one: TakenApart, other: TakenApart, found: list[tuple[SetBeside, float]]) -> bool:
    """Salman bin Muhammad is not Muhammad bin Salman: who stands before the first "son of" must be one."""
    heads = []
    for name in (one, other):
        at = next((at for at, part in enumerate(name.parts) if part.text in SONS), 0)
        if not at:
            return False
        heads.append({part.text for part in name.parts[:at]})
    beside = [
        each for each, weight in found if weight >= NAME_WEIGHT and (each.left in heads[0] or each.right in heads[1])
    ]
    return bool(beside) and not any(each.left in heads[0] and each.right in heads[1] for each in beside)


def _names(parts: tuple[Part, ...]) -> int:
    return sum(1 for part in parts if part.weight >= NAME_WEIGHT)


def _alike(one: Part, other: Part, weights: NameWeights) -> tuple[float, Likeness]:
    if one.text == other.text:
        return (1.0 if one.vowelless == other.vowelless else 0.9), Likeness.SAME
    return _alike_words(one, other, weights) if one.text < other.text else _alike_words(other, one, weights)


@lru_cache(maxsize=1 << 17)
def _alike_words(one: Part, other: Part, weights: NameWeights) -> tuple[float, Likeness]:
    """How alike two different words are. The same two are compared once."""
    kinds = {one.kind, other.kind}
    if PartKind.NUMBER in kinds:
        return 0.0, Likeness.ALONE
    if PartKind.PARTICLE in kinds:
        return (0.9 if one.kind is other.kind and one.bones == other.bones else 0.0), Likeness.SOUND
    if PartKind.INITIAL in kinds:
        alike = one.text[0] == other.text[0] and len(one.text) != len(other.text)
        return (weights.initial if alike else 0.0), Likeness.INITIAL
    if one.vowelless or other.vowelless:
        return _by_bones(one, other, weights)
    return _by_spelling(one, other, weights)


def _by_spelling(one: Part, other: Part, weights: NameWeights) -> tuple[float, Likeness]:
    if other.text in name_reference().forename_variants.get(one.text, ()):
        return weights.variant, Likeness.VARIANT
    if one.sound == other.sound:
        return weights.sound, Likeness.SOUND
    best = (0.0, Likeness.ALONE)
    if one.bones == other.bones and len(one.bones) >= 3 and one.sound[0] == other.sound[0]:
        best = (weights.consonants, Likeness.CONSONANTS)
    length = max(len(one.text), len(other.text))
    slips = min(OSA.distance(one.text, other.text), OSA.distance(one.sound, other.sound) + 0.5)
    if slips > weights.most_slips:
        return best
    return max(best, (1.0 - weights.slip * slips / length, Likeness.SLIP), key=itemgetter(0))


def _by_bones(one: Part, other: Part, weights: NameWeights) -> tuple[float, Likeness]:
    length = max(len(one.bones), len(other.bones))
    if not length:
        return 0.0, Likeness.CONSONANTS
    slips = OSA.distance(one.bones, other.bones)
    if not slips:
        return weights.consonants + 0.04, Likeness.CONSONANTS
    return max(0.0, weights.consonants - slips / length), Likeness.CONSONANTS


def _written(parts: tuple[Part, ...]) -> str:
    return " ".join(part.text for part in parts)
