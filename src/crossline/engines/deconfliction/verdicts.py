"""How sure an agreement of keys is."""

from __future__ import annotations

from collections.abc import Iterable

from crossline.vocabulary.codes import Code


class Verdict(Code):
    """The surest first. None is an identification: a person rings and asks."""

    SAME = "same", "The same value"
    LIKELY = "likely", "Likely the same"
    MAY_BE = "may_be", "May be the same"


def surest(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The surest of them; None of none."""
    found = set(verdicts)
    return next((each for each in Verdict if each in found), None)
