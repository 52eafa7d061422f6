"""An analyst has a name and a date of birth in front of them, asks who it is, reads why, and opens the person's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]
KENT = "kent.analyst"


def somebody_known(watched: Any) -> str:
    """The name of a person whom this viewer may read about."""
    page = watched.go("/matches")
    page.locator("table tbody th a").first.click()
    return str(page.locator(".crossline-pair thead a").first.inner_text().rpartition(" (")[0])


def test_who_is_this_is_answered_with_the_reasons_and_leads_to_the_persons_page(visit: Visit) -> None:
    watched = visit(KENT)
    name = somebody_known(watched)
    page = watched.go("/search")
    page.get_by_role("link", name="Ask who it is").click()
    watched.assert_sound("who-empty")
    page.get_by_label("Forename", exact=True).fill(name.split()[0])
    page.get_by_label("Surname").fill(name.split()[-1])
    page.get_by_role("button", name="Ask who it is").click()
    page.get_by_role("heading", name="it may be").wait_for()
    assert page.url.endswith("/people/who"), "what was typed stands in no address"
    assert page.get_by_text(name.split()[-1]).count() > 1
    watched.assert_sound("who-answered")
    page.get_by_text("How the weight for").first.click()
    page.get_by_text("At random").first.wait_for()
    page.locator(".crossline-may-be h3 a").first.click()
    assert "/people/" in page.url and not page.url.endswith("/who")
    assert page.get_by_role("heading", level=1).is_visible()


def test_what_cannot_be_read_leads_to_its_field_and_nobody_found_says_so(visit: Visit) -> None:
    watched = visit(KENT)
    page = watched.go("/people/who")
    page.get_by_label("Telephone numbers").fill("999")
    page.get_by_role("button", name="Ask who it is").click()
    page.get_by_role("link", name="Telephone number “999” cannot be read").click()
    watched.assert_sound("who-refused")
    page.get_by_label("Telephone numbers").fill("")
    page.get_by_label("Forename", exact=True).fill("Wilhelmina")
    page.get_by_label("Surname").fill("Throckmorton-Quillfeather")
    page.get_by_role("button", name="Ask who it is").click()
    page.get_by_text("Nobody that you may read about").wait_for()
    watched.assert_sound("who-nobody")


def test_on_a_narrow_screen_and_without_scripts_it_answers_too(visit: Visit, browsing: Any) -> None:
    watched = visit(KENT, viewport=dict(browsing.NARROW), java_script_enabled=False)
    page = watched.go("/people/who")
    page.get_by_label("Forename", exact=True).fill("Wilhelmina")
    page.get_by_label("Surname").fill("Throckmorton-Quillfeather")
    page.get_by_role("button", name="Ask who it is").click()
    page.get_by_text("Nobody that you may read about").wait_for()
