"""A safeguarding lead in a real browser: writes of a missing episode, its trigger plan, and screens the child."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def test_a_missing_child_is_seen_to_and_screened(visit: Visit) -> None:
    lead = visit("kent.safeguarding")
    page = lead.go("/missing?ours=found")
    lead.assert_sound("missing-desk")
    page.locator("main tbody a").first.click()
    page.locator("summary", has_text=re.compile(r"^\s*Somebody was asked\s*$")).click()
    lead.assert_sound("missing-episode")
    page.locator("#id_chased-who").fill("The home force’s desk")
    page.locator("#id_chased-happened_at").fill(page.evaluate("new Date().toLocaleDateString('en-GB')") + " 00:00")
    page.locator("#id_chased-text").fill("They ring back.")
    page.locator("details[open] form").get_by_role("button").click()
    page.get_by_text("They ring back.").first.wait_for()

    page.get_by_role("link", name="Write a trigger plan").click()
    page.get_by_label("What is done at once").fill("Ring the aunt first.")
    page.get_by_label("Reason for saving").fill("Again.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Ring the aunt first.").first.wait_for()
    lead.assert_sound("missing-plan")

    page.go_back()
    page.locator(".govuk-breadcrumbs a").last.click()
    page.get_by_role("link", name="Screenings of this person").click()
    lead.assert_sound("screenings-of")
    page.get_by_role("button", name="Screen for the first time").click()
    lead.assert_sound("screening-new")
    for question in page.locator("input[type=radio][value=no]").all():
        question.check()
    page.locator("input[name=stage]").first.check()
    page.locator("input[name=said-weapons][value=unknown]").check()
    page.locator("select[name=asked-peers]").select_option(index=1)
    page.get_by_label("Your judgement in words").fill("As the answers say.")
    page.get_by_role("button", name="Save the screening").click()
    page.get_by_text("To be found out").first.wait_for()
    assert page.get_by_text("Score by the answers").is_visible(), page.locator("main").inner_text()
    lead.assert_sound("screening")
    page.get_by_role("link", name="To be printed").click()
    lead.assert_sound("screening-print")
    lead.go("/screenings")
    lead.assert_sound("screenings-desk")
