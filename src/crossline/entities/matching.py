"""The step of the daily rhythm that matches people: new mentions against all, each pair with its explanation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

import pyarrow as pa
from django.db import connection, transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.engines.resolution.comparing import Scorer
from crossline.engines.resolution.model import Model
from crossline.engines.resolution.preparing import COLUMN_OF, Row, prepare, rows_of
from crossline.engines.resolution.score import LEAST_BITS, score_pairs
from crossline.entities.gathering import gather_people, people_of_deliveries
from crossline.entities.match_keys import candidates, keep_keys
from crossline.entities.registration import model_for, model_in_force, register
from crossline.records.rhythm import mark_done, waiting_for

STEP = "match people"
MATCHING = Process("matching")
_NAMED: Final = COLUMN_OF["mention_id"]


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
    if model is None:
        return _match_all(deliveries, progress)
    progress(f"matching {len(new or ()):,} new mentions of people")
    return _match_new(new or set(), model, deliveries)


def _match_all(deliveries: list[UUID], progress: Callable[[str], None]) -> int:
    """Every mention with every other that shares a key, under a model registered for their number."""
    people = gather_people()
    model = model_for(people.num_rows)
    progress(f"matching {people.num_rows:,} mentions of people")
    pairs = _rows_of_pairs(score_pairs(people, model))
    return _write(pairs, model, deliveries, full=True, looked_up=rows_of(prepare(people)))


def _match_new(new: set[str], model: Model, deliveries: list[UUID]) -> int:
    """The new mentions with whatever shares a key with them, pair by pair: the same weights in proportion to their number."""
    scorer = Scorer(model)
    with transaction.atomic():
        keep_keys(rows_of(prepare(gather_people(new))))
        pairs = candidates(new)
        held = {row[_NAMED]: row for row in rows_of(prepare(gather_people({end for pair in pairs for end in pair})))}
        scored = ((left, right, scorer.score(held[left], held[right])) for left, right in pairs)
        telling = (
            (uuid.uuid4(), left, right, each.weight_bits, _compact(each.as_levels()))
            for left, right, each in scored
            if each.weight_bits >= LEAST_BITS
        )
        return _write(telling, model, deliveries, full=False)


@transaction.atomic
def _write(
    pairs: Iterable[tuple[object, ...]],
    model: Model,
    deliveries: list[UUID],
    *,
    full: bool,
    looked_up: Iterable[Row] = (),
) -> int:
    if full:
        keep_keys(looked_up, anew=True)
    with connection.cursor() as cursor:
        if full:
            register(model)
            cursor.execute("DELETE FROM entities_match WHERE kind = 'person'")
        cursor.execute(
            "CREATE TEMPORARY TABLE scored (id uuid, left_id uuid, right_id uuid, weight float8, explanation jsonb) "
            "ON COMMIT DROP"
        )
        with cursor.copy("COPY scored FROM STDIN") as copy:
            for row in pairs:
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


def _rows_of_pairs(pairs: pa.Table) -> Iterator[tuple[object, ...]]:
    """(id, left, right, weight, explanation as compact JSON: [[comparison, level, bits], …])."""
    for batch in pairs.to_batches(max_chunksize=20_000):
        columns = [batch.column(name).to_pylist() for name in ("left_id", "right_id", "weight_bits", "levels")]
        for left, right, weight, levels in zip(*columns, strict=True):
            yield uuid.uuid4(), left, right, weight, _compact(levels)


def _compact(levels: Iterable[Mapping[str, float]]) -> str:
    """What speaks, as it is kept beside a match."""
    parts = [[part["comparison"], part["level"], part["bits"]] for part in levels]
    return json.dumps(parts, separators=(",", ":"))
