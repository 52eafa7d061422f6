"""Signing in: a name and a password, then a one-time code where somebody has a second factor. Every outcome is on the record."""

from __future__ import annotations

import time
from typing import Any, Final, cast

from django import forms
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from crossline.access.audit import Event, Subject, log
from crossline.access.lock_out import Door, door
from crossline.access.models import Person
from crossline.access.pages import OPEN, landing_page
from crossline.access.second_factor import factor_of, use_code
from crossline.access.sessions import begin, mark_second_factor
from crossline.access.viewer import Viewer, reading, viewer_of

PENDING: Final = "sign_in_pending"
PENDING_SECONDS: Final = 300
"""How long after the password the code may come. [D] docs/decisions/0009-second-factor.md"""
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


class SignInForm(AuthenticationForm):
    """A name and a password, held to lock-out. The password is checked while locked too: each answer takes as long."""

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password and self.request is not None:
            knocked = door(self.request, username)
            knocked.hold()
            person = authenticate(self.request, username=username, password=password)
            if person is None or knocked.locks():
                knocked.failed(step="password")
                raise self.get_invalid_login_error()
            self.user_cache = person
        return self.cleaned_data


class CodeForm(forms.Form):
    """A one-time code, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits from your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class SignIn(LoginView):
    """The sign-in page."""

    policy = OPEN
    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In one transaction: the try, its outcome and its audit row."""
        with transaction.atomic():
            return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; or, where there is a second factor, ask for its code first."""
        person: Person = form.get_user()
        viewer = viewer_of(person)
        with reading(viewer):
            if factor_of(person.id) is None:
                _let_in(self.request, person, viewer, door(self.request, person.username), how="password")
                return redirect(self.get_success_url())
            self.request.session[PENDING] = {
                "person": str(person.id),
                "hash": person.get_session_auth_hash(),
                "until": time.time() + PENDING_SECONDS,
                "next": self.get_redirect_url(),
            }
            log(Event.CODE_ASKED, by=viewer, about=Subject("person", viewer.username), purpose="sign in")
        return redirect("sign-in-code")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The same answer for a wrong name, a wrong password and a lock."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_default_redirect_url(self) -> str:
        return reverse(landing_page(viewer_of(cast("Person", self.request.user)).roles))


def sign_in_code(request: HttpRequest) -> HttpResponseBase:
    """The second step: a code of whoever has just given the right password."""
    person = _pending_person(request)
    if person is None:
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        wanted = str(request.session[PENDING]["next"])
        with transaction.atomic():
            holds = _code_holds(request, person, form.cleaned_data["code"])
        if holds:
            return redirect(_within_the_site(request, wanted) or reverse(landing_page(viewer_of(person).roles)))
        form.add_error("code", "That code is wrong, or was used before. Enter the code that your device shows now.")
    return render(request, "access/sign_in_code.html", {"form": form}, status=422 if form.errors else 200)


sign_in_code.policy = OPEN  # type: ignore[attr-defined]


def _code_holds(request: HttpRequest, person: Person, code: str) -> bool:
    """Sign in if the code is right; a wrong one counts like a wrong password, and a lock is answered like a wrong code."""
    knocked = door(request, person.username)
    knocked.hold()
    viewer = viewer_of(person)
    if not knocked.locks():
        with reading(viewer):
            how = use_code(person.id, code)
            if how is not None:
                del request.session[PENDING]
                _let_in(request, person, viewer, knocked, how=how)
                mark_second_factor(request.session)
                return True
    knocked.failed(step="code")
    return False


def _let_in(request: HttpRequest, person: Person, viewer: Viewer, knocked: Door, *, how: str) -> None:
    login(request, person, backend=BACKEND)
    begin(request.session)
    knocked.succeeded()
    log(Event.SIGNED_IN, by=viewer, about=Subject("person", viewer.username, {"with": how}), purpose="sign in")


def _pending_person(request: HttpRequest) -> Person | None:
    """Who has given the right password in this session not long ago, and may still sign in with it."""
    pending = request.session.get(PENDING) or {}
    if "person" not in pending or time.time() > pending["until"]:
        return None
    person = ModelBackend().get_user(pending["person"])
    if not isinstance(person, get_user_model()):
        return None
    return person if constant_time_compare(person.get_session_auth_hash(), pending["hash"]) else None


def _within_the_site(request: HttpRequest, wanted: str) -> str | None:
    """Where somebody was going, if that is a page of this site."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else None
