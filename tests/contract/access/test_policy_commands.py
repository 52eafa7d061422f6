"""Commands while a changed policy waits: whatever works with records refuses in one sentence, what lets people agree starts."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from crossline import commands, installation, roster
from crossline.access import boot_check
from crossline.access.models import Person
from crossline.access.policy_changes.actions import WAITS, history
from crossline.access.policy_changes.statement import Statement
from crossline.cli import main
from crossline.hosting.home import Home
from crossline.records import disposal
from crossline.site.policy import statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

CHANGED = Statement(statement.running().lines[1:])
REFUSED: tuple[tuple[str, ...], ...] = (
    ("intake", "deliveries"),
    ("refresh",),
    ("refresh", "--full"),
    ("export", "lines"),
    ("export", "people", "--as", "kent.analyst"),
    ("score", "truth"),
    ("retention", "plan"),
    ("retention", "apply"),
    ("retention", "dispose"),
    ("retention", "dispose", "--dry-run"),
)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation over the tests' database, which nothing here leaves; the software states another policy."""
    Home(tmp_path).keys.mkdir(mode=0o700)
    monkeypatch.setattr(installation, "resolve_home", lambda: Home(tmp_path))
    monkeypatch.setattr(installation, "ensure_database", lambda home: None)
    monkeypatch.setattr(installation, "use_login", lambda access, kind: None)
    monkeypatch.setattr(installation, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(installation, "sealed", lambda made, say: nullcontext())
    monkeypatch.setattr(boot_check, "refuse_unsafe", lambda access, kind: None)
    for done_on_pages in ("let_agencies_answer", "refer_a_child"):  # need the web's own login; journeys see them done
        monkeypatch.setattr(roster, done_on_pages, lambda: None)
    monkeypatch.setattr(disposal, "replay_disposals", lambda reach, now: None)
    monkeypatch.setattr(statement, "running", lambda: CHANGED)
    return tmp_path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the site was told that its policy is in force, each time that it was to be served."""
    told: list[bool] = []

    def serve(made: installation.Installation, port: int | None) -> int:
        told.append(made.policy_in_force)
        return 0

    monkeypatch.setattr(commands, "_serve", serve)
    return told


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_it_refuses_in_one_sentence_and_does_nothing(
    words: tuple[str, ...], place: Path, builders: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = builders.snapshot()
    assert main(words) == 1
    said = capsys.readouterr()
    assert (said.err, said.out) == (f"crossline: {WAITS}\n", "")
    written = {"access_policystatement", "access_auditevent"}
    assert builders.changed(before) == written, "that it was asked to start with another policy, and nothing else"
    assert main(words) == 1
    assert len(history()) == 2


def test_the_site_starts_for_people_to_agree_and_an_administrator_is_let_in(
    place: Path, served: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve"]) == 0
    assert served == [False]
    assert main(["administrator", "centre.admin", "--name", "Ada Wye", "--agency", "nclcc"]) == 0
    assert Person.objects.get(username="centre.admin").roles == ["administrator"]


def test_whoever_serves_is_told_that_it_waits(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from crossline.hosting import web

    monkeypatch.setattr(web, "serve", lambda port, **said: 0)
    assert main(["serve"]) == 0
    assert "until two information managers of the centre have agreed to it there" in capsys.readouterr().err
    monkeypatch.setattr(statement, "running", lambda: Statement(tuple(history()[-1].statement.lines)))
    assert main(["serve"]) == 0
    assert capsys.readouterr().err == ""


def test_a_demonstration_that_is_loaded_is_served_and_a_new_one_is_not_loaded(
    place: Path, served: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = ["demo", "--scale", "tiny", "--seed", "5"]
    assert main(tiny) == 1
    assert WAITS in capsys.readouterr().err and served == []
    (place / "demo.json").write_text(json.dumps({"scale": "tiny", "seed": 5}))
    assert main(tiny) == 0
    assert served == [False]
    managers = Person.objects.filter(agency="nclcc", roles__contains=["information_manager"])
    assert sorted(managers.values_list("username", flat=True)) == ["centre.deputy", "centre.head"]
