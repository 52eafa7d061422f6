"""The step of the daily rhythm that matches people: new mentions against all, each pair with its explanation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from uuid import UUID

import pyarrow as pa
from django.db import transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.engines.resolution.model import Model
from crossline.engines.resolution.preparing import Row, prepare, rows_of
from crossline.engines.resolution.score import LEAST_BITS, score_prepared
from crossline.entities.comparing import scorer_of
from crossline.entities.gathering import gather_people, people_of_deliveries
from crossline.entities.match_keys import candidates, keep_keys, prepared_of
from crossline.entities.registration import model_for, model_in_force, register
from crossline.entities.writing_matches import MatchRow, write_matches
from crossline.records.rhythm import mark_done, waiting_for
from crossline.vocabulary.codes import MentionKind

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
    if model is None:
        return _match_all(deliveries, progress)
    progress(f"matching {len(new or ()):,} new mentions of people")
    return _match_new(new or set(), model, deliveries)


def _match_all(deliveries: list[UUID], progress: Callable[[str], None]) -> int:
    """Every mention with every other that shares a key, under a model registered for their number."""
    people = prepare(gather_people())
    model = model_for(people.num_rows)
    progress(f"matching {people.num_rows:,} mentions of people")
    pairs = _rows_of_pairs(score_prepared(people, model), model)
    return _write(pairs, model, deliveries, full=True, looked_up=rows_of(people))


def _match_new(new: set[str], model: Model, deliveries: list[UUID]) -> int:
    """The new mentions with whatever shares a key with them, pair by pair: the same weights in proportion to their number."""
    scorer = scorer_of(model)
    with transaction.atomic():
        keep_keys(rows_of(prepare(gather_people(new))))
        pairs = candidates(new)
        held = prepared_of({end for pair in pairs for end in pair})
        scored = ((left, right, scorer.score(held[left], held[right])) for left, right in pairs)
        telling = (
            _match_row(left, right, each.weight_bits, each.as_levels(), model)
            for left, right, each in scored
            if each.weight_bits >= LEAST_BITS
        )
        return _write(telling, model, deliveries, full=False)


@transaction.atomic
def _write(
    pairs: Iterable[MatchRow],
    model: Model,
    deliveries: list[UUID],
    *,
    full: bool,
    looked_up: Collection[Row] = (),
) -> int:
    if full:
        keep_keys(looked_up, anew=True)
    if full:
        register(model)
    written = write_matches(pairs, anew=(MentionKind.PERSON,) if full else ())
    mark_done(STEP, deliveries, version=model.version)
    about = Subject("match", model.version, {"pairs": written, "deliveries": len(deliveries), "full": full})
    log(Event.PEOPLE_MATCHED, by=MATCHING, about=about, purpose="analysis")
    return written


def _rows_of_pairs(pairs: pa.Table, model: Model) -> Iterator[MatchRow]:
    for batch in pairs.to_batches(max_chunksize=20_000):
        columns = [batch.column(name).to_pylist() for name in ("left_id", "right_id", "weight_bits", "levels")]
        for left, right, weight, levels in zip(*columns, strict=True):
            yield _match_row(left, right, weight, levels, model)


def _match_row(left: str, right: str, bits: float, levels: Iterable[Mapping[str, float]], model: Model) -> MatchRow:
    """A match as it is written, what speaks as compact JSON: [[comparison, level, bits], …]."""
    parts = [[part["comparison"], part["level"], part["bits"]] for part in levels]
    explanation = json.dumps(parts, separators=(",", ":"))
    return uuid.uuid4(), left, right, MentionKind.PERSON.value, bits, model.version, explanation
