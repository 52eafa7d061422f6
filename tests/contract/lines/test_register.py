"""The register as different people see it: computed from visible rows, so that a hidden report joins nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossline.access.actions import enrol
from crossline.access.audit import Process
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, reading, viewer_of
from crossline.entities.matching import match_people
from crossline.exchange.catalogue import COLUMNS, What
from crossline.exchange.masking import WHOLE
from crossline.exchange.tables import table
from crossline.lines.people import people_of_line
from crossline.lines.priorities import priorities
from crossline.lines.register import register

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = "07700 900123#0001", "07700 900456#0002", "07700 900789#0003"


def analyst(agency: str) -> Viewer:
    return viewer_of(
        enrol(
            username=f"{agency}.analyst",
            name="An Analyst",
            agency=agency,
            roles=[Role.ANALYST],
            password="long enough for a test",
            by=Process("test"),
        )
    )


def naming_both(builders: Any, handling: str) -> dict[str, Any]:
    """A report that puts one line on the numbers of two returns."""
    mentions = [
        {"key": "l1", "kind": "line", "name": "Leo"},
        {"key": "t1", "kind": "phone", "number": FIRST},
        {"key": "t2", "kind": "phone", "number": SECOND},
    ]
    says = [{"from": "l1", "to": key, "type": "uses", "basis": "fact"} for key in ("t1", "t2")]
    return builders.report("KENT/2026/000777", handling=handling, mentions=mentions, assertions=says)


@pytest.fixture
def two_returns(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Kent and Essex return lines of different names, numbers and places."""
    for agency, name, number, town, exporter in (
        ("kent", "Leo", FIRST, "Hastings", "metropolitan"),
        ("essex", "Max", SECOND, "Clacton", "merseyside"),
    ):
        row = builders.line(
            f"{agency}-1",
            agency=agency,
            name=name,
            numbers=number,
            towns=town,
            exporting_agency=exporter,
            importing_agencies=agency,
        )
        builders.take(builders.delivery(tmp_path / agency, agency=agency, ref=f"{agency}-1", lines=[row]), kept)


@pytest.mark.parametrize(("handling", "lines_seen"), [("P", 1), ("C", 2)])
def test_a_hidden_report_that_names_both_numbers_joins_nothing(
    handling: str, lines_seen: int, two_returns: None, builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    builders.take(builders.delivery(tmp_path / "r", ref="KENT-R", reports=[naming_both(builders, handling)]), kept)
    essex = analyst("essex")

    with reading(ADMINISTRATOR) as everything:
        assert len(register(everything).lines) == 1
    with as_web(), reading(essex) as viewpoint:
        seen = register(viewpoint)
        assert len(seen.lines) == lines_seen
        # The dual: what is visible does appear, from either return.
        assert sum(len(line.returns) for line in seen.lines) == 2


def test_each_number_of_a_return_stands_with_its_dates_and_basis(
    builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    row = builders.line(numbers=FIRST, first_seen="2026-01-02", last_seen="2026-02-03")
    builders.take(builders.delivery(tmp_path / "d", lines=[row]), kept)
    viewer = analyst("kent")
    with as_web(), reading(viewer) as viewpoint:
        (line,) = register(viewpoint).lines
        (use,) = line.group.numbers
    assert (use.number, str(use.from_date), str(use.basis)) == ("+447700900123#0001", "2026-01-02", "return")


def test_a_report_that_only_names_a_line_goes_to_the_one_line_of_that_name_its_force_knows(
    two_returns: None, builders: Any, tmp_path: Path, kept: Path
) -> None:
    named = [{"key": "l1", "kind": "line", "name": "the LEO line"}]
    report = builders.report("MET/1", mentions=named, assertions=[])
    builders.take(builders.delivery(tmp_path / "met", agency="metropolitan", ref="MET-1", reports=[report]), kept)
    elsewhere = builders.report("NOR/1", mentions=named, assertions=[])
    builders.take(builders.delivery(tmp_path / "n", agency="norfolk", ref="N-1", reports=[elsewhere]), kept)
    with reading(ADMINISTRATOR) as viewpoint:
        lines = {line.name: line for line in register(viewpoint).lines}
        by_owner = {row.owner: line for line in register(viewpoint).lines for row in line.rows if not row.is_return}
    assert by_owner["metropolitan"].id == lines["Leo"].id
    assert by_owner["metropolitan"].attached[0].sentence.startswith("the only returned line called Leo")
    assert by_owner["norfolk"].id not in {line.id for line in lines.values() if line.returns}


def test_a_revised_return_gives_the_status_and_the_closed_line_has_no_rank(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    first = builders.line(status="active")
    builders.take(builders.delivery(tmp_path / "1", ref="1", made_at="2026-03-01T00:00:00+00:00", lines=[first]), kept)
    with reading(ADMINISTRATOR) as viewpoint:
        (line,) = register(viewpoint).lines
        assert (line.status, list(priorities(viewpoint).of_line)) == ("active", [line.id])
    closed = builders.line(status="closed_type1")
    builders.take(builders.delivery(tmp_path / "2", ref="2", made_at="2026-04-01T00:00:00+00:00", lines=[closed]), kept)
    with reading(ADMINISTRATOR) as viewpoint:
        (line,) = register(viewpoint).lines
        assert (line.status, list(priorities(viewpoint).of_line)) == ("closed_type1", [])
        assert len(line.returns) == 1


def test_a_victim_is_one_first_on_a_line_whose_own_records_call_them_a_suspect(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    person = builders.person(ids={"nominal": "K1"})
    line = {"key": "l1", "kind": "line", "name": "Leo"}

    def saying(ref: str, type_: str, category: str, to: dict[str, Any]) -> dict[str, Any]:
        said = [{"from": "p1", "to": to["key"], "type": type_, "basis": "assessment", "category": category}]
        return builders.report(ref, mentions=[person, to], assertions=said)

    group = {"key": "g1", "kind": "group", "name": "The Ones"}
    reports = [saying("K/1", "controls", "suspect", line), saying("K/2", "victim_of", "other", group)]
    builders.take(builders.delivery(tmp_path / "d", reports=reports), kept)
    match_people()
    with reading(ADMINISTRATOR) as viewpoint:
        (found,) = register(viewpoint).lines
        (shown,) = people_of_line(viewpoint, found)
        rows = list(table(What.LINES, viewpoint, masking=WHOLE).rows)
    assert shown.is_victim
    assert rows[0][COLUMNS[What.LINES].index("holders")] == ""


SEIZED = {"from": "t2", "to": "p1", "type": "seized_from", "basis": "fact"}


@pytest.mark.parametrize(
    ("handling", "number", "says", "others", "with_it"),
    [
        ("P", THIRD, [], [], True),  # Leo of Kent, and nothing else is said of the number
        ("P", SECOND, [], [], False),  # Essex returned it with a line of another name
        ("P", THIRD, [SEIZED], [], False),  # it was somebody's, who may be a child or a tenant
        ("P", THIRD, [], [{"key": "l2", "kind": "line", "name": "Ace"}], False),  # of which of the two lines is it?
        ("C", THIRD, [], [], False),  # Essex does not see the report of Kent, so that for them it joins nothing
    ],
)
def test_a_number_that_a_report_names_with_one_line_and_says_nothing_else_of_is_that_lines(
    handling: str,
    number: str,
    says: list[Any],
    others: list[Any],
    with_it: bool,
    two_returns: None,
    builders: Any,
    tmp_path: Path,
    kept: Path,
    as_web: Any,
) -> None:
    mentions = [
        *({"key": "l1", "kind": "line", "name": "Leo"}, {"key": "t1", "kind": "phone", "number": FIRST}, *others),
        *({"key": "t2", "kind": "phone", "number": number}, builders.person()),
    ]
    report = builders.report("KENT/2026/000778", handling=handling, mentions=mentions, assertions=says)
    builders.take(builders.delivery(tmp_path / "r", ref="KENT-R", reports=[report]), kept)
    essex = analyst("essex")
    with as_web(), reading(essex) as viewpoint:
        returned = {line.id for line in register(viewpoint).lines if line.returns}
        (of_report,) = {
            tuple(sorted(use.number[-4:] for use in line.group.numbers))
            for line in register(viewpoint).lines
            for row in line.rows
            if row.ref == ("KENT/2026/000778" if handling == "P" else "kent-1") and row.brand == "Leo"
        }
    assert (len(returned), number[-4:] in of_report) == (2, with_it)
