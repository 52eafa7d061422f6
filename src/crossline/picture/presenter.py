"""What the national picture and the definitions show, as plain rows: templates hold no logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup

from crossline.access.viewer import Viewpoint
from crossline.drawing import AreaValue, Flow, MonthPoint, SeriesBreak, flow_map
from crossline.drawing import monthly_series as draw_months
from crossline.lines.duties import Duties, duties_of
from crossline.lines.in_words import names, row_of
from crossline.lines.priorities import priorities
from crossline.lines.register import register
from crossline.picture.definitions import in_force
from crossline.picture.figures import NATIONAL, CountedFrom, Figure, figures
from crossline.picture.flows import Flows, flows
from crossline.picture.history import PublishedSize, published_history
from crossline.picture.series import MonthlySeries, monthly_series, report_months
from crossline.records.generation import Kept
from crossline.safeguarding.presenter import new_among
from crossline.safeguarding.queries import concerns_of
from crossline.vocabulary.agencies import agencies, forces
from crossline.wording import format_date, format_month, format_number, plural

TOP_PAIRS: Final = 25
TOP_LINES: Final = 10
CARDS: Final = (
    "lines_in_register",
    "lines_active",
    "lines_potentially_active",
    "lines_external",
    "people_put_forward",
    "children_put_forward",
    "investigation_overlaps",
    "drug_linked_homicide_share",
)
"""The figures that stand at the top of the page, in this order. Every other one is on the page of figures."""
SERIES: Final[Mapping[str, str]] = MappingProxyType(
    {"lines_potentially_active": "lines", "lines_new": "lines", "reports_made": "reports"}
)
"""The monthly series that can be chosen, each with what it counts."""
COUNTED_FROM_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "lines": "these lines",
        "figure": "these lines",
        "concerns": "these concerns",
        "overlaps": "these overlaps",
        "records": "these records",
        "search": "the records you can search",
    }
)
LISTED_HERE: Final = frozenset({"lines_potentially_active", "lines_new", "lines_external"})
"""Figures whose lines no filter of the line list can choose: the page of the figure lists them."""
LISTED_WHERE: Final[Mapping[str, CountedFrom]] = MappingProxyType(
    {
        "agencies_reporting": CountedFrom("records"),
        "reports_made": CountedFrom("records"),
        "investigations_open": CountedFrom("records", (("kind", "investigation"),)),
        "drug_linked_homicide_share": CountedFrom("records", (("kind", "homicide"),)),
        "drug_linked_homicide_share_of_all": CountedFrom("records", (("kind", "homicide"),)),
    }
)
"""Figures whose records are listed on a page nearer to them than the one that the figure itself names."""


_months: Final = Kept(monthly_series)
_routes: Final = Kept(flows)
_newly_put_forward: Final = Kept(lambda viewpoint: new_among(concerns_of(viewpoint)))


def period_in_words(period: str) -> str:
    """A figure's period as people say it: a day (a stock), a month, a financial year."""
    if "/" in period:
        return f"Financial year {period}"
    if len(period) == len("2026-03"):
        return format_month(period)
    return f"As at {format_date(period)}" if period else "No record yet"


def value_in_words(figure: Figure) -> str | None:
    """A figure's value with its sign of a share; None where there is nothing to make it of."""
    if figure.value is None:
        return None
    share = in_force(figure.id).unit == "per cent"
    return f"{figure.value}%" if share else format_number(figure.value)


def parts_in_words(figure: Figure) -> str | None:
    """What is above and below the line: 29 of 78 lines in the register."""
    if figure.numerator is None or figure.denominator is None:
        return None
    return f"{format_number(figure.numerator)} of {format_number(figure.denominator)} {in_force(figure.id).denominator}"


def counted_where(figure: Figure) -> tuple[str, str]:
    """(what a figure was counted from in words, the page that lists it)."""
    if figure.id in LISTED_HERE:
        query = {"period": figure.period} if len(figure.period) == len("2026-03") else {}
        return COUNTED_FROM_WORDS["figure"], _address("figure", figure.id, query=query)
    counted = LISTED_WHERE.get(figure.id, figure.counted_from)
    return COUNTED_FROM_WORDS.get(counted.page, "the records"), _address(counted.page, query=dict(counted.query))


def _address(page: str, *arguments: str, query: Mapping[str, str]) -> str:
    return reverse(page, args=arguments) + (f"?{urlencode(query)}" if query else "")


def card_of(figure: Figure) -> dict[str, object]:
    """A figure as its card shows it: never a number without words, version and period."""
    words, href = counted_where(figure)
    return {
        "id": figure.id,
        "value": value_in_words(figure),
        "label": figure.label,
        "version": figure.version,
        "period": period_in_words(figure.period),
        "parts": parts_in_words(figure),
        "note": figure.note,
        "definition": figure.definition,
        "href": href,
        "counted_from_text": words,
        "definition_href": f"{reverse('definitions')}#{figure.id}",
    }


@dataclass(frozen=True)
class DrawnSeries:
    """A monthly series with the rows of its table and its breaks in words."""

    id: str
    label: str
    sentence: str
    drawing: Markup
    rows: Sequence[dict[str, object]]
    breaks: Sequence[str]


class NationalPicture:
    """The national picture of one viewpoint."""

    def __init__(self, viewpoint: Viewpoint, *, series: str = "") -> None:
        self.viewpoint = viewpoint
        self.chosen = series if series in SERIES else next(iter(SERIES))

    @cached_property
    def duties(self) -> Duties:
        """Check-backs of closed lines that wait for the viewer's agency."""
        return duties_of(self.viewpoint, timezone.now().date())

    @cached_property
    def _figures(self) -> Sequence[Figure]:
        return [figure for figure in figures(self.viewpoint) if figure.area == NATIONAL]

    @cached_property
    def as_of(self) -> str | None:
        """The day of the newest visible record, in words; None when there is none."""
        stock = next((figure for figure in self._figures if figure.id == "lines_in_register"), None)
        return format_date(stock.period) if stock and stock.period else None

    @cached_property
    def cards(self) -> Sequence[dict[str, object]]:
        """The figures at the top; of a monthly one its last whole month."""
        found = [self._latest(name) for name in CARDS]
        cards = [card_of(figure) for figure in found if figure is not None]
        for card in cards:
            if card["id"] == "people_put_forward":
                number = _newly_put_forward(self.viewpoint)
                card["parts"] = f"{plural(number, 'person', 'people')} newly in the last four weeks"
        return cards

    @cached_property
    def homicides(self) -> Sequence[dict[str, object]]:
        """The drug-linked share by financial year: as defined, and the range that what is not known leaves it."""
        shares = [figure for figure in self._figures if figure.id == "drug_linked_homicide_share"]
        newest_first = sorted(shares, key=lambda figure: figure.period, reverse=True)
        return [card_of(figure) | {"unknown": figure.note.partition(". ")[0]} for figure in newest_first]

    def _latest(self, name: str) -> Figure | None:
        open_months = {f"{p.month:%Y-%m}" for s in self._series.values() for p in s.points if p.provisional}
        found = [figure for figure in self._figures if figure.id == name]
        whole = [figure for figure in found if figure.period not in open_months]
        return max(whole or found, key=lambda figure: figure.period, default=None)

    @cached_property
    def _flows(self) -> Flows:
        return _routes(self.viewpoint)

    @cached_property
    def map(self) -> Markup:
        """Force areas shaded by the open lines that sell in them, with arrows from where those are run."""
        reporters = report_months(self.viewpoint).counts.keys() | self._flows.forces.keys()
        values = [
            AreaValue(
                force.id,
                len(self._flows.forces[force.id].importing) if force.id in self._flows.forces else 0,
                f"{reverse('lines')}?{urlencode({'status': 'open', 'importing': force.id})}",
            )
            for force in forces()
            if force.has_boundary and force.id in reporters
        ]
        return flow_map(
            values,
            [Flow(pair.exporting, pair.importing, pair.count) for pair in self._flows.pairs],
            title="Open lines: where they are run from and where they sell",
            measure="Open lines that sell in the area",
        )

    @cached_property
    def pairs(self) -> Sequence[dict[str, object]]:
        """The largest flows across a border, for the table beside the map."""
        return [
            {
                "exporting": _short(pair.exporting),
                "importing": _short(pair.importing),
                "lines": pair.count,
                "href": f"{reverse('lines')}?"
                + urlencode({"status": "open", "exporting": pair.exporting, "importing": pair.importing}),
            }
            for pair in self._flows.top(TOP_PAIRS)
        ]

    @property
    def flow_note(self) -> str:
        """What the map and its table leave out, in words."""
        crossing = len([pair for pair in self._flows.pairs if not pair.is_internal])
        internal = len({line for pair in self._flows.pairs if pair.is_internal for line in pair.lines})
        said = []
        if crossing > TOP_PAIRS:
            said.append(f"The table shows the largest {TOP_PAIRS} of {format_number(crossing)} flows.")
        if internal:
            said.append(
                plural(
                    internal,
                    "line sells where it is run from and needs no arrow.",
                    "lines sell where they are run from and need no arrow.",
                )
            )
        if self._flows.unplaced:
            number = plural(len(self._flows.unplaced), "open line")
            said.append(
                f"{number} cannot be placed, because no return says both where the line is run from and where it sells."
            )
        return " ".join(said)

    @cached_property
    def _series(self) -> Mapping[str, MonthlySeries]:
        return _months(self.viewpoint)

    @cached_property
    def series(self) -> DrawnSeries | None:
        """The chosen monthly series; None when no record has a month."""
        found = self._series.get(self.chosen)
        return None if found is None else _drawn(found, unit=SERIES[self.chosen])

    @property
    def series_choices(self) -> list[tuple[str, str, bool]]:
        """(words, address, chosen) for the sub-navigation over the chart."""
        return [(in_force(name).label, f"?series={name}#by-month", name == self.chosen) for name in SERIES]

    @cached_property
    def history(self) -> History:
        """The published sizes of the threat."""
        return History(published_history())

    @cached_property
    def top_lines(self) -> Sequence[dict[str, object]]:
        """The lines to read first, each with the strongest reason why."""
        ranked = priorities(self.viewpoint).of_line
        lines = register(self.viewpoint).line_of
        first = sorted(ranked.values(), key=lambda priority: priority.rank)[:TOP_LINES]
        return [row_of(lines[priority.line], priority) for priority in first if priority.line in lines]


class History:
    """What was published of the size of the threat: never one series, so every figure stands after a break."""

    def __init__(self, sizes: Sequence[PublishedSize]) -> None:
        self.sizes = sizes

    @cached_property
    def drawing(self) -> Markup:
        """The published counts of lines, each after its break; where a range was published, its lower end is drawn."""
        lines = [size for size in self.sizes if size.measure == "lines"]
        points = [
            MonthPoint(size.period_start, size.low, size.definition, note=f"{size.label}, {size.words}")
            for size in lines
        ]
        breaks = [SeriesBreak(size.period_start, size.break_reason) for size in lines if size.break_reason]
        return draw_months(
            points,
            breaks,
            title="Published numbers of lines, each under its own definition",
            unit="Lines (the lower end where a range was published)",
            kind="bar",
        )

    @property
    def rows(self) -> list[dict[str, object]]:
        """Every published size with its source and why it does not follow on from the one before."""
        return [
            {
                "period": _span(size.period_start, size.period_end),
                "start": size.period_start,
                "label": size.label,
                "published": size.words.capitalize(),
                "break": size.break_reason or "The first published figure",
                "source": size.publisher,
                "href": size.source_url,
            }
            for size in self.sizes
        ]


def _span(start: date, end: date) -> str:
    if (start.month, end.month, start.year) == (1, 12, end.year):
        return str(start.year)
    return f"{format_month(start)} to {format_month(end)}"


def _drawn(series: MonthlySeries, *, unit: str) -> DrawnSeries:
    breaks = {each.at: each.label for each in series.breaks}
    return DrawnSeries(
        id=series.id,
        label=series.definition.label,
        sentence=series.definition.sentence,
        drawing=draw_months(
            series.points, series.breaks, title=f"{series.definition.label} by month", unit=unit.capitalize()
        ),
        rows=[_month(point, breaks.get(point.month)) for point in series.points],
        breaks=[f"{format_month(each.at)}: {each.label}" for each in series.breaks],
    )


def _month(point: MonthPoint, broken: str | None) -> dict[str, object]:
    return {
        "month": point.month,
        "value": point.value,
        "definition": point.definition.rpartition(" v")[2],
        "note": "; ".join(
            filter(None, (f"Break: {broken}" if broken else "", "provisional" if point.provisional else ""))
        ),
    }


def _short(agency: str) -> str:
    return names((agency,)) if agency in agencies() else agency
