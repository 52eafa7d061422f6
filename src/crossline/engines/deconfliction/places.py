"""Where a planned event is: a National Grid reference, metres east and north, or degrees, read to one point in degrees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from typing import Final

from crossline.errors import SelectorUnreadable

_REFERENCE: Final = re.compile(r"([A-HJ-Z])([A-HJ-Z])((?:[0-9]{2})+)")
_TWO_NUMBERS: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*[,;\s]\s*(-?[0-9]+(?:\.[0-9]+)?)")
_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # the grid has no I
_FEWEST_FIGURES: Final = 6  # to 100 m; four are a square of a kilometre, too wide for a radius of 300 m
_MOST_EAST, _MOST_NORTH = 700_000, 1_300_000

# Airy 1830 and the National Grid's projection, and the seven parameters between OSGB36 and WGS84, as Ordnance Survey gives
# them in "A guide to coordinate systems in Great Britain". The seven are good to about 5 m, which is little beside 300.
_AIRY: Final = (6_377_563.396, 6_356_256.909)
_WGS84: Final = (6_378_137.0, 6_356_752.314_2)
_SCALE, _EAST_0, _NORTH_0 = 0.999_601_271_7, 400_000.0, -100_000.0
_LAT_0, _LON_0 = radians(49.0), radians(-2.0)
_MOVED: Final = (446.448, -125.157, 542.060)
_GROWN: Final = 1 - 20.4894e-6
_TURNED: Final = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))


@dataclass(frozen=True, slots=True)
class Point:
    """A point in degrees (WGS84), within the United Kingdom and the sea round it."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        """Refuse what is elsewhere: mostly the two figures are the wrong way round."""
        if not (49.0 <= self.lat <= 62.0 and -9.5 <= self.lon <= 3.0):
            raise SelectorUnreadable(
                f"{self.lat:.4f}, {self.lon:.4f} is not in the United Kingdom: write the latitude first, as in 50.8554, 0.5730."
            )


def read_point(text: str) -> Point:
    """ "TQ 812 094", "581200 109400" or "50.8554, 0.5730" as a point; of a grid square, its middle.

    Raises SelectorUnreadable. The National Grid ends at the sea: a place in Northern Ireland is given in degrees.
    """
    written = text.strip().upper()
    if found := _REFERENCE.fullmatch(re.sub(r"\s", "", written)):
        return _of_reference(found[1], found[2], found[3], text)
    if found := _TWO_NUMBERS.fullmatch(written):
        first, second = float(found[1]), float(found[2])
        if abs(first) <= 90 and abs(second) <= 180:
            return Point(first, second)
        if 0 <= first < _MOST_EAST and 0 <= second < _MOST_NORTH:
            return of_grid(first, second)
    raise SelectorUnreadable(
        f"'{text.strip()[:80]}' is no place: write a grid reference such as TQ 812 094, or degrees such as 50.8554, 0.5730."
    )


def _of_reference(first: str, second: str, figures: str, text: str) -> Point:
    half = len(figures) // 2
    large, small = _LETTERS.index(first), _LETTERS.index(second)
    east = (large % 5 - 2) * 500_000 + small % 5 * 100_000
    north = (3 - large // 5) * 500_000 + (4 - small // 5) * 100_000
    if not (_FEWEST_FIGURES <= len(figures) <= 10 and 0 <= east < _MOST_EAST and 0 <= north < _MOST_NORTH):
        raise SelectorUnreadable(
            f"'{text.strip()[:80]}' is no place on the National Grid: write two letters and six to ten figures, as in TQ 812 094."
        )
    side = 10 ** (5 - half)
    return of_grid(east + (int(figures[:half]) + 0.5) * side, north + (int(figures[half:]) + 0.5) * side)


def of_grid(east: float, north: float) -> Point:
    """A point of the National Grid, in metres, as degrees."""
    lat, lon = _to_airy(east, north)
    x, y, z = _turned(*_from_centre(lat, lon))
    return _on_wgs84(x, y, z)


def _to_airy(east: float, north: float) -> tuple[float, float]:
    """The inverse of the projection, in radians on the Airy ellipsoid."""
    a, b = _AIRY
    squared, n = 1 - (b / a) ** 2, (a - b) / (a + b)
    lat = _LAT_0
    for _ in range(10):
        lat += (north - _NORTH_0 - _meridian(lat, n)) / (a * _SCALE)
    nu = a * _SCALE / sqrt(1 - squared * sin(lat) ** 2)
    rho = a * _SCALE * (1 - squared) / (1 - squared * sin(lat) ** 2) ** 1.5
    eta, t, sec, d = nu / rho - 1, tan(lat), 1 / cos(lat), east - _EAST_0
    found_lat = (
        lat
        - t / (2 * rho * nu) * d**2
        + t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta - 9 * t**2 * eta) * d**4
        - t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4) * d**6
    )
    found_lon = (
        _LON_0
        + sec / nu * d
        - sec / (6 * nu**3) * (nu / rho + 2 * t**2) * d**3
        + sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4) * d**5
    )
    return found_lat, found_lon


def _meridian(lat: float, n: float) -> float:
    """Metres along the central meridian from the grid's true origin."""
    less, more = lat - _LAT_0, lat + _LAT_0
    return (
        _AIRY[1]
        * _SCALE
        * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
            - (3 * n + 3 * n**2 + 2.625 * n**3) * sin(less) * cos(more)
            + (1.875 * n**2 + 1.875 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _from_centre(lat: float, lon: float) -> tuple[float, float, float]:
    a, b = _AIRY
    squared = 1 - (b / a) ** 2
    nu = a / sqrt(1 - squared * sin(lat) ** 2)
    return nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), (1 - squared) * nu * sin(lat)


def _turned(x: float, y: float, z: float) -> tuple[float, float, float]:
    (tx, ty, tz), (rx, ry, rz) = _MOVED, _TURNED
    return (
        tx + _GROWN * x - rz * y + ry * z,
        ty + rz * x + _GROWN * y - rx * z,
        tz - ry * x + rx * y + _GROWN * z,
    )


def _on_wgs84(x: float, y: float, z: float) -> Point:
    a, b = _WGS84
    squared, p = 1 - (b / a) ** 2, hypot(x, y)
    lat = atan2(z, p * (1 - squared))
    for _ in range(5):
        nu = a / sqrt(1 - squared * sin(lat) ** 2)
        lat = atan2(z + squared * nu * sin(lat), p)
    return Point(degrees(lat), degrees(atan2(y, x)))
