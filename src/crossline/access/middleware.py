"""Nobody reaches a page without signing in, except the few routes that say so."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

OPEN_PATHS = frozenset({"/sign-in", "/healthz"})
"""Routes for people who have not signed in: the sign-in page and the health check, which tells nothing."""


class SignedInByDefault:
    """Sends whoever has not signed in to the sign-in page; answers are never cached, as they depend on the viewer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in OPEN_PATHS and not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": f"/{settings.LOGIN_URL}"})
            return redirect(f"/sign-in?next={request.path}")
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
