"""The form of a recall: what became of the thing."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from crossline.rights.recalls.answering import LONGEST_WORDS
from crossline.rights.recalls.models import Answer


class AnswerForm(forms.Form):
    """One answer, with a reason where something is kept."""

    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the recall again."})
    answer = forms.ChoiceField(
        label="What became of it?",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what became of it."},
    )
    words = forms.CharField(
        label="In a sentence",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea,
        help_text="Where it was kept and who destroyed it. What is kept needs a reason, and until when. Name nobody it is about.",
    )

    def __init__(self, asked: QueryDict | None = None, *, stood: int = 0) -> None:
        super().__init__(asked, initial={"stood": stood})
