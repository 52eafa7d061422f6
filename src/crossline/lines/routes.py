"""Routes as keys: the same name run from the same force into the same force is one line, unless an agency says otherwise.

An agency that returns two lines of one name on one route keeps them apart, and it knows; that route then joins nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from crossline.lines.rows import LineRow
from crossline.vocabulary.selectors import fold_brand

Route = tuple[str, str, str]


def routes_of(row: LineRow) -> list[Route]:
    """(folded name, exporting force, importing force) for each importing force that a return names."""
    brand, exporter = fold_brand(row.brand), str(row.detail.get("exporting_agency", ""))
    if not (row.is_return and brand and exporter):
        return []
    return [(brand, exporter, importer) for importer in row.detail.get("importing_agencies", ())]


def route_keys(rows: Iterable[LineRow]) -> Mapping[str, tuple[str, ...]]:
    """For each mention of a return, its routes in words, as places that grouping may join by."""
    returned: dict[Route, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    by_mention: dict[str, list[Route]] = {}
    for row in rows:
        by_mention[str(row.mention)] = routes = routes_of(row)
        for route in routes:
            returned[route][row.owner].add(row.ref)
    kept_apart = {route for route, owners in returned.items() if any(len(refs) > 1 for refs in owners.values())}
    return {
        mention: tuple(f"route from {route[1]} to {route[2]}" for route in routes if route not in kept_apart)
        for mention, routes in by_mention.items()
    }
