"""returns.csv, finance.csv and homicides.csv: rows that are figures, with no mention in them."""

from __future__ import annotations

import re

from crossline.errors import RowRefused
from crossline.records.intake.parsed import ParsedRecord
from crossline.records.intake.tables import Cells, Sender, Table, at_midnight, content_hash
from crossline.vocabulary.codes import (
    Classification,
    Handling,
    MoneyCounted,
    MoneyKind,
    MoneyStage,
    RecordKind,
    ReturnStatus,
    Tristate,
)
from crossline.vocabulary.metrics import METRICS

RETURN_COLUMNS = ("campaign", "agency", "metric", "value", "unit", "status", "note")
MONEY_COLUMNS = ("agency", "ref", "line_ref", "date", "stage", "kind", "amount", "jard_ref", "counted")
HOMICIDE_COLUMNS = ("agency", "ref", "year", "victim_drug_user_or_dealer", "suspect_drug_user_or_dealer")


def campaign_return(cells: Cells, sender: Sender) -> ParsedRecord:
    """One figure of an intensification week. Nil is 0; an absent row is missing; a blank value is refused."""
    campaign = cells.day("campaign")
    if campaign is None:
        raise RowRefused("campaign is empty; write its first day, such as 2025-06-23.", column="campaign")
    metric = cells.needed("metric").upper()
    if metric not in METRICS:
        raise RowRefused(
            f"metric {metric!r} is not in the metric list; see the codes in docs/formats.md.", column="metric"
        )
    value = cells.amount("value")
    if value is None:
        raise RowRefused("value is empty; write 0 for nil, or leave the row out if it is not known.", column="value")
    status = cells.word("status", ReturnStatus, default=ReturnStatus.PROVISIONAL)
    unit, note = cells.text("unit") or METRICS[metric].unit, cells.text("note")
    detail = {
        "campaign": campaign.isoformat(),
        "metric": metric,
        "value": str(value),
        "unit": unit,
        "status": status,
        "note": note,
    } | cells.kept_besides(RETURN_COLUMNS)
    return ParsedRecord(
        source="returns",
        ref=f"{campaign}/{metric}",
        kind=RecordKind.CAMPAIGN_RETURN,
        made_at=sender.made_at,
        occurred_from=at_midnight(campaign),
        handling=Handling.C,
        classification=Classification.OFFICIAL,
        subject=f"{metric} of the week of {campaign}",
        detail=detail,
        content_hash=content_hash(detail),
        revisable=True,
    )


def money_event(cells: Cells, sender: Sender) -> ParsedRecord:
    """One sum at one stage of recovery. Stages are never added together."""
    day = cells.day("date")
    amount = cells.amount("amount")
    if amount is None:
        raise RowRefused("amount is empty; write it in pounds.", column="amount")
    detail = {
        "line_ref": cells.text("line_ref"),
        "date": None if day is None else day.isoformat(),
        "stage": cells.word("stage", MoneyStage),
        "kind": cells.word("kind", MoneyKind, default=MoneyKind.OTHER),
        "amount": str(amount),
        "jard_ref": cells.text("jard_ref"),
        "counted": cells.word("counted", MoneyCounted, default=MoneyCounted.YES),
    } | cells.kept_besides(MONEY_COLUMNS)
    ref = cells.needed("ref")
    return ParsedRecord(
        source="finance",
        ref=ref,
        kind=RecordKind.MONEY_EVENT,
        made_at=sender.made_at,
        occurred_from=at_midnight(day),
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"Money {detail['stage']}",
        detail=detail,
        content_hash=content_hash({"ref": ref, **detail}),
        revisable=True,
    )


def homicide(cells: Cells, sender: Sender) -> ParsedRecord:
    """One homicide, for the drug-linked share only: no person is named."""
    year = cells.needed("year")
    if not re.fullmatch(r"\d{4}/\d{2}", year):
        raise RowRefused(f"year {year!r} is not a financial year; write it as 2014/15.", column="year")
    detail = {
        "year": year,
        "victim": cells.word("victim_drug_user_or_dealer", Tristate, default=Tristate.UNKNOWN),
        "suspect": cells.word("suspect_drug_user_or_dealer", Tristate, default=Tristate.UNKNOWN),
    } | cells.kept_besides(HOMICIDE_COLUMNS)
    ref = cells.needed("ref")
    return ParsedRecord(
        source="homicides",
        ref=ref,
        kind=RecordKind.HOMICIDE,
        made_at=sender.made_at,
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"Homicide {year}",
        detail=detail,
        content_hash=content_hash({"ref": ref, **detail}),
        revisable=True,
    )


RETURNS = Table("returns", RETURN_COLUMNS, ("campaign", "metric", "value"), campaign_return)
FINANCE = Table("finance", MONEY_COLUMNS, ("ref", "stage", "amount"), money_event)
HOMICIDES = Table("homicides", HOMICIDE_COLUMNS, ("ref", "year"), homicide)
