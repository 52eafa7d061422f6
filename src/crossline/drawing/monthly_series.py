"""A monthly series whose breaks are drawn: no line ever joins two figures that were counted differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from markupsafe import Markup, escape

from crossline.drawing import svg
from crossline.drawing.scales import Scale, month_from, month_index, value_ticks
from crossline.drawing.svg import element, text
from crossline.errors import UsageError
from crossline.wording import format_month, format_number

WIDTH: Final = 960.0
LEFT: Final = 64.0
RIGHT: Final = 24.0
TOP: Final = 62.0
PLOT_HEIGHT: Final = 260.0
BOTTOM: Final = TOP + PLOT_HEIGHT
AXIS_ROOM: Final = 52.0
KEY_LINE: Final = 20.0
LABELLED_MONTHS: Final = 12  # about this many month labels fit under the axis


@dataclass(frozen=True)
class MonthPoint:
    """One month's figure. `value` None: nothing published (withheld or not counted), said in `note`."""

    month: dt.date
    value: float | None
    definition: str = ""
    provisional: bool = False
    note: str = ""


@dataclass(frozen=True)
class SeriesBreak:
    """From the month of `at` on, figures are counted differently; `label` says how."""

    at: dt.date
    label: str


@dataclass(frozen=True)
class _Axes:
    across: Scale  # month index → x, at the middle of the month
    up: Scale
    slot: float  # width of a month


def breaks_in(points: Sequence[MonthPoint], breaks: Sequence[SeriesBreak]) -> list[SeriesBreak]:
    """The breaks given, and one wherever the definition changes without a break being given; in order of time."""
    found = {month_index(each.at): each for each in breaks}
    for before, after in pairwise(sorted(points, key=lambda point: point.month)):
        declared = any(month_index(before.month) < at <= month_index(after.month) for at in found)
        if before.definition != after.definition and not declared:
            words = f"Definition changes from {before.definition or 'none given'} to {after.definition or 'none given'}"
            found[month_index(after.month)] = SeriesBreak(after.month, words)
    return [found[at] for at in sorted(found)]


def runs(points: Sequence[MonthPoint], breaks: Sequence[SeriesBreak]) -> list[list[MonthPoint]]:
    """Stretches that a line may join: neighbouring months, one definition, no break between."""
    at = {month_index(each.at) for each in breaks_in(points, breaks)}
    stretches: list[list[MonthPoint]] = []
    last: MonthPoint | None = None
    for point in sorted(points, key=lambda point: point.month):
        if point.value is None:
            last = None
            continue
        joined = (
            last is not None
            and month_index(point.month) == month_index(last.month) + 1
            and month_index(point.month) not in at
        )
        if joined:
            stretches[-1].append(point)
        else:
            stretches.append([point])
        last = point
    return stretches


def monthly_series(
    points: Sequence[MonthPoint],
    breaks: Sequence[SeriesBreak] = (),
    *,
    title: str,
    desc: str = "",
    unit: str = "",
    kind: Literal["line", "bar"] = "line",
) -> Markup:
    """A line or bar chart of monthly figures with its breaks in series. Months may be missing; none may come twice."""
    if not points:
        raise UsageError(f"“{title}” has no month to draw; show the empty state instead.")
    if len({month_index(point.month) for point in points}) != len(points):
        raise UsageError(f"“{title}” has two figures for one month; draw one series at a time.")
    all_breaks = breaks_in(points, breaks)
    axes, grid = _axes(points, unit)
    marks = _bars(points, axes) if kind == "bar" else _lines(points, all_breaks, axes)
    key = _key(all_breaks, provisional=any(point.provisional for point in points))
    described = " ".join([desc, *(f"Break in {format_month(each.at)}: {each.label}." for each in all_breaks)]).strip()
    height = BOTTOM + AXIS_ROOM + KEY_LINE * len(key)
    drawn = [*grid, *_rules(all_breaks, axes), *marks, *key]
    return svg.picture(drawn, title=title, desc=described or title, width=WIDTH, height=height, kind="series")


def _axes(points: Sequence[MonthPoint], unit: str) -> tuple[_Axes, list[Markup]]:
    """The scales, with the grid and words that show them."""
    months = [month_index(point.month) for point in points]
    values = [point.value for point in points if point.value is not None]
    first, last = min(months), max(months)
    slot = (WIDTH - LEFT - RIGHT) / (last - first + 1)
    ticks = value_ticks(max(values, default=1.0), whole=all(float(value).is_integer() for value in values))
    across = Scale(first - 0.5, last + 0.5, LEFT, WIDTH - RIGHT)
    axes = _Axes(across, Scale(0, ticks[-1], BOTTOM, TOP), slot)
    parts = [text(0, 20, unit, size=14, fill=svg.SECONDARY)] if unit else []
    for tick in ticks:
        y = axes.up(tick)
        parts.append(element("path", d=f"M{LEFT} {svg.number(y)}H{WIDTH - RIGHT}", stroke=svg.GRID, stroke_width=1))
        parts.append(text(LEFT - 8, y + 5, format_number(tick), text_anchor="end"))
    parts.append(element("path", d=f"M{LEFT} {BOTTOM}H{WIDTH - RIGHT}", stroke=svg.INK, stroke_width=1.5))
    return axes, parts + _month_labels(first, last, axes)


def _month_labels(first: int, last: int, axes: _Axes) -> list[Markup]:
    """Month names, thinned to what fits; the year under the first label of each year."""
    every = max(1, -(-(last - first + 1) // LABELLED_MONTHS))
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120) if step >= min(every, 120))
    parts, year = [], 0
    for month in range(first + (-first % every), last + 1, every):
        x, day = axes.across(month), month_from(month)
        parts.append(element("path", d=f"M{svg.number(x)} {BOTTOM}v6", stroke=svg.INK, stroke_width=1))
        parts.append(text(x, BOTTOM + 21, f"{day:%b}", text_anchor="middle"))
        if day.year != year:
            parts.append(text(x, BOTTOM + 38, str(day.year), text_anchor="middle", font_weight="bold"))
            year = day.year
    return parts


def _tooltip(point: MonthPoint) -> Markup:
    words = f"{format_month(point.month)}: {format_number(point.value)}"
    extra = [part for part in ("provisional" if point.provisional else "", point.note) if part]
    return element("title", escape(", ".join([words, *extra])))


def _lines(points: Sequence[MonthPoint], breaks: Sequence[SeriesBreak], axes: _Axes) -> list[Markup]:
    parts = []
    for run in runs(points, breaks):
        for before, after in pairwise(run):
            dashed = "7 5" if after.provisional else None
            parts.append(
                element(
                    "path",
                    d=f"M{_place(before, axes)}L{_place(after, axes)}",
                    stroke=svg.DARK_BLUE,
                    stroke_width=3,
                    stroke_dasharray=dashed,
                    fill="none",
                )
            )
        for point in run:
            x, y = _place(point, axes).split()
            fill = svg.PAPER if point.provisional else svg.DARK_BLUE
            dot = {"cx": x, "cy": y, "r": "4.5", "fill": fill, "stroke": svg.DARK_BLUE}
            parts.append(element("circle", _tooltip(point), stroke_width=2.0, **dot))
    return parts


def _bars(points: Sequence[MonthPoint], axes: _Axes) -> list[Markup]:
    parts = []
    for point in points:
        if point.value is None:
            continue
        width = min(axes.slot * 0.72, 48.0)
        x, y = axes.across(month_index(point.month)) - width / 2, axes.up(point.value)
        parts.append(
            element(
                "rect",
                _tooltip(point),
                x=x,
                y=y,
                width=width,
                height=max(BOTTOM - y, 0.0),
                fill=svg.PAPER if point.provisional else svg.DARK_BLUE,
                stroke=svg.DARK_BLUE,
                stroke_width=1.5,
                stroke_dasharray="5 4" if point.provisional else None,
            )
        )
    return parts


def _place(point: MonthPoint, axes: _Axes) -> str:
    return f"{svg.number(axes.across(month_index(point.month)))} {svg.number(axes.up(point.value or 0.0))}"


def _letter(index: int) -> str:
    """A to Z, then AA, AB…"""
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def _badge(x: float, y: float, index: int) -> list[Markup]:
    circle = element("circle", cx=x, cy=y, r="11", fill=svg.DARK_PINK)
    letter = text(x, y + 5, _letter(index), size=14, text_anchor="middle", fill=svg.PAPER, font_weight="bold")
    return [circle, letter]


def _rules(breaks: Sequence[SeriesBreak], axes: _Axes) -> list[Markup]:
    """A labelled vertical rule before the first month that is counted differently."""
    parts: list[Markup] = []
    for index, each in enumerate(breaks):
        x = axes.across(month_index(each.at) - 0.5)
        dash: dict[str, svg.Attribute] = {"stroke": svg.DARK_PINK, "stroke_width": 2, "stroke_dasharray": "3 4"}
        parts.append(element("path", d=f"M{svg.number(x)} {TOP - 8}V{BOTTOM}", class_="crossline-svg__break", **dash))
        parts += _badge(x, TOP - 20, index)
    return parts


def _key(breaks: Sequence[SeriesBreak], *, provisional: bool) -> list[Markup]:
    """What each letter stands for, a line each, under the chart."""
    parts: list[Markup] = []
    y = BOTTOM + AXIS_ROOM + 10
    for index, each in enumerate(breaks):
        words = element("tspan", f"{_letter(index)}  ", font_weight="bold", fill=svg.DARK_PINK)
        line = Markup("{}{}: {}").format(words, format_month(each.at), each.label)
        parts.append(element("text", line, x=LEFT, y=y, font_size=14, fill=svg.INK))
        y += KEY_LINE
    if provisional:
        parts.append(text(LEFT, y, "Hollow marks are provisional.", fill=svg.SECONDARY))
    return parts
