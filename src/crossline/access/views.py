"""Signing in and out, the health check, and what is shown when something is not there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.pages import OPEN
from crossline.access.viewer import reading, viewer_of

SITE = Process("site")


class SignIn(LoginView):
    """The sign-in page. Both outcomes are on the record."""

    policy = OPEN
    template_name = "access/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in and log it in one transaction."""
        person: Any = form.get_user()
        viewer = viewer_of(person)
        with reading(viewer):
            response = super().form_valid(form)
            log(Event.SIGNED_IN, by=viewer, about=Subject("person", viewer.username), purpose="sign in")
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The same answer for a wrong name and a wrong password; the attempt is logged, the password never."""
        tried = str(form.cleaned_data.get("username", ""))[:80]
        with transaction.atomic():
            log(Event.SIGN_IN_FAILED, by=SITE, about=Subject("person", tried), purpose="sign in")
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


def health(request: HttpRequest) -> HttpResponse:
    """Says that the process answers, and nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


sign_out.policy = OPEN  # type: ignore[attr-defined]
health.policy = OPEN  # type: ignore[attr-defined]


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403: a form without its token, mostly."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404: the same page whether a thing does not exist or may not be seen."""
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponseBase:
    """500: says that it failed and that it was not the reader's doing."""
    return render(request, "500.html", status=500)
