"""Pages on which an administrator enrols people, gives them roles, resets their sign-in and ends their access."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.partners import partners
from crossline.access.people import Enrolled, administered, administered_by
from crossline.access.people_actions import (
    LONGEST_NAME,
    administers,
    change_roles,
    end_access,
    enrol_newcomer,
    reset_password_for,
    restore_access,
)
from crossline.access.policy import CENTRE
from crossline.access.roles import Role, roles_of
from crossline.access.viewer import Viewer, Viewpoint
from crossline.errors import UserError
from crossline.vocabulary.agencies import agencies

ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})
DONE: Final = {
    "roles": "The roles are changed. They hold from the next page that this person opens.",
    "end": "Access has ended. Whoever was signed in as this person is signed out.",
}
"""What the page says after a change, by the word in its address."""


class RolesForm(forms.Form):
    """The roles somebody holds: on offer are those that go with one agency, or with any."""

    roles = forms.MultipleChoiceField(label="Roles", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, agency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = roles_of(agency) if agency else frozenset(Role)
        choices = [(role.value, f"{role.value.capitalize()}. {role.meaning}") for role in Role if role in offered]
        cast("forms.MultipleChoiceField", self.fields["roles"]).choices = choices


class NewcomerForm(RolesForm):
    """Somebody new."""

    name = forms.CharField(label="Full name", max_length=LONGEST_NAME)
    username = forms.CharField(
        label="Username", max_length=80, help_text="Small letters, digits, dots and hyphens, such as kent.analyst."
    )
    agency = forms.ChoiceField(label="Agency")
    field_order = ("name", "username", "agency", "roles")

    def __init__(self, *args: Any, viewer: Viewer, wanted: str = "", **kwargs: Any) -> None:
        listed = [(entry.id, entry.name) for entry in agencies().values()]
        of_partners = [(entry.id, entry.name) for entry in partners(viewer)]
        within = [choice for choice in (*listed, *of_partners) if administers(viewer, choice[0])]
        choices = sorted(within, key=lambda choice: choice[1])
        super().__init__(*args, agency=viewer.agency if len(choices) == 1 else "", **kwargs)
        first = wanted if any(wanted == choice for choice, _ in choices) else viewer.agency
        self.fields["agency"] = forms.ChoiceField(
            label="Agency or partner organisation", choices=choices, initial=first
        )


class ReasonForm(forms.Form):
    """Why access ends, or begins again."""

    reason = forms.CharField(label="Reason", max_length=200, help_text="Kept on the record with your name.")


class ResetForm(forms.Form):
    """What is reset besides the password."""

    lost_device = forms.BooleanField(
        label="They have lost the device that makes their codes",
        required=False,
        help_text="Their second factor is removed, and they can set up another.",
    )


@dataclass(frozen=True)
class _Choice:
    """One thing that can be done on a person's page; what it gives, if anything, is a password to show once."""

    form: type[forms.Form]
    act: Callable[[str, dict[str, Any], Viewer], str | None]


def _roles(username: str, said: dict[str, Any], by: Viewer) -> None:
    change_roles(username=username, roles=map(Role, said["roles"]), by=by)


def _end(username: str, said: dict[str, Any], by: Viewer) -> None:
    end_access(username=username, reason=said["reason"], by=by)


CHOICES: Final[dict[str, _Choice]] = {
    "roles": _Choice(RolesForm, _roles),
    "end": _Choice(ReasonForm, _end),
    "reset": _Choice(
        ResetForm,
        lambda username, said, by: reset_password_for(username=username, by=by, lost_device=said["lost_device"]),
    ),
    "restore": _Choice(
        ReasonForm, lambda username, said, by: restore_access(username=username, by=by, reason=said["reason"])
    ),
}


@dataclass(frozen=True)
class PersonRow:
    """A line of the list."""

    name: str
    href: str
    username: str
    agency: str  # its short name
    roles: str
    second_factor: str
    state: str
    last_sign_in: Any

    @classmethod
    def of(cls, person: Enrolled) -> PersonRow:
        return cls(
            name=person.name,
            href=reverse("people-admin-person", args=[person.username]),
            username=person.username,
            agency=person.agency_short_name,
            roles=", ".join(person.roles),
            second_factor="Yes" if person.has_second_factor else "No",
            state="May sign in" if person.is_active else "Access ended",
            last_sign_in=person.last_sign_in,
        )


@page(purpose="administration", roles=ADMINISTRATORS)
def people(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Everybody of the administrator's agency; for the centre's, of every agency."""
    rows = [PersonRow.of(person) for person in administered_by(viewpoint)]
    actions = [("Enrol somebody", reverse("people-admin-new"))]
    if viewpoint.viewer.agency == CENTRE:
        actions.append(("Partner organisations", reverse("partner-organisations")))
    return show(request, viewpoint, "access/people_admin.html", {"rows": rows, "actions": actions})


@page(purpose="administration", roles=ADMINISTRATORS)
def newcomer(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Enrol somebody, and show their temporary password once."""
    sent = request.POST if request.method == "POST" else None
    form = NewcomerForm(sent, viewer=viewpoint.viewer, wanted=request.GET.get("agency", ""))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            given = enrol_newcomer(
                username=said["username"].strip(),
                name=said["name"],
                agency=said["agency"],
                roles=map(Role, said["roles"]),
                by=viewpoint.viewer,
            )
        except UserError as error:
            fitting = roles_of(said["agency"]).issuperset(said["roles"])
            form.add_error("username" if fitting else "roles", str(error))
        else:
            return _person_page(request, viewpoint, said["username"].strip(), given=given)
    return show(request, viewpoint, "access/people_admin_new.html", {"form": form}, failed=form.errors)


@page(purpose="administration", roles=ADMINISTRATORS)
def person(request: HttpRequest, viewpoint: Viewpoint, username: str) -> HttpResponse:
    """One person: what they hold, and what can be changed. Somebody of another agency is answered like nobody."""
    found = administered(viewpoint, username)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _person_page(request, viewpoint, username)
    which = request.POST.get("do", "")
    if which not in CHOICES:
        raise Http404
    form = _form(which, found, request.POST)
    if form.is_valid():
        try:
            given = CHOICES[which].act(username, form.cleaned_data, viewpoint.viewer)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            if given is None:
                return redirect(f"{request.path}?done={which}")
            return _person_page(request, viewpoint, username, given=given)
    response = _person_page(request, viewpoint, username, tried={which: form})
    response.status_code = 422
    return response


def _form(which: str, about: Enrolled, sent: Any = None) -> forms.Form:
    """A form of somebody's page, as it is shown or as it came back."""
    form = CHOICES[which].form
    shown: dict[str, Any] = {} if sent is not None else {"auto_id": f"id_{which}_%s"}
    if form is RolesForm:
        shown |= {"agency": about.agency, "initial": {"roles": [role.value for role in about.roles]}}
    return form(sent, **shown)


def _person_page(
    request: HttpRequest,
    viewpoint: Viewpoint,
    username: str,
    *,
    given: str | None = None,
    tried: Mapping[str, forms.Form] = MappingProxyType({}),
) -> HttpResponse:
    """The page as things stand now. `tried` is a form that came back with an error; `given` a password to show once."""
    found = administered(viewpoint, username)
    if found is None:
        raise Http404
    shown = {name: _form(name, found) for name in CHOICES}
    wrong = next(iter(tried.values()), None)
    context = {
        "person": found,
        "is_self": found.username == viewpoint.viewer.username,
        "meanings": [(role.value.capitalize(), role.meaning) for role in found.roles],
        "forms": shown | dict(tried),
        "wrong": wrong,
        "given": given,
        "done": DONE.get(request.GET.get("done", "")) if request.method != "POST" else None,
    }
    return show(request, viewpoint, "access/person_admin.html", context)
