"""The pages of compartments: those that the viewer belongs to, opening one, one of them, and a record put in or taken out."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.compartments.actions import (
    LONGEST_NAME,
    LONGEST_REASON,
    PURPOSE,
    admit,
    confirm_admission,
    end_admission,
    open_compartment,
)
from crossline.access.compartments.belonging import (
    Belonging,
    Member,
    belonging,
    compartment_of,
    compartments,
    kept_by,
    members,
)
from crossline.access.compartments.models import Compartment, CompartmentKind
from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.compartments.actions import entries_of, put_in, standing_entry, take_out, why_not
from crossline.records.decoys.finding import shown_as_own
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.records.rows import record_rows
from crossline.vocabulary.agencies import agencies

ON_A_PAGE: Final = 50
OPENERS: Final = frozenset({Role.INFORMATION_MANAGER})


class OpeningForm(forms.Form):
    """A new compartment."""

    kind = forms.ChoiceField(label="What is it for?", choices=CompartmentKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, help_text="Only those who belong to the compartment read it."
    )
    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)


class AdmissionForm(forms.Form):
    """Somebody to admit."""

    username = forms.CharField(
        label="Username", max_length=80, help_text="As they sign in. Ask somebody of another agency for theirs."
    )
    keeper = forms.BooleanField(
        label="A keeper: admits others, puts records in and takes them out",
        required=False,
        help_text="An information manager of your agency.",
    )
    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)


class ReasonForm(forms.Form):
    """Why a record goes in or out."""

    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)


class PuttingInForm(ReasonForm):
    """Into which compartment, and why."""

    field_order = ("compartment", "reason")

    def __init__(self, asked: QueryDict | None, choices: list[Compartment]) -> None:
        super().__init__(asked)
        named = [(str(each.id), each.name) for each in choices]
        self.fields["compartment"] = forms.ChoiceField(label="Compartment", choices=[("", "Choose one"), *named])
        self.order_fields(self.field_order)


@page(purpose=PURPOSE)
def compartments_page(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The compartments that the viewer belongs to; whoever belongs to none is told of none."""
    rows = [_compartment_row(each, viewpoint) for each in compartments(viewpoint)]
    context = {"rows": rows, "may_open": bool(viewpoint.viewer.roles & OPENERS)}
    return show(request, viewpoint, "records/compartments.html", context)


@page(purpose=PURPOSE, roles=OPENERS)
def new_compartment(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Open a compartment."""
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data | {"kind": CompartmentKind(form.cleaned_data["kind"])}
        return redirect("compartment", open_compartment(viewpoint=viewpoint, **said).id)
    return _shown(request, viewpoint, "records/compartment_new.html", form, {})


@page(purpose=PURPOSE)
def compartment(request: HttpRequest, viewpoint: Viewpoint, compartment: UUID) -> HttpResponse:
    """One compartment: who belongs to it, what is in it; for its keepers, admitting, confirming and ending."""
    found = compartment_of(viewpoint, compartment)
    if found is None:
        raise Http404
    act = request.POST.get("do", "") if request.method == "POST" else ""
    form = AdmissionForm(request.POST if act == "admit" else None)
    problem = ""
    try:
        if form.is_valid():
            admit(compartment=found.id, viewpoint=viewpoint, **form.cleaned_data)
            return redirect("compartment", found.id)
        if act in ("confirm", "end"):
            _act_on(request, act, found, viewpoint)
            return redirect("compartments")  # whoever left belongs to it no more
    except UserError as error:
        problem = str(error)
    people = members(found, viewpoint)
    own = [each for each in belonging(people) if each.admission.person_id == viewpoint.viewer.person_id]
    entries = Paginator(entries_of(found, viewpoint), ON_A_PAGE).get_page(request.GET.get("page"))
    inside = list(viewpoint.visible(Record.objects.filter(id__in=[each.record_id for each in entries])))
    showed(viewpoint, inside, listed=True)
    context = {
        "compartment": found,
        "kind": CompartmentKind(found.kind).label,
        "problem": problem,
        "keeps": any(each.keeps for each in own),
        "own": own[0].admission.id if own else None,
        "present": [member_row(each) for each in belonging(people)],
        "waiting": [member_row(each) for each in people if each.belonging is Belonging.WAITING],
        "former": [former_row(each) for each in people if each.belonging is Belonging.ENDED],
        "records": record_rows(inside),
        "page": entries,
    }
    return _shown(request, viewpoint, "records/compartment.html", form, context)


@page(purpose=PURPOSE, roles=OPENERS)
def record_compartment(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """Put a record of one's own agency into a compartment, or take it out. Another agency's is answered like an absent one."""
    found = viewpoint.visible(Record.objects.filter(id=record, owner=viewpoint.viewer.agency)).first()
    if found is None and (decoy := shown_as_own(viewpoint, record)):
        found = decoy.record
    if found is None:
        raise Http404
    showed(viewpoint, [found])
    entry = standing_entry(found, viewpoint)
    asked = request.POST if request.method == "POST" else None
    form, problem = ReasonForm(asked) if entry else PuttingInForm(asked, kept_by(viewpoint)), ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            if entry:
                take_out(record=found.id, reason=said["reason"], viewpoint=viewpoint)
                return redirect("compartment", entry.compartment_id)
            put_in(record=found.id, viewpoint=viewpoint, **said | {"compartment": UUID(said["compartment"])})
            return redirect("record", found.id)
        except UserError as error:
            problem = str(error)
    context = {
        "record": found,
        "entry": entry,
        "problem": problem,
        "why_not": "" if entry else why_not(found, viewpoint),
        "keeps_any": bool(kept_by(viewpoint)),
    }
    return _shown(request, viewpoint, "records/record_compartment.html", form, context)


def _act_on(request: HttpRequest, act: str, compartment: Compartment, viewpoint: Viewpoint) -> None:
    """Confirm or end the admission that was chosen, if it is one of this compartment's."""
    chosen = request.POST.get("admission", "")
    for each in members(compartment, viewpoint):
        if str(each.admission.id) == chosen:
            if act == "confirm":
                confirm_admission(admission=each.admission.id, viewpoint=viewpoint)
            else:
                reason = request.POST.get("reason", "")
                end_admission(admission=each.admission.id, reason=reason, viewpoint=viewpoint)
            return
    raise UserError("That admission does not exist, or it is not to this compartment.")


def _shown(
    request: HttpRequest, viewpoint: Viewpoint, template: str, form: forms.Form, context: dict[str, Any]
) -> HttpResponse:
    """A page with a form; another status where what was sent did not do."""
    return show(request, viewpoint, template, {"form": form} | context, failed=context.get("problem") or form.errors)


def _compartment_row(compartment: Compartment, viewpoint: Viewpoint) -> dict[str, object]:
    """A compartment in a row of the list."""
    return {
        "name": compartment.name,
        "href": reverse("compartment", args=[compartment.id]),
        "kind": CompartmentKind(compartment.kind).label,
        "agency": _agency(compartment.owner_id),
        "members": len(belonging(members(compartment, viewpoint))),
        "records": entries_of(compartment, viewpoint).count(),
        "opened_at": compartment.opened_at,
    }


def member_row(member: Member) -> dict[str, object]:
    """Somebody who belongs, or waits, in a row."""
    admission = member.admission
    return {
        "admission": admission.id,
        "name": admission.person.name,
        "agency": _agency(admission.person.agency_id),
        "as": "Keeper" if member.keeps else "Member",
        "reason": admission.reason,
        "by": admission.admitted_by,
        "at": admission.admitted_at,
    }


def former_row(member: Member) -> dict[str, object]:
    """Somebody who no longer belongs, in a row."""
    end = member.admission.end
    return member_row(member) | {"ended_at": end.ended_at, "ended_by": end.ended_by, "why_ended": end.reason}


def _agency(agency: str) -> str:
    return agencies()[agency].name if agency in agencies() else agency
