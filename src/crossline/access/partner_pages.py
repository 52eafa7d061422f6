"""The first page of people of partner organisations, and the page on which the centre adds such an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.models import Agency
from crossline.access.pages import page, show
from crossline.access.partners import (
    COUNTRY_OF,
    COVERS,
    LONGEST_PARTNER_NAME,
    LONGEST_SHORT_NAME,
    add_partner,
    cover_authorities,
    own_administrators,
    own_organisation,
    partners,
    who_may_sign_in,
)
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.vocabulary.agencies import PartnerKind
from crossline.vocabulary.places import authorities

PARTNERS: Final = frozenset({Role.PARTNER})
WORK: Final = (
    ("partner-referrals", "See what is referred to you", "and answer it: what is asked, and by when"),
    ("invitations", "See which meetings you are invited to", "answer, and say what became of your actions"),
    ("partner-history", "See everything that was referred to you", "and what came of it"),
    ("recalls", "See what is called back from you", "because a record went that it may hold"),
)
"""What the first page leads to, by the names of pages of other rooms: where, the link’s words, and what follows them."""
ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})


class PartnerForm(forms.Form):
    """A partner organisation that is not on the list yet."""

    name = forms.CharField(label="Name", max_length=LONGEST_PARTNER_NAME, help_text="As it calls itself in letters.")
    short_name = forms.CharField(label="Short name", max_length=LONGEST_SHORT_NAME, help_text="For lists and tables.")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), *PartnerKind.choices()])
    region = forms.ChoiceField(
        label="Region",
        choices=[("", "More than one, or none"), *((region, region) for region in COUNTRY_OF)],
        required=False,
    )


class CoverForm(forms.Form):
    """Which local authorities an organisation covers."""

    organisation = forms.ChoiceField(label="Organisation")
    authorities = forms.CharField(
        label="Local authorities it covers",
        required=False,
        widget=forms.Textarea,
        help_text="One a line, by name or code; what stood before is replaced. It is told of people found far from home there.",
    )

    def __init__(self, known: Sequence[Agency], asked: QueryDict | None) -> None:
        super().__init__(asked, auto_id="cover-%s")
        choices = [(each.id, each.name) for each in known if each.kind in COVERS]
        self.fields["organisation"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]  # a ChoiceField


@page(purpose="own first page", roles=PARTNERS)
def home(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What somebody of a partner organisation can do here, and whom they can ask."""
    viewer = viewpoint.viewer
    context = {
        "organisation": own_organisation(viewer).name,
        "administrators": [each.name for each in own_administrators(viewer)],
        "administers": Role.ADMINISTRATOR in viewer.roles,
        "work": WORK,
    }
    return show(request, viewpoint, "access/partner_home.html", context)


@page(purpose="administration", roles=ADMINISTRATORS)
def organisations(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every partner organisation, and adding one: for the centre's administrators. Nobody else has this page."""
    if viewpoint.viewer.agency != CENTRE:
        raise Http404
    known = partners(viewpoint.viewer)
    covering = request.method == "POST" and "organisation" in request.POST
    covers = CoverForm(known, request.POST if covering else None)
    if covers.is_bound and covers.is_valid():
        said = covers.cleaned_data
        try:
            named = said["authorities"].splitlines()
            made = cover_authorities(organisation=said["organisation"], named=named, by=viewpoint.viewer)
        except UserError as error:
            covers.add_error("authorities", str(error))
        else:
            return redirect(f"{request.path}?covers={made.id}")
    form = PartnerForm(request.POST if request.method == "POST" and not covering else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = add_partner(
                name=said["name"],
                short_name=said["short_name"],
                kind=PartnerKind(said["kind"]),
                region=said["region"],
                by=viewpoint.viewer,
            )
        except UserError as error:
            form.add_error("name", str(error))
        else:
            return redirect(f"{request.path}?added={made.id}")
    numbers = who_may_sign_in(known)
    context = {
        "form": form,
        "covers": covers,
        "rows": [_row(each, numbers.get(each.id, 0)) for each in known],
        "added": next((each for each in known if each.id == request.GET.get("added")), None),
        "covered": next((each for each in known if each.id == request.GET.get("covers")), None),
    }
    return show(request, viewpoint, "access/partner_organisations.html", context, failed=form.errors or covers.errors)


def _row(organisation: Agency, people: int) -> dict[str, Any]:
    return {
        "name": organisation.name,
        "kind": PartnerKind(organisation.kind).meaning,
        "region": organisation.region,
        "covers": ", ".join(authorities()[code].name for code in organisation.authorities if code in authorities()),
        "people": people,
        "enrol": [("Enrol somebody", f"{reverse('people-admin-new')}?agency={organisation.id}")],
    }
