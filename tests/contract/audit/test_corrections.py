"""Whoever was shown an older revision of a record is told that it was corrected, and nobody else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crossline.access.actions import intern_audience
from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.audit.corrections import corrections
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def people(db: None, builders: Any, tmp_path: Path, kept: Path) -> dict[str, Viewer]:
    """An investigation of Kent, which Kent and the centre see, and a line return, which all police see."""
    builders.sent(tmp_path / "1", kept, lines=[builders.line()], investigations=[builders.investigation()])
    return {
        "reader": builders.enrolled("essex.reader", agency="essex"),
        "colleague": builders.enrolled("essex.colleague", agency="essex"),
        "centre": builders.enrolled("centre.reader", agency="nclcc", roles=(Role.COORDINATOR,)),
    }


@pytest.fixture
def browse(client: Client, as_web: Any) -> Any:
    """Opens an address as somebody, in the web role; gives the words of the page."""

    def opened(viewer: Viewer, address: str) -> str:
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            answer = client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200
        return str(answer.content.decode())

    return opened


def corrected(builders: Any, viewer: Viewer) -> list[int]:
    """The revisions that somebody is told of."""
    with builders.seen_by(viewer) as viewpoint:
        return [each.record.revision for each in corrections(viewpoint, most=10)]


def line(revision: int) -> Record:
    return Record.objects.get(kind="line_return", revision=revision)


def again(builders: Any, tmp_path: Path, kept: Path, number: int, **files: Any) -> None:
    builders.sent(tmp_path / str(number), kept, ref=f"KENT-{number}", **files)


def test_who_was_shown_it_is_told_until_they_are_shown_it_as_it_stands(
    people: Any, browse: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    reader, colleague = people["reader"], people["colleague"]
    browse(reader, f"/records/{line(1).id}")
    assert "Nothing was corrected" in browse(reader, "/audit/mine/corrected")
    again(builders, tmp_path, kept, 2, lines=[builders.line(name="Lion")])
    assert "One record that you were shown has been corrected since" in browse(reader, "/audit/mine")
    told = browse(reader, "/audit/mine/corrected")
    assert f"/records/{line(2).id}" in told and f"/records/{line(1).id}" not in told
    assert "Nothing was corrected" not in browse(reader, "/audit/mine/corrected"), "to be told is not to have read it"
    assert corrected(builders, colleague) == [], "who never read it is told nothing"
    browse(reader, f"/records/{line(2).id}")
    assert corrected(builders, reader) == []
    assert "has been corrected since" not in browse(reader, "/audit/mine")


def test_of_several_corrections_the_newest_is_told_once(
    people: Any, browse: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    browse(people["reader"], f"/records/{line(1).id}")
    again(builders, tmp_path, kept, 2, lines=[builders.line(name="Lion")])
    browse(people["reader"], f"/records/{line(1).id}")
    again(builders, tmp_path, kept, 3, lines=[builders.line(name="Lioness")])
    assert corrected(builders, people["reader"]) == [3]


def test_nobody_is_told_of_what_they_may_not_see(
    people: Any, browse: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    """The centre sees Kent's investigation and is told; a reader of Essex saw nothing of it."""
    first = Record.objects.get(kind="investigation")
    browse(people["centre"], f"/records/{first.id}")
    again(builders, tmp_path, kept, 2, investigations=[builders.investigation(name="Operation Yew", line_refs="")])
    assert Record.objects.filter(kind="investigation").count() == 2
    assert corrected(builders, people["centre"]) == [2]
    assert corrected(builders, people["reader"]) == []
    with builders.role("none"):  # where its audience narrows, the centre is told no more
        Record.objects.filter(kind="investigation", revision=2).update(audience=intern_audience(["agency:kent"]))
    assert corrected(builders, people["centre"]) == []
