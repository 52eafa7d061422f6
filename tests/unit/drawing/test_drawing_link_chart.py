"""The chart of what something is tied to."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from crossline.drawing import ChartLink, ChartNode, link_chart
from crossline.drawing.link_chart import MOST_ON_RING
from crossline.errors import UsageError

SVG = "{http://www.w3.org/2000/svg}"
JADEN = ChartNode("p1", "Jaden Cole", "person", victim=True)
PHONE = ChartNode("t1", "07700 900123 #0042", "phone")
LEO = ChartNode("l1", "Leo", "line", href="/lines/1")
FAR = ChartNode("p9", "Far Away", "person")
USES = ChartLink("p1", "t1", "uses")
RUNS = ChartLink("p1", "l1", "runs for", "assessment")
CONTROLS = ChartLink("p9", "l1", "controls", "assessment")


def parts(drawing: str, name: str) -> list[ET.Element]:
    return [part for part in ET.fromstring(drawing).iter() if part.get("class") == f"crossline-svg__{name}"]


def test_things_and_ties_are_drawn_in_the_grammar_of_the_trade():
    drawing = link_chart([JADEN, PHONE, LEO, FAR], [USES, RUNS, CONTROLS], focus="p1", title="Ties")
    assert len(parts(drawing, "node")) == 4
    broken = [link.get("stroke-dasharray") for link in parts(drawing, "link")]
    assert sorted(bool(dash) for dash in broken) == [False, True, True]
    assert len({shape.get("d") for shape in parts(drawing, "area")}) == 3
    assert ">victim</text>" in drawing
    assert "Jaden Cole has 2 direct ties. Jaden Cole uses 07700 900123 #0042 (fact)" in drawing


def test_the_same_links_in_any_order_give_the_same_chart():
    one = link_chart([JADEN, PHONE, LEO, FAR], [USES, RUNS], focus="p1", title="Ties", desc="Ties")
    other = link_chart([FAR, LEO, PHONE, JADEN], [USES, RUNS], focus="p1", title="Ties", desc="Ties")
    assert one == other


def test_what_does_not_fit_is_counted():
    many = [ChartNode(f"t{i}", f"Phone {i}", "phone") for i in range(20)]
    ties = [ChartLink("p1", phone.key, "uses") for phone in many]
    drawing = link_chart([JADEN, *many, FAR], ties, focus="p1", title="Ties")
    assert len(parts(drawing, "node")) == 1 + MOST_ON_RING[1]
    assert "7 more things not drawn, but in the table." in drawing


def test_every_shape_lies_inside_the_drawing_and_apart_from_others():
    near = [ChartNode(f"a{i}", f"Near {i}", "address") for i in range(5)]
    far = [ChartNode(f"b{i}", f"Far {i}", "account") for i in range(22)]
    ties = [ChartLink("p1", n.key, "found at") for n in near] + [ChartLink(f.key, "a0", "held at") for f in far]
    drawing = link_chart([JADEN, *near, *far], ties, focus="p1", title="Ties")
    circles = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in ET.fromstring(drawing).iter(f"{SVG}circle")]
    assert len(circles) == 28
    for index, (x, y) in enumerate(circles):
        assert 40 < x < 960
        assert 40 < y < 700
        for other in circles[index + 1 :]:
            assert abs(x - other[0]) + abs(y - other[1]) > 30


def test_links_are_followed_by_keyboard_and_words_are_escaped():
    drawing = link_chart([ChartNode("p1", "<b>", "person"), LEO], [RUNS], focus="p1", title="Ties")
    assert ET.fromstring(drawing).get("role") == "group"
    assert 'href="/lines/1"' in drawing
    assert "<b>" not in drawing


def test_a_thing_alone_can_be_drawn_and_an_unknown_focus_cannot():
    assert len(parts(link_chart([JADEN], [], focus="p1", title="Ties"), "node")) == 1
    with pytest.raises(UsageError, match="p7"):
        link_chart([JADEN], [], focus="p7", title="Ties")
