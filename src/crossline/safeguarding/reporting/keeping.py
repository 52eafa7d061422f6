"""The step of the daily rhythm that makes a record of each report: it goes the way of every delivery, as one of the force's own.

So there is one way in: the same checks, the same receipt and audit, and matching and the indicators read it in the same run.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from django.db import transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.records.intake.accept import take_in
from crossline.records.intake.parsed import RowFate
from crossline.records.models import Record
from crossline.safeguarding.guidance.packs import packs
from crossline.safeguarding.reporting.content import Answers, as_report
from crossline.safeguarding.reporting.models import PartnerReport

KEEPER: Final = Process("reporting")
NO_SECTOR: Final = "charity"


def keep_reports(*, communications: Path) -> int:
    """Make records of the reports that are none yet, and give how many were kept. Run again after a stop, it ends the same."""
    waiting: dict[str, list[PartnerReport]] = defaultdict(list)
    rows = PartnerReport.objects.filter(record=None).select_related("partner").order_by("sent_at", "ref")
    for report in rows:
        waiting[report.force_id].append(report)
    return sum(_kept(force, found, communications) for force, found in sorted(waiting.items()))


def _kept(force: str, found: Sequence[PartnerReport], communications: Path) -> int:
    refs = [report.ref for report in found]
    # A ref that is held already was kept by a run that was stopped before it wrote down which record it made.
    held = _records(force, refs)
    new = [report for report in found if report.ref not in held]
    if new:
        with tempfile.TemporaryDirectory() as folder:
            take_in(_delivery(Path(folder), force, new), communications=communications)
        held = _records(force, refs)
    with transaction.atomic():
        for report in found:
            if report.ref in held:
                PartnerReport.objects.filter(id=report.id, record=None).update(record=held[report.ref])
        counts = {"kept": len(held), str(RowFate.REFUSED): len(found) - len(held)}
        log(Event.PARTNER_REPORTS_KEPT, by=KEEPER, about=Subject("agency", force, counts), purpose="safeguarding")
    return len(held)


def _records(force: str, refs: Sequence[str]) -> Mapping[str, Record]:
    found = Record.objects.filter(owner_id=force, source="reports", ref__in=refs).order_by("revision")
    return {record.ref: record for record in found}


def _delivery(folder: Path, force: str, found: Sequence[PartnerReport]) -> Path:
    """A delivery of the force, named after the first report in it: the same reports again make the same delivery."""
    head = {
        "agency": force,
        "ref": f"partners {found[0].ref} and {len(found) - 1} more",
        "made_at": max(report.sent_at for report in found).isoformat(),
    }
    (folder / "delivery.json").write_text(json.dumps(head), encoding="utf-8")
    lines = [json.dumps(_line(report), ensure_ascii=False) for report in found]
    (folder / "reports.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _line(report: PartnerReport) -> dict[str, object]:
    pack = packs().get(report.pack.partition(" ")[0])
    return as_report(
        Answers.read(report.content),
        ref=report.ref,
        made_at=report.sent_at,
        sector=pack.sectors[0] if pack else NO_SECTOR,
        organisation=report.partner.name,
    )
