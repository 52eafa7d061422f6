"""The forms of orders: an application with its parts, its numbers and its sentences; another order; a step; a line of the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone

from crossline.orders.drafting import LONGEST_ANSWER, LONGEST_REASON
from crossline.orders.gathering import Gathered
from crossline.orders.law import CHOICE, LINE, RANK, Part, application, order_kinds, parts_of
from crossline.orders.models import EntryKind, OrderState
from crossline.orders.standing import Standing
from crossline.orders.steps import SERVICE, Asked, CheckAnswer, CheckBack, asked_of, moves_of

DAY_HINT: Final = "Year, month and day, such as 2026-03-27"


class TextForm(forms.Form):
    """The parts of an order, and why it is saved. `stood`: the version that was read."""

    reason = forms.CharField(label="Reason for saving", max_length=LONGEST_REASON, widget=forms.Textarea)
    stood = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, parts: Sequence[Part], asked: QueryDict | None, initial: Mapping[str, Any]) -> None:
        super().__init__(asked, initial=dict(initial))
        self.parts = parts
        for part in parts:
            self.fields[part.id] = field_of(part)

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by part."""
        return {part.id: str(self.cleaned_data.get(part.id) or "") for part in self.parts}


def field_of(part: Part) -> forms.Field:
    """The field that asks for a part. None is required: a draft is saved with gaps, and the page lists them."""
    said: dict[str, Any] = {"label": part.title, "required": False, "help_text": part.prompt}
    if part.kind in (RANK, CHOICE):
        choices = [(each, each) for each in (application().ranks if part.kind == RANK else part.choices)]
        if part.kind == RANK:
            return forms.ChoiceField(choices=[("", "Choose a rank"), *choices], **said)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **said)
    widget = forms.TextInput() if part.kind == LINE else forms.Textarea()
    return forms.CharField(max_length=300 if part.kind == LINE else LONGEST_ANSWER, widget=widget, **said)


class OpeningForm(TextForm):
    """Another order that is to be followed."""

    def __init__(self, kinds: Collection[str], asked: QueryDict | None) -> None:
        some = next(iter(kinds))
        super().__init__(parts_of(some), asked, {})
        known = order_kinds()
        choices = [(each, f"{known[each].name} ({known[each].short})") for each in kinds]
        self.fields["kind"] = forms.ChoiceField(label="Kind of order", choices=choices, widget=forms.RadioSelect)
        self.order_fields(["kind"])


class AskedForm(forms.Form):
    """What is asked for a step or a line of the log."""

    def __init__(self, asked_for: Sequence[Asked], asked: QueryDict | None) -> None:
        super().__init__(asked, initial={"day": timezone.localdate().isoformat()})
        self.fields["day"] = forms.DateField(label="On which day it happened", help_text=DAY_HINT)
        for each in asked_for:
            self.fields[each.name] = _asked_field(each)
        self.fields["reason"] = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)

    @property
    def day(self) -> date:
        found: date = self.cleaned_data["day"]
        return found

    @property
    def said(self) -> dict[str, str]:
        """The answers as plain text."""
        return {name: str(value or "") for name, value in self.cleaned_data.items() if name not in ("day", "reason")}


def _asked_field(each: Asked) -> forms.Field:
    if each.kind == RANK:
        ranks = [("", "Choose a rank"), *((rank, rank) for rank in application().ranks)]
        return forms.ChoiceField(label=each.label, choices=ranks, required=each.required)
    if each.kind == "day":
        return forms.DateField(label=each.label, required=each.required, help_text=DAY_HINT)
    return forms.CharField(label=each.label, required=each.required, max_length=300)


def step_form(found: Standing, state: OrderState, asked: QueryDict | None) -> AskedForm:
    """What is asked to bring an order to a state, with how many steps it had."""
    form = AskedForm(asked_of(found, state), asked)
    form.fields["stood"] = forms.IntegerField(
        widget=forms.HiddenInput, initial=found.steps[-1].number, error_messages={"required": "Open the order again."}
    )
    return form


def entry_form(kind: EntryKind, open_checks: Sequence[CheckBack], asked: QueryDict | None) -> AskedForm:
    """What is asked for a line of the log."""
    form = AskedForm(SERVICE if kind is EntryKind.SERVICE else (), asked)
    form.fields["reason"].label = {
        EntryKind.SERVICE: "What was served, and anything to note",
        EntryKind.BREACH: "What happened, how it is known, and what is done about it",
        EntryKind.CHECK_BACK: "What was looked at",
        EntryKind.CONDITION: "The condition",
    }[kind]
    if kind is EntryKind.CHECK_BACK:
        checks = [
            (str(each.after), f"{each.after} days after service, due {each.due:%-d %B %Y}") for each in open_checks
        ]
        form.fields["after"] = forms.ChoiceField(label="Which check", choices=checks, widget=forms.RadioSelect)
        form.fields["answer"] = forms.ChoiceField(
            label="The numbers are", choices=list(CheckAnswer.WORDS.items()), widget=forms.RadioSelect
        )
        form.order_fields(["after", "answer", "day", "reason"])
    return form


def next_steps(found: Standing) -> list[tuple[OrderState, str]]:
    """What can be done next, in words."""
    return [
        (state, "Bring back to drafted" if state is OrderState.DRAFTED else state.label) for state in moves_of(found)
    ]


def chosen_of(asked: QueryDict, gathered: Gathered) -> tuple[list[str], dict[UUID, str]]:
    """The numbers and sentences that were ticked on the page of an application."""
    keys = {each.key for each in gathered.identifiers}
    sentences = {
        ground.record.id: asked.get(f"sentence-{ground.record.id}", "")
        for ground in gathered.grounds
        if str(ground.record.id) in asked.getlist("ground")
    }
    return [key for key in asked.getlist("identifier") if key in keys], sentences
