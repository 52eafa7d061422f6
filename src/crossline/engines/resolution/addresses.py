"""UK addresses compared, and the best of several candidates chosen: weights in bits with the reasons, never a silent join.

`compare(read_address(one), read_address(other))` gives the evidence of a pair; it depends on the two texts alone. Two flats
of a house are different addresses; a flat that one of them leaves out only weakens the evidence; what both leave out is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from crossline.engines.resolution.address_keys import address_keys
from crossline.engines.resolution.address_levels import (
    APART,
    ASPECTS,
    FLAT,
    NAME,
    NUMBER,
    PLACE,
    PRIOR_BITS,
    TELLING,
    THRESHOLD_BITS,
    VERSION,
    WORTH_SHOWING_BITS,
)
from crossline.engines.resolution.address_reading import Address, Number, read_address
from crossline.engines.resolution.address_streets import Likeness, streets
from crossline.engines.resolution.evidence import Aspect, Evidence, Found

__all__ = [
    "ASPECTS",
    "PRIOR_BITS",
    "THRESHOLD_BITS",
    "VERSION",
    "WORTH_SHOWING_BITS",
    "Address",
    "Choice",
    "address_keys",
    "compare",
    "contradict",
    "match_address",
    "read_address",
]

LEAST_LEAD_BITS = 1.0
"""[D] A choice whose runner-up is nearer than this is not settled."""


@dataclass(frozen=True)
class Choice:
    """The candidate that fits best. `settled`: at or above the threshold, and well ahead of the next."""

    place: int
    evidence: Evidence
    lead_bits: float

    @property
    def settled(self) -> bool:
        return self.evidence.weight_bits >= THRESHOLD_BITS and self.lead_bits >= LEAST_LEAD_BITS


def compare(left: Address, right: Address) -> Evidence | None:
    """The evidence that two addresses are one; None where one of them is no evidence of any. Symmetric."""
    if not left.is_evidence or not right.is_evidence:
        return None
    place, more_left, more_right = _place(left, right)
    name = _name(left, right, (*left.name, *more_left), (*right.name, *more_right))
    found = (place, _number(left, right), _flat(left, right), name, _apart(left, right))
    return Evidence(PRIOR_BITS, tuple(each for each in found if each is not None))


def contradict(left: Address, right: Address) -> bool:
    """Whether two addresses cannot be one, whatever else joins them: another place, another house number or another flat."""
    place, _, _ = _place(left, right)
    found = (place, _number(left, right), _flat(left, right))
    return not {each.grade.code for each in found if each is not None}.isdisjoint({"elsewhere", "different"})


def match_address(messy: Address, candidates: Sequence[Address]) -> Choice | None:
    """The best of the candidates, by the evidence of each pair and by the words that tell the candidates apart.

    None where nothing can be compared. Of two alike, the first.
    """
    weighed = [
        (place, evidence) for place, each in enumerate(candidates) if (evidence := compare(messy, each)) is not None
    ]
    if not weighed:
        return None
    held = Counter(word for place, _ in weighed for word in candidates[place].words)
    ranked = []
    for place, evidence in weighed:
        told = _telling(messy.words, candidates[place].words, held, len(weighed))
        ranked.append((place, Evidence(evidence.prior_bits, (*evidence.found, told)) if told else evidence))
    ranked.sort(key=lambda each: (-each[1].weight_bits, each[0]))
    best = ranked[0]
    lead = best[1].weight_bits - ranked[1][1].weight_bits if len(ranked) > 1 else best[1].weight_bits
    return Choice(best[0], best[1], lead)


def _place(left: Address, right: Address) -> tuple[Found | None, tuple[str, ...], tuple[str, ...]]:
    """Postcode, street and town together, for they say much of the same; and what of a loose street is a name."""
    likeness, more_left, more_right = streets(left, right)
    return _graded(PLACE, _place_code(left, right, likeness)), more_left, more_right


def _place_code(left: Address, right: Address, street: Likeness) -> str:
    if not left.postcode or not right.postcode:
        return _without_postcode(_towns(left, right), street)
    apart = OSA.distance(left.postcode, right.postcode, score_cutoff=1)
    if apart == 0:
        return _OF_POSTCODE[street]
    if apart == 1 and street in _OF_NEAR_POSTCODE:
        return _OF_NEAR_POSTCODE[street]
    if street is not Likeness.SAME:
        return "elsewhere"
    if left.outward == right.outward:
        return "district and street"
    return "town and street" if _towns(left, right) else "street elsewhere"


_OF_POSTCODE = {
    Likeness.SAME: "postcode and street",
    Likeness.CLOSE: "postcode, street close",
    Likeness.WITHIN: "postcode, street within",
    Likeness.OTHER_KIND: "postcode, other kind",
    Likeness.UNSAID: "postcode",
    Likeness.DIFFERENT: "postcode, other street",
}
_OF_NEAR_POSTCODE = {
    Likeness.SAME: "near postcode and street",
    Likeness.CLOSE: "near postcode, street close",
    Likeness.UNSAID: "near postcode",
}
_OF_TOWN = {
    Likeness.SAME: "street and town",
    Likeness.CLOSE: "close street and town",
    Likeness.OTHER_KIND: "other kind and town",
    Likeness.UNSAID: "town",
}


def _without_postcode(towns: bool | None, street: Likeness) -> str:
    if towns:
        return _OF_TOWN.get(street, "elsewhere")
    if street is Likeness.SAME:
        return "street" if towns is None else "street elsewhere"
    return "" if towns is None and street is Likeness.UNSAID else "elsewhere"


def _towns(left: Address, right: Address) -> bool | None:
    """Whether the towns are one: all words of the shorter are in the longer. None where one is not said, or only some are."""
    fewer, more = sorted((set(left.places), set(right.places)), key=lambda words: (len(words), sorted(words)))
    if not fewer:
        return None
    shared = sum(any(_one_word(word, other) for other in more) for word in fewer)
    return True if shared == len(fewer) else None if shared else False


def _one_word(one: str, other: str) -> bool:
    return one == other or (len(one) > 4 and OSA.distance(one, other, score_cutoff=1) <= 1)


def _number(left: Address, right: Address) -> Found | None:
    ours, theirs = left.number, right.number
    if ours is None and theirs is None:
        return None
    if ours is None or theirs is None:
        return NUMBER.at("unsaid")
    if ours == theirs:
        return NUMBER.at("same")
    return NUMBER.at("range" if _ranges(ours, theirs) else _lettered(left, right, ours, theirs))


def _lettered(left: Address, right: Address, ours: Number, theirs: Number) -> str:
    """Of two numbers that are not equal: "21A" may be flat A at 21, or 21 with its letter left out."""
    if ours.low != theirs.low or ours.high != theirs.high or (ours.letter and theirs.letter):
        return "different"
    lettered, plain = (left, right) if ours.letter else (right, left)
    letter = ours.letter or theirs.letter
    return "flat by letter" if not lettered.flat and plain.flat == letter else "letter"


def _ranges(ours: Number, theirs: Number) -> bool:
    """Whether one is a house within the other's range, on its side of the street."""
    for whole, part in ((ours, theirs), (theirs, ours)):
        is_range = whole.high > whole.low or whole.last
        lettered = {"", whole.letter, whole.last}
        if is_range and part.low == part.high and whole.low <= part.low <= whole.high:
            even = (part.low - whole.low) % 2 == 0 or (whole.high - whole.low) % 2 == 1
            return even and part.letter in lettered
    return False


def _flat(left: Address, right: Address) -> Found | None:
    if not left.unit or not right.unit:
        return _flat_unsaid(left, right)
    if left.flat and right.flat:
        return FLAT.at(_designators(left.flat, right.flat))
    if left.floors and right.floors:
        return FLAT.at(_floors(left.floors, right.floors))
    if (left.flat or left.floors) and (right.flat or right.floors):
        return FLAT.at("said otherwise")
    return FLAT.at("unnamed") if left.flat or left.floors or right.flat or right.floors else None


def _flat_unsaid(left: Address, right: Address) -> Found | None:
    """Where one of them speaks of no flat; silent where neither does, and where a letter after the number has said it."""
    if not left.unit and not right.unit:
        return None
    said, other = (left, right) if left.unit else (right, left)
    if said.flat and said.number and other.number and not said.number.letter and other.number.letter == said.flat:
        return None
    return FLAT.at("unsaid" if said.flat or said.floors else "unnamed")


def _designators(ours: str, theirs: str) -> str:
    if ours == theirs:
        return "same"
    letter, digits = sorted((ours, theirs), key=str.isdigit)
    by_letter = len(letter) == 1 and letter.isalpha() and digits.isdigit()
    return "counted otherwise" if by_letter and int(digits) == ord(letter) - ord("A") + 1 else "different"


_LOW = frozenset({"basement", "garden", "ground", "lower"})
_HIGHEST = frozenset({"top", "upper"})


def _floors(ours: frozenset[str], theirs: frozenset[str]) -> str:
    if ours == theirs:
        return "floor"
    if ours & theirs:
        return "floor within"
    for one, other in ((ours, theirs), (theirs, ours)):
        if one <= _HIGHEST and not other & _LOW:
            return "floor unclear"
        if one <= {"lower", "garden"} and other <= _LOW:
            return "floor unclear"
    return "different"


def _name(left: Address, right: Address, ours: tuple[str, ...], theirs: tuple[str, ...]) -> Found | None:
    numbered = left.number is not None and right.number is not None
    if not ours and not theirs:
        return None
    if not ours or not theirs:
        unnamed = right if ours else left
        named = left if ours else right
        return NAME.at("name for number" if named.number is None and unnamed.number is not None else "unsaid")
    likeness = _names_alike(ours, theirs)
    if likeness == "different" and not numbered:
        return NAME.at("different alone")
    alone = left.number is None or right.number is None
    return NAME.at(f"{likeness} alone" if alone and likeness in {"same", "part"} else likeness)


def _names_alike(ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    one, other = "".join(ours), "".join(theirs)
    if one == other or (min(len(one), len(other)) > 5 and OSA.distance(one, other, score_cutoff=1) <= 1):
        return "same"
    shared = set(ours) & set(theirs)
    if shared and shared in ({*ours}, {*theirs}):
        return "part"
    return "alike" if 2 * len(shared) > min(len(ours), len(theirs)) else "different"


def _apart(left: Address, right: Address) -> Found | None:
    if not left.apart and not right.apart:
        return None
    return APART.at("same" if left.apart & right.apart else "unsaid")


def _telling(ours: frozenset[str], theirs: frozenset[str], held: Counter[str], candidates: int) -> Found | None:
    """Words of the address that some candidates have and others lack: whether this one has them."""
    if candidates < 2:
        return None
    telling = {word for word in ours if 0 < held[word] < candidates}
    missing, extra = telling - theirs, theirs - ours
    if telling and not missing:
        return TELLING.at("held")
    if telling & theirs:
        return TELLING.at("partly held")
    if telling:
        return TELLING.at("not held")
    return TELLING.at("more besides") if extra else None


def _graded(aspect: Aspect, code: str) -> Found | None:
    return aspect.at(code) if code else None
