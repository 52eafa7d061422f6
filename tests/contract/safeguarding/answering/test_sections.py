"""What other rooms add to the page of one person's concerns stands there for whoever may see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from crossline.access.viewer import Viewpoint
from crossline.records.models import Mention
from crossline.safeguarding.answering import views
from crossline.safeguarding.raising import raise_due
from crossline.safeguarding.sections import SECTIONS, Section, SectionRow

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


def test_the_rooms_of_safeguarding_stand_on_a_childs_page_with_what_they_hold(desk: Callable[[], Any]) -> None:
    """The real sections: what was written in a room leads there from the child's page, and each room can be begun."""
    found = desk()
    page = found.browse(found.essex, f"/concerns/{found.child}").content.decode()
    for section in SECTIONS:
        assert section.title in page
        assert not section.begin_text or section.begin_text in page
    for begun in ("/screenings/new/", "/referrals/new/", "/nrm/new/", "/meetings/new/", "/plans/new/"):
        assert f'href="{begun}{found.child}"' in page
        assert found.browse(found.essex, f"{begun}{found.child}").status_code == 200, begun
    [episode] = re.findall(r'href="(/missing/[0-9a-f-]{36})"', page)
    assert found.browse(found.essex, episode).status_code == 200
    assert "found at Chatham" in page
    assert "/screenings/new/" not in found.browse(found.centre, f"/concerns/{found.child}").content.decode()


def test_a_child_held_for_supplying_drugs_has_section_45_on_the_page(desk: Callable[[], Any]) -> None:
    found = desk()
    held = {"offence": "Possession with intent to supply crack cocaine", "outcome": "bailed", "under_18": True}
    custody = found.builders.report("KENT/held", kind="custody", custody=held, **found.house)
    found.builders.sent(found.folder / "held", found.kept, ref="K-held", reports=[custody])
    raise_due()
    child = Mention.objects.get(record__ref="KENT/held", kind="person").id
    page = found.browse(found.kent, f"/concerns/{child}").content.decode()
    [entry] = re.findall(r'href="(/nrm/section-45/[0-9a-f-]{36})"', page)
    assert "Possession with intent to supply crack cocaine" in page
    assert found.browse(found.kent, entry).status_code == 200
