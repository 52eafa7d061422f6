"""Whether a homicide is linked to drugs: an unknown is never folded into a yes or a no."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossline.picture.homicides import HomicideYear, is_drug_linked
from crossline.vocabulary.codes import Tristate

YES, NO, UNKNOWN = Tristate.YES, Tristate.NO, Tristate.UNKNOWN


@pytest.mark.parametrize(
    ("victim", "suspect", "linked"),
    [
        (YES, NO, YES),
        (NO, YES, YES),
        (YES, UNKNOWN, YES),
        (UNKNOWN, YES, YES),
        (NO, NO, NO),
        (NO, UNKNOWN, UNKNOWN),
        (UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_either_is_enough_and_both_must_be_known_for_a_no(
    victim: Tristate, suspect: Tristate, linked: Tristate
) -> None:
    assert is_drug_linked(victim, suspect) is linked


def test_the_share_is_of_the_known_and_its_bounds_of_all() -> None:
    year = HomicideYear("2016/17", linked=57, not_linked=43, unknown=25)
    assert (year.share, year.least, year.most) == (Decimal("57.0"), Decimal("45.6"), Decimal("65.6"))
    assert HomicideYear("2016/17", 0, 0, 3).share is None
    assert HomicideYear("2016/17", 0, 0, 0).most is None
