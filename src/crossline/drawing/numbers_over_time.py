"""A line's telephone numbers over time: a bar each, hollow for an assessment, an arrow where one succeeds another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from crossline.drawing import svg
from crossline.drawing.scales import Scale, month_from, month_index
from crossline.drawing.svg import element, text
from crossline.errors import UsageError
from crossline.vocabulary.codes import Basis
from crossline.wording import format_date, format_span

WIDTH: Final = 960.0
LABELS: Final = 230.0  # room for the numbers at the left
RIGHT: Final = 40.0
TOP: Final = 44.0
ROW: Final = 38.0
BAR: Final = 18.0
KEY_ROOM: Final = 40.0
MOST_TICKS: Final = 12


@dataclass(frozen=True)
class NumberPeriod:
    """One number in use by the line. `to_date` None: still in use as far as anyone knows."""

    label: str
    from_date: dt.date
    to_date: dt.date | None
    basis: str = Basis.FACT
    note: str = ""


@dataclass(frozen=True)
class Succession:
    """`new` (a label of a period) took over from `old` at that date."""

    old: str
    new: str
    at: dt.date


def numbers_over_time(
    periods: Sequence[NumberPeriod],
    *,
    title: str,
    until: dt.date,
    successions: Sequence[Succession] = (),
    desc: str = "",
) -> Markup:
    """Bars of a line's numbers, oldest at the top. `until` is the day drawn for: open periods reach it."""
    if not periods:
        raise UsageError(f"“{title}” has no number to draw; show the empty state instead.")
    rows = _rows(periods)
    first = min(period.from_date for period in periods)
    last = max([until, *(period.to_date or until for period in periods)])
    across = Scale(first.toordinal(), max(last.toordinal(), first.toordinal() + 30), LABELS, WIDTH - RIGHT)
    floor = TOP + ROW * len(rows)
    parts = [*_ticks(first, last, across, floor)]
    for label, row in rows.items():
        parts.append(text(LABELS - 14, row + 6, label, size=15, text_anchor="end"))
    for period in periods:
        parts += _bar(period, rows[period.label], across, until)
    for each in successions:
        if each.old in rows and each.new in rows:
            parts.append(_arrow(each, rows, across))
    parts += _key(floor)
    described = desc or _in_words(periods, successions)
    return svg.picture(parts, title=title, desc=described, width=WIDTH, height=floor + KEY_ROOM, kind="numbers")


def _rows(periods: Sequence[NumberPeriod]) -> dict[str, float]:
    """Label → middle of its row, in order of first use; two periods of one number share a row."""
    labels = dict.fromkeys(period.label for period in sorted(periods, key=lambda p: (p.from_date, p.label)))
    return {label: TOP + ROW * (index + 0.5) for index, label in enumerate(labels)}


def _in_words(periods: Sequence[NumberPeriod], successions: Sequence[Succession]) -> str:
    said = [f"{p.label}: {format_span(p.from_date, p.to_date)}." for p in periods]
    return " ".join(said + [f"{s.new} succeeded {s.old} on {format_date(s.at)}." for s in successions])


def _ticks(first: dt.date, last: dt.date, across: Scale, floor: float) -> list[Markup]:
    """A grid line at the start of every month, quarter or year, whichever fits."""
    span = month_index(last) - month_index(first) + 1
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60) if span / step <= MOST_TICKS), 120)
    parts: list[Markup] = []
    start = month_index(first) + (-month_index(first) % every)
    year = 0
    for month in range(start, month_index(last) + 1, every):
        day = month_from(month)
        if day < first:
            continue
        x = across(day.toordinal())
        parts.append(
            element("path", d=f"M{svg.number(x)} {TOP - 6}V{svg.number(floor)}", stroke=svg.GRID, stroke_width=1)
        )
        words = f"{day:%b}" if day.year == year else f"{day:%b %Y}"
        parts.append(text(x, TOP - 14, words, text_anchor="middle", fill=svg.SECONDARY))
        year = day.year
    parts.append(element("path", d=f"M{LABELS} {TOP - 6}V{svg.number(floor)}", stroke=svg.RULE, stroke_width=1))
    return parts


def _bar(period: NumberPeriod, row: float, across: Scale, until: dt.date) -> list[Markup]:
    start = across(period.from_date.toordinal())
    end = across((period.to_date or until).toordinal())
    end = max(end, start + 3)
    assessed = period.basis != Basis.FACT
    words = [f"{period.label}, {format_span(period.from_date, period.to_date).lower()}", str(period.basis), period.note]
    title = element("title", escape(". ".join(part for part in words if part)))
    top, bottom = row - BAR / 2, row + BAR / 2
    if period.to_date is None:
        tip = end + 10
        shape = f"M{_n(start)} {_n(top)}H{_n(end)}L{_n(tip)} {_n(row)}L{_n(end)} {_n(bottom)}H{_n(start)}z"
    else:
        shape = f"M{_n(start)} {_n(top)}H{_n(end)}V{_n(bottom)}H{_n(start)}z"
    return [
        element(
            "path",
            title,
            d=shape,
            fill=svg.PAPER if assessed else svg.DARK_BLUE,
            stroke=svg.DARK_BLUE,
            stroke_width=2,
            stroke_dasharray="6 4" if assessed else None,
        )
    ]


def _n(value: float) -> str:
    return svg.number(value)


def _arrow(each: Succession, rows: dict[str, float], across: Scale) -> Markup:
    """From the bottom or top edge of the old number's bar to the facing edge of the new one's."""
    x, down = across(each.at.toordinal()), rows[each.new] > rows[each.old]
    way = 1 if down else -1
    start, end = rows[each.old] + way * BAR / 2, rows[each.new] - way * (BAR / 2 + 2)
    head = f"M{_n(x - 5)} {_n(end - way * 8)}L{_n(x)} {_n(end)}L{_n(x + 5)} {_n(end - way * 8)}"
    return element(
        "path",
        element("title", escape(f"{each.new} succeeded {each.old}, {format_date(each.at)}")),
        d=f"M{_n(x)} {_n(start)}V{_n(end)}{head}",
        stroke=svg.DARK_PINK,
        stroke_width=2.5,
        fill="none",
        class_="crossline-svg__succession",
    )


def _key(floor: float) -> list[Markup]:
    y = floor + 24
    solid = element("rect", x=LABELS, y=y - 11, width=26, height=12, fill=svg.DARK_BLUE)
    hollow = element(
        "rect",
        x=LABELS + 96,
        y=y - 11,
        width=26,
        height=12,
        fill=svg.PAPER,
        stroke=svg.DARK_BLUE,
        stroke_width=2,
        stroke_dasharray="6 4",
    )
    arrow = element(
        "path",
        d=f"M{LABELS + 246} {y - 14}v14M{LABELS + 241} {y - 7}l5 7l5 -7",
        stroke=svg.DARK_PINK,
        stroke_width=2.5,
        fill="none",
    )
    return [
        solid,
        text(LABELS + 34, y, "Fact"),
        hollow,
        text(LABELS + 130, y, "Assessment"),
        arrow,
        text(LABELS + 260, y, "One number succeeds another"),
        text(LABELS + 480, y, "A pointed end is still in use"),
    ]
