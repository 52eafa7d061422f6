"""The table of rivals: every engine in a process of its own, each run told once, and a run that was stopped goes on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

import resolution_data as data  # bench is no package: it is on the path only from here
import resolution_rivals as rivals
from resolution_world import WorldSettings, write_world

from crossline.engines.resolution.mentions import MENTION_SCHEMA

ROOT = Path(__file__).parents[3]


def run(monkeypatch: pytest.MonkeyPatch, out: Path, *more: str) -> list[dict[str, Any]]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setattr(sys, "argv", ["resolution_rivals.py", str(out), "--worlds", "400", *more])
    rivals.main()
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_an_engine_is_measured_once_and_what_is_missing_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = ("--engines", "crossline_release", "recordlinkage")
    lines = run(monkeypatch, tmp_path, *engines)
    assert [(line["engine"], line.get("failed")) for line in lines] == [
        ("crossline_release", None),
        ("recordlinkage", "no environment given"),
    ]
    measured = lines[0]
    assert measured["mentions"] == 400
    assert 0.5 < measured["f1"] <= 1.0
    assert measured["cpu"] > 0
    assert measured["peak_mb"] > 20
    again = run(monkeypatch, tmp_path, *engines)
    assert [line["engine"] for line in again] == ["crossline_release", "recordlinkage", "recordlinkage"]
    assert "Crossline, released model" in (tmp_path / "table.markdown").read_text(encoding="utf-8")
    assert "## world 400" in (tmp_path / "slices.markdown").read_text(encoding="utf-8")


def test_an_engine_past_its_time_stands_as_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, tmp_path, "--engines", "crossline_release")
    stopped = run(monkeypatch, tmp_path, "--engines", "crossline_learning", "--timeout", "0")
    assert stopped[-1]["failed"] == "stopped after 0 s"
    assert len(run(monkeypatch, tmp_path, "--engines", "crossline_learning")) == len(stopped)


def test_a_set_reads_as_crossline_resolve_reads_it(tmp_path: Path) -> None:
    write_world(WorldSettings(mentions=200, seed=4), tmp_path)
    table = data.read_mentions(tmp_path)
    assert table.schema.names == MENTION_SCHEMA.names
    assert table.column("mention_id").to_pylist() == data.read_truth(tmp_path)["ref"]
    cleaned = data.prepared(tmp_path)
    assert cleaned.num_rows == 200
    assert all(phones is None or phone == phones[0] for phones, phone in zip(
        cleaned.column("phones").to_pylist(), cleaned.column("phone").to_pylist(), strict=True
    ))  # fmt: skip


def test_a_set_made_by_others_keeps_its_columns(tmp_path: Path) -> None:
    row = {"ref": "rec-1-org", "truth": "1", "forename": "Amina", "dob": "1990-02-03", "place": "Hythe"}
    data.write_foreign([row], tmp_path)
    assert data.read_mentions(tmp_path).to_pylist()[0]["dob"] == "1990-02-03"
    assert data.read_truth(tmp_path) == {"ref": ["rec-1-org"], "person": ["1"]}
