"""Taking in a delivery: one transaction, one receipt, one audit row. Killed half way, nothing of it is there; run again, all is.

`(agency, ref)` makes a delivery idempotent: the same bytes again change nothing, other bytes under the same ref are refused.
"""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crossline.access.actions import intern_audience
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import Agency
from crossline.access.policy import agency_label
from crossline.errors import DeliveryRefused, RowRefused
from crossline.records.compartments.following import compartmented, follow
from crossline.records.compartments.models import CompartmentEntry
from crossline.records.generation import advance
from crossline.records.intake import figures, investigations, line_returns, reports
from crossline.records.intake.communications import folder_name, take_in_set
from crossline.records.intake.folder import Opened, opened
from crossline.records.intake.locks import lock_of
from crossline.records.intake.parsed import ParsedRecord, Row, RowFate
from crossline.records.intake.store import (
    BATCH,
    AudienceDesk,
    Keeping,
    Standing,
    as_json,
    fate_of,
    insert,
    standing,
    store,
)
from crossline.records.intake.tables import Sender, Table, rows, unknown_columns
from crossline.records.models import Delivery, Outcome
from crossline.vocabulary.agencies import is_partner

INTAKE = Process("intake")
TABLES: tuple[Table, ...] = (
    line_returns.TABLE,
    investigations.TABLE,
    figures.RETURNS,
    figures.FINANCE,
    figures.HOMICIDES,
)
NOTHING_SHUT_IN: Mapping[str, CompartmentEntry] = MappingProxyType({})
REASONS_ON_RECEIPT = 20
"""How many sentences a receipt repeats; the store keeps every one."""


@dataclass
class Receipt:
    """What the sender is told: what became of each row, and the sentences."""

    agency: str
    ref: str
    already_held: bool = False
    fates: Counter[RowFate] = field(default_factory=Counter)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the delivery had."""
        return self.fates.total()

    def count(self, file: str, fate: RowFate, number: int = 1) -> None:
        """Count rows of a file towards a fate."""
        self.fates[fate] += number
        counts = self.files.setdefault(file, {})
        counts[str(fate)] = counts.get(str(fate), 0) + number

    def line(self) -> str:
        """The receipt in a line."""
        if self.already_held:
            return f"{self.agency} {self.ref}: already held, nothing changed"
        counts = ", ".join(f"{self.fates[fate]:,} {fate}" for fate in RowFate)
        return f"{self.agency} {self.ref}: {self.rows:,} rows: {counts}"


def take_in(path: Path, *, communications: Path, progress: Callable[[str], None] = lambda _: None) -> Receipt:
    """Take in one delivery (a folder or a .zip). `communications` is where call data sets are kept as Parquet.

    Raises DeliveryRefused, with nothing stored, when the delivery as a whole cannot be taken.
    """
    with opened(path) as delivery:
        begun: list[Path] = []
        try:
            with transaction.atomic():
                return _accept(delivery, communications, progress, begun)
        except DeliveryRefused as refusal:
            for folder in begun:
                shutil.rmtree(folder, ignore_errors=True)
            with transaction.atomic():
                about = Subject("delivery", f"{delivery.agency} {delivery.ref}", {"reason": str(refusal)})
                log(Event.DELIVERY_REFUSED, by=INTAKE, about=about, purpose="intake")
            raise DeliveryRefused(f"{path.name}: {refusal}") from refusal


def _accept(delivery: Opened, communications: Path, progress: Callable[[str], None], begun: list[Path]) -> Receipt:
    if is_partner(delivery.agency):
        raise DeliveryRefused(
            f"{delivery.agency!r} is a partner organisation, which sends no deliveries; a force sends what it is told."
        )
    if not Agency.objects.filter(pk=delivery.agency).exists():
        raise DeliveryRefused(f"agency {delivery.agency!r} in delivery.json is not known; use an id such as 'kent'.")
    receipt = Receipt(delivery.agency, delivery.ref)
    _one_at_a_time(delivery)
    held = Delivery.objects.filter(agency_id=delivery.agency, ref=delivery.ref).first()
    if held is not None:
        if held.digest == delivery.digest:
            receipt.already_held = True
            return receipt
        raise DeliveryRefused(
            f"{delivery.agency} {delivery.ref} is already held with other content; send the change under a ref of its own."
        )
    row = Delivery(
        agency_id=delivery.agency,
        ref=delivery.ref,
        digest=delivery.digest,
        made_at=delivery.made_at,
        received_at=timezone.now(),
        rows=0,
        accepted=0,
        refused=0,
        duplicate=0,
        held=0,
        audience_id=intern_audience({agency_label(delivery.agency), "centre"}),
    )
    row.save(force_insert=True)
    _Taking(delivery, row, receipt, progress).all(communications, begun)
    for fate in RowFate:
        setattr(row, str(fate), receipt.fates[fate])
    row.rows, row.receipt = receipt.rows, {"files": receipt.files, "unread": receipt.unread}
    row.save()
    about = Subject(
        "delivery", f"{delivery.agency} {delivery.ref}", {"digest": delivery.digest, "files": receipt.files}
    )
    advance()
    log(Event.DELIVERY_ACCEPTED, by=INTAKE, about=about, purpose="intake")
    return receipt


def _one_at_a_time(delivery: Opened) -> None:
    """Two takers of one agency's deliveries wait for each other, so that the second finds what the first has stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [lock_of(delivery.agency)])


class _Taking:
    """One delivery being taken in: reads each file, decides each row, stores what is accepted."""

    def __init__(self, delivery: Opened, row: Delivery, receipt: Receipt, progress: Callable[[str], None]) -> None:
        self.delivery, self.row, self.receipt, self.progress = delivery, row, receipt, progress
        self.desk = AudienceDesk()
        self.private = intern_audience({agency_label(delivery.agency)})
        self.keeping = Keeping(delivery.agency, row.id, row.received_at)

    def all(self, communications: Path, begun: list[Path]) -> None:
        """Every file of the delivery. `begun` gains each folder of communications data before it is written."""
        sender = Sender(self.delivery.agency, self.delivery.ref, self.delivery.made_at)
        self._tell_of(self.delivery.unread(table.name for table in TABLES))
        if (path := self.delivery.reports) is not None:
            self._take(reports.rows(path))
        for table in TABLES:
            if (found := self.delivery.table(table.name)) is not None:
                self._take(rows(found, table, sender))
                if unknown := unknown_columns(found, table):
                    self.receipt.files.setdefault(f"{table.name}.csv", {})["unknown_columns"] = unknown
        for folder in self.delivery.communications:
            self.progress(f"{self.delivery.agency}: communications data {folder.name}")
            begun.append(communications / folder_name(sender, folder.name))
            taken = take_in_set(folder, sender=sender, keep_in=communications)
            self._take([taken.row])
            if taken.unknown_columns:
                self.receipt.files.setdefault(taken.file, {})["unknown_columns"] = list(taken.unknown_columns)
            for fate, number in taken.fates.items():
                self.receipt.count(taken.file, fate, number)
            self._note(
                [Row(taken.file, number, fate=RowFate.REFUSED, reason=reason) for number, reason in taken.refusals]
            )

    def _tell_of(self, unread: list[str]) -> None:
        self.receipt.unread.extend(unread)
        told = "is none of the files of a delivery and was not read; compare its name with the list of files."
        self.receipt.reasons.extend(f"{name} {told}" for name in unread[:REASONS_ON_RECEIPT])

    def _take(self, found: Iterable[Row]) -> None:
        """Rows of one file, in batches."""
        rest = iter(found)
        while batch := list(islice(rest, BATCH)):
            self._take_batch(batch)

    def _take_batch(self, batch: list[Row]) -> None:
        records = [row.record for row in batch if row.record is not None]
        held = standing(self.delivery.agency, records[0].source, [r.ref for r in records]) if records else {}
        shut_in = compartmented(self.delivery.agency, records[0].source, held) if held else {}
        accepted: list[tuple[ParsedRecord, int, int]] = []
        others: list[Row] = []
        for row in batch:
            decided, revision = fate_of(row, held)
            if decided.fate is RowFate.ACCEPTED and decided.record is not None:
                decided = self._accepted(decided, decided.record, revision, accepted, held)
            if decided.fate is not RowFate.ACCEPTED:
                others.append(decided)
            self.receipt.count(row.file, decided.fate)
        stored = zip(store(accepted, self.keeping), accepted, strict=True)
        follow({id_: shut_in[record.ref] for id_, (record, _, _) in stored if record.ref in shut_in}, by=str(INTAKE))
        self._note(others, shut_in)

    def _accepted(
        self,
        row: Row,
        record: ParsedRecord,
        revision: int,
        accepted: list[tuple[ParsedRecord, int, int]],
        held: dict[str, Standing],
    ) -> Row:
        try:
            audience = self.desk.audience(record, self.delivery.agency)
        except RowRefused as error:
            reason = f"{row.file}, line {row.number}: {error}"
            return Row(row.file, row.number, fate=RowFate.REFUSED, reason=reason, column=error.column, restricted=True)
        accepted.append((record, revision, audience))
        held[record.ref] = Standing(revision, record.content_hash)
        return row

    def _note(self, others: list[Row], shut_in: Mapping[str, CompartmentEntry] = NOTHING_SHUT_IN) -> None:
        """Keep the sentence for each row that was not simply accepted."""
        room = max(0, REASONS_ON_RECEIPT - len(self.receipt.reasons))
        self.receipt.reasons.extend(row.reason for row in others[:room])
        columns = ("id", "delivery_id", "file", "row", "column", "outcome", "reason", "content", "audience_id")
        kept = [
            (
                uuid.uuid4(),
                self.row.id,
                row.file,
                row.number,
                row.column[:60],
                str(row.fate),
                row.reason,
                None if row.content is None else as_json(row.content),
                self._audience_of(row, shut_in),
            )
            for row in others
        ]
        insert(Outcome, columns, kept)

    def _audience_of(self, row: Row, shut_in: Mapping[str, CompartmentEntry]) -> int:
        """Whoever sees the delivery sees its outcomes; but a record with an audience of its own says nothing beyond it, and one
        that repeats a record in a compartment nothing beyond that."""
        if row.record is not None and (entry := shut_in.get(row.record.ref)) is not None:
            return int(entry.audience_id)
        restricted = row.restricted or (row.record is not None and row.record.explicit_audience is not None)
        return self.private if restricted else int(self.row.audience_id)
