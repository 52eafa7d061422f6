"""GraphML: the network for Gephi, yEd, igraph and NetworkX, with each tie's grade and source on its edge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import BinaryIO, Final

from crossline.exchange.network import Network, Thing, Tie
from crossline.exchange.stamp import Stamp

_NODE_KEYS: Final = (
    "label",
    "kind",
    "value",
    "other_names",
    "born",
    "sex",
    "status",
    "agencies",
    "mentions",
    "first",
    "last",
)
_EDGE_KEYS: Final = (
    "type",
    "basis",
    "category",
    "from_date",
    "to_date",
    "agency",
    "ref",
    "made_at",
    "source_grade",
    "information_grade",
    "handling",
    "conditions",
    "classification",
)
_CANNOT_STAND: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_graphml(network: Network, out: BinaryIO, stamp: Stamp) -> int:
    """The stamp, nodes, then edges, directed as the records say them. Gives how many of both."""
    _line(out, '<?xml version="1.0" encoding="UTF-8"?>')
    _line(out, '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">')
    for prefix, names, of in (("n", _NODE_KEYS, "node"), ("e", _EDGE_KEYS, "edge")):
        for name in names:
            kind = "int" if name == "mentions" else "string"
            _line(out, f'  <key id="{prefix}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>')
    _line(out, '  <key id="g_export" for="graph" attr.name="export" attr.type="string"/>')
    _line(out, '  <graph id="crossline" edgedefault="directed">')
    _line(out, f"    {_data('g', {'export': stamp.words})}")
    number = 0
    for thing in network.things.values():
        _line(out, f'    <node id="{_text(thing.id)}">{_data("n", _of_thing(thing))}</node>')
        number += 1
    for tie in network.ties():
        ends = f'source="{_text(tie.left)}" target="{_text(tie.right)}"'
        _line(out, f'    <edge id="{_text(tie.id)}" {ends}>{_data("e", of_tie(tie))}</edge>')
        number += 1
    _line(out, "  </graph>")
    _line(out, "</graphml>")
    return number


def of_tie(tie: Tie) -> dict[str, str]:
    """A tie's attributes as text, blank where not known."""
    return {
        "type": tie.type,
        "basis": tie.basis,
        "category": tie.category,
        "from_date": tie.from_date.isoformat() if tie.from_date else "",
        "to_date": tie.to_date.isoformat() if tie.to_date else "",
        "agency": tie.agency,
        "ref": tie.ref,
        "made_at": tie.made_at.isoformat(),
        "source_grade": tie.source_grade,
        "information_grade": tie.information_grade,
        "handling": tie.handling,
        "conditions": tie.conditions,
        "classification": tie.classification,
    }


def _of_thing(thing: Thing) -> dict[str, str]:
    return {
        "label": thing.label,
        "kind": str(thing.kind),
        "value": thing.value,
        "other_names": _several(thing.other_names),
        "born": _several(thing.born),
        "sex": _several(thing.sexes),
        "status": thing.status,
        "agencies": _several(thing.agencies),
        "mentions": str(thing.mentions),
        "first": thing.first.isoformat() if thing.first else "",
        "last": thing.last.isoformat() if thing.last else "",
    }


def _several(values: Iterable[str]) -> str:
    return ";".join(sorted(values))


def _data(prefix: str, values: Mapping[str, str]) -> str:
    return "".join(f'<data key="{prefix}_{name}">{_text(value)}</data>' for name, value in values.items() if value)


def _text(value: str) -> str:
    return escape(_CANNOT_STAND.sub("\N{REPLACEMENT CHARACTER}", value))


def _line(out: BinaryIO, text: str) -> None:
    out.write(text.encode() + b"\n")
