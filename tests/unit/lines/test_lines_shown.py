"""What the pages of lines say: where a line is known from, why its records are one, what its score is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from crossline.engines.lines import Join, JoinBasis, group_lines
from crossline.engines.priority.facts import LineFacts
from crossline.engines.priority.score import ReasonKind, prioritise
from crossline.lines.in_words import (
    join_text,
    known_from,
    known_shortly,
    reason_text,
    row_of,
    sorted_reasons,
)
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


@pytest.mark.parametrize(
    ("basis", "key", "words"),
    [
        (JoinBasis.NUMBER, "+447700900123#0042", "Both name the number 07700 900123 #0042."),
        (JoinBasis.BRAND_PLACE, "leo in clactononsea", "Both name the brand Leo, and Clacton-on-Sea."),
        (
            JoinBasis.BRAND_PLACE,
            "leo in routefrommetropolitantothamesvalley",
            "Both name the brand Leo, run from the area of Metropolitan into that of Thames Valley.",
        ),
        (
            JoinBasis.BRAND_PLACE,
            "leo in reportsofkent",
            "Both name the brand Leo, in reports of Kent that give neither a number nor a place.",
        ),
        (JoinBasis.BRAND_EXPORTER, "leo from essex", "Both name the brand Leo, run from the area of Essex."),
    ],
)
def test_why_two_records_are_one_line_is_said_without_codes(basis: JoinBasis, key: str, words: str) -> None:
    places = ("Clacton-on-Sea", "route from metropolitan to thames-valley", "reports of kent")
    assert join_text(Join("a", "b", basis, key, f"both name the number {key}"), places) == words


def test_the_parts_of_a_score_add_up_to_it_and_name_their_agency() -> None:
    facts = LineFacts("one", (), 3, 2, None, 5, None, None, None, None, False)
    priority = prioritise([facts])[0]
    parts = sorted_reasons(priority)
    assert {part.kind for part in parts} <= {ReasonKind.RISK, ReasonKind.UPLIFT}
    assert sum(part.points for part in parts) == pytest.approx(priority.score, abs=0.01)
    assert [part.points for part in parts] == sorted((part.points for part in parts), reverse=True)
    assert all(reason_text(part)[0].isupper() or reason_text(part)[0].isdigit() for part in parts)


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
