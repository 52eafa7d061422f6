"""Whether two addresses name one street: a slip, another kind of street, or one written inside the other's places."""

from __future__ import annotations

from enum import StrEnum

from rapidfuzz.distance import OSA

from crossline.engines.resolution.address_reading import Address, Street

_LONG = 8
"""From so many letters two slips are allowed. [D]"""


class Likeness(StrEnum):
    """How two streets compare."""

    SAME = "same"
    CLOSE = "close"
    OTHER_KIND = "other kind"
    WITHIN = "within"
    UNSAID = "unsaid"
    DIFFERENT = "different"


def streets(left: Address, right: Address) -> tuple[Likeness, tuple[str, ...], tuple[str, ...]]:
    """How the streets compare, and which leading words of each belong to a building's name instead."""
    ours, theirs = left.street, right.street
    if not (ours.words or ours.kind) or not (theirs.words or theirs.kind):
        return Likeness.UNSAID, _loose(ours), _loose(theirs)
    ours, theirs, more_left, more_right = _aligned(ours, theirs)
    likeness = _alike(ours, theirs)
    if likeness is Likeness.DIFFERENT and (_within(ours, right) or _within(theirs, left)):
        likeness = Likeness.WITHIN
    return likeness, more_left, more_right


def _loose(street: Street) -> tuple[str, ...]:
    """All but the last word of a street before which a name may stand."""
    return street.words[:-1] if street.loose else ()


def _aligned(ours: Street, theirs: Street) -> tuple[Street, Street, tuple[str, ...], tuple[str, ...]]:
    """Both streets cut to the same reach, with what was cut from the front of each."""
    if ours.open_ or theirs.open_:
        reach = _open_reach(ours, theirs)
        return _first(ours, reach), _first(theirs, reach), (), ()
    if not ours.loose and not theirs.loose:
        return ours, theirs, (), ()
    if ours.loose and theirs.loose:
        shared = 0
        while shared < min(len(ours.words), len(theirs.words)) and ours.words[-1 - shared] == theirs.words[-1 - shared]:
            shared += 1
        reach = max(1, shared)
    else:
        reach = max(1, len(theirs.words if ours.loose else ours.words))
    one, more_left = _last(ours, reach) if ours.loose else (ours, ())
    two, more_right = _last(theirs, reach) if theirs.loose else (theirs, ())
    return one, two, more_left, more_right


def _open_reach(ours: Street, theirs: Street) -> int:
    if not ours.open_:
        return len(ours.words) or 1
    if not theirs.open_:
        return len(theirs.words) or 1
    shared = 0
    while shared < min(len(ours.words), len(theirs.words)) and ours.words[shared] == theirs.words[shared]:
        shared += 1
    return max(1, shared)


def _first(street: Street, reach: int) -> Street:
    return Street(street.words[:reach], street.kind if not street.open_ else "")


def _last(street: Street, reach: int) -> tuple[Street, tuple[str, ...]]:
    cut = max(0, len(street.words) - reach)
    return Street(street.words[cut:], street.kind), street.words[:cut]


def _alike(ours: Street, theirs: Street) -> Likeness:
    one, other = "".join(ours.words), "".join(theirs.words)
    kinds_agree = ours.kind == theirs.kind or not ours.kind or not theirs.kind
    if one == other:
        return Likeness.SAME if kinds_agree else Likeness.OTHER_KIND
    whole, other_whole = one + ours.kind, other + theirs.kind
    if whole == other_whole:
        return Likeness.SAME
    shorter = min(len(one), len(other))
    allowed = 2 if shorter >= _LONG else 1 if shorter > 3 else 0
    return (
        Likeness.CLOSE
        if kinds_agree and OSA.distance(one, other, score_cutoff=allowed) <= allowed
        else Likeness.DIFFERENT
    )


def _within(street: Street, other: Address) -> bool:
    """Whether a street stands among the other's places: "12 Fruit Street, Pudding Lane" is in Pudding Lane as well."""
    whole = (*street.words, street.kind) if street.kind else street.words
    return bool(street.words and street.kind) and any(
        other.town[at : at + len(whole)] == whole for at in range(len(other.town))
    )
