"""Writing parsed records into the store, thousands at a time, in the transaction of whoever calls.

Rows go by COPY into temporary tables and from there by INSERT, because PostgreSQL does not COPY into a table with row
security; so every row passes its policy.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from crossline.access.actions import intern_audience
from crossline.access.policy import Circumstances, audience_for
from crossline.access.retention import clock_for
from crossline.records.intake.parsed import ParsedMention, ParsedRecord, Row, RowFate
from crossline.records.intake.soundness import without_nul
from crossline.records.models import Assertion, Mention, Record, SearchToken
from crossline.records.search_tokens import tokens_for
from crossline.vocabulary.agencies import agencies

BATCH = 5_000
FURTHEST_PLACE = 32_767  # what the column holds; the place matters for the first few
LONGEST_NAME = 100


@dataclass(frozen=True)
class Keeping:
    """Whose delivery the records are of and when it was received."""

    owner: str
    delivery: uuid.UUID | None
    received_at: datetime


class AudienceDesk:
    """Decides and interns audiences, once for each combination."""

    def __init__(self) -> None:
        self._known: dict[Circumstances, int] = {}

    def audience(self, record: ParsedRecord, owner: str) -> int:
        """The interned audience of a record. Raises RowRefused for an explicit list that names nobody known."""
        circumstances = Circumstances(
            record.kind, owner, record.handling, record.explicit_audience, record.home, record.found
        )
        if circumstances not in self._known:
            labels = audience_for(circumstances, agencies=agencies())
            self._known[circumstances] = intern_audience(labels)
        return self._known[circumstances]


@dataclass(frozen=True)
class Standing:
    """What the store already holds under a ref: its latest revision and that revision's content."""

    revision: int
    content_hash: str


def standing(owner: str, source: str, refs: Iterable[str]) -> dict[str, Standing]:
    """The latest revision of each ref that the owner already has in this source."""
    held: dict[str, Standing] = {}
    found = Record.objects.filter(owner_id=owner, source=source, ref__in=list(refs)).order_by("revision")
    for ref, revision, content_hash in found.values_list("ref", "revision", "content_hash"):
        held[ref] = Standing(revision, content_hash)
    return held


def fate_of(row: Row, held: Mapping[str, Standing]) -> tuple[Row, int]:
    """(the row with what becomes of it, the revision it is stored as)."""
    record = row.record
    if record is None or (known := held.get(record.ref)) is None:
        return row, 1
    if known.content_hash == record.content_hash:
        reason = f"{row.file}, line {row.number}: {record.ref} is already held, word for word; nothing needs doing."
        return replace(row, fate=RowFate.DUPLICATE, reason=reason, column="ref"), 0
    if record.revisable:
        return row, known.revision + 1
    reason = (
        f"{row.file}, line {row.number}: {record.ref} is already held with other content; "
        "it waits until somebody decides which is right. Send corrections under a ref of their own."
    )
    # A held row's content is kept whole, so that nothing is lost while a person decides.
    return replace(row, fate=RowFate.HELD, reason=reason, column="ref", content=asdict(record)), 0


def store(records: Sequence[tuple[ParsedRecord, int, int]], keeping: Keeping) -> list[uuid.UUID]:
    """Store (record, revision, audience) triples; gives their ids in order."""
    ids = [uuid.uuid4() for _ in records]
    mention_rows: list[tuple[Any, ...]] = []
    assertion_rows: list[tuple[Any, ...]] = []
    token_rows: list[tuple[Any, ...]] = []
    for record_id, (record, _, audience) in zip(ids, records, strict=True):
        mention_ids = {mention.key: uuid.uuid4() for mention in record.mentions}
        for place, mention in enumerate(record.mentions):
            named = (mention_ids[mention.key], record_id, keeping.owner, mention.key, min(place, FURTHEST_PLACE))
            mention_rows.append((*named, *_described(mention), audience))
            token_rows.extend((mention_ids[mention.key], token, audience) for token in tokens_for(mention))
        for said in record.assertions:
            assertion_rows.append(
                (
                    uuid.uuid4(),
                    record_id,
                    keeping.owner,
                    mention_ids[said.from_key],
                    mention_ids[said.to_key],
                    str(said.type),
                    str(said.basis),
                    str(said.category or ""),
                    said.from_date,
                    said.to_date,
                    as_json(said.detail),
                    audience,
                )
            )
    record_rows = [
        _record_row(record_id, record, revision, audience, keeping)
        for record_id, (record, revision, audience) in zip(ids, records, strict=True)
    ]
    insert(Record, RECORD_COLUMNS, record_rows)
    insert(Mention, MENTION_COLUMNS, mention_rows)
    insert(Assertion, ASSERTION_COLUMNS, assertion_rows)
    insert(SearchToken, ("mention_id", "token", "audience_id"), token_rows)
    return ids


RECORD_COLUMNS = (
    "id",
    "owner_id",
    "delivery_id",
    "source",
    "ref",
    "revision",
    "kind",
    "made_at",
    "received_at",
    "occurred_from",
    "occurred_to",
    "source_grade",
    "information_grade",
    "handling",
    "conditions",
    "classification",
    "subject",
    "text",
    "detail",
    "content_hash",
    "review_at",
    "review_rule",
    "audience_id",
)
MENTION_COLUMNS = (
    "id",
    "record_id",
    "owner_id",
    "key",
    "place",
    "kind",
    "caption",
    "selector",
    "forename",
    "middle",
    "surname",
    "aliases",
    "born",
    "age",
    "sex",
    "nominal",
    "pnc",
    "detail",
    "audience_id",
)
ASSERTION_COLUMNS = (
    "id",
    "record_id",
    "owner_id",
    "from_mention_id",
    "to_mention_id",
    "type",
    "basis",
    "category",
    "from_date",
    "to_date",
    "detail",
    "audience_id",
)


def _record_row(
    record_id: uuid.UUID, record: ParsedRecord, revision: int, audience: int, keeping: Keeping
) -> tuple[Any, ...]:
    clock = clock_for(record.kind, record.made_at.astimezone(UTC).date(), on=keeping.received_at.date())
    return (
        record_id,
        keeping.owner,
        keeping.delivery,
        record.source,
        record.ref,
        revision,
        str(record.kind),
        record.made_at,
        keeping.received_at,
        record.occurred_from,
        record.occurred_to,
        record.source_grade,
        record.information_grade,
        str(record.handling),
        record.conditions,
        str(record.classification),
        record.subject,
        record.text,
        as_json(record.detail),
        record.content_hash,
        clock.due,
        clock.rule,
        audience,
    )


def _described(mention: ParsedMention) -> tuple[Any, ...]:
    """A mention's own columns, from `kind` to `detail`."""
    return (
        str(mention.kind),
        mention.caption[:300],
        None if mention.selector is None else mention.selector[:300],
        mention.forename[:LONGEST_NAME],
        mention.middle[:LONGEST_NAME],
        mention.surname[:LONGEST_NAME],
        [alias[:LONGEST_NAME] for alias in mention.aliases],
        mention.born,
        mention.age,
        mention.sex,
        mention.nominal,
        mention.pnc,
        as_json(mention.detail),
    )


def as_json(detail: Mapping[str, Any]) -> str:
    """A detail as JSON text, without NUL characters."""
    text = json.dumps(dict(detail), default=str)
    return json.dumps(without_nul(json.loads(text))) if "\\u0000" in text else text


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """COPY rows into a temporary table and INSERT them from there. NUL characters, which PostgreSQL refuses, are dropped."""
    if not rows:
        return
    table = model._meta.db_table
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS incoming_{table} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA"
        )
        write: Callable[[Sequence[Any]], None]
        with cursor.copy(f"COPY incoming_{table} ({listed}) FROM STDIN") as copy:
            write = copy.write_row
            for row in rows:
                write([without_nul(value) if isinstance(value, str | list) else value for value in row])
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM incoming_{table}")
        cursor.execute(f"TRUNCATE incoming_{table}")
