"""Bars that add up: each begins where the one before it ended, and all lie on one scale."""

from __future__ import annotations

import pytest

from crossline.drawing.waterfall import WIDTH, bars


def test_each_bar_begins_where_the_one_before_ended() -> None:
    first, gain, loss = bars([-10.0, 16.0, -2.0], mark=4.3)
    assert (first.is_gain, gain.is_gain, loss.is_gain) == (False, True, False)
    assert first.x + first.width == pytest.approx(first.zero, abs=0.02)
    assert gain.x == pytest.approx(first.x, abs=0.02)
    assert loss.x + loss.width == pytest.approx(gain.x + gain.width, abs=0.02)
    assert loss.x < loss.mark < loss.x + loss.width  # from 6 to 4 bits, over the mark of 4.3


def test_everything_lies_within_the_box_and_a_step_of_nothing_can_be_seen() -> None:
    for bar in bars([0.0, 30.0, -55.0], mark=-60.0):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.mark <= bar.zero <= WIDTH
        assert bar.width > 0
