"""Where the service navigation leads, and who is signed in: read once a page from the request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from crossline.access.pages import PagePolicy


@dataclass(frozen=True)
class Destination:
    """One entry of the navigation: its words and the name of its page in the address book (site/urls.py)."""

    label: str
    page: str


@dataclass(frozen=True)
class NavigationItem:
    """One entry as it is drawn on one page."""

    text: str
    href: str
    current: bool  # this very page
    active: bool  # a page below it


DESTINATIONS: Final = (
    Destination("Home", "partner-home"),
    Destination("Referrals to you", "partner-referrals"),
    Destination("National picture", "national-picture"),
    Destination("Lines", "lines"),
    Destination("Deconfliction", "deconfliction"),
    Destination("Overlaps", "overlaps"),
    Destination("Concerns", "concerns"),
    Destination("Invitations", "invitations"),
    Destination("Joint work", "joint-work"),
    Destination("Campaigns", "campaigns"),
    Destination("Orders", "orders"),
    Destination("Who is this?", "who"),
    Destination("Matches", "matches"),
    Destination("Records", "records"),
    Destination("Reviews", "reviews"),
    Destination("Exports", "exports"),
    Destination("Approvals", "approvals"),
    Destination("Compartments", "compartments"),
    Destination("Auditor’s desk", "auditors-desk"),
    Destination("Administration", "people-admin"),
)


def navigation_items(request: HttpRequest) -> list[NavigationItem]:
    """The navigation with this page's entry marked, without pages that the roles of whoever asks do not open."""
    items = []
    for destination in DESTINATIONS:
        href, _ = _named(destination.page, settings.ROOT_URLCONF)
        if href is None or not opens(request, destination.page):
            continue
        current = request.path == href
        below = href != "/" and request.path.startswith(href if href.endswith("/") else f"{href}/")
        items.append(NavigationItem(destination.label, href, current=current, active=current or below))
    return items


def opens(request: HttpRequest, page: str, *which: object) -> bool:
    """Whether there is such a page and a role of whoever asks opens it. `which`: what its address names."""
    address, roles = _looked_up(page, *which) if which else _named(page, settings.ROOT_URLCONF)
    held = frozenset(getattr(request.user, "roles", ()))
    return address is not None and (not roles or bool(roles & held))


@cache
def _named(page: str, book: str) -> tuple[str | None, frozenset[str]]:
    """A page whose address names nothing, in this address book, which does not change while the site is served."""
    return _looked_up(page)


def _looked_up(page: str, *which: object) -> tuple[str | None, frozenset[str]]:
    """The address of a page, or None, and the roles that open it: none where everybody may."""
    address = page_address(page, *which)
    policy = getattr(resolve(address).func, "policy", None) if address else None
    return address, policy.roles if isinstance(policy, PagePolicy) else frozenset()


def page_address(page: str, *which: object) -> str | None:
    """The address of a page of any room, or None when the address book does not have it. `which`: what the address names."""
    try:
        return reverse(page, args=which)
    except NoReverseMatch:
        return None


def address_with(request: HttpRequest, name: str, value: object) -> str:
    """This page's address with one parameter set and every other kept: for pages of a list and for its exports."""
    query = request.GET.copy()
    query[name] = str(value)
    return f"?{query.urlencode()}"
