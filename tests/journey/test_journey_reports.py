"""A teacher reads the guidance, reports a concern on a telephone and is answered; outreach after a closure; in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def test_whoever_has_no_account_reads_the_guidance_on_a_telephone_and_keeps_a_card(
    visit: Visit, browsing: ModuleType
) -> None:
    watched = visit(None, viewport=dict(browsing.NARROW), accept_downloads=True)
    page = watched.go("/sign-in")
    page.get_by_role("link", name="guidance on how to see that somebody is exploited").click()
    watched.assert_sound("guidance")
    page.get_by_role("link", name="Teachers and school staff", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Teachers and school staff")
    expect(page.get_by_text("OFFICIAL: for anybody to read").first).to_be_visible()
    watched.assert_sound("guidance-school")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep this as a card").click()
    card = kept.value.path().read_text(encoding="utf-8")
    assert "Teachers and school staff" in card and "href=" not in card
    assert kept.value.suggested_filename == "crossline-card-school.html"
    unconnected = visit(None)
    unconnected.page.set_content(card)
    unconnected.assert_sound("guidance-card")


def test_a_teacher_reports_a_child_on_a_telephone_and_is_answered_by_the_force(
    visit: Visit, browsing: ModuleType
) -> None:
    school = visit("quillhaven.school", viewport=dict(browsing.NARROW))
    page = school.go("/partner")
    page.get_by_role("link", name="Report a concern").click()
    school.assert_sound("report-new")
    page.get_by_role("button", name="Send to the police").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    school.assert_sound("report-new-refused")
    page.get_by_label("A child or young person under 18").check()
    page.get_by_label("What did you see or hear?").fill(
        "Picked up at noon by a man in a hired car, three times this week."
    )
    page.get_by_label("Has more than one phone or SIM card", exact=False).check()
    page.get_by_label("Police force of the area where the person lives").select_option(label="Kent Police")
    page.get_by_label("Last name").fill("Thistlewood")
    page.get_by_role("button", name="Send to the police").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent")
    school.assert_sound("report-sent")
    ref = page.locator(".govuk-caption-l").inner_text().split()[1].rstrip(",")

    lead = visit("kent.safeguarding")
    desk = lead.go("/reports")
    lead.assert_sound("reports")
    desk.get_by_role("link", name=ref).click()
    desk.get_by_role("button", name="I have read it").click()
    desk.get_by_label("Say it in a sentence or two").fill("A social worker meets the child at school tomorrow.")
    desk.get_by_role("button", name="Answer").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Answered")
    lead.assert_sound("report-answered")

    page = school.go("/reports")
    school.assert_sound("reports-of-a-school")
    page.get_by_role("link", name=ref).click()
    expect(page.get_by_text("A social worker meets the child at school tomorrow.")).to_be_visible()
    page.get_by_label("Say it in a sentence or two").fill("Nobody came.")
    page.get_by_role("button", name="Raise it again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Raised again")


def test_help_is_offered_after_a_closure_through_a_charity_that_agrees_first(
    visit: Visit, browsing: ModuleType
) -> None:
    lead = visit("kent.safeguarding")
    for status in ("closed_type1", "closed_type2"):
        page = lead.go(f"/lines?status={status}")
        closed = page.locator("main table a[href^='/lines/']")
        if closed.count():
            break
    closed.first.click()
    page.get_by_role("link", name="Offer help to those who bought from this line").click()
    lead.assert_sound("outreach-new")
    page.get_by_label("Through which organisation?").select_option(label="Quillhaven Lantern Trust")
    page.get_by_label("Help is there", exact=False).check()
    page.get_by_label("Name of the service").fill("Lantern Trust")
    page.get_by_label("How to reach it").fill("the door on Nowhere Lane, any morning")
    page.get_by_label("Where the line sold").fill("Quillhaven")
    page.get_by_label("Why now").fill("Closed this week.")
    page.get_by_role("button", name="Ask the organisation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Planned")
    lead.assert_sound("outreach-planned")
    where = page.url.removeprefix(lead.site)

    trust = visit("quillhaven.trust", viewport=dict(browsing.NARROW))
    theirs = trust.go("/outreach")
    trust.assert_sound("outreach-of-a-charity")
    theirs = trust.go(where)
    trust.assert_sound("outreach-to-agree")
    theirs.locator("form", has=theirs.get_by_role("button", name="Agree", exact=True)).get_by_label(
        "In a sentence"
    ).fill("Yes.")
    theirs.get_by_role("button", name="Agree", exact=True).click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Agreed by the health partner")
