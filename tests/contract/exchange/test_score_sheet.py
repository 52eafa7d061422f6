"""The score sheet against a truth written by hand, so that every count on it can be told beforehand."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from crossline.entities.judgements import judge
from crossline.entities.models import Verdict
from crossline.errors import FileUnreadable
from crossline.exchange.measures import f_measure
from crossline.exchange.score_sheet import ScoreSheet, score
from crossline.exchange.truth import COLUMNS
from crossline.records.findings import keep_findings
from crossline.records.intake.parsed import ParsedAssertion, ParsedMention, ParsedRecord
from crossline.records.models import Mention, Record
from crossline.safeguarding.raising import raise_due
from crossline.vocabulary.codes import AssertionType, Basis, Classification, Handling, MentionKind, RecordKind

pytestmark = pytest.mark.django_db

ONE, TWO, THREE, FOUR = (f"+44770090000{number}#0001" for number in (1, 2, 3, 4))


def truth(folder: Path, **tables: Sequence[Mapping[str, str]]) -> Path:
    """A truth folder with these rows and headers alone for the rest."""
    folder.mkdir()
    for table, columns in COLUMNS.items():
        extra = ("exploited",) if table == "concerns" else ()
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, (*columns, *extra))
            writer.writeheader()
            writer.writerows(tables.get(table, ()))
    return folder


def mention(agency: str, ref: str, key: str, **rest: str) -> dict[str, str]:
    return {"agency": agency, "ref": ref, "key": key} | rest


def counts(sheet: ScoreSheet, subject: str, measure: str) -> tuple[int | None, int | None, int | None]:
    found = sheet.find(subject, measure)
    return found.right, found.wrong, found.missed


def child(builders: Any, ref: str, name: str) -> dict[str, Any]:
    """A report that a child runs for a line."""
    mentions = [builders.person(forename=name, dob="2012-05-06"), {"key": "l1", "kind": "line", "name": "Leo"}]
    runs = [{"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"}]
    return builders.report(ref, mentions=mentions, assertions=runs)


@pytest.fixture
def reports(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Three reports of Kent and one of Essex, a person in each; two are judged to be the same person."""
    kent = [
        child(builders, "K/1", "Ali"),
        child(builders, "K/2", "Bo"),
        builders.report("K/3", mentions=[builders.person()]),
    ]
    builders.sent(tmp_path / "kent", kept, reports=kent, lines=[builders.line(numbers=f"{ONE};{TWO};{THREE}")])
    essex = [builders.report("E/1", mentions=[builders.person(forename="Cy")])]
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="essex-1", reports=essex)
    left, right = (Mention.objects.get(record__ref=ref, key="p1").id for ref in ("K/1", "K/2"))
    with builders.administrator() as viewpoint:
        judge(left=left, right=right, verdict=Verdict.SAME, reason="the same child", viewpoint=viewpoint)
    raise_due()


def test_people_are_scored_by_pairs_and_by_members(builders: Any, reports: None, tmp_path: Path) -> None:
    """Put together: K/1 with K/2. True: K/1, K/2 and K/3 are one, E/1 another, and E/7 was never held."""
    who = [mention("kent", ref, "p1", person_id="a") for ref in ("K/1", "K/2", "K/3")]
    who += [mention("essex", ref, "p1", person_id="b") for ref in ("E/1", "E/7")]
    with builders.administrator() as viewpoint:
        sheet = score(truth(tmp_path / "truth", people=who), viewpoint)
    assert counts(sheet, "people", "pairs of mentions") == (1, 0, 2)
    pairs, cubed = sheet.find("people", "pairs of mentions"), sheet.find("people", "B-cubed")
    assert (pairs.precision, pairs.recall) == (1.0, pytest.approx(1 / 3))
    assert (cubed.precision, cubed.recall) == (1.0, pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4))
    assert pairs.note == "Judged on 4 mentions; the truth names 5, and 4 are held."


def test_lines_and_numbers(builders: Any, reports: None, tmp_path: Path) -> None:
    """The register has ONE, TWO and THREE on one line; in truth ONE and TWO are one, THREE and FOUR another."""
    numbers = [
        {"line_id": line, "number": number} for line, number in (("x", ONE), ("x", TWO), ("y", THREE), ("y", FOUR))
    ]
    lines = [mention("kent", "LEO-1", "line", line_id="x"), mention("kent", "K/1", "l1", line_id="x")]
    with builders.administrator() as viewpoint:
        sheet = score(truth(tmp_path / "truth", line_numbers=numbers, line_mentions=lines), viewpoint)
    assert counts(sheet, "line numbers", "pairs on one line") == (1, 2, 1)
    assert sheet.find("line numbers", "pairs on one line").note == "3 of 4 numbers stand in the register."
    right, wrong, missed = counts(sheet, "line mentions", "pairs of mentions")
    assert (wrong, (right or 0) + (missed or 0)) == (0, 1)


def test_successions_that_were_there_to_be_seen(builders: Any, reports: None, tmp_path: Path) -> None:
    """Found: ONE to TWO (weak) and ONE to THREE. True and observed: ONE to TWO, TWO to THREE; true, unseen: THREE to FOUR."""
    owner = Record.objects.filter(ref="K/1").get()
    found = [succession(ONE, TWO, "0.6"), succession(ONE, THREE, "0.9"), succession(THREE, FOUR, "0.7")]
    keep_findings(found, owner="kent", audience=owner.audience_id, delivery=None)
    true = [
        {"old_number": old, "new_number": new, "date": "2026-02-01", "line_id": "x", "observed": seen}
        for old, new, seen in ((ONE, TWO, "yes"), (TWO, THREE, "yes"), (THREE, FOUR, "no"))
    ]
    with builders.administrator() as viewpoint:
        sheet = score(truth(tmp_path / "truth", successions=true), viewpoint)
    every, first = (sheet.find("successions", name) for name in ("changes of number", "first choice for each number"))
    assert (every.right, every.wrong, every.missed) == (2, 1, 1)
    assert (every.precision, every.recall) == (pytest.approx(2 / 3), 0.5)
    assert (first.right, first.wrong, first.missed) == (1, 1, 2)
    assert first.recall == 0.0


def succession(old: str, new: str, strength: str) -> ParsedRecord:
    from datetime import UTC, date, datetime

    return ParsedRecord(
        source="findings",
        ref=f"{old}>{new}",
        kind=RecordKind.FINDING,
        made_at=datetime(2026, 3, 1, tzinfo=UTC),
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        mentions=(
            ParsedMention("old", MentionKind.PHONE, old, f"phone:{old}"),
            ParsedMention("new", MentionKind.PHONE, new, f"phone:{new}"),
        ),
        assertions=(
            ParsedAssertion(
                "old",
                "new",
                AssertionType.SUCCEEDED_BY,
                Basis.ASSESSMENT,
                from_date=date(2026, 2, 1),
                detail={"score": strength, "shared_contacts": 5},
            ),
        ),
        content_hash=f"{old}{new}",
    )


def test_overlaps_of_investigations(builders: Any, tmp_path: Path, kept: Path) -> None:
    """OP-1 and OP-9 share a number; the truth has that pair, written the other way round, and one that is not there."""
    for agency, ref in (("kent", "OP-1"), ("essex", "OP-9")):
        row = builders.investigation(ref, agency=agency, selectors="phone:07700 900123#0042")
        builders.sent(tmp_path / agency, kept, agency=agency, ref=agency, investigations=[row])
    pair = {
        "left_agency": "kent",
        "left_ref": "OP-1",
        "right_agency": "essex",
        "right_ref": "OP-9",
        "kind": "investigation",
    }
    true = [pair, pair | {"right_ref": "OP-10"}, pair]
    with builders.administrator() as viewpoint:
        sheet = score(truth(tmp_path / "truth", overlaps=true), viewpoint)
    assert counts(sheet, "overlaps", "pairs of investigations") == (1, 0, 1)


def test_concerns_by_person_reason_and_record(builders: Any, reports: None, tmp_path: Path) -> None:
    """K/1 and K/2 are both put forward as runners; in truth they are two people, and a third was missed."""
    who = [mention("kent", ref, "p1", person_id=person) for ref, person in (("K/1", "a"), ("K/2", "b"), ("K/3", "c"))]
    true = [
        mention("kent", ref, "p1", person_id=person, reason="child_in_runner_role", exploited=exploited)
        for ref, person, exploited in (("K/1", "a", "yes"), ("K/3", "c", "yes"))
    ]
    with builders.administrator() as viewpoint:
        sheet = score(truth(tmp_path / "truth", people=who, concerns=true), viewpoint)
    assert counts(sheet, "concerns", "people") == (1, 1, 1)
    assert counts(sheet, "concerns", "child in runner role") == (1, 1, 1)
    assert "2 people who are exploited" in sheet.find("concerns", "people").note
    assert "1 were put forward" in sheet.find("concerns", "people").note


def test_the_sheet_reads_as_text_and_as_markdown(builders: Any, reports: None, tmp_path: Path) -> None:
    who = [mention("kent", ref, "p1", person_id="a") for ref in ("K/1", "K/2", "K/3")]
    with builders.administrator() as viewpoint:
        sheet = score(truth(tmp_path / "truth", people=who), viewpoint)
    text, page = sheet.as_text().splitlines(), sheet.as_markdown().splitlines()
    assert text[0].split() == ["what", "measure", "right", "wrong", "missed", "precision", "recall", "F1"]
    assert text[2].split() == ["people", "pairs", "of", "mentions", "1", "0", "2", "1.0000", "0.3333", "0.5000"]
    assert page[2] == "| people | pairs of mentions | 1 | 0 | 2 | 1.0000 | 0.3333 | 0.5000 |"
    assert len([line for line in page if line.startswith("| ")]) == len(sheet.scores) + 2
    assert f_measure(1.0, 1 / 3) == 0.5


def test_a_truth_that_is_not_whole_is_said_in_one_sentence(builders: Any, tmp_path: Path) -> None:
    folder = truth(tmp_path / "truth")
    with builders.administrator() as viewpoint:
        with pytest.raises(FileUnreadable, match=r"nowhere is not a folder; give the truth/ folder that .* wrote\.$"):
            score(tmp_path / "nowhere", viewpoint)
        (folder / "concerns.csv").write_text("agency,ref\n")
        with pytest.raises(FileUnreadable, match=r"concerns.csv has no column key; give .* wrote\.$"):
            score(folder, viewpoint)
        (folder / "overlaps.csv").unlink()
        with pytest.raises(FileUnreadable, match=r"overlaps.csv is missing; give .* all its files\.$"):
            score(folder, viewpoint)
