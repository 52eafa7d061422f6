"""Packaged reference data stands beside a notice of its sources and licences."""

from pathlib import Path

import pytest

import crossline

PACKAGE = Path(crossline.__file__).parent


def _named_and_present(room: str) -> tuple[set[str], set[str]]:
    folder = PACKAGE / room / "data"
    rows = [line.split("|") for line in (folder / "NOTICE.md").read_text(encoding="utf-8").splitlines()]
    named = {row[1].strip() for row in rows if len(row) > 4 and "." in row[1]}
    return named, {file.name for file in folder.iterdir() if file.is_file() and file.name != "NOTICE.md"}


@pytest.mark.parametrize("room", ["vocabulary", "simulation", "picture"])
def test_what_a_notice_names_is_there(room: str) -> None:
    named, present = _named_and_present(room)
    assert named
    assert named <= present
    assert "Open Government Licence" in (PACKAGE / room / "data" / "NOTICE.md").read_text(encoding="utf-8")


def test_every_file_of_the_vocabulary_has_its_source_and_licence() -> None:
    named, present = _named_and_present("vocabulary")
    assert present == named
