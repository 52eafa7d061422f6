"""What the pages of lines say: where a line is known from, which lines a selection holds, its people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from crossline.engines.lines import group_lines
from crossline.lines.in_words import known_from, known_shortly, row_of
from crossline.lines.people import LinePerson, LineRole
from crossline.lines.presenter import person_row
from crossline.lines.register import RegisterLine
from crossline.lines.rows import LineRow, for_grouping
from crossline.lines.selection import STATUSES, Selection
from crossline.vocabulary.codes import LineStatus, RecordKind, SubjectCategory


def row(
    owner: str, kind: RecordKind = RecordKind.LINE_RETURN, *, brand: str = "'LEO'", status: str = "active"
) -> LineRow:
    """A line as one record describes it."""
    returned = {
        "status": status,
        "exporting_agency": "metropolitan",
        "importing_agencies": ["kent"],
        "last_seen": "2026-03-01",
    }
    detail = returned if kind is RecordKind.LINE_RETURN else {}
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return LineRow(uuid4(), brand, uuid4(), owner, kind, f"{owner}/1", detail, date(2026, 3, 1), made, 1)


def line(*rows: LineRow) -> RegisterLine:
    """Rows as one line."""
    group = group_lines([for_grouping(rows[0])])[0]
    return RegisterLine(group, rows)


RETURNED = line(row("kent"), row("sussex", RecordKind.INTELLIGENCE))
REPORTED = line(row("kent", RecordKind.INTELLIGENCE))


def test_a_line_that_only_reports_name_says_so() -> None:
    assert known_from(RETURNED) == "Returned by Kent; 1 report"
    assert known_from(REPORTED) == "Named in 1 report only"
    assert known_shortly(RETURNED) == "1 return, 1 report"
    assert known_shortly(REPORTED) == "Named in reports only (1)"
    shown = row_of(REPORTED, None)
    assert (shown["name"], shown["numbers"], shown["rank"]) == ("Leo", None, None)


@pytest.mark.parametrize(
    ("chosen", "holds"),
    [
        (Selection(), True),
        (Selection(status="open"), True),
        (Selection(status="active"), True),
        (Selection(status="closed_type1"), False),
        (Selection(exporting="metropolitan", importing="kent"), True),
        (Selection(importing="metropolitan"), False),
        (Selection(agency="kent"), True),
        (Selection(agency="essex"), False),
        (Selection(known="returns"), True),
        (Selection(known="reports"), False),
        (Selection(brand="the leo line"), True),
        (Selection(brand="Max"), False),
    ],
)
def test_a_selection_holds_the_lines_it_says(chosen: Selection, holds: bool) -> None:
    assert chosen.holds(RETURNED) is holds


def test_a_closed_line_is_not_among_the_open_ones() -> None:
    closed = line(row("kent", status="closed_type2"))
    assert not Selection(status="open").holds(closed)
    assert Selection(status="closed_type2").holds(closed)


def test_a_selection_reads_only_what_is_on_its_lists_and_says_itself_back() -> None:
    chosen = Selection.read({"status": "open", "exporting": "kent", "importing": "nowhere", "brand": "  Leo & Max "})
    assert chosen == Selection(status="open", exporting="kent", brand="Leo & Max")
    assert [name for name, _ in chosen.chosen()] == ["Name", "Status", "Run from"]
    assert chosen.chosen()[2][1] == [("Kent", "?brand=Leo+%26+Max&status=open")]
    assert {word for word, _ in STATUSES} == {"open", *map(str, LineStatus)}


def test_a_person_of_a_line_is_one_row_with_every_record() -> None:
    def role(ref: str, type_: str, category: str, day: int) -> LineRole:
        return LineRole(type_, True, category, "assessment", date(2026, 3, day), None, uuid4(), ref, "kent")

    person = LinePerson(
        uuid4(),
        "JADEN COLE",
        [
            role("K/1", "exploited_by", SubjectCategory.VICTIM, 2),
            role("K/2", "runs_for", SubjectCategory.SUSPECT, 9),
            role("K/2", "runs_for", SubjectCategory.OTHER, 4),
        ],
        is_victim=True,
    )
    shown = person_row(person)
    assert shown["name"] == "Jaden Cole"
    assert shown["categories"] == [SubjectCategory.VICTIM, SubjectCategory.SUSPECT]
    assert shown["roles"] == "Is exploited by the line (assessment); Runs for the line (assessment)"
    assert shown["span"] == (date(2026, 3, 2), date(2026, 3, 9))
    assert shown["victim"] is True
