"""Disposing of records: what would go, and its going from every table, search, cluster, export to come, Parquet and backup.

Only the engine's login disposes. People decide on pages, two of them (records/retention/reviews.py); `dispose_due` carries
out what they decided, stops whole above the cap, and can be run dry. What goes leaves a tombstone and a line in the journal.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from crossline.access.actions import intern_audience
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.policy import agency_label
from crossline.access.retention import CAP, Cap
from crossline.errors import MoveNotAllowed, TooMuchAtOnce
from crossline.records.compartments.following import entries_among
from crossline.records.generation import advance
from crossline.records.models import Outcome, Record, RecordReview, Tombstone
from crossline.records.retention.clocks import require_expected
from crossline.records.retention.journal import Disposed, Journal
from crossline.records.retention.models import Ground
from crossline.records.retention.preview import Preview, findings_of, preview, revisions_of
from crossline.records.retention.standing import held, ready
from crossline.vocabulary.codes import RecordKind

DISPOSAL: Final = Process("disposal")
WINDOW: Final = timedelta(days=1)
"""The cap counts what went within so long, so that many small runs are no way round it."""


@dataclass(frozen=True)
class Reach:
    """What disposal must reach besides the rows that belong to a record."""

    communications: Path
    journal: Journal
    forget_derived: Callable[[Sequence[UUID]], None]
    """Takes back what was concluded from these records together with others; runs inside the disposal's transaction."""
    call_back: Callable[[Sequence[Record], Tombstone, datetime], object]
    """Asks whoever was given something that may hold them to destroy it; runs there too, while they can still be read."""


@dataclass(frozen=True)
class Why:
    """By which rule and on whose word a record goes."""

    rule: str
    ground: Ground
    decided_by: str
    decided_at: datetime
    confirmed_by: str = ""


def dispose(*, review: RecordReview, reach: Reach, now: datetime) -> Preview:
    """Dispose of a record as two people decided, with all its revisions. Gives what went.

    Raises MoveNotAllowed where the decision does not stand: not confirmed, on hold, or overtaken by what came since.
    """
    with transaction.atomic():
        records = list(revisions_of(review.record).select_for_update().order_by("-revision"))
        decided = ready().filter(id=review.id).select_related("confirmation").first()
        if decided is None:
            raise MoveNotAllowed(
                f"The decision {review.id} to dispose of a record does not stand: it is not confirmed by a second person, "
                "the record is on hold, or it was sent or reviewed again since."
            )
        said = decided.confirmation
        why = Why(decided.rule, Ground(decided.ground), decided.decided_by, decided.decided_at, said.confirmed_by)
        going = preview(review.record, exports=True)
        lines = _lines(records, why, now)
        _note(lines, replayed=False)
        _erase(records, lines, reach, now)
    _remove(lines, reach.communications)
    return going


def dispose_due(
    *, reach: Reach, now: datetime, cap: Cap = CAP, expect: int | None = None, dry_run: bool = False
) -> list[Preview]:
    """Carry out every decision that stands, or with `dry_run` only say what would go.

    Raises TooMuchAtOnce, with nothing disposed of, where that and what went within WINDOW are more than the cap allows;
    unless whoever runs it read the dry run, and `expect` is exactly the number it gave.
    """
    due = list(ready().select_related("record"))
    if dry_run:
        return [preview(review.record, exports=True) for review in due]
    lately = Tombstone.objects.filter(disposed_at__gt=now - WINDOW).exclude(ground=Ground.AUTHORITY_EXPIRED).count()
    most = cap.most(Record.objects.count() + lately)
    require_expected(len(due), len(due) + lately <= most, expect)
    if expect is None and due and len(due) + lately > most:
        detail = {"due": len(due), "within_a_day": lately, "most": most}
        with transaction.atomic():
            log(Event.DISPOSAL_STOPPED, by=DISPOSAL, about=Subject("records", "", detail), purpose="retention")
        raise TooMuchAtOnce(
            f"{len(due):,} records are to be disposed of and {lately:,} went within a day, and at most {most:,} may go; "
            "nothing was disposed of. See crossline retention dispose --dry-run."
        )
    gone = []
    for review in due:
        with suppress(MoveNotAllowed):  # somebody placed a hold, or sent the record again, while this ran: not today
            gone.append(dispose(review=review, reach=reach, now=now))
    return gone


def dispose_expired(*, now: datetime, reach: Reach) -> int:
    """Dispose of every set of communications data past its `expires`, findings made from it included; not those on hold.

    Gives how many sets went. No cap: each date was set by whoever authorised the set, and no rule of ours reckons it.
    """
    expired = [
        record
        for record in Record.objects.filter(kind=RecordKind.COMMUNICATIONS)
        if datetime.fromisoformat(record.detail["expires"]) < now
    ]
    return sum(_dispose_expired(record, now, reach) for record in expired)


def _dispose_expired(record: Record, now: datetime, reach: Reach) -> bool:
    with transaction.atomic():
        records = list(Record.objects.select_for_update().filter(id=record.id))
        if not records or held(record.id):
            return False
        why = Why("authorisation", Ground.AUTHORITY_EXPIRED, f"process:{DISPOSAL.name}", now)
        lines = _lines(records, why, now)
        detail = {"rule": "authorisation expired", "rows": record.detail["rows"], "findings": len(lines) - 1}
        about = Subject("communications", record.ref, detail)
        log(Event.COMMUNICATIONS_DISPOSED, by=DISPOSAL, about=about, purpose="retention")
        _erase(records, lines, reach, now)
    _remove(lines, reach.communications)
    return True


def replay_disposals(reach: Reach, *, now: datetime) -> int:
    """Dispose again of what the journal says went: a restored backup, or a crash before the commit, may hold it still.

    Holds are not asked: what the journal says was done. Gives how many records went again.
    """
    entries = {entry.record: entry for entry in reach.journal.entries()}
    back = set(Record.objects.filter(id__in=entries).values_list("id", flat=True))
    unmarked = set(entries) - set(Tombstone.objects.filter(id__in=entries).values_list("id", flat=True))
    for entry in (entry for key, entry in entries.items() if key in back | unmarked):
        with transaction.atomic():
            records = list(Record.objects.select_for_update().filter(id=entry.record))
            if entry.record in unmarked:
                Tombstone.objects.bulk_create([_tombstone(entry)], ignore_conflicts=True)
            _raze(records, reach, Tombstone.objects.get(id=entry.record), now)
            _note([entry], replayed=True)
    _remove(list(entries.values()), reach.communications)
    return len(back)


def _erase(records: Sequence[Record], lines: Sequence[Disposed], reach: Reach, now: datetime) -> None:
    """In the transaction of whoever calls, who has logged it: everything goes, tombstones and journal stay."""
    seen_by = {entry.record_id: int(entry.audience_id) for entry in entries_among(line.record for line in lines)}
    Tombstone.objects.bulk_create([_tombstone(line, seen_by.get(line.record)) for line in lines])
    _raze(records, reach, Tombstone.objects.get(id=lines[0].record), now)
    # The journal comes last, when nothing can fail any more but the commit itself; see its first lines.
    connection.check_constraints()
    reach.journal.append(lines)


def _raze(records: Sequence[Record], reach: Reach, stone: Tombstone, now: datetime) -> None:
    """Take every row that holds anything of these records, call back what left, and tell whoever kept results."""
    going = [*records, *findings_of(records)]
    ids = [record.id for record in going]
    if going:
        reach.call_back(going, stone, now)
    reach.forget_derived(ids)
    for record in records:
        _empty_outcomes(record)
    # Mentions, assertions, words of search, matches, judgements, concerns, reviews, holds and clocks go with their record.
    Record.objects.filter(id__in=ids).delete()
    advance()


def _empty_outcomes(record: Record) -> None:
    """What a delivery's rows were told of this record: the sentence names it, and a held row repeats it whole."""
    told = Outcome.objects.filter(
        delivery__agency=record.owner_id,
        file__startswith=f"{record.source}.",
        outcome__in=("duplicate", "held"),
        reason__contains=f": {record.ref} is already held",
    )
    told.update(content=None, reason="The record that this row repeated or contradicted has been disposed of.")


def _lines(records: Sequence[Record], why: Why, now: datetime) -> list[Disposed]:
    """What tombstones and journal say of these records and of what was found from them alone."""
    return [_disposed(record, why, now) for record in (*records, *findings_of(records))]


def _disposed(record: Record, why: Why, now: datetime) -> Disposed:
    is_data = record.kind == RecordKind.COMMUNICATIONS
    return Disposed(
        record=record.id,
        owner=record.owner_id,
        kind=record.kind,
        rule=why.rule,
        ground=str(why.ground),
        decided_by=why.decided_by,
        decided_at=why.decided_at,
        confirmed_by=why.confirmed_by,
        disposed_at=now,
        folder=str(record.detail["folder"]) if is_data else "",
    )


def _tombstone(line: Disposed, compartment: int | None = None) -> Tombstone:
    """For the record's owner; for its compartment alone, where it was in one."""
    return Tombstone(
        id=line.record,
        owner_id=line.owner,
        kind=line.kind,
        rule=line.rule,
        ground=line.ground,
        decided_by=line.decided_by,
        decided_at=line.decided_at,
        confirmed_by=line.confirmed_by,
        disposed_at=line.disposed_at,
        audience_id=compartment or intern_audience({agency_label(line.owner)}),
    )


def _note(lines: Sequence[Disposed], *, replayed: bool) -> None:
    """One row of the audit for one disposal. The first line is the record's; others are its revisions and findings."""
    line = lines[0]
    detail = {"owner": line.owner, "kind": line.kind, "rule": line.rule, "ground": line.ground, "replayed": replayed}
    detail |= {"decided_by": line.decided_by, "confirmed_by": line.confirmed_by}
    detail |= {"with_it": [str(other.record) for other in lines[1:]]}
    log(Event.RECORD_DISPOSED, by=DISPOSAL, about=Subject("record", str(line.record), detail), purpose="retention")


def _remove(lines: Sequence[Disposed], communications: Path) -> None:
    """After the commit. Were this to fail, the next replay or sweep does it; a folder that a record speaks of stays."""
    for folder in {line.folder for line in lines if line.folder} - _spoken_of():
        shutil.rmtree(communications / folder, ignore_errors=True)


def _spoken_of() -> set[str]:
    folders = Record.objects.filter(kind=RecordKind.COMMUNICATIONS).values_list("detail__folder", flat=True)
    return {str(folder) for folder in folders}


STRAY_AFTER = timedelta(days=1)
"""A folder younger than this may belong to a delivery that is being taken in at this moment."""


def sweep(communications: Path, *, now: datetime) -> int:
    """Remove data set folders that no record speaks of: what a kill between commit and removal left."""
    if not communications.exists():
        return 0
    known = _spoken_of()
    oldest = (now - STRAY_AFTER).timestamp()
    strays = [
        path
        for path in communications.iterdir()
        if path.is_dir() and path.name not in known and path.stat().st_mtime < oldest
    ]
    for path in strays:
        shutil.rmtree(path, ignore_errors=True)
    return len(strays)
