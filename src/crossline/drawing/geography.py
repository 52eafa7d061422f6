"""The outlines of the United Kingdom's force areas as SVG paths, made once a process from the packaged boundaries.

Projection: spherical transverse Mercator about 2° west, which looks like the National Grid. Source: boundaries of the
Office for National Statistics, see vocabulary/data/NOTICE.md. For drawing only: outlines are simplified to what a screen
can show, small islands dropped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from crossline.vocabulary.agencies import forces
from crossline.vocabulary.places import DATA

CENTRAL_MERIDIAN: Final = math.radians(-2.0)
SCALE: Final = 13_000.0  # drawing units for one Earth radius: a unit is about 490 m
TOLERANCE: Final = 0.9  # units an outline may stray
SMALLEST_ISLAND: Final = 24.0  # square units
WEST: Final = -880.0  # the drawing's corner, in projected units
NORTH: Final = 13_840.0

# Where arrows meet a force whose middle is not where its people are. Central belt of Scotland.
ANCHORS_ELSEWHERE: Final = MappingProxyType({"police-scotland": (55.86, -3.85)})

Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """One force area: its outline, and the point that stands for it. Units of the drawing, y downwards."""

    area_id: str
    name: str
    path: str
    anchor: Point
    extent: float  # square units; a very small area gets a mark so that it can be seen


def project(lat: float, lon: float) -> Point:
    """Degrees to drawing units."""
    phi, away = math.radians(lat), math.radians(lon) - CENTRAL_MERIDIAN
    sideways = math.cos(phi) * math.sin(away)
    x = SCALE * math.atanh(sideways)
    y = SCALE * math.atan2(math.tan(phi), math.cos(away))
    return x - WEST, NORTH - y


@cache
def force_areas() -> MappingProxyType[str, Area]:
    """Every force that has a territory, by id."""
    topology = json.loads((DATA / "uk_light.topojson").read_text(encoding="utf-8"))
    arcs = [simplified(arc) for arc in _arcs(topology)]
    middles = {force.id: (force.lat, force.lon) for force in forces()}
    found: dict[str, Area] = {}
    for shape in topology["objects"]["forces"]["geometries"]:
        force_id, name = shape["properties"]["force_id"], shape["properties"]["short_name"]
        rings = sorted((_ring(arcs, ring) for ring in _rings(shape)), key=_size, reverse=True)
        kept = rings[:1] + [ring for ring in rings[1:] if _size(ring) >= SMALLEST_ISLAND]
        lat, lon = ANCHORS_ELSEWHERE.get(force_id, middles[force_id])
        if lat is None or lon is None:
            continue
        found[force_id] = Area(force_id, name, "".join(map(_path, kept)), project(lat, lon), _size(rings[0]))
    return MappingProxyType(found)


def _arcs(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """TopoJSON arcs: steps on a whole-number grid, undone and projected."""
    (scale_x, scale_y), (east, north) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(project(y * scale_y + north, x * scale_x + east))
        yield points


def _rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
        yield from polygon


def _ring(arcs: Sequence[list[Point]], indices: Sequence[int]) -> list[Point]:
    """Arcs end to end; a negative index is that arc backwards. Neighbours share arcs, so they stay joined."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _size(ring: Sequence[Point]) -> float:
    following = [*ring[1:], *ring[:1]]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, following, strict=True))) / 2


def _path(ring: Sequence[Point]) -> str:
    """Whole units, in relative steps: a third of the length of absolute ones."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = []
    for (x1, y1), (x2, y2) in pairwise(whole):
        if (x1, y1) != (x2, y2):
            steps.append(f"{x2 - x1}{'' if y2 < y1 else ' '}{y2 - y1}")
    return f"M{whole[0][0]} {whole[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def simplified(arc: list[Point], tolerance: float = TOLERANCE) -> list[Point]:
    """Douglas and Peucker: the fewest points that stay within the tolerance; both ends are always kept."""
    if len(arc) < 3:
        return arc
    keep = {0, len(arc) - 1}
    spans = [(0, len(arc) - 1)]
    if arc[0] == arc[-1]:
        # A closed arc has no chord to measure from: cut it at its farthest point.
        far = max(range(len(arc)), key=lambda index: math.dist(arc[0], arc[index]))
        keep.add(far)
        spans = [(0, far), (far, len(arc) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        index = max(range(first + 1, last), key=lambda i: _off_chord(arc[i], arc[first], arc[last]))
        if _off_chord(arc[index], arc[first], arc[last]) > tolerance:
            keep.add(index)
            spans += [(first, index), (index, last)]
    return [arc[index] for index in sorted(keep)]


def _off_chord(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the straight line between two others."""
    length = math.dist(start, end)
    if length == 0:
        return math.dist(point, start)
    (x, y), (x1, y1), (x2, y2) = point, start, end
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
