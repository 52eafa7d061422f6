"""Two officers of one force in a real browser: one drafts an order from a line's page, the other signs it off and serves it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any, Final

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]
_RANK: Final = "Superintendent"


def _answered(form: Any) -> None:
    """Every question of a form that is empty is answered with words of its own, and every choice with its first."""
    for field in form.locator("textarea, input[type=text]").all():
        if not field.input_value() and field.get_attribute("name") not in ("until", "comply_by"):
            field.fill("Named in full.")
    for chosen in form.locator("select").all():
        chosen.select_option(label=_RANK)
    for name in {radio.get_attribute("name") for radio in form.locator("input[type=radio]").all()}:
        if not form.locator(f"input[name={name}]:checked").count():
            form.locator(f"input[name={name}]").first.check()


def _moved(page: Any, what: str) -> None:
    """One step or a line of the log, in the folded form of its name."""
    page.locator("summary", has_text=re.compile(rf"^\s*{what}\s*$")).click()
    form = page.locator("details[open] form")
    _answered(form)
    form.get_by_role("button").click()
    page.wait_for_load_state()
    assert not page.locator(".govuk-error-summary, .moj-alert--error").count(), page.locator("main").inner_text()


def test_an_order_goes_from_a_lines_page_to_its_check_after_service(visit: Visit) -> None:
    drafter, second = visit("kent.analyst"), visit("kent.records")
    page = drafter.go("/lines?known=returns&agency=kent&orders=phone")
    page.locator("main table a[href^='/lines/']").first.click()
    page.get_by_role("link", name="Prepare a telecommunications restriction order").click()
    drafter.assert_sound("order-new")
    page.locator("input[name=identifier]").first.check()
    page.locator("input[name=ground]").first.check()
    _answered(page.locator("main form"))
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("heading", name="How it came here").or_(page.get_by_text("How it came here")).first.wait_for()
    drafter.assert_sound("order-drafted")
    where = page.url.removeprefix(drafter.site)
    assert re.fullmatch(r"/orders/[0-9a-f-]{36}", where)

    page = second.go(where)
    _moved(page, "Signed off")
    assert page.get_by_text("Signed off").first.is_visible()
    made = {}
    for link in page.locator(f"a[href^='{where}/application/']").all():
        with page.expect_download() as got:
            link.click()
        made[got.value.suggested_filename.rpartition(".")[2]] = got.value.path().read_bytes()
    assert made["pdf"].startswith(b"%PDF")
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(made["docx"])).namelist()
    for what in (
        "Applied for",
        "Granted",
        "Served",
        "Service on a provider or a person",
        "Check whether a number is silent",
    ):
        _moved(page, what)
    assert page.get_by_text("Silent").first.is_visible()
    second.assert_sound("order-checked")
