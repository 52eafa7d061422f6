"""What the pages of intensification weeks show, as plain rows: figures with their parts, sums in words, nil told from missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Final

from django.urls import reverse

from crossline.operations.campaign_arithmetic import Arithmetic, shown
from crossline.operations.campaign_returns import Returned
from crossline.operations.campaigns import Campaign, NationalRow, NationalTable
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.metrics import METRICS, Metric, Unit
from crossline.wording import format_span, plural, with_capital

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "People arrested": ("ARR_",),
        "Charges": ("CHG_",),
        "People safeguarded": ("SG_", "NRM", "DTN"),
        "Lines and telephones": ("LINE_", "DEV_", "PHONES"),
        "Weapons": ("W_",),
        "Drugs": ("D_",),
        "Other results": ("",),
    }
)
"""Headings of the table, each with how the codes under it begin; the first that fits stands."""


def amount(value: Decimal, unit: Unit) -> str:
    """A figure with its unit: £2,400,000; 178.49 kg; 8.3%; 501."""
    if unit is Unit.POUNDS:
        return f"£{shown(value)}"
    if unit is Unit.PERCENT:
        return f"{shown(value)}%"
    if unit in (Unit.GRAMS, Unit.KILOGRAMS):
        return f"{shown(value)} {unit.value}"
    return shown(value)


def campaign_row(campaign: Campaign, *, whole: bool) -> dict[str, object]:
    """A week as a row of the list. Somebody who does not see every return is not told that one is missing."""
    return {
        "week": format_span(campaign.first_day, campaign.last_day),
        "day": campaign.first_day,
        "href": reverse("campaign", args=[campaign.id]),
        "status": campaign.status,
        "reporting": len(campaign.reporting),
        "missing": len(campaign.missing) if whole else None,
    }


def section_of(metric: Metric) -> str:
    """The heading that a metric stands under."""
    return next(name for name, starts in SECTIONS.items() if any(metric.code.startswith(start) for start in starts))


@dataclass(frozen=True)
class CampaignPage:
    """One week."""

    table: NationalTable

    @property
    def title(self) -> str:
        return format_span(self.table.campaign.first_day, self.table.campaign.last_day)

    @property
    def is_part(self) -> bool:
        """Whether the viewer does not see every agency's returns, so that sums are not national."""
        return not self.table.whole

    @cached_property
    def sections(self) -> list[tuple[str, list[dict[str, object]], list[dict[str, object]]]]:
        """(heading, rows, sums in words) in the order of the return form."""
        found = []
        for name in SECTIONS:
            rows = [self._row(row) for row in self.table.rows if section_of(row.metric) == name]
            rows += [
                _derived_row(each.metric, each.value, each.low, each.high, each.sentence)
                for each in self.table.derived
                if section_of(METRICS[each.metric]) == name
            ]
            sums = [_sum_row(each) for each in self.table.arithmetic if section_of(METRICS[each.whole]) == name]
            if rows:
                found.append((name, rows, sums))
        return found

    def _row(self, row: NationalRow) -> dict[str, object]:
        nil = sum(1 for part in row.parts if part.value == 0)
        added = row.metric.is_additive and bool(row.reporting)
        return {
            "label": row.metric.label,
            "href": reverse("campaign-figure", args=[self.table.campaign.id, row.metric.code]),
            "value": None if row.value is None else amount(row.value, row.metric.unit),
            "value_sort": row.value,
            "status": row.status,
            "reporting": plural(len(row.reporting), "agency", "agencies") if added else "As published",
            "nil": nil if added else None,
            "missing": len(row.missing) if added and self.table.whole else None,
            "note": row.note or None,
        }

    @property
    def standing(self) -> str:
        """Who has returned and who is missing, as far as the viewer can tell."""
        reporting, missing = len(self.reporting), len(self.missing)
        said = f"{plural(reporting, 'agency has', 'agencies have')} returned figures"
        if self.is_part:
            return f"{said} that you may see."
        return f"{said}; {plural(missing, 'agency is', 'agencies are') if missing else 'none is'} missing."

    @property
    def reporting(self) -> list[str]:
        return _named(self.table.campaign.reporting)

    @property
    def missing(self) -> list[str]:
        return _named(self.table.campaign.missing)

    @cached_property
    def wrong(self) -> list[dict[str, object]]:
        """Figures of one agency that cannot all be right."""
        return [
            {"agency": each.agency, "whole": METRICS[each.arithmetic.whole].label, "sentence": each.arithmetic.sentence}
            for each in self.table.agency_breaches
        ]

    @cached_property
    def set_aside(self) -> list[dict[str, object]]:
        """Figures that are not in the table, and why."""
        return [
            _part_row(each.returned) | {"label": METRICS[each.returned.metric].label, "why": _sentence(each.reason)}
            for each in self.table.set_aside
        ]


@dataclass(frozen=True)
class CampaignFigure:
    """One figure of a week, agency by agency: what each returned, a nil told from nothing."""

    table: NationalTable
    row: NationalRow

    @property
    def title(self) -> str:
        return self.row.metric.label

    @property
    def week(self) -> str:
        return format_span(self.table.campaign.first_day, self.table.campaign.last_day)

    @property
    def facts(self) -> list[tuple[str, str | None]]:
        """What the figure is."""
        row = self.row
        return [
            (
                "National figure" if self.table.whole else "Total of what you see",
                None if row.value is None else amount(row.value, row.metric.unit),
            ),
            ("Counted in", row.metric.unit.meaning),
            ("What is counted once", row.metric.basis.meaning),
            ("Definition", f"Version {row.metric.version} of {row.metric.definition}"),
            *([("Note", row.note)] if row.note else []),
        ]

    @cached_property
    def rows(self) -> list[dict[str, object]]:
        """Every agency that returned the figure, then those that did not, as far as the viewer can tell."""
        returned = [_part_row(part) for part in sorted(self.row.parts, key=lambda part: _name(part.agency))]
        if not self.table.whole:
            return returned
        absent: list[dict[str, object]] = [
            {"agency": name, "value": None, "said": "Not returned"} for name in _named(self.row.missing)
        ]
        return returned + absent

    @property
    def sum_in_words(self) -> str:
        """How many agencies the figure was added from, how many of those are nil, and how many are missing."""
        nil = sum(1 for part in self.row.parts if part.value == 0)
        said = [f"Added from the figures of {plural(len(self.row.reporting), 'agency', 'agencies')}."]
        if nil:
            said.append(f"{nil} of them returned nil: a nil is a 0 that was sent.")
        if not self.table.whole:
            said.append("Whether other agencies have returned it is not shown to you.")
        elif self.row.missing:
            said.append(
                f"{plural(len(self.row.missing), 'agency has', 'agencies have')} returned nothing; that is not a nil."
            )
        return " ".join(said)


def _part_row(part: Returned) -> dict[str, object]:
    unit = METRICS[part.metric].unit
    return {
        "agency": _name(part.agency),
        "value": amount(part.value, unit),
        "value_sort": part.value,
        "said": "Nil" if part.value == 0 else "Returned",
        "status": part.status,
        "written": part.written or None,
        "record": f"Revision {part.revision}" if part.revision > 1 else "Return",
        "href": reverse("record", args=[part.record]),
        "note": part.note or None,
    }


def _derived_row(metric: str, value: Decimal, low: Decimal, high: Decimal | None, sentence: str) -> dict[str, object]:
    """A figure nobody returned, with the range that what was published leaves it."""
    unit = METRICS[metric].unit
    if high is None:
        text = f"{amount(value, unit)} or more"
    elif low == value == high:
        text = amount(value, unit)
    else:
        text = f"{amount(value, unit)} (between {amount(low, unit)} and {amount(high, unit)})"
    return {
        "label": METRICS[metric].label,
        "value": text,
        "value_sort": value,
        "status": None,
        "reporting": "Worked out",
        "nil": None,
        "missing": None,
        "note": _sentence(sentence.replace(" %", "%")),
    }


def _sum_row(each: Arithmetic) -> dict[str, object]:
    """The sums of one whole: the numbers, then what they are of."""
    parts = [" + ".join(METRICS[code].label.lower() for code, _ in part.parts) for part in each.sums]
    return {
        "whole": METRICS[each.whole].label,
        "sentence": each.sentence.replace(" %", "%"),
        "parts": parts,
        "holds": each.holds,
    }


def _named(ids: Iterable[str]) -> list[str]:
    return sorted(_name(agency) for agency in ids)


def _name(agency: str) -> str:
    known = agencies().get(agency)
    return known.name if known else agency


def _sentence(text: str) -> str:
    return with_capital(text)
