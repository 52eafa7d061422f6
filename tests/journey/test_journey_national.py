"""A referral to the National Referral Mechanism and the section 45 log in Chromium: drafted by one, read by a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def _fill_empty(form: Any) -> None:
    """Every question that is still empty: in words that judge nobody, and each choice with its first."""
    for field in form.locator("textarea:visible, input[type=text]:visible").all():
        if not field.input_value():
            field.fill("Asked at home, with an appropriate adult; written down as it was said.")
    for each in form.locator("fieldset").all():
        if each.locator("input[type=radio]").count() and not each.locator("input:checked").count():
            each.locator("input[type=radio]").first.check()


def test_a_child_is_referred_nationally_by_one_and_read_by_another(visit: Visit) -> None:
    lead = visit("kent.safeguarding")
    page = lead.go("/concerns")
    lead.assert_sound("concerns")
    page.locator("main h2 a[href^='/concerns/']").first.click()
    page.get_by_role("link", name="Draft a referral or a notice").click()
    page.locator("input[name=observe]").first.check()
    lead.assert_sound("nrm-new")
    page.get_by_role("button", name="Save the draft").click()
    where = page.url.removeprefix(lead.site)
    lead.assert_sound("nrm-drafted")
    page.get_by_role("button", name="Change the text").click()
    _fill_empty(page.locator("main form").last)
    lead.assert_sound("nrm-edit")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("version 2")).to_be_visible()

    second = visit("centre.analyst")
    page = second.go(where)
    page.locator("summary", has_text="Read it as the second person").click()
    form = page.locator("details[open] form").first
    for question in form.locator("input[value=Yes]").all():
        question.check()
    form.get_by_label("Reason").fill("It stands alone.")
    form.get_by_role("button").click()
    second.assert_sound("nrm-read")
    page.get_by_role("link", name="The text to enter").click()
    second.assert_sound("nrm-text")
    second.go("/nrm")
    second.assert_sound("nrm")
    page.get_by_role("link", name="Which local authorities have guardians").click()
    page.get_by_label("Local authority").select_option(index=1)
    page.locator("input[name=coverage]").first.check()
    page.get_by_label("Who says so").fill("A letter of the service, 1 November 2026.")
    page.get_by_role("button", name="Write down").click()
    second.assert_sound("nrm-guardians")


def test_section_45_is_considered_for_a_child_held_with_drugs(visit: Visit) -> None:
    lead = visit("centre.analyst")
    page = lead.go("/nrm/section-45")
    lead.assert_sound("section-45")
    page.locator("main tbody a[href^='/nrm/section-45/']").first.click()
    lead.assert_sound("section-45-entry")
    _fill_empty(page.locator("main form").last)
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Nobody has considered it yet")).not_to_be_visible()
    lead.assert_sound("section-45-considered")
