"""The bars of a line's numbers."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest

from crossline.drawing import NumberPeriod, Succession, numbers_over_time
from crossline.errors import UsageError

SVG = "{http://www.w3.org/2000/svg}"
UNTIL = dt.date(2026, 3, 31)
FIRST = NumberPeriod("07700 900123 #0001", dt.date(2025, 1, 3), dt.date(2025, 5, 20))
SECOND = NumberPeriod("07700 900123 #0002", dt.date(2025, 5, 18), None, "assessment", "one source")
CHANGE = Succession(FIRST.label, SECOND.label, dt.date(2025, 5, 19))


def labels(drawing: str) -> list[str]:
    """The numbers named at the left, from the top."""
    named = [text for text in ET.fromstring(drawing).iter(f"{SVG}text") if text.get("font-size") == "15"]
    return [text.text or "" for text in sorted(named, key=lambda text: float(text.get("y", 0)))]


def test_numbers_stand_in_order_of_first_use_and_share_a_row():
    again = NumberPeriod(FIRST.label, dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    drawing = numbers_over_time([SECOND, again, FIRST], title="Leo", until=UNTIL)
    assert labels(drawing) == [FIRST.label, SECOND.label]
    assert drawing.count("<title>07700 900123 #0001") == 2


def test_an_assessment_is_hollow_and_an_open_end_is_pointed():
    bars = list(ET.fromstring(numbers_over_time([FIRST, SECOND], title="Leo", until=UNTIL)).iter(f"{SVG}path"))
    titled = {bar[0].text: bar for bar in bars if len(bar) and bar[0].tag == f"{SVG}title"}
    fact, assessed = (next(b for t, b in titled.items() if t and label in t) for label in (FIRST.label, SECOND.label))
    assert fact.get("stroke-dasharray") is None
    assert assessed.get("stroke-dasharray")
    assert "L" not in (fact.get("d") or "")
    assert "L" in (assessed.get("d") or "")


def test_successions_are_arrows_and_said_in_words():
    drawing = numbers_over_time([FIRST, SECOND], title="Leo", until=UNTIL, successions=[CHANGE])
    assert drawing.count("crossline-svg__succession") == 1
    assert f"{SECOND.label} succeeded {FIRST.label} on 19 May 2025." in drawing
    elsewhere = Succession("not here", SECOND.label, CHANGE.at)
    assert "crossline-svg__succession" not in numbers_over_time(
        [FIRST, SECOND], title="Leo", until=UNTIL, successions=[elsewhere]
    )


def test_an_arrow_may_lead_upwards():
    back = Succession(SECOND.label, FIRST.label, CHANGE.at)
    assert "crossline-svg__succession" in numbers_over_time(
        [FIRST, SECOND], title="Leo", until=UNTIL, successions=[back]
    )


def test_one_day_still_shows():
    one = NumberPeriod("07700 900123 #0009", UNTIL, UNTIL)
    assert "07700 900123 #0009, 31 march 2026. fact" in numbers_over_time([one], title="Leo", until=UNTIL).lower()


def test_nothing_to_draw_is_an_error():
    with pytest.raises(UsageError, match="no number"):
        numbers_over_time([], title="Leo", until=UNTIL)
