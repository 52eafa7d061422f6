"""Where the service navigation leads, and who is signed in: read once a page from the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from crossline.access.roles import Role


@dataclass(frozen=True)
class Destination:
    """One entry of the navigation: its words and the name of its page in the address book (site/urls.py)."""

    label: str
    page: str
    role: Role | None = None  # who it is for; None: everybody who signs in


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
    Destination("Reviews", "reviews", Role.INFORMATION_MANAGER),
)


def navigation_items(request: HttpRequest) -> list[NavigationItem]:
    """The navigation with this page's entry marked. A page that the address book does not have is left out."""
    items = []
    roles = getattr(request.user, "roles", ()) if hasattr(request, "user") else ()
    for destination in DESTINATIONS:
        if destination.role is not None and destination.role not in roles:
            continue
        try:
            href = reverse(destination.page)
        except NoReverseMatch:
            continue
        current = request.path == href
        below = href != "/" and request.path.startswith(href if href.endswith("/") else f"{href}/")
        items.append(NavigationItem(destination.label, href, current=current, active=current or below))
    return items


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
