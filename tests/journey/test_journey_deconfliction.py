"""Two officers of two forces in a real browser: one asks about a number, the other is told, and they settle it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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


def _registers(watched: Any, place: str, day: str, operation: str) -> None:
    page = watched.go("/deconfliction/events")
    page.get_by_label("What is planned").select_option("warrant")
    page.get_by_label("Where").fill(place)
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_label("From", exact=True).fill("05:00")
    page.get_by_label("To", exact=True).fill("08:00")
    page.get_by_label("Purpose").fill("early doors")
    page.get_by_label("Operation", exact=True).fill(operation)
    page.get_by_label("Whom the other side rings").fill(f"{operation} desk, 07700 900100")
    page.get_by_role("button", name="Register and check").click()
    page.get_by_role("heading", name="What was answered").wait_for()


def test_two_forces_at_one_door_ring_each_other_and_one_stands_down(visit: Visit) -> None:
    """The later is told whom to ring, the earlier that somebody came; neither learns the other's operation or place."""
    kent, met = visit("kent.analyst"), visit("met.investigator")
    day = f"{datetime.now(UTC) + timedelta(days=5):%d/%m/%Y}"
    _registers(kent, "TQ 812 094", day, "Operation Rowan")
    own = kent.page.url.removeprefix(kent.site)
    _registers(met, "TQ 813 095", day, "Operation Sallow")
    said = met.page.get_by_role("table", name="Agencies to ring").inner_text()
    assert "Kent" in said and "Rowan desk" in said and "In each other" in said
    assert "TQ 812" not in met.page.locator("main").inner_text()
    met.assert_sound("event-receipt")

    told = kent.go("/deconfliction").get_by_role("table", name="Others asked about what you hold")
    row = told.locator("tr", has_text="Operation Sallow desk").first
    row.locator("a[href^='/deconfliction/checks/']").first.click()
    assert "TQ 813" not in kent.page.locator("main").inner_text()
    kent.page.get_by_label("One agency stood down").check()
    kent.assert_sound("event-told")
    kent.page.get_by_role("button", name="Save the outcome").click()
    kent.page.get_by_role("table", name="What became of it").wait_for()
    kent.go(own)
    kent.assert_sound("event-own")
    kent.page.get_by_role("link", name="Call it off").click()
    kent.assert_sound("event-call-off")
    kent.page.get_by_role("button", name="Call it off").click()
    kent.page.get_by_text("It meets nobody any more.").wait_for()
    kent.go("/deconfliction/events")
    kent.assert_sound("events")
