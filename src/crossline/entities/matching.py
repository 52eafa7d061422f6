"""The step of the daily rhythm that matches people: new mentions against all, each pair with its explanation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from uuid import UUID

import pyarrow as pa
from django.db import connection, transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.engines.resolution.model import Model
from crossline.engines.resolution.score import score_pairs
from crossline.entities.gathering import gather_people, people_of_deliveries
from crossline.entities.registration import model_for, model_in_force, register
from crossline.records.rhythm import mark_done, waiting_for

STEP = "match people"
MATCHING = Process("matching")


def match_people(*, full: bool = False, progress: Callable[[str], None] = lambda _: None) -> int:
    """Match the people of deliveries that were not matched yet (or of all, with `full`). Gives how many pairs were written.

    Judgements are not touched: they are other rows, and outrank whatever is written here.
    """
    model = None if full else model_in_force()
    deliveries = waiting_for(STEP, version=model.version if model else "", full=full)
    if not deliveries:
        return 0
    new = None if model is None else people_of_deliveries(deliveries)
    if model is not None and not new:
        with transaction.atomic():
            mark_done(STEP, deliveries, version=model.version)
        return 0
    people = gather_people()
    if model is None:
        model = model_for(people.num_rows)
    progress(f"matching {people.num_rows if new is None else len(new):,} of {people.num_rows:,} mentions of people")
    pairs = score_pairs(people, model, new_ids=new)
    return _write(pairs, model, deliveries, full=new is None)


@transaction.atomic
def _write(pairs: pa.Table, model: Model, deliveries: list[UUID], *, full: bool) -> int:
    with connection.cursor() as cursor:
        if full:
            register(model)
            cursor.execute("DELETE FROM entities_match WHERE kind = 'person'")
        cursor.execute(
            "CREATE TEMPORARY TABLE scored (id uuid, left_id uuid, right_id uuid, weight float8, explanation jsonb) "
            "ON COMMIT DROP"
        )
        with cursor.copy("COPY scored FROM STDIN") as copy:
            for row in _rows(pairs):
                copy.write_row(row)
        cursor.execute(
            """
            INSERT INTO entities_match
                (id, left_id, right_id, kind, weight, model_version, explanation, left_audience_id, right_audience_id)
            SELECT s.id, s.left_id, s.right_id, 'person', s.weight, %s, s.explanation, l.audience_id, r.audience_id
            FROM scored s JOIN records_mention l ON l.id = s.left_id JOIN records_mention r ON r.id = s.right_id
            ON CONFLICT (left_id, right_id) DO NOTHING
            """,
            [model.version],
        )
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE scored")
    mark_done(STEP, deliveries, version=model.version)
    about = Subject("match", model.version, {"pairs": written, "deliveries": len(deliveries), "full": full})
    log(Event.PEOPLE_MATCHED, by=MATCHING, about=about, purpose="analysis")
    return written


def _rows(pairs: pa.Table) -> Iterator[tuple[object, ...]]:
    """(id, left, right, weight, explanation as compact JSON: [[comparison, level, bits], …])."""
    for batch in pairs.to_batches(max_chunksize=20_000):
        columns = [batch.column(name).to_pylist() for name in ("left_id", "right_id", "weight_bits", "levels")]
        for left, right, weight, levels in zip(*columns, strict=True):
            parts = [[part["comparison"], part["level"], part["bits"]] for part in levels]
            yield uuid.uuid4(), left, right, weight, json.dumps(parts, separators=(",", ":"))
