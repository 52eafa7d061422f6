"""The returns of intensification weeks as they stand: of each agency's revisions the one that counts, in the metric's unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.records.generation import Kept
from crossline.records.models import Record
from crossline.vocabulary.codes import RecordKind, ReturnStatus
from crossline.vocabulary.metrics import METRICS, CountBasis, Unit


@dataclass(frozen=True)
class Returned:
    """One agency's figure for one metric of one week. `written` is the figure as sent, where a unit was converted."""

    campaign: date
    agency: str
    metric: str
    value: Decimal
    unit: str
    status: ReturnStatus
    note: str
    record: UUID
    revision: int
    made_at: datetime
    written: str = ""


@dataclass(frozen=True)
class SetAside:
    """A figure that is not in the table, and why."""

    returned: Returned
    reason: str


_SPELLINGS: Final[Mapping[str, Unit]] = MappingProxyType(
    {
        "£": Unit.POUNDS,
        "pounds": Unit.POUNDS,
        "pound sterling": Unit.POUNDS,
        "%": Unit.PERCENT,
        "per cent": Unit.PERCENT,
        "pc": Unit.PERCENT,
        "gram": Unit.GRAMS,
        "grams": Unit.GRAMS,
        "grammes": Unit.GRAMS,
        "kilo": Unit.KILOGRAMS,
        "kilos": Unit.KILOGRAMS,
        "kilogram": Unit.KILOGRAMS,
        "kilograms": Unit.KILOGRAMS,
        "kgs": Unit.KILOGRAMS,
    }
)
_GRAMS_IN: Final[Mapping[Unit, Decimal]] = MappingProxyType({Unit.GRAMS: Decimal(1), Unit.KILOGRAMS: Decimal(1000)})


def _standing(viewpoint: Viewpoint) -> tuple[Returned, ...]:
    rows = viewpoint.visible(Record.objects.filter(kind=RecordKind.CAMPAIGN_RETURN))
    best: dict[tuple[date, str, str], Returned] = {}
    for owner, detail, record, revision, made_at in rows.values_list("owner_id", "detail", "id", "revision", "made_at"):
        each = Returned(
            campaign=date.fromisoformat(detail["campaign"]),
            agency=owner,
            metric=detail["metric"],
            value=Decimal(detail["value"]),
            unit=detail["unit"],
            status=ReturnStatus(detail["status"]),
            note=detail.get("note", ""),
            record=record,
            revision=revision,
            made_at=made_at,
        )
        key = (each.campaign, each.agency, each.metric)
        if each.metric in METRICS and (key not in best or _rank(each) > _rank(best[key])):
            best[key] = each
    return tuple(best[key] for key in sorted(best))


standing_returns: Kept[tuple[Returned, ...]] = Kept(_standing)
"""Every visible figure that stands, kept while the store stands still. Final outranks provisional, then the latest counts."""


def _rank(each: Returned) -> tuple[bool, datetime, int, UUID]:
    return each.status == ReturnStatus.FINAL, each.made_at, each.revision, each.record


def of_one_unit(theirs: Sequence[Returned]) -> tuple[list[Returned], list[SetAside]]:
    """A week's figures, each in the unit of its metric and one thing under one code, with what could not be brought there."""
    read, aside = [], []
    for each in theirs:
        found = _in_its_unit(each)
        if found is None:
            meant = METRICS[each.metric].unit.meaning.lower()
            aside.append(SetAside(each, f"its unit {each.unit!r} is not one of {meant}."))
        else:
            read.append(found)
    folded, twice = _under_one_code(read)
    return folded, aside + twice


def _in_its_unit(each: Returned) -> Returned | None:
    """The figure in its metric's unit. A word that is no unit is forgiven where things are counted, never for amounts."""
    metric = METRICS[each.metric]
    unit = _SPELLINGS.get(each.unit.strip().casefold()) or Unit.read(each.unit)
    if unit == metric.unit:
        return replace(each, unit=str(metric.unit))
    if unit is not None and unit in _GRAMS_IN and metric.unit in _GRAMS_IN:
        return _converted(each, each.value * _GRAMS_IN[unit] / _GRAMS_IN[metric.unit], metric.code)
    if unit is None and metric.basis not in (CountBasis.QUANTITY, CountBasis.SHARE):
        return replace(each, unit=str(metric.unit), written=f"{each.value:,f} {each.unit}")
    return None


def _converted(each: Returned, value: Decimal, metric: str) -> Returned:
    written = each.written or f"{each.value:,f} {each.unit}"
    return replace(each, value=value, metric=metric, unit=str(METRICS[metric].unit), written=written)


def _under_one_code(theirs: Iterable[Returned]) -> tuple[list[Returned], list[SetAside]]:
    """The same drug weighed in grams by some and in kilograms by others is one metric, in kilograms."""
    in_grams = {scale[0]: code for code, metric in METRICS.items() if (scale := metric.scale_of)}
    grouped: dict[tuple[str, str], list[Returned]] = defaultdict(list)
    for each in theirs:
        grouped[each.agency, in_grams.get(each.metric, each.metric)].append(each)
    with_kilograms = {code for (_, code), found in grouped.items() for each in found if each.metric == code}
    kept, twice = [], []
    for (_, code), found in grouped.items():
        own = [each for each in found if each.metric == code]
        for each in found:
            if each.metric == code or code not in with_kilograms:
                kept.append(each)
            elif own:
                twice.append(SetAside(each, f"the same agency returned this under {code} as well."))
            else:
                kept.append(_converted(each, each.value / _GRAMS_IN[Unit.KILOGRAMS], code))
    return kept, twice
