"""The forms of missing episodes: one for each kind of entry, one for what was disclosed, and the trigger plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import QueryDict

from crossline.safeguarding.missing.models import EntryKind, EpisodeEntry
from crossline.safeguarding.missing.noting import ASKED, LONGEST_FIELD, LONGEST_TEXT, WORDS_NEEDED, Asked
from crossline.safeguarding.missing.planning import LONGEST_PLAN, LONGEST_REASON
from crossline.wording import format_datetime

DISCLOSURE: Final = "disclosure"
_TIMES: Final = ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
_DAYS: Final = ("%d/%m/%Y", "%Y-%m-%d")
_TIME_HINT: Final = "Day and time, such as 27/3/2026 14:30"
_WHEN: Final = {
    EntryKind.RETURNED: "When they came back",
    EntryKind.RISK: "When it was graded",
    EntryKind.JOURNEY: "When this was learnt",
    EntryKind.CHASED: "When they were asked",
    EntryKind.TAKEN_BACK: "When this was noticed",
}
_SAY: Final = {
    EntryKind.RISK: "Why it is graded so",
    EntryKind.CHASED: "What was asked, and what they answered",
    EntryKind.TAKEN_BACK: "What was wrong",
}


class EntryForm(forms.Form):
    """What is asked with one kind of entry."""

    def __init__(self, kind: EntryKind, mistaken: Sequence[EpisodeEntry], asked: QueryDict | None) -> None:
        super().__init__(asked, prefix=str(kind))  # no time stands there already: it would be taken for the right one
        self.kind, self.asked_for = kind, ASKED[kind]
        if kind is EntryKind.TAKEN_BACK:
            choices = [(str(each.id), f"{each.get_kind_display()}, {format_datetime(each.at)}") for each in mistaken]
            self.fields["of"] = forms.ChoiceField(label="Which entry", choices=choices, widget=forms.RadioSelect)
        for each in self.asked_for:
            self.fields[each.name] = _asked_field(each)
        self.fields["happened_at"] = _time_field(_WHEN.get(kind, "When"))
        self.fields["text"] = forms.CharField(
            label=_SAY.get(kind, "Anything else (nothing that was disclosed)"),
            required=kind in WORDS_NEEDED,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea,
        )

    @property
    def said(self) -> dict[str, str]:
        """The answers as plain text."""
        return {each.name: str(self.cleaned_data.get(each.name) or "") for each in self.asked_for}


class DisclosureForm(forms.Form):
    """What somebody told after they came back."""

    told_to = forms.CharField(label="To whom it was told", max_length=200)
    text = forms.CharField(
        label="What was told, in their own words where you can",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="Safeguarding leads alone read this.",
    )

    def __init__(self, asked: QueryDict | None) -> None:
        super().__init__(asked, prefix=DISCLOSURE)
        self.fields["told_at"] = _time_field("When it was told")
        self.order_fields(["told_at"])

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("told_at", "told_to", "text")}


class PlanForm(forms.Form):
    """A version of a trigger plan. `stood`: how many versions there were when it was read."""

    text = forms.CharField(
        label="What is done at once",
        max_length=LONGEST_PLAN,
        widget=forms.Textarea,
        help_text="Where they may be and with whom, whom to ring, what to look for, how to speak with them, who meets them.",
    )
    reason = forms.CharField(label="Reason for saving", max_length=LONGEST_REASON, widget=forms.Textarea)
    review_on = forms.DateField(
        label="Read again on",
        input_formats=list(_DAYS),
        help_text="For example, 27/3/2026",
        error_messages={"invalid": "Enter a day, such as 27/3/2026"},
    )
    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the plan again."})

    def __init__(self, asked: QueryDict | None, *, text: str, stood: int, review_on: date) -> None:
        super().__init__(asked, initial={"text": text, "stood": stood, "review_on": f"{review_on:%d/%m/%Y}"})

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "reason", "review_on", "stood")}


def moment_of(form: EntryForm) -> datetime:
    """When it happened."""
    found: datetime = form.cleaned_data["happened_at"]
    return found


def _time_field(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=list(_TIMES),
        help_text=_TIME_HINT,
        error_messages={"invalid": "Enter a day and a time, such as 27/3/2026 14:30"},
    )


def _asked_field(each: Asked) -> forms.Field:
    if each.choices:
        return forms.ChoiceField(
            label=each.label, choices=each.choices, required=each.required, widget=forms.RadioSelect
        )
    return forms.CharField(label=each.label, required=each.required, max_length=LONGEST_FIELD)
