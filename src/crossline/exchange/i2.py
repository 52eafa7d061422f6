"""CSV that i2 Analyst's Notebook imports: one row a link, both ends in full, with 3x5x2 grade, handling and source on it.

`strength` is i2's word for how a line is drawn: confirmed, unconfirmed or tentative. Things that nothing is tied to have
no row here; they are in the csv export.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from crossline.exchange.network import Network, Thing, Tie
from crossline.exchange.plain_formats import write_rows
from crossline.exchange.stamp import Stamp
from crossline.exchange.tables import Row
from crossline.vocabulary.codes import AssertionType, Basis, Confidence, InformationGrade, MentionKind, SourceGrade
from crossline.vocabulary.grading import confidence

I2_COLUMNS: Final = (
    "end1_type",
    "end1_id",
    "end1_label",
    "end2_type",
    "end2_id",
    "end2_label",
    "link_type",
    "link_label",
    "direction",
    "strength",
    "basis",
    "from_date",
    "to_date",
    "data_subject_category",
    "source_grade",
    "information_grade",
    "handling",
    "conditions",
    "classification",
    "source_agency",
    "source_ref",
    "record_date",
    "export",
    "recipients",
)
_TYPES: Final = {
    MentionKind.PERSON: "Person",
    MentionKind.PHONE: "Phone",
    MentionKind.ADDRESS: "Address",
    MentionKind.VEHICLE: "Vehicle",
    MentionKind.LINE: "Organisation",
    MentionKind.GROUP: "Organisation",
    MentionKind.ITEM: "Property",
    MentionKind.PLACE: "Place",
    MentionKind.ACCOUNT: "Account",
    MentionKind.HANDLE: "Online Account",
}


def write_i2(network: Network, out: BinaryIO, stamp: Stamp) -> int:
    """Every tie as a row, with the export's number and recipients on it. Gives how many."""
    return write_rows(I2_COLUMNS, ((*row, stamp.number, stamp.recipients) for row in _rows(network)), out)


def strength(tie: Tie) -> str:
    """How sure the tie is. [D]: a fact of high confidence is confirmed; one of low confidence, or doubted, is tentative."""
    source, information = SourceGrade.read(tie.source_grade), InformationGrade.read(tie.information_grade)
    is_fact = tie.basis == Basis.FACT
    if source is None or information is None:
        return "Confirmed" if is_fact else "Unconfirmed"  # not graded 3x5x2: custody, stops and the like
    sure = confidence(source, information)
    if sure in (Confidence.LOW, Confidence.NOT_ACTIONABLE):
        return "Tentative"
    return "Confirmed" if is_fact and sure is Confidence.HIGH else "Unconfirmed"


def _rows(network: Network) -> Iterator[Row]:
    for tie in network.ties():
        yield (
            *_end(network.things[tie.left]),
            *_end(network.things[tie.right]),
            tie.type,
            AssertionType(tie.type).meaning,
            "Right",
            strength(tie),
            tie.basis,
            tie.from_date,
            tie.to_date,
            tie.category,
            tie.source_grade,
            tie.information_grade,
            tie.handling,
            tie.conditions,
            tie.classification,
            tie.agency,
            tie.ref,
            tie.made_at.date(),
        )


def _end(thing: Thing) -> tuple[str, str, str]:
    return _TYPES[thing.kind], thing.id, thing.label
