"""Numbers of receipts: read out on the telephone, and never the same twice."""

from __future__ import annotations

import re

from crossline.access.receipt_numbers import receipt_number


def test_a_number_has_its_prefix_and_three_groups_of_signs_that_nobody_mishears() -> None:
    drawn = [receipt_number("D") for _ in range(200)]
    assert all(re.fullmatch(r"D(-[0-9A-HJKMNP-TV-Z]{4}){3}", each) for each in drawn)
    assert len(set(drawn)) == 200
