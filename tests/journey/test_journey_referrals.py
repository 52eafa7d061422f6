"""A child is referred in a real browser, and answered by keyboard alone on a screen 360 pixels wide, without any script."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]
TO: Final = "Quillhaven Council children’s services: children’s services of the home authority"


def _filled(page: Any) -> None:
    """Every question of the form in words of its own that name nobody, every choice with its first."""
    form = page.locator("main form").last
    for field in form.locator("textarea, input[type=text]").all():
        if field.get_attribute("name") not in ("word-name", "word-born"):
            field.fill("Somebody older meets them after school.")
    form.locator("[name=word-contact]").fill("Safeguarding hub, 020 7946 0101")
    for name in ("gateway", "basis"):
        form.locator(f"select[name={name}]").select_option(index=1)
    form.locator("input[name=urgency]").first.check()
    form.locator("input[name=consent][value=given]").check()
    form.get_by_role("button", name="Save, and see what they would be given").click()
    page.wait_for_load_state()


def _referred(lead: Any) -> str:
    """The first person put forward who may be referred as a child; gives the address of the referral."""
    people = lead.go("/concerns").locator("main h2 a[href^='/concerns/']")
    for person in dict.fromkeys(people.evaluate_all("links => links.map(link => link.getAttribute('href'))")):
        page = lead.go(person)
        page.get_by_role("link", name="Refer this person to a partner").click()
        page.get_by_label("Partner organisation").select_option(label=TO)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_load_state()
        if not page.locator("[name=word-concern]").count():
            continue
        lead.assert_sound("referral-new")
        _filled(page)
        if re.fullmatch(r"/referrals/[0-9a-f-]{36}", where := page.url.removeprefix(lead.site)):
            return where
    raise AssertionError(f"nobody who is put forward can be referred: {lead.page.locator('main').inner_text()[:600]}")


def test_a_child_is_referred_and_a_partner_answers_by_keyboard_on_a_telephone(
    visit: Visit, browsing: ModuleType
) -> None:
    lead = visit("kent.safeguarding")
    where = _referred(lead)
    lead.assert_sound("referral-preview")
    ref = lead.page.locator(".govuk-caption-l").inner_text().partition(",")[0]
    preview = lead.page.locator("[data-sheet]").first.text_content()
    lead.page.get_by_role("link", name="Change the text").click()
    lead.assert_sound("referral-text")
    lead.page.go_back()
    lead.page.get_by_role("button", name="Send it to").click()
    lead.page.get_by_text("Sheet 1, as they have it").wait_for()
    lead.assert_sound("referral-sent")

    partner = visit(None, viewport=dict(browsing.NARROW))
    page = partner.go("/sign-in")
    browsing.tab_to(page, "Username")
    page.keyboard.type("quillhaven.children")
    browsing.tab_to(page, "Password")
    page.keyboard.type("synthetic-demo-only")
    page.keyboard.press("Enter")
    page.wait_for_url("**/partner")
    partner.assert_sound("partner-home")
    browsing.press(page, "See what is referred to you", "a")
    partner.assert_sound("partner-inbox")
    assert page.get_by_role("heading", name="REF-").count() == 2, "and what the demonstration referred"
    browsing.press(page, ref, "a")
    page.wait_for_url("**/partner/referrals/*-*")
    assert page.locator("[data-sheet]").text_content() == preview
    partner.assert_sound("partner-referral")
    for button, words in (
        ("Accept it", "We know the family."),
        ("Record what was done", "We visited."),
        ("Record what came of it", "They are safe."),
    ):
        browsing.tab_to(page, button, "summary")
        if not page.evaluate("document.activeElement.parentElement.open"):
            page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type(words)
        browsing.press(page, button, "button")
        assert not page.locator(".govuk-error-summary, .moj-alert--error").count()
    assert page.get_by_text("Outcome recorded").first.is_visible()
    partner.assert_sound("partner-answered")
    browsing.press(page, "Referrals to you", "a")
    assert not page.get_by_text(ref).count() and page.get_by_role("heading", name="REF-").count() == 1

    for name, address in (("partner-history", "/partner/referrals/history"), ("partner-told", "/partner/told")):
        partner.go(address)
        partner.assert_sound(name)

    page = lead.go(where)
    assert page.get_by_text("They are safe.").is_visible() and page.get_by_text("We visited.").is_visible()
    page.locator("summary", has_text="Close it").click()
    page.locator("details[open] form").get_by_role("button", name="Close it").click()
    page.get_by_text("Done").first.wait_for()
    lead.go("/referrals")
    lead.assert_sound("referrals")
    lead.go("/referrals/ledger")
    lead.assert_sound("referrals-ledger")


def test_a_partners_pages_need_no_script(visit: Visit, browsing: ModuleType) -> None:
    partner = visit("quillhaven.children", java_script_enabled=False, viewport=dict(browsing.NARROW), anew=True)
    for address in ("/partner", "/partner/referrals", "/partner/referrals/history"):
        page = partner.go(address)
        assert page.locator("main h1").count() == 1 and page.locator("[style]").count() == 0
