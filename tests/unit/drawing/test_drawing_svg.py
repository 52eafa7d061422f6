"""The builder of SVG: escaped, without inline style, named and described."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest

from crossline.drawing import svg
from crossline.drawing.scales import Scale, month_from, month_index, round_step, value_ticks
from crossline.errors import UsageError


def test_names_words_and_values_are_escaped():
    drawn = svg.element("text", "<b>", class_='a"b', stroke_width=1.25, fill=None)
    assert drawn == '<text class="a&#34;b" stroke-width="1.2">&lt;b&gt;</text>'
    assert svg.element("path", d="M0 0") == '<path d="M0 0"/>'


def test_inline_style_is_refused():
    with pytest.raises(UsageError, match="security policy"):
        svg.element("rect", style="fill:red")


def test_a_picture_is_named_and_described_and_only_a_group_when_it_holds_links():
    still = ET.fromstring(svg.picture([], title="A & B", desc="C", width=10, height=5, kind="k"))
    assert still.attrib["role"] == "img"
    assert still.attrib["viewBox"] == "0 0 10 5"
    title = next(child for child in still if child.tag.endswith("title"))
    assert title.text == "A & B"
    assert still.attrib["aria-labelledby"] == title.attrib["id"]
    linked = ET.fromstring(svg.picture([], title="A", desc="C", width=10, height=5, kind="k", interactive=True))
    assert linked.attrib["role"] == "group"


@pytest.mark.parametrize(("value", "reads"), [(1.0, "1"), (1.25, "1.2"), (-0.04, "0"), (10.0, "10"), (-3.5, "-3.5")])
def test_coordinates_are_short(value, reads):
    assert svg.number(value) == reads


def test_words_are_broken_at_spaces():
    assert svg.wrapped("one two three", 7) == ["one two", "three"]
    assert svg.wrapped("extraordinarily", 5) == ["extraordinarily"]
    assert svg.wrapped("", 5) == []


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(9, [0, 2, 4, 6, 8, 10]), (0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (231, [0, 50, 100, 150, 200, 250])],
)
def test_ticks_of_counts_are_whole(largest, ticks):
    assert value_ticks(largest) == ticks


def test_ticks_of_rates_may_be_fractions():
    assert value_ticks(0.4, whole=False) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert round_step(1000, 5) == 200


def test_months_are_whole_numbers_and_scales_are_straight():
    assert month_index(dt.date(2026, 1, 31)) - month_index(dt.date(2025, 12, 1)) == 1
    assert month_from(month_index(dt.date(2025, 12, 9))) == dt.date(2025, 12, 1)
    assert Scale(0, 10, 100, 200)(5) == 150
    assert Scale(3, 3, 100, 200)(3) == 100
