"""The same seed gives the same bytes, whatever the machine's hash seed; another seed gives another nation."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crossline.errors import UserError
from crossline.simulation.nation import simulate
from crossline.simulation.parameters import Scale


def _digests(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_a_second_run_with_another_hash_seed_writes_the_same_bytes(tiny, tmp_path):
    code = (
        "import sys; from pathlib import Path; from crossline.simulation.nation import simulate; "
        "from crossline.simulation.parameters import Scale; "
        "simulate(out=Path(sys.argv[1]), scale=Scale.TINY, seed=7, progress=lambda _: None)"
    )
    source = str(Path(sys.modules["crossline"].__path__[0]).parent)
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "again")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "4242", "PYTHONPATH": source, "TZ": "Asia/Tokyo"},
    )
    assert _digests(tmp_path / "again") == _digests(tiny.out)


def test_another_seed_writes_another_nation(tiny, tmp_path):
    simulate(out=tmp_path / "other", scale=Scale.TINY, seed=8, progress=lambda _: None)
    here, there = _digests(tiny.out), _digests(tmp_path / "other")
    reports = [name for name in here if name.endswith("reports.jsonl")]
    assert reports
    assert all(here[name] != there[name] for name in reports)


def test_published_figures_do_not_depend_on_the_seed(tiny, tmp_path):
    simulate(out=tmp_path / "other", scale=Scale.TINY, seed=8, progress=lambda _: None)
    here, there = _digests(tiny.out), _digests(tmp_path / "other")
    returns = [name for name in here if name.endswith("returns.csv")]
    assert returns
    assert all(here[name] == there[name] for name in returns)


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "old.txt").write_text("old")
    with pytest.raises(UserError, match="not empty"):
        simulate(out=tmp_path, scale=Scale.TINY, seed=1, progress=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
