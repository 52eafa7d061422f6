"""The form on which a partner reports, and the one on which a report is answered or raised again."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from crossline.safeguarding.guidance.packs import Pack
from crossline.safeguarding.reporting.content import ABOUT, Answers
from crossline.safeguarding.reporting.sending import LONGEST_LINE, LONGEST_TEXT, OLDEST
from crossline.vocabulary.agencies import forces

DAY_HINT = "Year, month and day, such as 2026-03-27. Leave it empty where you do not know."


class ReportForm(forms.Form):
    """What was noticed. Little is needed: whom it is about, what was seen, and which force."""

    about = forms.ChoiceField(label="Who is it about?", choices=list(ABOUT.items()), widget=forms.RadioSelect)
    seen = forms.CharField(
        label="What did you see or hear?",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="In your own words. What you saw yourself, and what somebody told you, each as such.",
    )
    signs = forms.MultipleChoiceField(
        label="Which of these have you seen?", required=False, widget=forms.CheckboxSelectMultiple
    )
    force = forms.ChoiceField(
        label="Police force of the area where the person lives",
        help_text="Or of the place where it happened, where you do not know where they live.",
        choices=[("", "Choose a force"), *((each.id, each.name) for each in forces())],
    )
    forename = forms.CharField(label="First name", max_length=LONGEST_LINE, required=False)
    surname = forms.CharField(label="Last name", max_length=LONGEST_LINE, required=False)
    born = forms.DateField(label="Date of birth", required=False, help_text=DAY_HINT)
    age = forms.IntegerField(
        label="Age, about",
        required=False,
        min_value=0,
        max_value=OLDEST,
        help_text="Where you do not know the date of birth.",
    )
    address = forms.CharField(label="Address", max_length=LONGEST_LINE, required=False)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    since = forms.DateField(label="On which day?", required=False, help_text=DAY_HINT)
    where = forms.CharField(label="Where?", max_length=LONGEST_LINE, required=False)
    own_words = forms.CharField(
        label="What did they say themselves?",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea,
        help_text="As they said it. That they said nothing speaks neither for nor against it.",
    )
    told = forms.CharField(
        label="Do they, or their family, know that you report this?",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea,
        help_text="And if not, why it was safer not to tell them.",
    )
    contact = forms.CharField(
        label="Whom may the police ask, and when?", max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )

    def __init__(self, pack: Pack, asked: QueryDict | None = None) -> None:
        super().__init__(asked)
        choices = [(sign.id, sign.look) for sign in pack.signs]
        self.fields["signs"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def answers(self) -> Answers:
        """What was said, as plain values."""
        said = self.cleaned_data
        return Answers(
            about=said["about"],
            seen=said["seen"],
            forename=said["forename"],
            surname=said["surname"],
            born=said["born"].isoformat() if said["born"] else "",
            age=said["age"],
            address=said["address"],
            postcode=said["postcode"],
            since=said["since"].isoformat() if said["since"] else "",
            where=said["where"],
            signs=tuple(said["signs"]),
            own_words=said["own_words"],
            told=said["told"],
            contact=said["contact"],
        )


class WordsForm(forms.Form):
    """What one side tells the other. `stood`: how many steps there were when it was read."""

    words = forms.CharField(label="Say it in a sentence or two", max_length=LONGEST_TEXT, widget=forms.Textarea)
    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the report again."})
