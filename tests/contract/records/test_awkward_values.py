"""Values that some store, format or clock cannot hold are read as far as they say something, and break nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossline.records.intake.parsed import RowFate
from crossline.records.models import Mention, Outcome, Record

pytestmark = pytest.mark.django_db


def test_nul_characters_are_dropped_wherever_they_stand(builders: Any, tmp_path: Path, kept: Path) -> None:
    person = builders.person(
        "p\0", forename="Ja\0den", aliases=["J\0C"], ids={"nominal": "K\0"}, build={"a\0": ["b\0"]}
    )
    report = builders.report("KENT\0/1", text="a\0b", other={"k\0": "v\0", "list": ["x\0"]}, mentions=[person])
    folder = builders.delivery(tmp_path / "d", reports=[report, builders.report("KENT/1", mentions=[])])
    builders.write_csv(folder / "lines.csv", [builders.line("L\0EO", **{"extra\0": "more\0"})])

    receipt = builders.take(folder, kept)

    assert receipt.fates[RowFate.ACCEPTED] == 2
    assert receipt.fates[RowFate.HELD] == 1, "without its NUL the first ref is the second's"
    assert receipt.files["lines.csv"]["unknown_columns"] == ["extra"]
    record = Record.objects.get(source="reports")
    assert (record.ref, record.text, record.detail["other"]) == ("KENT/1", "ab", {"k": "v", "list": ["x"]})
    mention = Mention.objects.get(record=record)
    assert (mention.key, mention.forename, mention.aliases, mention.nominal) == ("p", "Jaden", ["JC"], "K")
    assert mention.detail["build"] == {"a": ["b"]}
    assert Record.objects.get(source="lines").ref == "LEO"


def test_a_backslash_before_u0000_is_text_and_stays(builders: Any, tmp_path: Path, kept: Path) -> None:
    said = "a literal \\u0000 of six signs"
    builders.sent(tmp_path / "d", kept, reports=[builders.report(text=said, other=said, more="\0")])

    assert Record.objects.get().text == said
    assert Record.objects.get().detail == {"other": said, "more": ""}


def test_whole_numbers_of_any_size_and_deep_objects_are_kept(builders: Any, tmp_path: Path, kept: Path) -> None:
    deep: Any = "bottom"
    for _ in range(100):
        deep = [deep]
    builders.sent(tmp_path / "d", kept, reports=[builders.report(big=10**400, deep=deep)])

    detail = Record.objects.get().detail
    assert detail["big"] == 10**400
    assert json.dumps(detail["deep"]).count("[") == 100


def test_names_and_keys_longer_than_their_columns_break_nothing(builders: Any, tmp_path: Path, kept: Path) -> None:
    long = "x" * 3000
    person = builders.person(
        forename=long, surname=long, middle=long, aliases=[long], ids={"nominal": long, "pnc": long}
    )
    phone = {"key": "k" * 50, "kind": "phone", "number": builders.NUMBER, "imei": "004400152020000"}
    other = {"key": "v", "kind": "vehicle", "vrm": long}
    report = builders.report(mentions=[person, phone, other], conditions=long, subject=long)
    receipt = builders.sent(
        tmp_path / "d",
        kept,
        reports=[report],
        lines=[builders.line(name=long, towns=long, numbers=long)],
        investigations=[builders.investigation(selectors=f"person:{long} {long};vrm:{long}", contact=long)],
    )

    assert receipt.line().endswith("3 rows: 3 accepted, 0 refused, 0 duplicate, 0 held")
    assert Mention.objects.get(key="p1").forename == "x" * 100


def test_an_audience_of_every_agency_fits(builders: Any, tmp_path: Path, kept: Path) -> None:
    from crossline.vocabulary.agencies import agencies

    everybody = list(agencies())
    builders.sent(tmp_path / "d", kept, reports=[builders.report(audience=everybody)])
    builders.sent(tmp_path / "e", kept, ref="2", reports=[builders.report("KENT/2", audience=everybody[::-1])])

    audiences = {record.audience for record in Record.objects.all()}
    assert len(audiences) == 1, "the same labels are one audience, in whatever order they are listed"
    assert len(audiences.pop().labels.all()) == len(everybody)


def test_a_home_that_is_no_agency_opens_a_missing_episode_to_nobody_more(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    report = builders.missing_report("KENT/1", home="x" * 500, found="nowhere\0")
    builders.sent(tmp_path / "d", kept, reports=[report])

    record = Record.objects.get()
    assert set(record.audience.labels.values_list("key", flat=True)) == {"agency:kent", "centre", "safeguarding"}
    assert record.detail["missing"]["home_agency"] == "x" * 500


def test_times_of_any_offset_are_one_time_and_can_be_read_back(builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "d", kept, reports=[builders.report(made_at="2026-03-02T14:10:00+23:59")])

    assert Record.objects.get().made_at.isoformat() == "2026-03-01T14:11:00+00:00"


def test_optional_lists_written_as_null_are_empty(builders: Any, tmp_path: Path, kept: Path) -> None:
    reports = [
        builders.report("1", mentions=None, assertions=None),
        builders.report("2", mentions=[builders.person(aliases=None)]),
    ]
    receipt = builders.sent(tmp_path / "d", kept, reports=reports)

    assert receipt.fates[RowFate.ACCEPTED] == 2
    assert Mention.objects.get(key="p1").aliases == []


def test_a_held_or_repeated_record_says_nothing_beyond_its_own_audience(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    for_kent = builders.report("KENT/1", audience=["kent"])
    changed = for_kent | {"text": "For nobody else."}
    builders.sent(
        tmp_path / "d",
        kept,
        reports=[for_kent, for_kent, changed, builders.report("KENT/2"), builders.report("KENT/2")],
    )

    labels = {
        (outcome.row, outcome.outcome): set(outcome.audience.labels.values_list("key", flat=True))
        for outcome in Outcome.objects.all()
    }
    assert labels == {
        (2, "duplicate"): {"agency:kent"},
        (3, "held"): {"agency:kent"},
        (5, "duplicate"): {"agency:kent", "centre"},
    }
