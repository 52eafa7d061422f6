"""Two information managers keep a compartment in a real browser: opened, somebody admitted, a record in it and out again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]


def test_a_record_goes_into_a_compartment_and_comes_out_by_another_keeper(visit: Visit) -> None:
    first, second, analyst = (visit(username) for username in ("kent.records", "kent.records2", "kent.analyst"))
    page = first.go("/compartments")
    page.get_by_role("link", name="Open a compartment").click()
    page.get_by_label("An operation").check()
    page.get_by_label("Name", exact=True).fill("Operation Quoin")
    page.get_by_label("Reason").fill("A source in the line.")
    first.assert_sound("compartment-new")
    page.get_by_role("button", name="Open the compartment").click()
    page.get_by_label("Username").fill("kent.records2")
    page.get_by_label("A keeper:").check()
    page.locator("#id_reason").fill("Answers for its records.")
    page.get_by_role("button", name="Admit", exact=True).click()
    where = page.url.removeprefix(first.site)
    page.get_by_role("table", name="People who belong").get_by_text("Owen Charing").wait_for()
    first.assert_sound("compartment")

    listed = first.go("/records?agency=kent&kind=intelligence").locator("main a[href^='/records/']")
    record = next(
        each
        for each in listed.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        if re.fullmatch(r"/records/[0-9a-f-]{36}", each)
    )
    assert analyst.go(record).url.endswith(record)
    page = first.go(record)
    page.get_by_role("link", name="Put into a compartment").click()
    page.get_by_label("Compartment").select_option(label="Operation Quoin")
    page.get_by_label("Reason").fill("It tells who said so.")
    first.assert_sound("compartment-put-in")
    page.get_by_role("button", name="Put into a compartment").click()
    assert page.get_by_text("In the compartment").is_visible()
    first.assert_sound("record-in-compartment")
    answer = analyst.page.request.get(f"{analyst.site}{record}")
    assert answer.status == 404
    assert analyst.page.request.get(f"{analyst.site}{where}").status == 404
    first.go(where)
    first.assert_sound("compartment-with-a-record")

    page = second.go(f"{record}/compartment")
    page.get_by_label("Reason").fill("It is known by now.")
    second.assert_sound("compartment-take-out")
    page.get_by_role("button", name="Take out of the compartment").click()
    assert page.get_by_text("Nothing yet.").is_visible()
    assert analyst.go(record).url.endswith(record)
