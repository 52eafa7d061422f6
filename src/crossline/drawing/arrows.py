"""Arrows from where lines are run to where they sell: which are drawn, how wide, and what they say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from crossline.drawing import svg
from crossline.drawing.geography import Area, Point
from crossline.drawing.svg import element
from crossline.wording import plural

THINNEST: Final = 3.5
THICKEST: Final = 22.0
FULL_WIDTH_AT: Final = 5.0  # a largest flow of one or two lines is not drawn as if it were a flood
BEND: Final = 0.16  # how far an arrow bows out, as a share of its length


@dataclass(frozen=True)
class Flow:
    """How many lines one force's area exports to another's."""

    from_id: str
    to_id: str
    count: float


def chosen_flows(flows: Sequence[Flow], areas: Mapping[str, Area], *, most: int) -> tuple[list[Flow], str]:
    """The flows to draw, largest first, and a sentence on those that are not.

    Agencies without a territory, such as British Transport Police, have no place on the map; a line that sells where it
    is run from needs no arrow.
    """
    with_places = [flow for flow in flows if flow.from_id in areas and flow.to_id in areas]
    drawable = sorted(
        (flow for flow in with_places if flow.from_id != flow.to_id and flow.count > 0),
        key=lambda flow: (-flow.count, flow.from_id, flow.to_id),
    )
    return drawable[:most], _undrawn_words(len(drawable[most:]), len(flows) - len(with_places))


def _undrawn_words(smaller: int, homeless: int) -> str:
    said = []
    if smaller:
        said.append(f"{plural(smaller, 'smaller flow')}")
    if homeless:
        said.append(f"{plural(homeless, 'flow')} of agencies without a territory")
    return f"Not drawn, but in the table: {' and '.join(said)}." if said else ""


def flows_in_words(drawn: Sequence[Flow], areas: Mapping[str, Area], measure: str) -> str:
    """The five largest, for those who hear the drawing."""
    said = [f"{areas[f.from_id].name} to {areas[f.to_id].name}, {plural(int(f.count), measure)}" for f in drawn[:5]]
    return f"Largest flows: {'; '.join(said)}." if said else ""


def arrows(drawn: Sequence[Flow], areas: Mapping[str, Area], measure: str, enlarged: float) -> list[Markup]:
    """Smallest first, so that the largest lie on top; each with a white edge that keeps crossing arrows apart."""
    if not drawn:
        return []
    largest = drawn[0].count
    parts = []
    for flow in reversed(drawn):
        width = (THINNEST + (THICKEST - THINNEST) * flow.count / max(largest, FULL_WIDTH_AT)) * enlarged
        shape = arrow_path(areas[flow.from_id].anchor, areas[flow.to_id].anchor, width)
        words = f"{areas[flow.from_id].name} to {areas[flow.to_id].name}: {plural(int(flow.count), measure)}"
        parts.append(
            element(
                "path",
                element("title", escape(words)),
                d=shape,
                fill=svg.DARK_PINK,
                stroke=svg.PAPER,
                stroke_width=5,
                stroke_linejoin="round",
                paint_order="stroke",
                opacity="0.92",
                class_="crossline-svg__flow",
            )
        )
    return parts


def arrow_path(start: Point, end: Point, width: float) -> str:
    """A bowed, tapering arrow as an outline: thin where it starts, as wide as its count where it arrives, then a head.

    The bow is to the left of the way it goes, so that there and back lie side by side.
    """
    (x1, y1), (x2, y2) = start, end
    length = math.dist(start, end) or 1.0
    across = ((y2 - y1) / length, -(x2 - x1) / length)
    bend = (
        (x1 + x2) / 2 + across[0] * length * BEND * 2,
        (y1 + y2) / 2 + across[1] * length * BEND * 2,
    )
    into = math.dist(bend, end) or 1.0
    way = ((x2 - bend[0]) / into, (y2 - bend[1]) / into)
    head = min(10.0 + width * 1.1, length * 0.45)
    neck = (x2 - way[0] * head, y2 - way[1] * head)
    side = (-way[1], way[0])
    half, thin, wide = width / 2, max(width * 0.18, 0.8), width / 2 + 5.0 + width * 0.25

    def at(point: Point, reach: float, direction: Point = side) -> str:
        return f"{svg.number(point[0] + direction[0] * reach)} {svg.number(point[1] + direction[1] * reach)}"

    middle = (half + thin) / 2
    return (
        f"M{at(start, thin, across)}Q{at(bend, middle, across)} {at(neck, -half)}"
        f"L{at(neck, -wide)}L{at(end, 0)}L{at(neck, wide)}"
        f"L{at(neck, half)}Q{at(bend, -middle, across)} {at(start, -thin, across)}z"
    )
