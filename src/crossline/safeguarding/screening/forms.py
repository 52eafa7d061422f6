"""The forms of screenings: the national form itself, a second sign-off, an answer to what was asked, a local tool's result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone

from crossline.safeguarding.screening.form import LEVELS, SCORE, Domain, Form, Question, tools
from crossline.safeguarding.screening.models import Stage
from crossline.safeguarding.screening.reckoning import NOT_KNOWN, Answer
from crossline.safeguarding.screening.saving import LONGEST_EVIDENCE, LONGEST_TEXT, OLDEST, Said
from crossline.vocabulary.codes import Tristate

_SAID: Final = [(each.value, each.meaning) for each in Tristate]
_DAYS: Final = ("%d/%m/%Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Row:
    """One question with the fields that answer it; `before`: what is known from before, in words."""

    question: Question
    said: forms.BoundField
    level: forms.BoundField
    evidence: forms.BoundField
    before: str


class ScreeningForm(forms.Form):
    """The national form about one person. `stood`: how many screenings had been seen."""

    stage = forms.ChoiceField(label="Which screening is this?", widget=forms.RadioSelect)
    age = forms.IntegerField(
        label="Age in years, as far as anybody knows it",
        required=False,
        min_value=0,
        max_value=OLDEST,
        help_text="Leave it empty where nobody knows: then they are taken for under 13.",
    )
    voice = forms.CharField(
        label="What the child or young person says and wants",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="In their own words. That they say nothing is no answer, and never a ground for less concern.",
    )
    judged = forms.ChoiceField(label="Your professional judgement", required=False, widget=forms.RadioSelect)
    grounds = forms.MultipleChoiceField(
        label="Grounds, where your judgement differs from the band by the answers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    judgement = forms.CharField(
        label="Your judgement in words",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="Going below a floor takes a second person, who signs it off.",
    )
    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the form again."})

    def __init__(
        self,
        form: Form,
        asked: QueryDict | None,
        *,
        stages: Iterable[Stage],
        agencies: Sequence[tuple[str, str]],
        initial: Mapping[str, Any],
        before: Mapping[str, str],
    ) -> None:
        super().__init__(asked, initial=dict(initial))
        self.form, self._before = form, before
        choices = [(each.value, each.label) for each in stages]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["judged"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "None beside the answers"),
            *((each.id, each.title) for each in form.bands),
        ]
        grounds = [(each.id, each.title) for each in form.grounds]
        self.fields["grounds"].choices = grounds  # type: ignore[attr-defined]  # a ChoiceField
        for question in form.questions:
            self._ask(question)
        for domain in form.domains:
            self.fields[f"asked-{domain.id}"] = forms.ChoiceField(
                label=f"Who is asked what is not known of this: {domain.title}",
                choices=[("", "Choose an agency"), *agencies],
                required=False,
            )

    def _ask(self, question: Question) -> None:
        self.fields[f"said-{question.id}"] = forms.ChoiceField(
            label=question.text, choices=_SAID, required=False, widget=forms.RadioSelect, help_text=question.prompt
        )
        self.fields[f"level-{question.id}"] = forms.TypedChoiceField(
            label="Level of a yes",
            choices=[("0", "Choose a level"), *((str(level), words) for level, words in LEVELS.items())],
            coerce=int,
            empty_value="0",
            required=False,
        )
        self.fields[f"evidence-{question.id}"] = forms.CharField(
            label="Evidence: what was seen, by whom, when",
            required=False,
            max_length=LONGEST_EVIDENCE,
            widget=forms.Textarea,
        )

    @property
    def parts(self) -> list[tuple[Domain, list[Row], forms.BoundField]]:
        """Each domain with its questions, and who is asked what is not known there."""
        return [
            (
                domain,
                [
                    Row(each, self[f"said-{each.id}"], self[f"level-{each.id}"], self[f"evidence-{each.id}"], before)
                    for each in self.form.questions
                    if each.domain == domain.id
                    for before in (self._before.get(each.id, ""),)
                ],
                self[f"asked-{domain.id}"],
            )
            for domain in self.form.domains
        ]

    @property
    def said(self) -> Said:
        """What was said in it."""
        held = self.cleaned_data
        return Said(
            stage=Stage(held["stage"]),
            answers={each.id: self._answer(each.id) for each in self.form.questions},
            asked={each.id: held[f"asked-{each.id}"] for each in self.form.domains},
            age=held["age"],
            voice=held["voice"],
            judgement=held["judgement"],
            judged=held["judged"],
            grounds=held["grounds"],
        )

    def _answer(self, question: str) -> Answer:
        said = Tristate(self.cleaned_data[f"said-{question}"] or NOT_KNOWN.said)
        level = int(self.cleaned_data[f"level-{question}"])
        return Answer(said, level, self.cleaned_data[f"evidence-{question}"])


class SignOffForm(forms.Form):
    """What a second person says of a judgement below a floor."""

    agreed = forms.TypedChoiceField(
        label="Do you agree to the lower judgement?",
        choices=[("yes", "Yes, it stands"), ("no", "No, the band by the answers stands")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Reason", max_length=LONGEST_TEXT, widget=forms.Textarea)


class NeededForm(forms.Form):
    """What came of asking."""

    said = forms.ChoiceField(label="Answer", choices=_SAID, widget=forms.RadioSelect)
    text = forms.CharField(
        label="What is known, from whom, and since when", max_length=LONGEST_TEXT, widget=forms.Textarea
    )


class LocalResultForm(forms.Form):
    """The result of a local tool. What each can say stands in the choices, but for scores."""

    tool = forms.ChoiceField(label="Tool", widget=forms.RadioSelect)
    result = forms.CharField(label="Result, as it was said", max_length=60)
    made_by = forms.CharField(label="Who made it, for which organisation", max_length=200)
    day = forms.DateField(
        label="On which day",
        input_formats=list(_DAYS),
        help_text="For example, 27/3/2026",
        error_messages={"invalid": "Enter a day, such as 27/3/2026"},
    )
    text = forms.CharField(
        label="What was said with it", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea
    )

    def __init__(self, asked: QueryDict | None) -> None:
        super().__init__(asked, initial={"day": f"{timezone.localdate():%d/%m/%Y}"})
        choices = [(each.id, f"{each.name}: {_can_say(each.id)}") for each in tools().values()]
        self.fields["tool"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def _can_say(tool: str) -> str:
    found = tools()[tool]
    if found.kind == SCORE:
        return found.asked.lower()
    return f"{found.asked.lower()}, one of {'; '.join(each.word for each in found.results)}"
