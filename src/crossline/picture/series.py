"""Monthly series with their breaks: no series runs on where its definition changes or an agency begins or stops to report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.drawing import MonthPoint, SeriesBreak
from crossline.lines.activity import ACTIVITY_RULES, signs_of_activity
from crossline.lines.register import register
from crossline.picture.definitions import DEFINITIONS, Definition, in_force
from crossline.vocabulary.agencies import agencies, forces

SILENT_MONTHS: Final = 3
"""An agency that makes no report for so many months has not begun, or has ceased; fewer is chance. [D]"""

_REPORTS = """
SELECT r.owner_id, date_trunc('month', r.made_at AT TIME ZONE 'Europe/London')::date, count(*),
       max((r.made_at AT TIME ZONE 'Europe/London')::date)
FROM records_record r
WHERE r.source = 'reports' AND {visible}
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class MonthlySeries:
    """One definition month by month. Points of different definition keys, and points on two sides of a break, never join."""

    id: str
    definition: Definition
    points: tuple[MonthPoint, ...]
    breaks: tuple[SeriesBreak, ...]


@dataclass(frozen=True)
class ReportMonths:
    """Visible reports by agency and month of making, and the newest day on which one was made."""

    counts: Mapping[str, Mapping[date, int]]
    newest: date | None

    @property
    def months(self) -> tuple[date, ...]:
        """Every month from the first with a report to the last, those without one included."""
        found = [month for counts in self.counts.values() for month in counts]
        return _run(min(found), max(found)) if found else ()


def monthly_series(viewpoint: Viewpoint, *, area: str | None = None) -> dict[str, MonthlySeries]:
    """The series of a viewpoint by definition id; empty where there are no reports.

    `area` an agency id: lines run from it or selling in it, and its own reports.
    """
    reports = report_months(viewpoint)
    if area is not None:
        reports = ReportMonths({area: reports.counts.get(area, {})}, reports.newest)
    months = reports.months
    if not months:
        return {}
    lines = _lines_of(viewpoint, area)
    values: dict[str, Mapping[date, int]] = {
        "lines_potentially_active": _active(viewpoint, months, lines),
        "lines_new": _new(viewpoint, lines),
        "reports_made": _summed(reports.counts.values()),
    }
    if area is None:
        values["agencies_reporting"] = _reporting(reports)
    breaks = reporting_breaks(reports, months)
    return {name: _series(name, found, months, breaks, reports.newest) for name, found in values.items()}


def report_months(viewpoint: Viewpoint) -> ReportMonths:
    """When the reports that the viewer sees were made."""
    clause, parameters = viewpoint.clause("r.audience_id")
    counts: dict[str, dict[date, int]] = defaultdict(dict)
    newest: date | None = None
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS.format(visible=clause), parameters)
        for owner, month, number, last in cursor.fetchall():
            counts[owner][month] = number
            newest = last if newest is None else max(newest, last)
    return ReportMonths(counts, newest)


def reporting_breaks(reports: ReportMonths, months: Sequence[date]) -> tuple[SeriesBreak, ...]:
    """Where an agency begins, ceases or resumes to report: figures from there on are of other reporters."""
    said: dict[date, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for agency, counts in reports.counts.items():
        name = agencies()[agency].short_name if agency in agencies() else agency
        for word, month in _turns(sorted(counts), months):
            said[month][word].append(name)
    return tuple(
        SeriesBreak(month, "; ".join(f"{_listed(sorted(names))} {word}" for word, names in sorted(said[month].items())))
        for month in sorted(said)
    )


def _turns(made: Sequence[date], months: Sequence[date]) -> list[tuple[str, date]]:
    """(what an agency did, from which month on) for its silences of at least SILENT_MONTHS."""
    if not made:
        return []
    place = {month: number for number, month in enumerate(months)}
    turns = []
    if place[made[0]] >= SILENT_MONTHS:
        turns.append(("began to report", made[0]))
    for before, after in pairwise(made):
        if place[after] - place[before] > SILENT_MONTHS:
            turns += [("ceased to report", months[place[before] + 1]), ("resumed reporting", after)]
    if len(months) - 1 - place[made[-1]] >= SILENT_MONTHS:
        turns.append(("ceased to report", months[place[made[-1]] + 1]))
    return turns


def _series(
    name: str,
    values: Mapping[date, int],
    months: Sequence[date],
    reporting: tuple[SeriesBreak, ...],
    newest: date | None,
) -> MonthlySeries:
    points = tuple(
        MonthPoint(month, values.get(month, 0), in_force(name, month).key, provisional=_is_unfinished(month, newest))
        for month in months
    )
    return MonthlySeries(name, in_force(name), points, _with_versions(name, months, reporting))


def _with_versions(name: str, months: Sequence[date], reporting: Sequence[SeriesBreak]) -> tuple[SeriesBreak, ...]:
    """The breaks in reporting and those where a new version of the definition comes into force."""
    labels: dict[date, list[str]] = defaultdict(list)
    for version in DEFINITIONS[name][1:]:
        month = version.valid_from.replace(day=1)
        if months[0] < month <= months[-1]:
            labels[month].append(f"Version {version.version} of the definition: {version.sentence}")
    for each in reporting:
        labels[each.at].append(each.label)
    return tuple(SeriesBreak(month, "; ".join(labels[month])) for month in sorted(labels))


def _active(viewpoint: Viewpoint, months: Sequence[date], lines: frozenset[str] | None) -> dict[date, int]:
    """Potentially active lines by month, each month under the rule that was in force in it."""
    by_version = {
        version: signs_of_activity(viewpoint, ACTIVITY_RULES[version]).months()
        for version in {in_force("lines_potentially_active", month).version for month in months}
    }
    found = {}
    for month in months:
        active = by_version[in_force("lines_potentially_active", month).version].get(month, frozenset())
        found[month] = len(active if lines is None else active & lines)
    return found


def _new(viewpoint: Viewpoint, lines: frozenset[str] | None) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for line in register(viewpoint).lines:
        if line.first_seen and (lines is None or line.id in lines):
            found[line.first_seen.replace(day=1)] += 1
    return found


def _reporting(reports: ReportMonths) -> dict[date, int]:
    known = {force.id for force in forces()}
    return _summed(dict.fromkeys(counts, 1) for agency, counts in reports.counts.items() if agency in known)


def _summed(counts: Iterable[Mapping[date, int]]) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for each in counts:
        for month, number in each.items():
            found[month] += number
    return found


def _lines_of(viewpoint: Viewpoint, area: str | None) -> frozenset[str] | None:
    if area is None:
        return None
    lines = register(viewpoint).lines
    return frozenset(line.id for line in lines if area in (*line.exporting_agencies, *line.importing_agencies))


def _run(first: date, last: date) -> tuple[date, ...]:
    months = [first]
    while months[-1] < last:
        months.append(_next(months[-1]))
    return tuple(months)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _is_unfinished(month: date, newest: date | None) -> bool:
    """Whether the newest report was made before the last day of this month, so that more of it may come."""
    return newest is not None and month <= newest and newest + timedelta(days=1) < _next(month)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
