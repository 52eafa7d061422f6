"""Pages on which people look after their own sign-in: their password and their second factor."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access import one_time_codes as codes
from crossline.access.lock_out import door
from crossline.access.models import Person
from crossline.access.pages import landing_page, page, show
from crossline.access.people_actions import change_own_password
from crossline.access.roles import Role
from crossline.access.second_factor import (
    ISSUER,
    add_second_factor,
    end_second_factor,
    opened,
    sealed,
    standing_of,
    use_code,
)
from crossline.access.sessions import mark_second_factor
from crossline.access.sign_in import CodeForm
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError

EVERYBODY: Final = frozenset(Role)
OFFER: Final = "second_factor_offer"
"""Where a session keeps the secret that was shown until a code proves that a device holds it: encrypted, as in the table."""
WRONG: Final = "That is not right, or there were too many wrong tries. Try again, or wait a quarter of an hour."


def _password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, help_text=help_text, widget=widget)


class PasswordForm(forms.Form):
    """The present password, and a new one twice."""

    present = _password_field("Your present password", "current-password")
    new = _password_field("New password", "new-password", "At least 12 characters. Three or four words do well.")
    again = _password_field("New password again", "new-password")

    def clean(self) -> dict[str, Any]:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", "The two new passwords differ. Enter the same one twice.")
        if new and new == self.cleaned_data.get("present"):
            self.add_error("new", "That is the password you have. Choose another.")
        return self.cleaned_data


class SetUpForm(CodeForm):
    """A code of the new device, and the password, so that nobody sets one up at a screen left open."""

    present = _password_field("Your password", "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six digits that the app shows now."


@page(purpose="own sign-in", roles=EVERYBODY)
def password(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Choose a new password."""
    person = cast("Person", request.user)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _is_theirs(request, viewpoint, form, person):
        try:
            change_own_password(viewer=viewpoint.viewer, password=form.cleaned_data["new"])
        except UserError as error:
            form.add_error("new", str(error))
        else:
            person.refresh_from_db()
            update_session_auth_hash(request, person)
            return redirect(landing_page(viewpoint.viewer.roles))
    context = {"form": form, "temporary": person.password_temporary}
    return _answer(show(request, viewpoint, "access/password.html", context), form)


@page(purpose="own sign-in", roles=EVERYBODY)
def second_factor(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Set up a second factor, see that there is one, or remove it."""
    person = cast("Person", request.user)
    if standing_of(person.id) is not None:
        return _remove(request, viewpoint, person)
    return _set_up(request, viewpoint, person)


def _set_up(request: HttpRequest, viewpoint: Viewpoint, person: Person) -> HttpResponse:
    secret = _offered(request, person)
    form = SetUpForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _is_theirs(request, viewpoint, form, person):
        try:
            shown = add_second_factor(viewer=viewpoint.viewer, secret=secret, code=form.cleaned_data["code"])
        except UserError as error:
            form.add_error("code", str(error))
        else:
            del request.session[OFFER]
            mark_second_factor(request.session)
            done = {"codes": shown, "next": landing_page(viewpoint.viewer.roles)}
            return show(request, viewpoint, "access/recovery_codes.html", done)
    address = codes.address(secret, account=person.username, issuer=ISSUER)
    context: dict[str, Any] = {"form": form, "secret": codes.written(secret), "address": address}
    return _answer(show(request, viewpoint, "access/second_factor_set_up.html", context), form)


def _remove(request: HttpRequest, viewpoint: Viewpoint, person: Person) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        knocked = door(request, person.username)
        knocked.hold()
        if not knocked.locks() and use_code(person.id, form.cleaned_data["code"]):
            end_second_factor(person=person.id, username=person.username, by=viewpoint.viewer)
            mark_second_factor(request.session, held=False)
            return redirect("second-factor")
        knocked.failed(step="own code", by=viewpoint.viewer)
        form.add_error("code", WRONG)
    context = {"form": form, "standing": standing_of(person.id)}
    return _answer(show(request, viewpoint, "access/second_factor.html", context), form)


def _offered(request: HttpRequest, person: Person) -> bytes:
    """The secret on offer in this session; made when the page is first opened, so that reloading it changes nothing."""
    held = opened(bytes.fromhex(request.session.get(OFFER, "")), person.id)
    if held is None:
        held = codes.new_secret()
        request.session[OFFER] = sealed(held, person.id).hex()
    return held


def _is_theirs(request: HttpRequest, viewpoint: Viewpoint, form: forms.Form, person: Person) -> bool:
    """Whether the present password is right; a wrong one counts towards lock-out as on the sign-in page."""
    knocked = door(request, person.username)
    knocked.hold()
    if check_password(form.cleaned_data["present"], person.password) and not knocked.locks():
        return True
    knocked.failed(step="own password", by=viewpoint.viewer)
    form.add_error("present", WRONG)
    return False


def _answer(response: HttpResponse, form: forms.Form) -> HttpResponse:
    response.status_code = 422 if form.errors else 200
    return response
