"""A link chart round one thing: what it is tied to directly on an inner ring, what those are tied to on an outer one.

The grammar is the one analysts and courts know: a shape for each kind of thing, its label beside it, a whole line for a
fact and a broken one for an assessment. Nothing is placed by chance: the same links always give the same chart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from markupsafe import Markup, escape

from crossline.drawing import svg
from crossline.drawing.svg import element, text, wrapped
from crossline.errors import UsageError
from crossline.vocabulary.codes import Basis, MentionKind
from crossline.wording import plural

WIDTH: Final = 1_000.0
HEIGHT: Final = 760.0
CENTRE: Final = (WIDTH / 2, 360.0)
RINGS: Final = ((0.0, 0.0), (235.0, 165.0), (420.0, 305.0))  # half width and height of each ring
SIZE: Final = 17.0  # half the width of a shape
LABEL_WIDTH: Final = 18  # characters
ROOM: Final = 0.45  # radians between neighbours on the outer ring, where there is room
KEY_Y: Final = HEIGHT - 18.0
MOST_ON_RING: Final = (1, 14, 22)

# Outlines inside a square of two by two, so that kinds are told apart without colour.
SHAPES: Final = MappingProxyType(
    {
        MentionKind.PERSON.value: "M0-1A1 1 0 1 0 0 1A1 1 0 1 0 0-1z",
        MentionKind.PHONE.value: "M-.62-1H.62V1H-.62z",
        MentionKind.ADDRESS.value: "M0-1L1-.1V1H-1V-.1z",
        MentionKind.VEHICLE.value: "M-1 .6V-.1L-.6-.1L-.35-.7H.45L.75-.1H1V.6z",
        MentionKind.LINE.value: "M0-1.1L1.1 0L0 1.1L-1.1 0z",
        MentionKind.GROUP.value: "M-.55-1H.55L1.1 0L.55 1H-.55L-1.1 0z",
    }
)
OTHER_SHAPE: Final = "M-.9-.9H.9V.9H-.9z"

Point = tuple[float, float]


@dataclass(frozen=True)
class ChartNode:
    """One thing. `kind` is a word of MentionKind; `victim` marks a person who may be one: said, not only coloured."""

    key: str
    label: str
    kind: str
    href: str | None = None
    victim: bool = False


@dataclass(frozen=True)
class ChartLink:
    """One tie between two things, in words ("uses", "lives at"), fact or assessment."""

    from_key: str
    to_key: str
    words: str
    basis: str = Basis.FACT


def link_chart(
    nodes: Sequence[ChartNode], links: Sequence[ChartLink], *, focus: str, title: str, desc: str = ""
) -> Markup:
    """The chart round `focus`. Things further than two ties away, or past what a ring holds, are counted, not drawn."""
    known = {node.key: node for node in nodes}
    if focus not in known:
        raise UsageError(f"“{title}”: the chart is asked round “{focus}”, which is not among its things.")
    between = [
        link for link in links if link.from_key in known and link.to_key in known and link.from_key != link.to_key
    ]
    rings = _rings(focus, known, between)
    places = _places(rings, between)
    shown = [link for link in between if link.from_key in places and link.to_key in places]
    left_out = len(known) - len(places)
    parts = [
        *(_link(link, places, known) for link in shown),
        *(_node(known[key], place, focus=key == focus) for key, place in places.items()),
        *_key(left_out, kinds=list(dict.fromkeys(known[key].kind for key in places))),
    ]
    described = " ".join([desc or _in_words(known[focus], shown, known), _left_out_words(left_out)]).strip()
    interactive = any(known[key].href for key in places)
    return svg.picture(
        parts, title=title, desc=described, width=WIDTH, height=HEIGHT, kind="links", interactive=interactive
    )


def _left_out_words(count: int) -> str:
    return f"{plural(count, 'more thing')} not drawn, but in the table." if count else ""


def _in_words(focus: ChartNode, shown: Sequence[ChartLink], known: Mapping[str, ChartNode]) -> str:
    near = [link for link in shown if focus.key in (link.from_key, link.to_key)]
    said = [f"{known[link.from_key].label} {link.words} {known[link.to_key].label} ({link.basis})" for link in near[:8]]
    return f"{focus.label} has {plural(len(near), 'direct tie')}. {'; '.join(said)}."


def _rings(focus: str, known: Mapping[str, ChartNode], links: Sequence[ChartLink]) -> list[list[str]]:
    """Keys by distance from the focus. When a ring is full the best tied stay."""
    ties = _ties(known, links)
    rings, seen = [[focus]], {focus}
    for most in MOST_ON_RING[1:]:
        found = sorted({key for near in rings[-1] for key in ties[near]} - seen, key=lambda key: (-len(ties[key]), key))
        seen |= set(found)
        rings.append(_tied_together(found[:most], known, ties, apart_from=focus))
    return rings


def _ties(known: Mapping[str, ChartNode], links: Sequence[ChartLink]) -> dict[str, set[str]]:
    ties: dict[str, set[str]] = {key: set() for key in known}
    for link in links:
        ties[link.from_key].add(link.to_key)
        ties[link.to_key].add(link.from_key)
    return ties


def _tied_together(
    keys: Sequence[str], known: Mapping[str, ChartNode], ties: Mapping[str, set[str]], *, apart_from: str
) -> list[str]:
    """An order in which each stands beside what it shares most with, so that few lines cross."""

    def rank(key: str) -> tuple[str, str, str]:
        return known[key].kind, known[key].label, key

    left = sorted(keys, key=rank)
    ordered = left[:1]
    while len(ordered) < len(left):
        last = ordered[-1]
        waiting = [key for key in left if key not in ordered]
        shared = {key: 2 * (key in ties[last]) + len((ties[key] & ties[last]) - {apart_from}) for key in waiting}
        ordered.append(min(waiting, key=lambda key: (-shared[key], rank(key))))
    return ordered


def _places(rings: Sequence[Sequence[str]], links: Sequence[ChartLink]) -> dict[str, Point]:
    """Evenly round the inner ring; on the outer one as near as may be to what each is tied to."""
    inner = {key: 2 * math.pi * (index + 0.5) / len(rings[1]) - math.pi / 2 for index, key in enumerate(rings[1])}
    wanted: dict[str, float] = {}
    for key in rings[2]:
        near = [inner[link.to_key] for link in links if link.from_key == key and link.to_key in inner]
        near += [inner[link.from_key] for link in links if link.to_key == key and link.from_key in inner]
        wanted[key] = math.atan2(sum(map(math.sin, near)), sum(map(math.cos, near)))
    places: dict[str, Point] = {rings[0][0]: CENTRE}
    for (wide, high), angles in zip(RINGS[1:], (inner, _spread(wanted)), strict=True):
        for key, angle in angles.items():
            places[key] = (CENTRE[0] + wide * math.cos(angle), CENTRE[1] + high * math.sin(angle))
    return places


def _spread(wanted: Mapping[str, float]) -> dict[str, float]:
    """The angles wanted, pushed apart until neighbours have room; order is kept."""
    keys = sorted(wanted, key=lambda key: (wanted[key], key))
    angles = [wanted[key] for key in keys]
    room = min(2 * math.pi / max(len(keys), 1), ROOM)
    for _ in range(60 if len(keys) > 1 else 0):
        for index in range(len(keys)):
            following = (index + 1) % len(keys)
            turn = 2 * math.pi if following == 0 else 0.0
            short = room - (angles[following] + turn - angles[index])
            if short > 0:
                angles[index] -= short / 2
                angles[following] += short / 2
    return dict(zip(keys, angles, strict=True))


def _link(link: ChartLink, places: Mapping[str, Point], known: Mapping[str, ChartNode]) -> Markup:
    (x1, y1), (x2, y2) = places[link.from_key], places[link.to_key]
    words = f"{known[link.from_key].label} {link.words} {known[link.to_key].label} ({link.basis})"
    line = element(
        "path",
        d=f"M{svg.number(x1)} {svg.number(y1)}L{svg.number(x2)} {svg.number(y2)}",
        stroke=svg.SECONDARY,
        stroke_width=2,
        stroke_dasharray=None if link.basis == Basis.FACT else "7 5",
        fill="none",
        class_="crossline-svg__link",
    )
    # Words stand nearer the far end, where links have parted.
    nearer = 0.58
    x, y = x1 + (x2 - x1) * nearer, y1 + (y2 - y1) * nearer
    if math.dist((x1, y1), CENTRE) > math.dist((x2, y2), CENTRE):
        x, y = x1 + (x2 - x1) * (1 - nearer), y1 + (y2 - y1) * (1 - nearer)
    said = text(x, y + 4, link.words, size=12, halo=4, text_anchor="middle", fill=svg.SECONDARY)
    return element("g", element("title", escape(words)), line, said)


def _node(node: ChartNode, place: Point, *, focus: bool) -> Markup:
    x, y = place
    size = SIZE * (1.35 if focus else 1.0)
    shape = element(
        "path",
        d=SHAPES.get(node.kind, OTHER_SHAPE),
        transform=f"translate({svg.number(x)} {svg.number(y)}) scale({svg.number(size)})",
        fill=svg.DARK_PINK if node.victim else svg.DARK_BLUE if focus else "#c3d9ee",
        stroke=svg.PAPER if node.victim else svg.DARK_BLUE,
        stroke_width="2.5",
        vector_effect="non-scaling-stroke",
        class_="crossline-svg__area",
    )
    ground = element("circle", cx=x, cy=y, r=size + 5, fill=svg.PAPER)
    lines = wrapped(node.label, LABEL_WIDTH) + (["victim"] if node.victim else [])
    # Above the middle words stand over their shape, so that they keep clear of the lines that lead inwards.
    first = y - size - 10 - (len(lines) - 1) * 16 if y < CENTRE[1] - 60 else y + size + 18
    weight = "bold" if focus else None
    words = [
        text(x, first + index * 16, line, halo=5, text_anchor="middle", font_weight=weight)
        for index, line in enumerate(lines)
    ]
    said = f"{MentionKind(node.kind).meaning if node.kind in set(MentionKind) else node.kind}: {node.label}"
    drawn = element("g", element("title", escape(said)), ground, shape, *words, class_="crossline-svg__node")
    return element("a", drawn, href=node.href, aria_label=said) if node.href else drawn


def _key(left_out: int, *, kinds: Sequence[str]) -> list[Markup]:
    """Shapes and line styles in one row at the foot."""
    x = 20.0
    parts = []
    for kind in kinds:
        place = f"translate({svg.number(x + 8)} {KEY_Y - 5}) scale(8)"
        parts.append(element("path", d=SHAPES.get(kind, OTHER_SHAPE), transform=place, fill=svg.DARK_BLUE))
        parts.append(text(x + 22, KEY_Y, kind.capitalize()))
        x += 42 + len(kind) * 8
    for words, dash in (("Fact", None), ("Assessment", "7 5")):
        parts.append(
            element(
                "path",
                d=f"M{svg.number(x)} {KEY_Y - 5}h34",
                stroke=svg.SECONDARY,
                stroke_width=2,
                stroke_dasharray=dash,
            )
        )
        parts.append(text(x + 42, KEY_Y, words))
        x += 62 + len(words) * 8
    if left_out:
        parts.append(text(x, KEY_Y, _left_out_words(left_out), fill=svg.SECONDARY))
    return parts
