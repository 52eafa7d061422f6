"""The forms of a record's review: the questions and the decision, and the words for a confirmation or the end of a hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from crossline.access.retention import QUESTIONS
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.vocabulary.codes import Tristate

ANSWERS: Final = [(word.value, word.meaning) for word in (Tristate.YES, Tristate.NO, Tristate.UNKNOWN)]
GROUNDS: Final = [(word.value, word.label) for word in Ground if word is not Ground.AUTHORITY_EXPIRED]
LONGEST_REASON: Final = 2_000


class ReviewForm(forms.Form):
    """The questions, each with yes, no or unknown; then the decision and the reason for it."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for question in QUESTIONS:
            self.fields[question.id] = forms.ChoiceField(
                label=question.text, choices=ANSWERS, widget=forms.RadioSelect, help_text=_label_of(question.authority)
            )
        self.fields["choice"] = forms.ChoiceField(label="Decision", choices=Choice.choices, widget=forms.RadioSelect)
        self.fields["next_review"] = forms.DateField(
            label="Next review, when it is kept",
            required=False,
            widget=forms.DateInput(attrs={"autocomplete": "off"}),
            help_text="For example 2031-03-02. Empty: as the rule for its kind has it, from today",
        )
        self.fields["ground"] = forms.ChoiceField(
            label="Ground, when it is disposed of", choices=[("", "Choose one"), *GROUNDS], required=False
        )
        self.fields["hold"] = forms.ChoiceField(
            label="Ground, when it is held", choices=[("", "Choose one"), *HoldGround.choices], required=False
        )
        self.fields["reason"] = forms.CharField(
            label="Reason",
            widget=forms.Textarea,
            max_length=LONGEST_REASON,
            help_text="Goes with the record if it goes",
        )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields of the questions."""
        return [self[question.id] for question in QUESTIONS]

    @property
    def decision(self) -> list[forms.BoundField]:
        """The fields of the decision."""
        return [self[name] for name in ("choice", "next_review", "ground", "hold", "reason")]

    def said(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        return {
            "answers": {question.id: given[question.id] for question in QUESTIONS},
            "choice": Choice(given["choice"]),
            "reason": given["reason"],
            "ground": Ground(given["ground"]) if given["ground"] else None,
            "next_review": given["next_review"],
            "hold": HoldGround(given["hold"]) if given["hold"] else None,
        }


class ReasonForm(forms.Form):
    """The words for a confirmation, for declining one, or for lifting a hold."""

    reason = forms.CharField(label="Reason", widget=forms.Textarea, max_length=LONGEST_REASON, required=False)


def _label_of(authority: str) -> str:
    return "" if authority.startswith("[S]") else f"{authority[:3]} Unverified: confirm before real use"
