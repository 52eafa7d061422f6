"""GeoJSON (RFC 7946): lines, flows and figures at the middle points of their agencies' areas, never at anybody's home."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, Final

from crossline.exchange.catalogue import What
from crossline.exchange.plain_formats import in_json
from crossline.exchange.stamp import Stamp
from crossline.exchange.tables import Table
from crossline.vocabulary.agencies import agencies

Geometry = dict[str, Any] | None
Position = tuple[float, float]  # longitude, latitude


def write_geojson(table: Table, out: BinaryIO, stamp: Stamp) -> int:
    """A feature a row, the columns its properties, the stamp a foreign member; no geometry without territory. Gives how many."""
    shape = _SHAPES[table.what]
    out.write(f'{{"type": "FeatureCollection", "export": {json.dumps(stamp.words)}, "features": ['.encode())
    number = 0
    for number, row in enumerate(table.rows, start=1):
        properties = {column: in_json(value) for column, value in zip(table.columns, row, strict=True)}
        feature = {"type": "Feature", "geometry": shape(properties), "properties": properties}
        out.write(b"\n" if number == 1 else b",\n")
        out.write(json.dumps(feature, ensure_ascii=False).encode())
    out.write(b"\n]}\n")
    return number


def _line(properties: Mapping[str, Any]) -> Geometry:
    """From the exporting agency to each importing one."""
    importing = str(properties["importing_agencies"]).split(";")
    return _strokes(str(properties["exporting_agency"]), importing)


def _flow(properties: Mapping[str, Any]) -> Geometry:
    return _strokes(str(properties["exporting_agency"]), [str(properties["importing_agency"])])


def _figure(properties: Mapping[str, Any]) -> Geometry:
    place = _place(str(properties["area"]))
    return None if place is None else {"type": "Point", "coordinates": list(place)}


def _strokes(source: str, markets: Iterable[str]) -> Geometry:
    start = _place(source)
    ends = sorted(_known_places(markets))
    if start is None:
        return None if not ends else {"type": "MultiPoint", "coordinates": [list(end) for end in ends]}
    strokes = [[list(start), list(end)] for end in ends if end != start]
    if not strokes:
        return {"type": "Point", "coordinates": list(start)}
    if len(strokes) == 1:
        return {"type": "LineString", "coordinates": strokes[0]}
    return {"type": "MultiLineString", "coordinates": strokes}


def _known_places(ids: Iterable[str]) -> Iterator[Position]:
    return (place for agency in ids if (place := _place(agency)) is not None)


def _place(agency: str) -> Position | None:
    entry = agencies().get(agency)
    return None if entry is None or entry.lon is None or entry.lat is None else (entry.lon, entry.lat)


_SHAPES: Final[Mapping[What, Callable[[Mapping[str, Any]], Geometry]]] = MappingProxyType(
    {What.LINES: _line, What.FLOWS: _flow, What.FIGURES: _figure}
)
