"""The forms of outreach: planning one, and saying what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from crossline.safeguarding.outreach.messages import messages
from crossline.safeguarding.outreach.models import OutreachState
from crossline.safeguarding.outreach.planning import (
    ASKED_COUNTS,
    LONGEST_LINE,
    LONGEST_REASON,
    MOST,
    partners_for_outreach,
)


class PlanForm(forms.Form):
    """What goes out, through whom, and why."""

    partner = forms.ChoiceField(
        label="Through which organisation?", help_text="Health, or a charity, that takes part here."
    )
    message = forms.ChoiceField(label="Which message?", widget=forms.RadioSelect)
    service = forms.CharField(label="Name of the service", max_length=LONGEST_LINE)
    reach = forms.CharField(
        label="How to reach it",
        max_length=LONGEST_LINE,
        help_text="A web address, a place with its hours, a freephone number.",
    )
    places = forms.CharField(
        label="Where the line sold",
        max_length=LONGEST_LINE,
        help_text="In words that anybody may read: towns, not streets.",
    )
    reason = forms.CharField(label="Why now", max_length=LONGEST_REASON, widget=forms.Textarea)

    def __init__(self, asked: QueryDict | None = None, *, places: str = "") -> None:
        super().__init__(asked, initial={"places": places})
        self.fields["partner"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "Choose"),
            *((each.id, each.name) for each in partners_for_outreach()),
        ]
        self.fields["message"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (each.id, f"{each.title}: {each.text}") for each in messages().by_id.values()
        ]


class StepForm(forms.Form):
    """One move, with the counts that go with it."""

    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the outreach again."})
    words = forms.CharField(label="In a sentence", max_length=LONGEST_REASON, widget=forms.Textarea)

    def __init__(self, state: OutreachState, asked: QueryDict | None = None, *, stood: int = 0) -> None:
        super().__init__(asked, initial={"stood": stood}, auto_id=f"id_{state}_%s")
        self.state = state
        side = ASKED_COUNTS.get(state)
        for each in messages().counts.values():
            if each.side == side:
                self.fields[each.id] = forms.IntegerField(
                    label=each.title, min_value=0, max_value=MOST, required=False, help_text="How many, or empty."
                )

    @property
    def counts(self) -> dict[str, int]:
        """What was counted; what was left empty is not known."""
        said: dict[str, Any] = self.cleaned_data
        return {name: said[name] for name in messages().counts if said.get(name) is not None}
