"""Two officers of two forces in a real browser: one asks about a number, the other is told, and they settle it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def test_a_check_meets_another_force_and_ends_in_a_joint_operation(visit: Visit) -> None:
    kent, met = visit("kent.analyst"), visit("met.investigator")
    page = kent.go("/deconfliction")
    ours = page.get_by_role("table", name="Your work and your standing checks have met").locator("tbody a")
    ours.filter(
        has_text=re.compile("^KENT-L-")
    ).first.click()  # what two forces work on meets without anybody asking; a check of it gets a number
    number = page.locator("main").get_by_text(re.compile(r"^07700 900\d{3}")).first.inner_text()
    line = page.locator("main a[href^='/lines/']").first.get_attribute("href")
    page = kent.go("/deconfliction")
    page.get_by_label("As you would write it").fill(number)
    page.get_by_label("Purpose").fill("before a warrant")
    page.get_by_label("Operation", exact=True).fill("Operation Larch")
    kent.assert_sound("deconfliction")
    page.get_by_role("button", name="Ask").click()
    receipt = page.url.removeprefix(kent.site)
    said = page.get_by_role("table", name="Agencies to ring").inner_text()
    assert "Metropolitan" in said and "Lines command, 01632 960333" in said
    kent.assert_sound("check")

    told = met.go("/deconfliction").get_by_role("table", name="Others asked about what you hold")
    assert "County lines desk, 01632 960111" in told.inner_text() and "Operation Larch" not in told.inner_text()
    told.locator("a[href^='/deconfliction/checks/']").first.click()
    met.page.get_by_label("A joint operation").check()
    met.page.get_by_label("Note").fill("Agreed by telephone.")
    met.assert_sound("check-told")
    met.page.get_by_role("button", name="Save the outcome").click()
    met.page.get_by_role("table", name="What became of it").get_by_text("Agreed by telephone.").wait_for()
    assert "Agreed by telephone." in kent.go(receipt).get_by_role("table", name="What became of it").inner_text()
    assert number in kent.go(line).locator("main").inner_text()
    kent.assert_sound("line-of-the-check")
    kent.go("/deconfliction/answers")
    kent.assert_sound("answers")
    kent.go("/deconfliction/figures")
    kent.assert_sound("figures")
