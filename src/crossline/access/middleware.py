"""Nobody reaches a page without signing in, except the few routes that say so; and what comes before any other page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.models import Person
from crossline.access.pages import landing_page
from crossline.access.sessions import has_second_factor, is_over, provided
from crossline.access.viewer import viewer_of

OPEN_PATHS = frozenset({"/sign-in", "/sign-in/code", "/healthz", "/guidance"})
"""Routes for people who have not signed in: the two steps of signing in, the health check, which tells nothing, and what
anybody may read of the signs that somebody is exploited."""
OPEN_PATTERNS: Final = (
    re.compile(r"/sign-in/with/[-\w]+(?:/back)?", re.ASCII),
    re.compile(r"/guidance/[-\w]+(?:/card)?", re.ASCII),
)
"""Likewise, of each agency's identity provider: setting out to it, and coming back; and each pack of guidance."""
PASSWORD, SECOND_FACTOR, SIGN_OUT = "/password", "/second-factor", "/sign-out"  # addresses
_FIRST_A_PASSWORD: Final = frozenset({PASSWORD, SIGN_OUT})
_FIRST_A_FACTOR: Final = frozenset({SECOND_FACTOR, PASSWORD, SIGN_OUT})


class SignedInByDefault:
    """Sends whoever has not signed in to the sign-in page; answers are never cached, as they depend on the viewer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_open(request.path):
            elsewhere = _elsewhere(request)
            if elsewhere is not None:
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=204, headers={"HX-Redirect": f"/{settings.LOGIN_URL}"})
                return redirect(elsewhere)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def is_open(path: str) -> bool:
    """Whether a page is for people who have not signed in."""
    return path in OPEN_PATHS or any(pattern.fullmatch(path) for pattern in OPEN_PATTERNS)


def _elsewhere(request: HttpRequest) -> str | None:
    """Where a request is sent instead: to sign in, to choose a password, to set up a second factor; or None."""
    person = request.user
    if person.is_authenticated and is_over(request.session):
        logout(request)
        person = request.user
    if not isinstance(person, Person):
        return f"/sign-in?next={request.path}"
    # Whoever came by an identity provider has used no password, and may never have been told theirs.
    if person.password_temporary and provided(request.session) is None and request.path not in _FIRST_A_PASSWORD:
        return PASSWORD
    if _needs_a_factor(request) and request.path not in _FIRST_A_FACTOR:
        return SECOND_FACTOR
    # The site's first page is of policing roles; whoever holds none begins elsewhere.
    begins = reverse(landing_page(viewer_of(person).roles)) if request.path == "/" else "/"
    return None if begins == "/" else begins


def _needs_a_factor(request: HttpRequest) -> bool:
    return settings.SECOND_FACTOR == "required" and not has_second_factor(request.session)
