"""What other rooms add to the page of one person's concerns stands there for whoever may see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from crossline.access.viewer import Viewpoint
from crossline.safeguarding.answering import views
from crossline.safeguarding.sections import Section, SectionRow

pytestmark = pytest.mark.django_db


def test_a_section_shows_its_rows_and_where_to_begin_one(
    desk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = desk()
    asked: list[Sequence[UUID]] = []

    def rows(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
        asked.append(mentions)
        return (
            [SectionRow("Screened on 3 March", "/screenings/1", "Draft")] if viewpoint.viewer.agency == "essex" else []
        )

    section = Section("Screenings", rows, lambda _, mention: f"/screenings/new/{mention}", "Begin a screening")
    monkeypatch.setattr(views, "SECTIONS", (section,))
    page = found.browse(found.essex, f"/concerns/{found.child}").content.decode()
    assert 'href="/screenings/1"' in page and "Begin a screening" in page and asked == [[found.child]]
    other = found.browse(found.kent, f"/concerns/{found.child}").content.decode()
    assert "/screenings/1" not in other and "None that you may see." in other
