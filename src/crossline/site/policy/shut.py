"""While a changed policy waits for two people, no page is served but those by which they sign in, read it and agree to it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from crossline.access.middleware import PASSWORD, SECOND_FACTOR, SIGN_OUT, is_open
from crossline.access.models import Person
from crossline.access.policy_changes.actions import is_in_force
from crossline.access.viewer import reading, viewer_of
from crossline.site.policy.statement import running
from crossline.site.policy.views import is_of_the_policy

OWN_SIGN_IN = frozenset({PASSWORD, SECOND_FACTOR, SIGN_OUT})


class ShutWhilePolicyWaits:
    """Comes after signing in. Asks at each request until the policy is in force, and then never again: code stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.in_force = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.in_force or _is_served_all_the_same(request.path):
            return self.get_response(request)
        self.in_force = _asked(request)
        if self.in_force:
            return self.get_response(request)
        return render(request, "site/policy_waits.html", status=HTTPStatus.SERVICE_UNAVAILABLE)


def _is_served_all_the_same(path: str) -> bool:
    return is_open(path) or path in OWN_SIGN_IN or is_of_the_policy(path)


def _asked(request: HttpRequest) -> bool:
    """On behalf of whoever asks, as row security wants; nobody else gets as far as here."""
    person = request.user
    if not isinstance(person, Person):
        return False
    with reading(viewer_of(person)):
        return is_in_force(running().digest)
