"""Whatever the figures: no line across a break, every shade a class's own, every drawing well-formed."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.drawing import AreaValue, Flow, MonthPoint, SeriesBreak, flow_map, monthly_series
from crossline.drawing.choropleth import NONE_COUNTED, shade_classes, shade_of
from crossline.drawing.geography import force_areas, simplified
from crossline.drawing.monthly_series import breaks_in, runs
from crossline.drawing.scales import month_from, month_index, value_ticks

START = month_index(dt.date(2020, 1, 1))
POINTS = st.dictionaries(
    st.integers(0, 60),
    st.tuples(st.none() | st.integers(0, 10_000), st.sampled_from("123"), st.booleans()),
    min_size=1,
    max_size=40,
).map(lambda found: [MonthPoint(month_from(START + at), v, d, p) for at, (v, d, p) in found.items()])
BREAKS = st.lists(st.integers(0, 60), max_size=4).map(
    lambda at: [SeriesBreak(month_from(START + a), "changed") for a in at]
)


@given(POINTS, BREAKS)
def test_a_run_is_of_neighbours_of_one_definition_with_no_break_between(points, breaks):
    at = {month_index(each.at) for each in breaks}
    stretches = runs(points, breaks)
    for stretch in stretches:
        for before, after in pairwise(stretch):
            assert month_index(after.month) - month_index(before.month) == 1
            assert before.definition == after.definition
            assert month_index(after.month) not in at
    assert sum(map(len, stretches)) == sum(point.value is not None for point in points)


@given(POINTS, BREAKS)
def test_every_change_of_definition_has_a_break(points, breaks):
    at = [month_index(each.at) for each in breaks_in(points, breaks)]
    assert at == sorted(set(at))
    for before, after in pairwise(sorted(points, key=lambda point: point.month)):
        if before.definition != after.definition:
            assert any(month_index(before.month) < each <= month_index(after.month) for each in at)


@settings(max_examples=40)
@given(POINTS, BREAKS, st.text(max_size=20), st.sampled_from(["line", "bar"]))
def test_any_series_is_well_formed(points, breaks, words, kind):
    clean = "".join(letter for letter in words if letter.isprintable())
    drawing = ET.fromstring(monthly_series(points, breaks, title=clean or "Lines", unit=clean, kind=kind))
    assert drawing.tag.endswith("svg")
    assert not any("style" in part.attrib for part in drawing.iter())


@given(st.floats(0, 1e9), st.booleans())
def test_ticks_reach_the_largest_value_in_few_steps(largest, whole):
    ticks = value_ticks(largest, whole=whole)
    assert ticks[0] == 0
    assert ticks[-1] >= largest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 7


@given(st.lists(st.integers(0, 500), max_size=50))
def test_every_figure_above_nil_has_exactly_one_class(values):
    classes = shade_classes(values)
    for value in values:
        holding = [each for each in classes if each.low <= value <= each.high]
        assert len(holding) == (1 if value > 0 else 0)
        assert (shade_of(value, classes) == NONE_COUNTED) == (value == 0)


IDS = st.sampled_from([*sorted(force_areas()), "btp", "nca"])


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(IDS, st.none() | st.integers(0, 99), max_size=46),
    st.lists(st.tuples(IDS, IDS, st.integers(0, 40)), max_size=30),
)
def test_any_map_is_well_formed(figures, flows):
    values = [AreaValue(area, value) for area, value in figures.items()]
    drawing = flow_map(values, [Flow(*each) for each in flows], title="Flows", measure="Lines")
    arrows = ET.fromstring(drawing).findall(".//*[@class='crossline-svg__flow']")
    territory = set(force_areas())
    assert len(arrows) == sum(1 for a, b, n in flows if n and a != b and {a, b} <= territory)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=40))
def test_simplified_outlines_keep_their_ends_and_only_their_own_points(arc):
    kept = simplified(arc)
    assert kept[0] == arc[0]
    assert kept[-1] == arc[-1]
    assert set(kept) <= set(arc)
