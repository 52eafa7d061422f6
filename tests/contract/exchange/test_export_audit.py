"""An export is a disclosure: one audit row in its transaction, nothing given out without it, no half-written file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossline.access import audit
from crossline.access.models import AuditEvent
from crossline.errors import UsageError, UserError
from crossline.exchange import exports
from crossline.exchange.exports import export

pytestmark = pytest.mark.django_db


def exported() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(event=audit.Event.EXPORTED).order_by("at"))


def test_each_export_leaves_one_audit_row(builders: Any, two_forces: None, tmp_path: Path) -> None:
    import hashlib

    out = tmp_path / "people.csv"
    viewer = builders.enrolled("kent.analyst")
    with builders.seen_by(viewer) as viewpoint:
        rows = export("people", "csv", viewpoint, out, purpose="Operation Larch")
    (row,) = exported()
    assert (row.verb, row.actor, row.actor_agency) == ("disclosure", "kent.analyst", "kent")
    assert (row.subject_kind, row.subject, row.purpose) == ("export", "people", "Operation Larch")
    assert row.detail["format"] == "csv" and row.detail["rows"] == rows
    assert row.detail["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert row.detail["bytes"] == out.stat().st_size


def test_without_its_audit_row_nothing_is_given_out(
    builders: Any, two_forces: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the audit cannot be written")

    monkeypatch.setattr(exports, "log", broken)
    out = tmp_path / "people.csv"
    with builders.administrator() as viewpoint, pytest.raises(RuntimeError):
        export("people", "csv", viewpoint, out)
    assert list(tmp_path.glob("*people.csv*")) == []


def test_what_cannot_be_exported_leaves_no_row_and_no_file(builders: Any, tmp_path: Path) -> None:
    with builders.administrator() as viewpoint, pytest.raises(UsageError):
        export("people", "pdf", viewpoint, tmp_path / "people.pdf")
    assert exported() == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_readable_by_its_owner_only_and_replaces_the_old_one_whole(
    builders: Any, two_forces: None, tmp_path: Path
) -> None:
    out = tmp_path / "lines.csv"
    out.write_text("an older export")
    with builders.administrator() as viewpoint:
        export("lines", "csv", viewpoint, out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text().startswith("line,name,status")
    assert list(tmp_path.glob(".lines.csv*")) == []


def test_a_place_that_cannot_be_written_is_said(builders: Any, tmp_path: Path) -> None:
    with (
        builders.administrator() as viewpoint,
        pytest.raises(UserError, match=r"cannot be written \(No such file or directory\); give a file in a folder"),
    ):
        export("lines", "csv", viewpoint, tmp_path / "nowhere" / "lines.csv")


def test_standard_output_gets_the_same_bytes(
    builders: Any, two_forces: None, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    out = tmp_path / "phones.csv"
    with builders.administrator() as viewpoint:
        export("phones", "csv", viewpoint, out)
        export("phones", "csv", viewpoint, None)
    assert capsysbinary.readouterr().out == out.read_bytes()
