"""Signing out, the health check, and what is shown when something is not there."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crossline.access.pages import OPEN
from crossline.access.sessions import provided
from crossline.vocabulary.agencies import agencies


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; and say where the provider's own ends, which is another that goes on."""
    by = provided(request.session)
    logout(request)
    if by is None or by.sign_out is None:
        return redirect("sign-in")
    return render(request, "access/signed_out.html", {"name": agencies()[by.agency].name, "address": by.sign_out})


def health(request: HttpRequest) -> HttpResponse:
    """Says that the process answers, and nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


sign_out.policy = OPEN  # type: ignore[attr-defined]  # read by the test of the address book
health.policy = OPEN  # type: ignore[attr-defined]  # read by the test of the address book


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403: a form without its token, mostly."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404: the same page whether a thing does not exist or may not be seen."""
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponseBase:
    """500: says that it failed and that it was not the reader's doing."""
    return render(request, "500.html", status=500)
