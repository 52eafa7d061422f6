"""The map: shaded from the figures given, arrows where lines run, and nothing hidden in what it does not draw."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from crossline.drawing import AreaValue, Extent, Flow, flow_map
from crossline.drawing.choropleth import NONE_COUNTED, SHADES, shade_classes, shade_of
from crossline.drawing.geography import force_areas
from crossline.errors import UsageError

SVG = "{http://www.w3.org/2000/svg}"


def drawn(values: list[AreaValue] | None = None, flows: list[Flow] | None = None, **options: object) -> str:
    return flow_map(values or [], flows or [], title="Flows", measure="Lines imported", **options)  # type: ignore[arg-type]


def area_fill(drawing: str, name: str) -> str:
    for path in ET.fromstring(drawing).iter(f"{SVG}path"):
        if path.get("class") == "crossline-svg__area" and (path[0].text or "").startswith(f"{name}:"):
            return path.get("fill") or ""
    raise AssertionError(f"{name} is not drawn")


def arrows(drawing: str) -> list[str]:
    """What each arrow says, in the order drawn: the last lies on top."""
    flows = [path for path in ET.fromstring(drawing).iter(f"{SVG}path") if path.get("class") == "crossline-svg__flow"]
    return [flow[0].text or "" for flow in flows]


def test_every_area_is_drawn_and_named_for_a_pointer():
    drawing = drawn([AreaValue("kent", 12)])
    assert drawing.count("crossline-svg__area") == len(force_areas())
    assert "Kent: lines imported 12" in drawing
    assert "Essex: lines imported no figure" in drawing


def test_no_figure_none_and_some_look_different():
    drawing = drawn([AreaValue("kent", 12), AreaValue("essex", 0), AreaValue("surrey", None)])
    fills = {name: area_fill(drawing, name) for name in ("Kent", "Essex", "Surrey", "Norfolk")}
    assert fills["Kent"] in SHADES
    assert fills["Essex"] == NONE_COUNTED
    assert fills["Surrey"] == fills["Norfolk"]
    assert "no-figure" in fills["Surrey"]


def test_arrows_are_drawn_largest_on_top_and_said():
    drawing = drawn(flows=[Flow("metropolitan", "kent", 12), Flow("merseyside", "cumbria", 30)])
    assert arrows(drawing) == ["Metropolitan to Kent: 12 lines", "Merseyside to Cumbria: 30 lines"]
    assert "Largest flows: Merseyside to Cumbria, 30 lines; Metropolitan to Kent, 12 lines." in drawing
    assert "Widest: 30." in drawing.replace("</text>", " ") or "30." in drawing


def test_what_is_not_drawn_is_counted():
    flows = [Flow("metropolitan", force, count) for count, force in enumerate(("kent", "essex", "surrey"), start=1)]
    drawing = drawn(
        flows=[*flows, Flow("btp", "kent", 5), Flow("kent", "kent", 5), Flow("kent", "essex", 0)], most_flows=2
    )
    assert arrows(drawing) == ["Metropolitan to Essex: 2 lines", "Metropolitan to Surrey: 3 lines"]
    assert "1 smaller flow and 1 flow of agencies without a territory" in ET.tostring(
        ET.fromstring(drawing), encoding="unicode", method="text"
    )


def test_links_make_areas_reachable_by_keyboard():
    drawing = drawn([AreaValue("kent", 3, "/lines?force=kent")])
    link = next(ET.fromstring(drawing).iter(f"{SVG}a"))
    assert link.get("href") == "/lines?force=kent"
    assert link.get("aria-label") == "Kent: lines imported 3"
    assert ET.fromstring(drawing).get("role") == "group"
    assert ET.fromstring(drawn([AreaValue("kent", 3)])).get("role") == "img"


def test_a_full_map_keeps_the_page_small():
    ids = sorted(force_areas())
    values = [AreaValue(force, index, f"/lines?force={force}") for index, force in enumerate(ids)]
    flows = [Flow(a, b, 1 + i % 7) for i, a in enumerate(ids[:12]) for b in ids]
    assert len(drawn(values, flows)) < 150_000


def test_both_extents_show_the_areas_anchors():
    for extent in Extent:
        window = extent.value
        for area in force_areas().values():
            assert 0 < area.anchor[0] < 1_470
            assert window.top < area.anchor[1] < window.top + window.height
        assert f'viewBox="0 {window.top:.0f} 1470 {window.height:.0f}"' in drawn(extent=extent)


def test_two_figures_for_one_area_are_refused():
    with pytest.raises(UsageError, match="two figures"):
        drawn([AreaValue("kent", 1), AreaValue("kent", 2)])


def test_classes_cover_every_figure_and_no_other():
    classes = shade_classes([1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 0])
    assert len(classes) == len(SHADES)
    assert classes[0].label == "1"
    assert classes[-1].label == "34 to 55"
    assert shade_of(0, classes) == NONE_COUNTED
    assert shade_classes([]) == shade_classes([0, 0]) == []
    assert [each.label for each in shade_classes([4, 4, 4])] == ["4"]


def test_names_do_not_run_into_each_other():
    drawing = drawn(flows=[Flow("metropolitan", "city-of-london", 9), Flow("metropolitan", "surrey", 8)])
    named = [t.text for t in ET.fromstring(drawing).iter(f"{SVG}text") if t.get("text-anchor") == "middle"]
    assert "Metropolitan" in named
    assert "City of London" not in named
