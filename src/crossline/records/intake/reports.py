"""Reading reports.jsonl: each line becomes a parsed record, or a refusal that says where and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crossline.errors import RowRefused
from crossline.records.intake.marking import marked_above
from crossline.records.intake.mentions import mentions_in_text, mentions_of
from crossline.records.intake.parsed import ParsedAssertion, ParsedMention, ParsedRecord, Row, RowFate
from crossline.records.intake.shapes import AssertionShape, ReportShape, sentence_for
from crossline.records.intake.soundness import ABOVE_CEILING, sound_json
from crossline.vocabulary.codes import AssertionType, Basis, Classification, Handling, RecordKind, SubjectCategory
from crossline.vocabulary.grading import read_marking

FILE = "reports.jsonl"


def rows(path: Path) -> Iterator[Row]:
    """Each line of the file, in order."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield read(line, number)


def read(line: bytes, number: int) -> Row:
    """One line."""
    value: Any = None
    try:
        value, line = sound_json(line)
        return Row(FILE, number, parse(ReportShape.model_validate_json(line), value))
    except ValidationError as error:
        column, sentence = sentence_for(error)
        if marked_above(value):
            column, sentence = "classification", ABOVE_CEILING  # another fault's sentence might repeat a word of it
    except RowRefused as error:
        column, sentence = error.column, str(error)
    named = isinstance(value, dict) and value.get("audience") is not None
    reason = f"{FILE}, line {number}: {sentence}"
    return Row(FILE, number, fate=RowFate.REFUSED, reason=reason, column=column, restricted=named)


def parse(shape: ReportShape, value: Any) -> ParsedRecord:
    """A report, read into its shape from a JSON value, as a record. Raises RowRefused with its column."""
    if marked_above(value):
        raise RowRefused(ABOVE_CEILING, column="classification")
    classification = permitted_classification(shape.classification)
    mentions = [mention for given in shape.mentions for mention in mentions_of(given)]
    keys = [mention.key for mention in mentions]
    if len(set(keys)) != len(keys):
        raise RowRefused("two mentions share a key; give each its own.", column="mentions")
    if not mentions and shape.text:
        mentions = mentions_in_text(shape.text)
    missing = dict(shape.model_extra or {}).get("missing") or {}
    return ParsedRecord(
        source="reports",
        ref=shape.ref,
        kind=RecordKind(shape.kind),
        made_at=shape.made_at,
        occurred_from=shape.occurred_from,
        occurred_to=shape.occurred_to,
        source_grade=str(shape.source_grade or ""),
        information_grade=shape.information_grade or "",
        handling=Handling(shape.handling),
        conditions=(shape.conditions or "")[:200],
        classification=classification,
        subject=shape.subject or "",
        text=shape.text or "",
        detail=dict(shape.model_extra or {}),
        mentions=tuple(mentions),
        assertions=tuple(_assertion(given, mentions) for given in shape.assertions),
        explicit_audience=None if shape.audience is None else tuple(shape.audience),
        home=_agency(missing, "home_agency"),
        found=_agency(missing, "found_agency"),
        content_hash=hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest(),
    )


def permitted_classification(text: str) -> Classification:
    """OFFICIAL or OFFICIAL-SENSITIVE; anything higher is refused, and the sentence repeats nothing of the row."""
    read = read_marking(text)
    if read is None:
        raise RowRefused(ABOVE_CEILING, column="classification")
    return read


def _agency(missing: Any, name: str) -> str | None:
    value = missing.get(name) if isinstance(missing, dict) else None
    return value if isinstance(value, str) and value else None


def _assertion(given: AssertionShape, mentions: list[ParsedMention]) -> ParsedAssertion:
    keys = {mention.key for mention in mentions}
    for end, key in (("from", given.from_), ("to", given.to)):
        if key not in keys:
            raise RowRefused(
                f"an assertion's {end} is {key!r}, which is the key of no mention; use one of the record's own.",
                column="assertions",
            )
    if given.from_date and given.to_date and given.to_date < given.from_date:
        raise RowRefused("an assertion ends before it begins; check from_date and to_date.", column="assertions")
    return ParsedAssertion(
        given.from_,
        given.to,
        AssertionType(given.type),
        Basis(given.basis),
        SubjectCategory(given.category) if given.category else None,
        given.from_date,
        given.to_date,
        dict(given.model_extra or {}),
    )
