"""The forms on the page of one person's concerns: one for each move, one for what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

from crossline.access.viewer import Viewpoint
from crossline.safeguarding.answering.acts import LONGEST_TEXT
from crossline.safeguarding.answering.moves import NAMES_SOMEBODY, CaseEnd, CaseState
from crossline.safeguarding.answering.presenter import agency_name
from crossline.safeguarding.answering.standing import CaseStanding, desks_of, may_be_offered_to
from crossline.vocabulary.agencies import agencies

NOTE: Final = "note"
BUTTONS: Final[Mapping[CaseState, str]] = {
    CaseState.TAKEN_ON: "Take it on",
    CaseState.IN_HAND: "Begin",
    CaseState.OFFERED: "Offer it to another agency",
    CaseState.ACCEPTED: "Accept it",
    CaseState.DECLINED: "Decline it",
    CaseState.WITHDRAWN: "Take the offer back",
    CaseState.ENDED: "End it",
    CaseState.REOPENED: "Open it again",
}


class ActForm(forms.Form):
    """What is asked for one act on a case."""

    def __init__(self, found: CaseStanding, which: str, asked: QueryDict | None, initial: Mapping[str, Any]) -> None:
        prefix = f"{found.case.id.hex[:8]}-{which}"
        super().__init__(asked, initial=dict(initial), auto_id=f"{prefix}-%s")

    def said(self, *names: str) -> dict[str, str]:
        """The answers as plain text, by name."""
        return {name: str(self.cleaned_data.get(name) or "") for name in names if name in self.fields}


def move_form(viewpoint: Viewpoint, found: CaseStanding, state: CaseState, asked: QueryDict | None) -> ActForm:
    """What is asked to bring a case to a state."""
    viewer = viewpoint.viewer
    form = ActForm(found, state, asked, {"stood": found.step.number, "person": viewer.username})
    if state in NAMES_SOMEBODY:
        agency = found.held.offered if state is CaseState.ACCEPTED else found.held.agency
        people = list(desks_of([agency]).get(agency, {}).items())
        form.fields["person"] = forms.ChoiceField(label="Who takes it on", choices=people)
    if state is CaseState.OFFERED:
        offers = [("", "Choose"), *((each, agency_name(each)) for each in may_be_offered_to(viewpoint, found))]
        form.fields["offered"] = forms.ChoiceField(
            label="To which force", choices=offers, help_text="It stays with its owner until the other force accepts."
        )
    if state is CaseState.ENDED:
        form.fields["end"] = forms.ChoiceField(label="How it ended", choices=CaseEnd.choices, widget=forms.RadioSelect)
        form.fields["accepted_by"] = forms.CharField(
            label="Who accepted it, with their reference",
            required=False,
            max_length=300,
            help_text="Only where it was passed to an organisation outside Crossline.",
        )
    form.fields["reason"] = forms.CharField(label="Reason", max_length=LONGEST_TEXT, widget=forms.Textarea)
    form.fields["stood"] = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Open the concern again."}
    )
    return form


def note_form(found: CaseStanding, told: list[tuple[str, str]], asked: QueryDict | None) -> ActForm:
    """What is asked to write down what was done. `told`: rows of Told that wait for somebody to ring, with their words."""
    form = ActForm(found, NOTE, asked, {})
    if told:
        form.fields["told"] = forms.ChoiceField(
            label="Whom it told by telephone", choices=[("", "Nobody of these"), *told], required=False
        )
    form.fields["text"] = forms.CharField(
        label="What was done",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="With whom you spoke, and when.",
    )
    return form


def force_choices() -> list[tuple[str, str]]:
    """Agencies of the reference list that can own a concern, by short name."""
    return sorted(((each.id, each.short_name) for each in agencies().values()), key=lambda each: (each[1], each[0]))
