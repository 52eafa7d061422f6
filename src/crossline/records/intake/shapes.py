"""The shape of a line of reports.jsonl (formats.md §1), checked at the door. Unknown keys are kept, never fatal."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from crossline.records.intake.soundness import LONGEST_REF, NOT_JSON, in_reach, in_reach_day
from crossline.vocabulary.codes import DELIVERED_ASSERTIONS, REPORT_KINDS, AssertionType, RecordKind

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REF)]
Moment = Annotated[AwareDatetime, AfterValidator(in_reach)]
Day = Annotated[date, AfterValidator(in_reach_day)]
NULL_IS_NONE = BeforeValidator(lambda given: [] if given is None else given)
"""An optional list written as null is an empty one."""


class Shape(BaseModel):
    """Unknown keys stay in `model_extra`, so that they can be kept and reported."""

    model_config = ConfigDict(extra="allow", frozen=True)


class MentionShape(Shape):
    """One mention. Which fields matter follows from its kind."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=50)]  # the store adds to it (mentions.py)
    kind: Literal["person", "phone", "address", "vehicle", "line", "group", "item", "place", "account", "handle"]
    # person
    forename: Text | None = None
    middle: Text | None = None
    surname: Text | None = None
    aliases: Annotated[list[Text], NULL_IS_NONE] = Field(default_factory=list)
    dob: Text | None = None
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    sex: Text | None = None
    ids: dict[str, Any] | None = None
    # phone
    number: Text | None = None
    imei: Text | None = None
    imsi: Text | None = None
    # address
    text: Text | None = None
    postcode: Text | None = None
    uprn: Text | int | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    premises: Text | None = None
    # vehicle
    vrm: Text | None = None
    make: Text | None = None
    model: Text | None = None
    colour: Text | None = None
    # line, group, place, account, handle
    name: Text | None = None
    # item
    type: Text | None = None
    subtype: Text | None = None
    quantity: float | None = None
    unit: Text | None = None
    value: float | str | None = None


class AssertionShape(Shape):
    """One assertion between two of the record's mentions."""

    from_: str = Field(alias="from")
    to: str
    type: Literal[tuple(str(kind) for kind in AssertionType if kind in DELIVERED_ASSERTIONS)]  # type: ignore[valid-type]  # the list is the vocabulary's
    basis: Literal["fact", "assessment"]
    category: Literal["suspect", "convicted", "victim", "witness", "other"] | None = None
    from_date: Day | None = None
    to_date: Day | None = None


class ReportShape(Shape):
    """One record of reports.jsonl."""

    ref: Named
    kind: Literal[tuple(str(kind) for kind in RecordKind if kind in REPORT_KINDS)]  # type: ignore[valid-type]  # the list is the vocabulary's
    made_at: Moment
    occurred_from: Moment | None = None
    occurred_to: Moment | None = None
    source_grade: Annotated[int, Field(ge=1, le=3)] | None = None
    information_grade: Literal["A", "B", "C", "D", "E"] | None = None
    handling: Literal["P", "C"]
    conditions: Text | None = None
    classification: Text
    audience: list[str] | None = None
    subject: Text | None = None
    text: Text | None = None
    mentions: Annotated[list[MentionShape], NULL_IS_NONE] = Field(default_factory=list)
    assertions: Annotated[list[AssertionShape], NULL_IS_NONE] = Field(default_factory=list)


def sentence_for(error: ValidationError) -> tuple[str, str]:
    """(column, one plain sentence) for the first fault: what is wrong and what to write instead."""
    fault = error.errors(include_url=False)[0]
    column = ".".join(str(part) for part in fault["loc"])
    if not column:  # what stands there is not even an object: nothing of it is repeated
        return "", NOT_JSON
    given = fault.get("input")
    shown = "" if isinstance(given, dict | list) or given is None else f" {str(given)[:60]!r}"
    match fault["type"]:
        case "missing":
            return column, f"{column} is missing; it is needed."
        case "literal_error":
            return column, f"{column}{shown} is not one of {fault['ctx']['expected']}."
        case "timezone_aware":
            return column, f"{column}{shown} has no offset; write it as 2026-03-02T14:10:00+00:00."
        case "value_error":
            return column, f"{column}{shown} {fault['ctx']['error']}"
        case _:
            return column, f"{column}{shown} cannot be taken: {fault['msg'][0].lower()}{fault['msg'][1:]}."
