"""Every page is open to everybody who may read it: without a script, on a narrow screen, and with nothing axe can fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.journey

Visit = Callable[..., Any]
CENTRE = "centre.analyst"
ADMINISTRATOR = "centre.administrator"
ADMINISTRATION = [
    "/people-admin",
    "/people-admin/new",
    "/people-admin/kent.analyst",
    "/people-admin/centre.administrator",
    "/partner-organisations",
]
FIXED = (
    "/",
    "/definitions",
    "/lines",
    "/lines/changes",
    "/overlaps",
    "/concerns",
    "/missing",
    "/screenings",
    "/campaigns",
    "/records",
    "/recalls",
    "/search",
    "/search?q=nothing+bears+this",
    "/second-factor",
    "/password",
    "/policy",
    "/policy/1",
)
WALKED = ("/concerns", "/missing", "/screenings")
"""Judged by axe where somebody walks through them: see the journeys of safeguarding."""
FIRST_OF = {
    "/lines": r"^/lines/[0-9a-f-]{36}$",
    "/lines?known=reports": r"^/lines/[0-9a-f-]{36}$",
    "/lines/changes": r"^/lines/changes/[0-9a-f-]{36}$",
    "/concerns": r"^/concerns/[0-9a-f-]{36}$",
    "/missing": r"^/missing/[0-9a-f-]{36}$",
    "/records?kind=missing": r"^/records/[0-9a-f-]{36}$",
    "/records?kind=line_return": r"^/records/[0-9a-f-]{36}$",
    "/records?kind=investigation": r"^/records/[0-9a-f-]{36}$",
    "/campaigns": r"^/campaigns/\d",
    "/": r"^/figures/",
}
"""A list, and what the first link looks like that leads on from it to another kind of page."""


@pytest.fixture(scope="module")
def addresses(browsing: ModuleType, browser: Any, site: str) -> list[str]:
    """One address of every kind of page that the centre's analyst can reach."""
    found = list(FIXED)
    with browsing.watched_page(browser, site) as watched:
        browsing.sign_in(watched, CENTRE)
        for listing, pattern in FIRST_OF.items():
            page = watched.go(listing)
            links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
            found += [href for href in links if re.match(pattern, href)][:1]
        page = watched.go(next(each for each in found if each.startswith("/campaigns/")))
        links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found += [href for href in links if re.match(r"^/campaigns/.+/.+", href)][:1]
        watched.go(next(each for each in found if each.startswith("/concerns/")))
        person = watched.page.get_by_role("link", name="See everything that is known").get_attribute("href")
        found += [person, f"{person}/reach"]
        page = watched.go(found[-1])  # of a victim, what leads to a number or an address stands here
        links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found += [href for href in links if href.startswith("/things/")][:1]
    return found


def test_there_is_a_page_of_every_kind(addresses: list[str]) -> None:
    kinds = {re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", address.split("?")[0]) for address in addresses}
    assert {"/lines/…", "/people/…", "/people/…/reach", "/concerns/…", "/things/…", "/records/…"} <= kinds
    assert any(kind.startswith("/campaigns/") for kind in kinds)
    assert any(kind.startswith("/figures/") for kind in kinds)


def test_axe_finds_no_fault_on_a_wide_or_a_narrow_screen(visit: Visit, addresses: list[str]) -> None:
    faults = []
    for username, paths in ((None, ["/sign-in"]), (CENTRE, addresses), (ADMINISTRATOR, ADMINISTRATION)):
        watched = visit(username)
        for path in paths:
            if path.startswith(WALKED):
                continue
            page = watched.go(path)
            page.wait_for_function("document.body.classList.contains('govuk-frontend-supported')")
            faults += watched.faults(path)
    assert not faults, "\n".join(faults)


def test_every_page_reads_without_a_script_and_carries_no_inline_style(
    visit: Visit, browsing: ModuleType, addresses: list[str]
) -> None:
    watched = visit(CENTRE, java_script_enabled=False)
    for path in addresses:
        page = watched.go(path)
        assert page.locator("main h1").count() == 1, path
        assert page.get_by_text(browsing.SYNTHETIC).is_visible(), path
        assert page.locator("[style]").count() == 0, path
    page = watched.go("/lines")
    page.get_by_label("Status").select_option("closed_type1")
    page.get_by_role("button", name="Apply filters").click()
    assert page.url.endswith("status=closed_type1&exporting=&importing=&known=&orders=")


def test_the_policy_that_a_page_is_sent_with_allows_nothing_inline_or_from_elsewhere(visit: Visit) -> None:
    watched = visit(CENTRE)
    response = watched.page.request.get(f"{watched.site}/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-frame-options"] == "DENY"
