"""The sub-commands of `crossline retention`: what they print, what they change, and how they end."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crossline import installation
from crossline.access import retention
from crossline.cli import main
from crossline.hosting.home import Home
from crossline.records.models import Record, RetentionClock
from crossline.records.retention import clocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation that is ready: the database of the tests, and a folder."""
    made = installation.Installation(Home(tmp_path), None)  # type: ignore[arg-type]  # nothing here logs in
    monkeypatch.setattr(installation, "make_ready", lambda: made)
    monkeypatch.setattr(installation, "sealed", lambda made, say: nullcontext())
    return tmp_path


@pytest.fixture
def record(place: Path, desk: Any, builders: Any, tmp_path: Path) -> Record:
    builders.sent(
        tmp_path / "d", tmp_path / "communications", reports=[builders.report(f"KENT/{n}") for n in range(12)]
    )
    return Record.objects.get(ref="KENT/1")


def test_plan_prints_by_owner_and_kind_and_changes_nothing(
    record: Record, builders: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = builders.snapshot()
    assert main(["retention", "plan"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == ["owner,kind,records,due,would_be_due,newly_due", "kent,intelligence,12,0,0,0"]
    assert "0 of 12 records newly due: within the cap of 10" in said.err
    assert builders.changed(before) == set()


def test_a_wrong_rule_ends_the_commands_with_1_and_the_number_of_the_plan_lets_it_through(
    record: Record, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tuple(replace(rule, review_after=timedelta(days=1)) for rule in retention.RULES)
    for changed in (clocks.plan, clocks.apply_rules):
        assert changed.__kwdefaults__ is not None
        monkeypatch.setitem(changed.__kwdefaults__, "rules", wrong)
    assert main(["retention", "plan"]) == 1
    assert "12 of 12 records newly due: ABOVE the cap of 10" in capsys.readouterr().err
    assert main(["retention", "apply"]) == 1
    assert "no clock was set" in capsys.readouterr().err
    assert not RetentionClock.objects.exists()
    assert main(["retention", "apply", "--expect", "11"]) == 1
    assert main(["retention", "apply", "--expect", "12"]) == 0
    assert RetentionClock.objects.count() == 12


def test_dispose_runs_dry_and_then_disposes(
    record: Record, place: Path, desk: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.decided(record.id)
    assert main(["retention", "dispose", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{record.id} (kent, intelligence): ") and "1 records would be disposed of" in said.err
    assert Record.objects.filter(id=record.id).exists()
    assert main(["retention", "dispose"]) == 0
    assert "1 records disposed of" in capsys.readouterr().err
    assert not Record.objects.filter(id=record.id).exists()
    assert str(record.id) in (place / "disposals.jsonl").read_text()


def test_dispose_names_the_exports_that_may_hold_it(
    record: Record, desk: Any, builders: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from crossline.exchange.exports import prepare

    with builders.administrator() as viewpoint:
        prepare("people", "csv", viewpoint).file.close()
    desk.decided(record.id)
    assert main(["retention", "dispose", "--dry-run"]) == 0
    assert "may be in: people csv, exported by administrator at" in capsys.readouterr().out


def test_a_command_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["retention"])
    assert end.value.code == 2
