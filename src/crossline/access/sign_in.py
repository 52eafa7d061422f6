"""Signing in: a name and a password, then a one-time code where somebody has a second factor. Every outcome is on the record.

Whoever comes by their agency's identity provider (access/provider_sign_in.py) takes the same last steps.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, cast

from django import forms
from django.conf import settings
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
from crossline.access.lock_out import door
from crossline.access.models import Person
from crossline.access.pages import OPEN, landing_page
from crossline.access.second_factor import factor_of, use_code
from crossline.access.sessions import Provided, begin, mark_provided, mark_second_factor
from crossline.access.viewer import Viewer, reading, viewer_of

PENDING: Final = "sign_in_pending"
PENDING_SECONDS: Final = 300
"""How long after the password the code may come. [D] docs/decisions/0009-second-factor.md"""
REFUSAL: Final = "sign_in_refusal"
"""Where a session keeps the sentence that the sign-in page is to show once."""
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


class SignInForm(AuthenticationForm):
    """A name and a password, held to lock-out. The password is checked while locked too: each answer takes as long."""

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password and self.request is not None:
            knocked = door(self.request, username)
            knocked.hold()
            person = authenticate(self.request, username=username, password=password)
            if person is None or knocked.locks() or not _may_use_passwords(person):
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
                let_in(self.request, person, viewer, {"with": "password"})
                return redirect(self.get_success_url())
            return ask_for_code(self.request, person, viewer, wanted=self.get_redirect_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The same answer for a wrong name, a wrong password and a lock."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The providers that the operator has named, and what became of a try with one of them."""
        providers = sorted(settings.IDENTITY_PROVIDERS.values(), key=lambda each: str(each.agency_name))
        refusal = self.request.session.pop(REFUSAL, None) if self.request.method == "GET" else None
        return super().get_context_data(providers=providers, refusal=refusal, **kwargs)

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
            return redirect(where_to(request, wanted, viewer_of(person)))
        form.add_error("code", "That code is wrong, or was used before. Enter the code that your device shows now.")
    return render(request, "access/sign_in_code.html", {"form": form}, status=422 if form.errors else 200)


sign_in_code.policy = OPEN  # type: ignore[attr-defined]  # read by the test of the address book


def ask_for_code(
    request: HttpRequest, person: Person, viewer: Viewer, *, wanted: str, by: Provided | None = None
) -> HttpResponse:
    """Whoever has shown who they are, by a password or by a provider, is nobody yet until their code has come."""
    request.session[PENDING] = {
        "person": str(person.id),
        "hash": person.get_session_auth_hash(),
        "until": time.time() + PENDING_SECONDS,
        "next": wanted,
        "by": None if by is None else asdict(by),
    }
    log(Event.CODE_ASKED, by=viewer, about=Subject("person", viewer.username), purpose="sign in")
    return redirect("sign-in-code")


def let_in(
    request: HttpRequest, person: Person, viewer: Viewer, detail: Mapping[str, Any], *, by: Provided | None = None
) -> None:
    """Begin a session, under a new key; `detail` says on the audit with what somebody signed in."""
    login(request, person, backend=BACKEND)
    begin(request.session)
    if by is not None:
        mark_provided(request.session, by)
    door(request, person.username).succeeded()
    log(Event.SIGNED_IN, by=viewer, about=Subject("person", viewer.username, detail), purpose="sign in")


def where_to(request: HttpRequest, wanted: str, viewer: Viewer) -> str:
    """Where somebody was going, if that is a page of this site; else where their roles begin."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse(landing_page(viewer.roles))


def _code_holds(request: HttpRequest, person: Person, code: str) -> bool:
    """Sign in if the code is right; a wrong one counts like a wrong password, and a lock is answered like a wrong code."""
    knocked = door(request, person.username)
    knocked.hold()
    viewer = viewer_of(person)
    if not knocked.locks():
        with reading(viewer):
            how = use_code(person.id, code)
            if how is not None:
                held = request.session.pop(PENDING).get("by")
                by = None if held is None else Provided(**held)
                after = "password" if by is None else f"provider of {by.agency}"
                let_in(request, person, viewer, {"with": how, "after": after}, by=by)
                mark_second_factor(request.session)
                return True
    knocked.failed(step="code")
    return False


def _may_use_passwords(person: Person) -> bool:
    """Whether their agency lets its people sign in with a password."""
    provider = settings.IDENTITY_PROVIDERS.get(person.agency_id)
    return provider is None or bool(provider.passwords)


def _pending_person(request: HttpRequest) -> Person | None:
    """Who has given the right password in this session not long ago, and may still sign in with it."""
    pending = request.session.get(PENDING) or {}
    if "person" not in pending or time.time() > pending["until"]:
        return None
    person = ModelBackend().get_user(pending["person"])
    if not isinstance(person, get_user_model()):
        return None
    return person if constant_time_compare(person.get_session_auth_hash(), pending["hash"]) else None
