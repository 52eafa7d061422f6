"""The forms of meetings: calling one, inviting, minutes, and an action. Moves and answers are the words of referrals' form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from crossline.safeguarding.meetings.parts import parts
from crossline.safeguarding.meetings.plan_parts import longest_until_review, plan_parts, questions
from crossline.safeguarding.meetings.states import ActionState, Answer, MeetingState
from crossline.safeguarding.meetings.telling import LONGEST

MOVE_WORDS: Final = {
    MeetingState.HELD: ("It was held", "Anything to add for those who were invited (optional)"),
    MeetingState.PUT_OFF: ("Put it off", "Why, in words that name nobody: those who are invited read them"),
    MeetingState.CALLED_OFF: ("Call it off", "Why, in words that name nobody: those who are invited read them"),
}
"""Each move as a button, and what is asked for it."""
ANSWER_WORDS: Final = {
    Answer.COMES: ("We come", "Who comes, by their role (optional)"),
    Answer.WRITES: ("We send words instead", "What the meeting should know"),
    Answer.CANNOT: ("We cannot come", "Why you cannot come"),
}
ACTION_WORDS: Final = {
    ActionState.DONE: ("It is done", "What was done, and when"),
    ActionState.CANNOT: ("It cannot be done", "Why it cannot be done, and what could be instead"),
    ActionState.CHECKED: ("Checked: it has ended", "What was looked at (optional)"),
    ActionState.OPEN: ("It is not done: open again", "What is still to be done"),
}
_MOMENTS: Final = ["%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
_DAYS: Final = ["%Y-%m-%d", "%d/%m/%Y"]


class CallForm(forms.Form):
    """When a meeting is, how to join it, and what for; without the last where it is called anew."""

    def __init__(self, asked: QueryDict | None, *, purpose: bool = True, stood: int = 0) -> None:
        super().__init__(asked, initial={"stood": stood}, auto_id="id_call_%s")
        if purpose:
            self.fields["purpose"] = _said("What the meeting is for", "For your side alone: it is not told.")
        self.fields["starts_at"] = forms.DateTimeField(
            label="When",
            help_text="Such as 2026-12-01 14:30, in British time.",
            input_formats=_MOMENTS,
            widget=forms.DateTimeInput(
                format=_MOMENTS[0]
            ),  # as it is asked for: what was said before can be sent again
            error_messages={"invalid": "Give the day and the time, such as 2026-12-01 14:30."},
        )
        self.fields["joining"] = _said("How to join", "Place or link, and whom to ring on the day. It names nobody.")
        self.fields["stood"] = forms.IntegerField(required=False, widget=forms.HiddenInput)


class InviteForm(forms.Form):
    """One organisation, and what it should bring."""

    def __init__(self, choices: Sequence[tuple[str, str]], asked: QueryDict | None) -> None:
        super().__init__(asked, auto_id="id_invite_%s")
        self.fields["invited"] = forms.ChoiceField(
            label="Organisation",
            choices=[("", "Choose"), *choices],
            help_text="Partners are listed that hold a referral about this person; it stands for the person’s name.",
        )
        self.fields["bring"] = _said("What to bring (optional)", "In words that name nobody.", required=False)


class MinutesForm(forms.Form):
    """Who took part, the parts of the minutes, and why they are saved."""

    def __init__(
        self, attending: Sequence[tuple[str, str]], asked: QueryDict | None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(asked, initial=initial)
        self.fields["attended"] = forms.MultipleChoiceField(
            label="Who took part", choices=attending, widget=forms.CheckboxSelectMultiple
        )
        for part in parts().values():
            title = part.title if part.required else f"{part.title} (optional)"
            self.fields[f"part-{part.id}"] = _said(title, part.prompt, required=part.required)
        self.fields["reason"] = _said("Reason for saving")
        self.fields["stood"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def said(self) -> dict[str, str]:
        """The words by part."""
        return {part: self.cleaned_data[f"part-{part}"] for part in parts()}


class ActionForm(forms.Form):
    """What is to be done, by which organisation, by when."""

    def __init__(self, choices: Sequence[tuple[str, str]], asked: QueryDict | None) -> None:
        super().__init__(asked, auto_id="id_action_%s")
        self.fields["what"] = _said("What is to be done", "In words that name nobody: they read it.")
        self.fields["organisation"] = forms.ChoiceField(label="By whom", choices=[("", "Choose"), *choices])
        self.fields["due"] = forms.DateField(
            label="By when",
            help_text="Such as 2026-12-08.",
            input_formats=_DAYS,
            error_messages={"invalid": "Give the day, such as 2026-12-08."},
        )


def _said(label: str, hint: str = "", *, required: bool = True) -> forms.Field:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST, widget=forms.Textarea)


class PlanForm(forms.Form):
    """The parts of a safety plan, the day of its review, and why it is saved."""

    def __init__(self, asked: QueryDict | None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(asked, initial=initial)
        for part in plan_parts().values():
            title = part.title if part.required else f"{part.title} (optional)"
            self.fields[f"part-{part.id}"] = _said(title, part.prompt, required=part.required)
        self.fields["review_on"] = forms.DateField(
            label="When it is reviewed",
            help_text=f"Such as 2026-12-08, within {longest_until_review().days} days.",
            input_formats=_DAYS,
            error_messages={"invalid": "Give the day, such as 2026-12-08."},
        )
        self.fields["reason"] = _said("Reason for saving")
        self.fields["stood"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def said(self) -> dict[str, str]:
        """The words by part."""
        return {part: self.cleaned_data[f"part-{part}"] for part in plan_parts()}


class ReturnForm(forms.Form):
    """An entry on bringing somebody home."""

    def __init__(self, choices: Sequence[tuple[str, str]], asked: QueryDict | None, initial: dict[str, Any]) -> None:
        super().__init__(asked, initial=initial, auto_id="id_return_%s")
        self.fields["to"] = forms.ChoiceField(label="How it stands", choices=choices, widget=forms.RadioSelect)
        self.fields["fetches"] = _said("Who fetches them")
        self.fields["how"] = _said("How")
        self.fields["starts_at"] = forms.DateTimeField(
            label="When",
            help_text="Such as 2026-12-01 14:30, in British time.",
            input_formats=_MOMENTS,
            widget=forms.DateTimeInput(
                format=_MOMENTS[0]
            ),  # as it is asked for: what was said before can be sent again
            error_messages={"invalid": "Give the day and the time, such as 2026-12-01 14:30."},
        )
        self.fields["handed_to"] = _said("Whom they are handed to")
        self.fields["contact"] = _said(
            "Contact on the way", "How they and whoever fetches them are reached.", required=False
        )
        self.fields["words"] = _said("Anything to add; why, if it was not done (optional)", required=False)
        self.fields["stood"] = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OutcomeForm(forms.Form):
    """An answer to each question about outcomes."""

    def __init__(self, asked: QueryDict | None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(asked, initial=initial)
        for question in questions().values():
            self.fields[question.id] = forms.ChoiceField(
                label=question.title, choices=question.values, widget=forms.RadioSelect
            )
        self.fields["words"] = _said("Anything to add (optional)", required=False)
        self.fields["stood"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def answers(self) -> dict[str, str]:
        """The answers by question."""
        return {question: self.cleaned_data[question] for question in questions()}
