"""What a disposal would take: counted by the very walk over tables by which it deletes, so that the two cannot differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector

from crossline.access.audit import Event
from crossline.access.models import AuditEvent, Membership
from crossline.access.viewer import Viewpoint
from crossline.records.models import Assertion, Mention, Record, SearchToken
from crossline.vocabulary.codes import MentionKind, RecordKind

PLACES = frozenset({MentionKind.ADDRESS, MentionKind.PLACE})
MOST_EXPORTS = 50


@dataclass(frozen=True)
class Export:
    """An export by somebody who could see the record while it was here: it may hold it."""

    at: datetime
    by: str
    what: str


@dataclass(frozen=True)
class Preview:
    """What goes with a record. No content: numbers, names of fields and of tables."""

    record: UUID
    owner: str
    kind: str
    revisions: int
    rows: dict[str, int]  # of each table, by the name of its model
    mentions: dict[str, int]  # by kind
    details: tuple[str, ...]  # the fields of its kind that hold something
    apart: int  # mentions of other records that were matched or judged with its own: their clusters are formed anew
    findings: int
    call_records: int  # rows of Parquet
    exports: tuple[Export, ...] = ()

    @property
    def places(self) -> int:
        """How many addresses and places it mentions."""
        return sum(number for kind, number in self.mentions.items() if kind in PLACES)

    def line(self) -> str:
        """In a line."""
        rows = ", ".join(f"{number:,} {name}" for name, number in sorted(self.rows.items()))
        exported = f"; up to {len(self.exports)} exports may hold it" if self.exports else ""
        return f"{self.record} ({self.owner}, {self.kind}): {rows}; {self.apart:,} mentions elsewhere regroup{exported}"


def revisions_of(record: Record) -> QuerySet[Record]:
    """The record with its other revisions: they are one record, and an older one would stand again if only the newest went."""
    return Record.objects.filter(owner=record.owner_id, source=record.source, ref=record.ref)


def findings_of(records: Iterable[Record]) -> QuerySet[Record]:
    """What our engines found from these records alone."""
    sources = [str(record.id) for record in records]
    return Record.objects.filter(kind=RecordKind.FINDING, detail__from_record__in=sources)


def preview(record: Record, *, exports: bool, viewpoint: Viewpoint | None = None) -> Preview:
    """What goes if this record is disposed of: everything, or as far as a viewpoint sees. Only the engine sees `exports`."""
    records = list(revisions_of(record))
    findings = findings_of(records)
    going = Record.objects.filter(id__in=[each.id for each in (*records, *findings)])
    own = set(Mention.objects.filter(record__in=going).values_list("id", flat=True))
    rows: Counter[str] = Counter()
    apart: set[UUID] = set()
    for model, every in _walked(going):
        found = [row for row in every if viewpoint is None or _is_seen(row, viewpoint)]
        rows[str(model._meta.verbose_name)] += len(found)
        apart |= _ends(model, found) - own
    kinds = Mention.objects.filter(record__in=going).values_list("kind", flat=True)
    return Preview(
        record=record.id,
        owner=record.owner_id,
        kind=record.kind,
        revisions=len(records),
        rows=dict(rows),
        mentions=dict(Counter(kinds)),
        details=tuple(sorted({name for each in records for name, value in each.detail.items() if value})),
        apart=len(apart),
        findings=findings.count(),
        call_records=sum(int(each.detail["rows"]) for each in records if each.kind == RecordKind.COMMUNICATIONS),
        exports=exports_since(record) if exports else (),
    )


def preview_alone(record: Record, mentions: Sequence[Mention], said: Sequence[Assertion], *, tokens: int) -> Preview:
    """The same of a record that is not in the store and that nothing else hangs on: what it would be if it were."""
    rows: Counter[str] = Counter()
    for objects in ([record], mentions, said):
        for model, found in _walked(objects):
            rows[str(model._meta.verbose_name)] += len(found) if model in (Record, Mention, Assertion) else 0
    rows[str(SearchToken._meta.verbose_name)] = tokens
    return Preview(
        record=record.id,
        owner=record.owner_id,
        kind=record.kind,
        revisions=1,
        rows=dict(rows),
        mentions=dict(Counter(each.kind for each in mentions)),
        details=(),
        apart=0,
        findings=0,
        call_records=0,
    )


def _walked(going: QuerySet[Any] | Sequence[Model]) -> list[tuple[type[Model], list[Any]]]:
    """(model, rows) of everything that deleting these records deletes, in whatever room; each row once."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    collector.collect(going)
    found: dict[type[Model], dict[Any, Any]] = {}
    for model, rows in (*collector.data.items(), *((queued.model, queued) for queued in collector.fast_deletes)):
        if not getattr(model, "RECKONED", False):
            found.setdefault(model, {}).update((row.pk, row) for row in rows)
    return [(model, list(rows.values())) for model, rows in found.items()]


def _is_seen(row: Any, viewpoint: Viewpoint) -> bool:
    """Whether a viewpoint sees a row: each of its audiences."""
    fields = [each.attname for each in row._meta.concrete_fields if each.attname.endswith("audience_id")]
    return viewpoint.audiences is None or all(getattr(row, name) in viewpoint.audiences for name in fields)


def _ends(model: type[Model], rows: Sequence[Any]) -> set[UUID]:
    """The mentions that rows of a table hold together: of those with two ends, as matches and judgements have."""
    ends = [field.attname for field in model._meta.concrete_fields if field.related_model is Mention]
    if model is Assertion or len(ends) < 2:
        return set()
    return {getattr(row, end) for row in rows for end in ends}


def exports_by_readers(records: Iterable[Record]) -> QuerySet[AuditEvent]:
    """Exports since the first of these came, by the local administrator or by people of their audiences as they are today."""
    came = {record.audience_id: record.received_at for record in records}
    may_see = Membership.objects.filter(label__audience__in=came).values_list("person_id", flat=True)
    actors = {str(person) for person in may_see} | {""}
    return AuditEvent.objects.filter(event=Event.EXPORTED, at__gte=min(came.values()), actor_id__in=actors)


def exports_since(record: Record) -> tuple[Export, ...]:
    """The newest of them, of one record."""
    latest = exports_by_readers([record]).order_by("-at")[:MOST_EXPORTS]
    return tuple(Export(row.at, row.actor, f"{row.subject} {row.detail.get('format', '')}".strip()) for row in latest)
