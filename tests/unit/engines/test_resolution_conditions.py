"""Conditions over arrays refuse what they have no word for."""

import pytest

from crossline.engines.resolution import conditions
from crossline.engines.resolution.expressions import NotTranslatable, parsed


@pytest.mark.parametrize(
    "sql",
    ["fore_l like 'x%'", "coalesce(fore_l = fore_r, true)", "phones_l[2] = phones_r[2]", "upper(fore_l) = fore_r"],
)
def test_what_arrays_have_no_word_for_is_refused(sql: str) -> None:
    with pytest.raises(NotTranslatable):
        conditions.when_true(parsed(sql))
