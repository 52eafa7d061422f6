"""Where the service navigation leads, and who is signed in: read once a page from the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse


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
    Destination("National picture", "national-picture"),
    Destination("Lines", "lines"),
    Destination("Overlaps", "overlaps"),
    Destination("Concerns", "concerns"),
    Destination("Campaigns", "campaigns"),
    Destination("Records", "records"),
    Destination("Exports", "exports"),
    Destination("Approvals", "approvals"),
    Destination("Auditor’s desk", "auditors-desk"),
)


def navigation_items(request: HttpRequest) -> list[NavigationItem]:
    """The navigation with this page's entry marked. A page that the address book does not have, or that the person's roles do
    not open, is left out."""
    held = frozenset(getattr(request.user, "roles", ()))
    items = []
    for destination in DESTINATIONS:
        try:
            href = reverse(destination.page)
        except NoReverseMatch:
            continue
        opening = opening_roles(href)
        if opening is not None and not held & opening:
            continue
        current = request.path == href
        below = href != "/" and request.path.startswith(href if href.endswith("/") else f"{href}/")
        items.append(NavigationItem(destination.label, href, current=current, active=current or below))
    return items


def opening_roles(href: str) -> frozenset[str] | None:
    """The roles that open the page at an address; None where it has no policy, as only tests' pages have none."""
    policy = getattr(resolve(href).func, "policy", None)
    return frozenset(policy.roles) if policy else None


def start_page(request: HttpRequest) -> str:
    """Where somebody begins: the first page of the navigation that their roles open, or else what they themselves looked at."""
    items = navigation_items(request)
    return items[0].href if items else reverse("my-reads")


def page_address(page: str) -> str | None:
    """The address of a page, or None when the address book does not have it."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return None


def address_with(request: HttpRequest, name: str, value: object) -> str:
    """This page's address with one parameter set and every other kept: for pages of a list and for its exports."""
    query = request.GET.copy()
    query[name] = str(value)
    return f"?{query.urlencode()}"
