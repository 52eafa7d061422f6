"""The outlines: every force, joined, small, and where they should be."""

from __future__ import annotations

import math
import re

import pytest

from crossline.drawing.geography import force_areas, project, simplified
from crossline.vocabulary.agencies import forces


def test_every_force_with_a_territory_has_an_outline():
    assert set(force_areas()) == {force.id for force in forces() if force.has_boundary}


def test_all_outlines_together_are_small():
    assert sum(len(area.path) for area in force_areas().values()) < 80_000


def test_paths_are_closed_and_hold_nothing_but_whole_steps():
    for area in force_areas().values():
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", area.path), area.area_id


def test_the_kingdom_lies_as_on_the_map():
    areas = force_areas()
    assert areas["northern-ireland"].anchor[0] < areas["merseyside"].anchor[0] < areas["humberside"].anchor[0]
    assert areas["police-scotland"].anchor[1] < areas["cumbria"].anchor[1] < areas["sussex"].anchor[1]
    assert areas["city-of-london"].extent < 100 < areas["bedfordshire"].extent


def test_areas_keep_their_proportions():
    """Units are about 490 m: Kent's 3,540 square kilometres within a tenth."""
    assert force_areas()["kent"].extent * 0.49**2 == pytest.approx(3_540, rel=0.1)


def test_the_projection_keeps_distances_near_the_middle():
    kilometre = math.dist(project(52.5, -2.0), project(52.5 + 1 / 111.2, -2.0))
    sideways = math.dist(project(52.5, -2.0), project(52.5, -2.0 + 1 / (111.2 * math.cos(math.radians(52.5)))))
    assert kilometre == pytest.approx(sideways, rel=0.01)
    assert kilometre == pytest.approx(1 / 0.49, rel=0.01)


def test_simplifying_keeps_ends_corners_and_closed_rings():
    straight = [(float(x), 0.0) for x in range(10)]
    assert simplified(straight) == [(0.0, 0.0), (9.0, 0.0)]
    corner = [(0.0, 0.0), (5.0, 0.1), (10.0, 0.0), (10.0, 10.0)]
    assert simplified(corner) == [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    assert simplified(ring) == ring
