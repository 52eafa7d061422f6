"""Builds SVG as Markup: everything escaped, no inline style (the content security policy would refuse it)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from crossline.errors import UsageError

Attribute = str | int | float | None

INK: Final = "#0b0c0c"
SECONDARY: Final = "#484949"
RULE: Final = "#858686"
GRID: Final = "#dedede"
PAPER: Final = "#ffffff"
# Government Analysis Function categorical palette: told apart by people with any colour vision, 3:1 on white.
DARK_BLUE: Final = "#12436d"
DARK_PINK: Final = "#801650"
FONT: Final = "arial, sans-serif"


def number(value: float) -> str:
    """A coordinate, to a tenth, without idle zeros."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # adding nil turns minus nil into nil


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """One element. `stroke_width` becomes stroke-width, `class_` class; None leaves an attribute out."""
    given = [_attribute(key, value) for key, value in attributes.items() if value is not None]
    opening = Markup("<{}{}").format(name, Markup("").join(given))
    if not children:
        return opening + Markup("/>")
    return Markup("{}>{}</{}>").format(opening, Markup("").join(children), name)


def _attribute(key: str, value: str | int | float) -> Markup:
    name = key.rstrip("_").replace("_", "-")
    if name == "style":
        raise UsageError("Inline style is refused by the content security policy: use a class or an attribute.")
    return Markup(' {}="{}"').format(name, number(value) if isinstance(value, float) else value)


def text(
    x: float, y: float, words: str, *, size: float = 14, halo: float | None = None, **attributes: Attribute
) -> Markup:
    """A line of text; `text_anchor`, `font_weight`, `fill` and the like may be given.

    `halo` is the width of a white edge that keeps words readable over lines and shades.
    """
    given: dict[str, Attribute] = {"fill": INK, **attributes}
    if halo is not None:
        given |= {"stroke": PAPER, "stroke_width": halo, "stroke_linejoin": "round", "paint_order": "stroke"}
    return element("text", escape(words), x=float(x), y=float(y), font_size=size, **given)


def picture(
    parts: Iterable[str],
    *,
    title: str,
    desc: str,
    width: float,
    height: float,
    kind: str,
    top: float = 0.0,
    interactive: bool = False,
) -> Markup:
    """The whole drawing with its name and description. Only a drawing with links is a group; others are one image.

    `top` is where the window onto the drawing begins.
    """
    key = hashlib.sha256(f"{kind}|{title}|{desc}".encode()).hexdigest()[:10]
    return element(
        "svg",
        element("title", escape(title), id=f"t{key}"),
        element("desc", escape(desc), id=f"d{key}"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 {number(top)} {number(width)} {number(height)}",
        role="group" if interactive else "img",
        aria_labelledby=f"t{key}",
        aria_describedby=f"d{key}",
        class_=f"crossline-svg crossline-svg--{kind}",
        font_family=FONT,
        focusable="false",
    )


def wrapped(words: str, limit: int) -> list[str]:
    """Text broken into lines of at most `limit` characters; a longer word keeps a line of its own."""
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
