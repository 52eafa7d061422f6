"""A map of the force areas: shaded by a figure, with arrows from where lines are run to where they sell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from markupsafe import Markup, escape

from crossline.drawing import svg
from crossline.drawing.arrows import Flow, arrows, chosen_flows, flows_in_words
from crossline.drawing.choropleth import NONE_COUNTED, ShadeClass, shade_classes, shade_of
from crossline.drawing.geography import Area, Point, force_areas
from crossline.drawing.svg import element, text, wrapped
from crossline.errors import UsageError
from crossline.wording import format_number

WIDTH: Final = 1_470.0
BORDER: Final = "#5c6a75"
NO_FIGURE: Final = "url(#crossline-no-figure)"
TOO_SMALL_TO_SEE: Final = 100.0  # square units: such an area gets a ring
NAMED_AREAS: Final = 12
SMALL_TEXT: Final = 24.0
KEY_TEXT: Final = 27.0


@dataclass(frozen=True)
class Window:
    """What part of the drawing is seen, and where the key stands in it: always over sea, or land that is not drawn."""

    top: float
    height: float
    key: Point
    key_width: int  # characters
    enlarged: float  # words and arrows, so that they read the same size on the screen
    note: str


class Extent(Enum):
    """How much of the kingdom is shown. The nearer window shows England and Wales at nearly twice the size."""

    UNITED_KINGDOM = Window(0.0, 2_540.0, (1_050.0, 440.0), 19, 1.5, "")
    TO_CENTRAL_SCOTLAND = Window(
        1_010.0, 1_530.0, (24.0, 1_640.0), 27, 1.0, "Scotland is one area and goes on north of this map."
    )


@dataclass(frozen=True)
class AreaValue:
    """A force's figure as this viewer may see it. `href` leads to what it was counted from."""

    area_id: str
    value: float | None
    href: str | None = None


def flow_map(
    values: Sequence[AreaValue],
    flows: Sequence[Flow],
    *,
    title: str,
    measure: str,
    flow_measure: str = "line",
    desc: str = "",
    extent: Extent = Extent.TO_CENTRAL_SCOTLAND,
    most_flows: int = 60,
) -> Markup:
    """The map. `measure` names what shades the areas, `flow_measure` what an arrow counts (singular).

    Only the figures given are looked at. The largest `most_flows` arrows are drawn; the key says what is not.
    """
    areas = force_areas()
    by_area = {each.area_id: each for each in values}
    if len(by_area) != len(values):
        raise UsageError(f"“{title}” has two figures for one area; add them up first.")
    drawn, unseen = chosen_flows(flows, areas, most=most_flows)
    classes = shade_classes([each.value for each in values if each.value is not None])
    window = extent.value
    parts = [
        _patterns(),
        *(_area(area, by_area.get(area_id), classes, measure) for area_id, area in sorted(areas.items())),
        *_tiny_areas(areas, by_area, classes),
        *arrows(drawn, areas, flow_measure, window.enlarged),
        *_names(areas, by_area, drawn, window.enlarged),
        *_key(classes, drawn, unseen, measure=measure, flow_measure=flow_measure, window=window),
    ]
    described = " ".join(filter(None, (desc, flows_in_words(drawn, areas, flow_measure), unseen)))
    return svg.picture(
        parts,
        title=title,
        desc=described or title,
        width=WIDTH,
        height=window.height,
        top=window.top,
        kind="map",
        interactive=any(each.href for each in values),
    )


def _patterns() -> Markup:
    lines = element("path", d="M0 14L14 0", stroke="#a8adb1", stroke_width=2)
    ground = element("rect", width=14, height=14, fill="#f3f3f3")
    pattern = element(
        "pattern", ground, lines, id="crossline-no-figure", width=14, height=14, patternUnits="userSpaceOnUse"
    )
    return element("defs", pattern)


def _fill(value: float | None, classes: Sequence[ShadeClass]) -> str:
    return NO_FIGURE if value is None else shade_of(value, classes)


def _area(area: Area, given: AreaValue | None, classes: Sequence[ShadeClass], measure: str) -> Markup:
    value = given.value if given else None
    words = f"{area.name}: {measure.lower()} {format_number(value, default='no figure')}"
    shape = element(
        "path",
        element("title", escape(words)),
        d=area.path,
        fill=_fill(value, classes),
        stroke=BORDER,
        stroke_width=1.5,
        stroke_linejoin="round",
        class_="crossline-svg__area",
    )
    if given and given.href:
        return element("a", shape, href=given.href, aria_label=words)
    return shape


def _tiny_areas(
    areas: Mapping[str, Area], by_area: Mapping[str, AreaValue], classes: Sequence[ShadeClass]
) -> list[Markup]:
    """A ring where the outline itself is too small to see (the City of London)."""
    rings = []
    for area_id, area in areas.items():
        if area.extent < TOO_SMALL_TO_SEE:
            given = by_area.get(area_id)
            x, y = area.anchor
            fill = _fill(given.value if given else None, classes)
            rings.append(
                element("circle", cx=x, cy=y, r="7", fill=fill, stroke=svg.INK, stroke_width=2, pointer_events="none")
            )
    return rings


def _names(
    areas: Mapping[str, Area], by_area: Mapping[str, AreaValue], drawn: Sequence[Flow], enlarged: float
) -> list[Markup]:
    """Names of the areas that matter most, where they do not run into each other."""
    weight: dict[str, float] = {}
    for flow in drawn:
        for area_id in (flow.from_id, flow.to_id):
            weight[area_id] = weight.get(area_id, 0.0) + flow.count
    if not weight:
        weight = {each.area_id: each.value for each in by_area.values() if each.value and each.area_id in areas}
    size = SMALL_TEXT * enlarged
    parts: list[Markup] = []
    taken: list[tuple[float, float, float, float]] = []
    for area_id in sorted(weight, key=lambda each: (-weight[each], each))[:NAMED_AREAS]:
        (x, y), name = areas[area_id].anchor, areas[area_id].name
        half = len(name) * size * 0.29
        box = (x - half, y + 8, x + half, y + 10 + size * 1.1)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        place = y + 8 + size * 0.8
        parts.append(text(x, place, name, size=size, halo=6, text_anchor="middle", pointer_events="none"))
    return parts


def _key(
    classes: Sequence[ShadeClass],
    drawn: Sequence[Flow],
    unseen: str,
    *,
    measure: str,
    flow_measure: str,
    window: Window,
) -> list[Markup]:
    """What shades and arrows mean, drawn from the corner and moved to its place as one piece."""
    y = 0.0
    parts = []

    def say(words: str, size: float, weight: str | None = None, fill: str = svg.INK) -> None:
        nonlocal y
        for line in wrapped(words, window.key_width):
            parts.append(text(0, y, line, size=size, font_weight=weight, fill=fill))
            y += size * 1.2

    say(measure, KEY_TEXT, "bold")
    for label, fill in [
        *((each.label, each.shade) for each in classes),
        ("None", NONE_COUNTED),
        ("No figure", NO_FIGURE),
    ]:
        parts.append(element("rect", x=0, y=y - 14, width=44, height=28, fill=fill, stroke=BORDER, stroke_width=1.5))
        parts.append(text(58, y + 9, label, size=KEY_TEXT))
        y += 36
    if drawn:
        y += 14
        widest = format_number(drawn[0].count)
        say(f"Arrows: {flow_measure}s from where they are run to where they sell. Widest: {widest}.", SMALL_TEXT)
    for note in filter(None, (unseen, window.note)):
        y += 8
        say(note, SMALL_TEXT, fill=svg.SECONDARY)
    paper = {"x": -14, "y": -KEY_TEXT - 6, "width": window.key_width * 13.6, "height": y + 20}
    parts.insert(0, element("rect", fill=svg.PAPER, fill_opacity="0.85", **paper))
    x, top = window.key
    placed = f"translate({svg.number(x)} {svg.number(top)}) scale({window.enlarged})"
    return [element("g", *parts, transform=placed)]
