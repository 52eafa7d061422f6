"""Which lines were potentially active in a month: the rule as data, and the signs of activity that visible rows give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.lines.register import Register, RegisterLine, register
from crossline.records.models import Record
from crossline.vocabulary.codes import REPORT_KINDS, InformationGrade, RecordKind
from crossline.wording import format_month


@dataclass(frozen=True)
class ActivityRule:
    """What counts as a sign that a line was active in a month, under one version of the definition."""

    version: str
    report_kinds: frozenset[RecordKind]
    grades_that_do_not_count: frozenset[InformationGrade]
    days_seen_in_returns: bool
    changes_of_number: bool
    authority: str


ACTIVITY_RULES: Final[Mapping[str, ActivityRule]] = MappingProxyType(
    {
        "1": ActivityRule(
            version="1",
            report_kinds=REPORT_KINDS,
            grades_that_do_not_count=frozenset({InformationGrade.E}),
            days_seen_in_returns=True,
            changes_of_number=True,
            authority="[D] this platform's own; domain notes 1.8: the exact NCLCC rule is not public",
        )
    }
)
"""By version of the definition `lines_potentially_active`."""
NEWEST_RULE: Final = ACTIVITY_RULES[max(ACTIVITY_RULES, key=int)]
MONTHS_SHOWN: Final = 12


@dataclass(frozen=True)
class Signs:
    """The days on which each line showed a sign of activity, under one rule."""

    by_line: Mapping[str, frozenset[date]]

    def active(self, month: date) -> frozenset[str]:
        """The lines with a sign in the month of this day."""
        return frozenset(line for line, days in self.by_line.items() if any(_same_month(day, month) for day in days))

    def months(self) -> Mapping[date, frozenset[str]]:
        """The lines by month (its first day), for every month with a sign."""
        found: dict[date, set[str]] = {}
        for line, days in self.by_line.items():
            for day in days:
                found.setdefault(day.replace(day=1), set()).add(line)
        return {month: frozenset(lines) for month, lines in found.items()}


def months_of(line: RegisterLine, viewpoint: Viewpoint, today: date) -> list[dict[str, object]]:
    """The last twelve months of a line, the newest first: on how many days it showed a sign by the newest rule."""
    discounted = _discounted(viewpoint, NEWEST_RULE, among=[row.record for row in line.rows])
    days = {*_days(line, NEWEST_RULE, discounted), *_changes_of_number(register(viewpoint)).get(line.id, ())}
    months = [today.replace(day=1)]
    while len(months) < MONTHS_SHOWN:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    found = {month: sorted(day for day in days if _same_month(day, month)) for month in months}
    return [
        {
            "month": format_month(month),
            "signs": len(seen) or None,
            "first": seen[0] if seen else None,
            "last": seen[-1] if seen else None,
        }
        for month, seen in found.items()
    ]


def signs_of_activity(viewpoint: Viewpoint, rule: ActivityRule) -> Signs:
    """Every sign that the viewer's visible rows give."""
    lines = register(viewpoint)
    discounted = _discounted(viewpoint, rule)
    changes = _changes_of_number(lines) if rule.changes_of_number else {}
    return Signs(
        {line.id: frozenset((*_days(line, rule, discounted), *changes.get(line.id, ()))) for line in lines.lines}
    )


def _days(line: RegisterLine, rule: ActivityRule, discounted: frozenset[UUID]) -> Iterator[date]:
    for row in line.rows:
        if not row.is_return and row.kind in rule.report_kinds and row.record not in discounted:
            yield row.day
    if rule.days_seen_in_returns:
        for returned in line.returns:
            for name in ("first_seen", "last_seen"):
                if day := returned.detail.get(name):
                    yield date.fromisoformat(day)


def _changes_of_number(lines: Register) -> dict[str, set[date]]:
    """Changes of number that nobody rejected, each a sign that the line of the old number was in use."""
    found: dict[str, set[date]] = {}
    numbers = {line.id: {use.number for use in line.group.all_numbers} for line in lines.lines}
    for each in lines.successions:
        line = lines.line_of_number.get(each.old)
        if line is not None and each.new in numbers[line.id]:
            found.setdefault(line.id, set()).add(each.date)
    return found


def _discounted(viewpoint: Viewpoint, rule: ActivityRule, *, among: Collection[UUID] | None = None) -> frozenset[UUID]:
    grades = [str(grade) for grade in rule.grades_that_do_not_count]
    rows = Record.objects.filter(information_grade__in=grades)
    chosen = rows if among is None else rows.filter(id__in=among)
    return frozenset(viewpoint.visible(chosen).values_list("id", flat=True))


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)
