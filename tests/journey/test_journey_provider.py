"""Signing in by an agency's identity provider in a real browser: two sites, and cookies and policies as a browser keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


@pytest.fixture
def named_site(site: str) -> str:
    """The site under another name than the provider's: to a browser 127.0.0.1 and localhost are two sites."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def watched(browsing: ModuleType, browser: Any, named_site: str) -> Iterator[Any]:
    """A stranger's page; when the test ends its console was silent."""
    with browsing.watched_page(browser, named_site) as opened:
        yield opened
        assert opened.complaints == []


def arrive(watched: Any, provider: Any) -> Any:
    """Press the button, and the provider's own."""
    page = watched.page
    page.get_by_role("button", name="Sign in with Kent Police").click()
    expect(page).to_have_url(re.compile(re.escape(provider.issuer)))
    page.get_by_role("button", name="It is me").click()
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_signs_in_by_their_agencys_provider_and_out_again(
    scripts: bool, browsing: ModuleType, browser: Any, named_site: str, kents_provider: Any
) -> None:
    kents_provider.person["upn"] = "kent.analyst"
    with browsing.watched_page(browser, named_site, java_script_enabled=scripts) as watched:
        page = watched.page
        page.goto(f"{named_site}/records")
        expect(page).to_have_url(f"{named_site}/sign-in?next=/records")
        arrive(watched, kents_provider)
        expect(page).to_have_url(f"{named_site}/records")
        expect(page.locator(".crossline-identity__agency")).to_have_text("Kent Police")
        watched.go("/lines")
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies(named_site)}
        assert {name: cookie["sameSite"] for name, cookie in cookies.items()} == {"crossline_session": "Strict"}
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out of Crossline")
        if scripts:
            assert Axe().run(page).response["violations"] == []
        page.get_by_role("link", name="Sign out of Kent Police too").click()
        expect(page).to_have_url(f"{kents_provider.issuer}/end?from=crossline&client_id=crossline-of-tests")
        assert page.goto(f"{named_site}/lines").url == f"{named_site}/sign-in?next=/lines"
        assert watched.complaints == []


def test_going_back_to_the_answer_lets_nobody_in_again(watched: Any, kents_provider: Any, named_site: str) -> None:
    kents_provider.person["upn"] = "kent.analyst"
    addresses: list[str] = []
    watched.page.on("request", lambda request: addresses.append(request.url))
    watched.go("/sign-in")
    page = arrive(watched, kents_provider)
    expect(page).to_have_url(f"{named_site}/")
    answers = [address for address in addresses if "/back?" in address]
    assert len(answers) == 2, "once from the provider, without the session, and once from our own page"
    page.get_by_role("button", name="Sign out").click()
    for answer in answers:
        page.goto(answer)
        expect(page).to_have_url(f"{named_site}/sign-in")


def test_whoever_is_not_enrolled_is_told_so_on_the_sign_in_page(
    watched: Any, kents_provider: Any, named_site: str
) -> None:
    kents_provider.person["upn"] = "essex.analyst"
    watched.go("/sign-in")
    page = arrive(watched, kents_provider)
    expect(page).to_have_url(f"{named_site}/sign-in")
    expect(page.get_by_role("alert")).to_contain_text("Kent Police has signed you in, but has no such person")
    assert page.title().startswith("Error: Sign in")
    assert Axe().run(page).response["violations"] == []
