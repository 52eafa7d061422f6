"""Two officers of two forces in a real browser: one asks, the other acknowledges, accepts and answers, the first closes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def test_a_request_goes_from_one_force_to_another_and_back(visit: Visit) -> None:
    asker, asked = visit("kent.analyst"), visit("met.investigator")
    page = asker.go("/lines?known=returns")
    page.locator("main table a[href^='/lines/']").first.click()
    page.get_by_role("link", name="Joint work on this line").click()
    page.get_by_role("heading", name="Lead", exact=True).wait_for()
    asker.assert_sound("line-joint-work")
    page.get_by_role("link", name="Ask another agency about it").click()
    page.get_by_label("Agency").select_option(label="Metropolitan Police Service")
    page.get_by_label("Action").check()
    page.get_by_label("Urgent:").check()
    page.get_by_label("What you ask").fill("Arrest whoever holds the number.")
    page.get_by_label("Why").fill("It sells to children in Hastings.")
    page.get_by_label("Grounds").fill("Messages on two phones.")
    asker.assert_sound("joint-request-new")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_text("Acknowledgement", exact=True).wait_for()
    asker.assert_sound("joint-request-asked")
    where = page.url.removeprefix(asker.site)
    assert re.fullmatch(r"/joint-work/requests/[0-9a-f-]{36}", where)

    page = asked.go("/joint-work")
    asked.assert_sound("joint-work")
    page.locator(f"a[href='{where}']").click()
    for move, words in (("Acknowledge:", ""), ("Accept:", ""), ("Answer", "He was arrested today.")):
        page.get_by_role("radio", name=move).check()
        page.get_by_label("What you say").fill(words)
        asked.assert_sound(f"joint-request-{move[:6].lower()}")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="What was said and done").wait_for()
    assert page.get_by_text("He was arrested today.").is_visible()

    page = asker.go(where)
    page.get_by_role("radio", name="Close the request").check()
    page.get_by_label("What you say").fill("Charged; the line is quiet.")
    page.get_by_role("radio", name="Useful", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Nothing is left to do.").wait_for()
    asker.assert_sound("joint-request-closed")
    assert visit("centre.analyst.07").go(where).get_by_text("Charged; the line is quiet.").is_visible()
    for address in ("/joint-work/figures", "/joint-work/without-lead", "/joint-work/lines-from-us"):
        asked.go(address)
        asked.assert_sound(address.replace("/", "-").strip("-"))
