"""Intensification weeks: the national table that agencies' visible returns amount to, each figure with its parts.

Whole figures are added exactly, as decimals. A percentage is never added: the centre's published one stands, or none does.
A nil is 0 and counts as reported; an agency that is absent is named as missing, and never taken for a nil.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.operations.campaign_arithmetic import Arithmetic, Derived, arithmetic, breaches_of, derived
from crossline.operations.campaign_returns import Returned, SetAside, of_one_unit, standing_returns
from crossline.vocabulary.agencies import CENTRE, AgencyKind, agencies
from crossline.vocabulary.codes import ReturnStatus
from crossline.vocabulary.metrics import METRICS, Metric

WEEK: Final = timedelta(days=6)


@dataclass(frozen=True)
class ExpectedAgencies:
    """Who is expected to return a week's figures. Whoever returned for another week is expected as well."""

    countries: frozenset[str]
    kinds: frozenset[AgencyKind]
    authority: str


EXPECTED: Final = ExpectedAgencies(
    countries=frozenset({"England", "Wales"}),
    kinds=frozenset({AgencyKind.TERRITORIAL, AgencyKind.RAILWAY}),
    authority="[S] domain notes 1.2: the 43 forces of England and Wales and British Transport Police supply returns",
)


@dataclass(frozen=True)
class Campaign:
    """One week that visible returns are about."""

    first_day: date
    reporting: tuple[str, ...]
    missing: tuple[str, ...]
    status: ReturnStatus

    @property
    def last_day(self) -> date:
        return self.first_day + WEEK

    @property
    def id(self) -> str:
        """What its page's address ends in."""
        return self.first_day.isoformat()


@dataclass(frozen=True)
class NationalRow:
    """One metric of a week. `value` None: a percentage nobody publishes. `parts` are what the value was added from."""

    metric: Metric
    value: Decimal | None
    parts: tuple[Returned, ...]
    missing: tuple[str, ...]
    note: str = ""

    @property
    def reporting(self) -> tuple[str, ...]:
        """The agencies whose figures are in the value."""
        return tuple(sorted({part.agency for part in self.parts}))

    @property
    def status(self) -> ReturnStatus:
        """Provisional as soon as one part is."""
        provisional = any(part.status == ReturnStatus.PROVISIONAL for part in self.parts)
        return ReturnStatus.PROVISIONAL if provisional else ReturnStatus.FINAL


@dataclass(frozen=True)
class AgencyBreach:
    """Figures of one agency that cannot all be right."""

    agency: str
    arithmetic: Arithmetic


@dataclass(frozen=True)
class NationalTable:
    """One week as the viewer's visible returns give it. `whole` False: the viewer does not see every agency's returns."""

    campaign: Campaign
    rows: tuple[NationalRow, ...]
    derived: tuple[Derived, ...]
    arithmetic: tuple[Arithmetic, ...]
    agency_breaches: tuple[AgencyBreach, ...]
    set_aside: tuple[SetAside, ...]
    whole: bool

    def row(self, metric: str) -> NationalRow | None:
        """The row of a metric, by its code."""
        return next((row for row in self.rows if row.metric.code == metric), None)


def campaigns_of(viewpoint: Viewpoint) -> list[Campaign]:
    """The weeks that visible returns are about, the newest first."""
    returned = standing_returns(viewpoint)
    by_week: dict[date, list[Returned]] = defaultdict(list)
    for each in returned:
        by_week[each.campaign].append(each)
    expected = expected_agencies(returned)
    return [_campaign(week, by_week[week], expected) for week in sorted(by_week, reverse=True)]


def national_table(viewpoint: Viewpoint, first_day: date) -> NationalTable | None:
    """The table of the week that began on this day; None when no visible return is about it."""
    returned = standing_returns(viewpoint)
    theirs = [each for each in returned if each.campaign == first_day]
    if not theirs:
        return None
    expected = expected_agencies(returned)
    usable, set_aside = of_one_unit(theirs)
    by_metric: dict[str, list[Returned]] = defaultdict(list)
    for each in usable:
        by_metric[each.metric].append(each)
    rows, doubled = [], list(set_aside)
    for code in METRICS:
        if code in by_metric:
            row, left_out = _row(METRICS[code], by_metric[code], expected)
            rows.append(row)
            doubled.extend(left_out)
    values = {row.metric.code: row.value for row in rows if row.value is not None}
    return NationalTable(
        campaign=_campaign(first_day, theirs, expected),
        rows=tuple(rows),
        derived=derived(values),
        arithmetic=arithmetic(values),
        agency_breaches=_agency_breaches(usable),
        set_aside=tuple(doubled),
        whole=sees_every_return(viewpoint),
    )


def sees_every_return(viewpoint: Viewpoint) -> bool:
    """Whether what this viewer sees is national; to others nothing is said of who has not returned."""
    return viewpoint.viewer.is_administrator or viewpoint.viewer.agency == CENTRE


def expected_agencies(returned: Iterable[Returned]) -> frozenset[str]:
    """The forces of the rule, and whoever else has returned anything for any week; the centre is asked for nothing."""
    standing = {
        agency.id
        for agency in agencies().values()
        if agency.kind in EXPECTED.kinds and (agency.country in EXPECTED.countries or agency.kind is AgencyKind.RAILWAY)
    }
    others = {each.agency for each in returned if _kind(each.agency) is not AgencyKind.CENTRE}
    return frozenset(standing | others)


def _campaign(week: date, theirs: Sequence[Returned], expected: frozenset[str]) -> Campaign:
    reporting = {each.agency for each in theirs if _kind(each.agency) is not AgencyKind.CENTRE}
    provisional = any(each.status == ReturnStatus.PROVISIONAL for each in theirs)
    status = ReturnStatus.PROVISIONAL if provisional else ReturnStatus.FINAL
    return Campaign(week, tuple(sorted(reporting)), tuple(sorted(expected - reporting)), status)


def _row(metric: Metric, theirs: Sequence[Returned], expected: frozenset[str]) -> tuple[NationalRow, list[SetAside]]:
    centre = [each for each in theirs if _kind(each.agency) is AgencyKind.CENTRE]
    others = [each for each in theirs if _kind(each.agency) is not AgencyKind.CENTRE]
    if not metric.is_additive:
        return _published(metric, centre, others), []
    if centre and not others:
        return NationalRow(
            metric, _total(centre), tuple(centre), (), "The centre's figure for the whole country; not split."
        ), []
    added, twice = _without_regional_doubles(others)
    missing = tuple(sorted(expected - {each.agency for each in others}))
    return NationalRow(metric, _total(added), tuple(added), missing, _against_centre(centre, _total(added))), twice


def _published(metric: Metric, centre: Sequence[Returned], others: Sequence[Returned]) -> NationalRow:
    if centre:
        note = "As the centre published it; a percentage is never added up."
        return NationalRow(metric, centre[0].value, (centre[0],), (), note)
    note = f"Returned by {len(others)}; a percentage is never added up, and the centre published none."
    return NationalRow(metric, None, tuple(others), (), note)


def _without_regional_doubles(theirs: Sequence[Returned]) -> tuple[list[Returned], list[SetAside]]:
    """A regional unit's figure holds its forces' [D]: with any of theirs returned, the unit's is left out, and said so."""
    reporting = {each.agency for each in theirs}
    added, twice = [], []
    for each in theirs:
        members = {a.id for a in agencies().values() if a.rocu_id == each.agency and a.id != each.agency}
        if _kind(each.agency) is AgencyKind.REGIONAL and members & reporting:
            twice.append(SetAside(each, "its own forces returned this too, so adding it would count them twice."))
        else:
            added.append(each)
    return added, twice


def _against_centre(centre: Sequence[Returned], total: Decimal) -> str:
    if not centre or centre[0].value == total:
        return ""
    return f"The centre gives {centre[0].value:,f}; the agencies' own figures stand."


def _agency_breaches(usable: Iterable[Returned]) -> tuple[AgencyBreach, ...]:
    values: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for each in usable:
        values[each.agency][each.metric] = each.value
    return tuple(AgencyBreach(agency, found) for agency in sorted(values) for found in breaches_of(values[agency]))


def _total(parts: Iterable[Returned]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def _kind(agency: str) -> AgencyKind | None:
    known = agencies().get(agency)
    return known.kind if known else None
