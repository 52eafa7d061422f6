"""Cuckooed premises in Chromium: entered from the record of a visit, the tenant said to be a victim, and visited again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def _entered(lead: Any) -> None:
    """Enter the address of the newest visit that names one, from the page of the address."""
    page = lead.go("/records?kind=visit")
    records = page.locator("main tbody a[href^='/records/']")
    for record in dict.fromkeys(records.evaluate_all("links => links.map(link => link.getAttribute('href'))")):
        page = lead.go(record)
        things = page.locator("main a[href^='/things/']")
        for thing in dict.fromkeys(things.evaluate_all("links => links.map(link => link.getAttribute('href'))")):
            page = lead.go(thing)
            entering = page.get_by_role("link", name="Enter in the register of premises")
            if entering.count():
                entering.click()
                return
    raise AssertionError("no record of a visit names an address")


def _unfolded(page: Any, words: str) -> Any:
    page.locator("main summary", has_text=words).click()
    return page.locator("main details", has=page.locator("summary", has_text=words)).locator("form")


def test_a_tenant_whose_home_was_taken_over_is_said_to_be_a_victim(visit: Visit) -> None:
    lead = visit("kent.safeguarding")
    _entered(lead)
    lead.assert_sound("premises-new")
    page = lead.page
    page.get_by_label("Why these premises may be cuckooed").fill("Visitors at all hours; the tenant was not seen.")
    page.get_by_role("button", name="Enter").click()
    form = _unfolded(page, "Say whether a tenant is a victim")
    form.get_by_label("Tenant", exact=True).select_option(index=1)
    form.get_by_role("radio").first.check()
    form.get_by_label("Record that it rests on").select_option(index=1)
    form.get_by_label("Reason").fill("They said that they may not leave.")
    form.get_by_role("button").click()
    form = _unfolded(page, "Write down a visit")
    form.get_by_role("radio").first.check()
    form.get_by_label("Who visited, and what was seen").fill("A housing officer and the hub; a new lock.")
    form.get_by_role("button").click()
    expect(page.get_by_text("A housing officer and the hub; a new lock.")).to_be_visible()
    lead.assert_sound("premises-page")
    lead.go("/premises")
    lead.assert_sound("premises")
