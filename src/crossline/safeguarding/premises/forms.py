"""The forms of the register of premises: entering an address, a step, a line of the log, and what is said of a tenant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone

from crossline.records.naming import tidy_name
from crossline.safeguarding.premises.guide import guide
from crossline.safeguarding.premises.keeping import LONGEST_LINE, LONGEST_REASON, TenantSaid, evidence_for
from crossline.safeguarding.premises.models import PremisesEntryKind, PremisesState, TenantStanding
from crossline.safeguarding.premises.standing import AGAIN, QUIET, PremisesStanding
from crossline.wording import format_date

DAY_HINT: Final = "Year, month and day, such as 2026-03-27"
WORDS: Final = {
    PremisesEntryKind.VISIT: "Who visited, and what was seen",
    PremisesEntryKind.SIGNS: "Who saw them, and when",
    PremisesEntryKind.REVIEW: "What was looked at",
    PremisesEntryKind.ORDER: "What it closes, to whom, and until when",
    PremisesEntryKind.OUTCOME: "How it is known",
}
"""What is asked in words for each line of the log."""
BUTTONS: Final[Mapping[str, str]] = {
    PremisesEntryKind.VISIT: "Write down a visit",
    PremisesEntryKind.SIGNS: "Write down signs, and what the premises are used for",
    PremisesEntryKind.REVIEW: "Answer a review: are they in use again?",
    PremisesEntryKind.ORDER: "Write down a closure order",
    PremisesEntryKind.OUTCOME: "Write down what became of the tenant",
    PremisesState.CUCKOOED: "Say that they are cuckooed",
    PremisesState.SAFE: "Say that they were made safe",
    PremisesState.AGAIN: "Say that they are in use again",
    PremisesState.NOT_CUCKOOED: "Say that they are not cuckooed",
    PremisesState.ENDED: "End the reviews: they stayed quiet",
}
"""What a person does on the page: the words of the button."""


class RegisterForm(forms.Form):
    """Entering an address in the register."""

    reason = forms.CharField(
        label="Why these premises may be cuckooed", max_length=LONGEST_REASON, widget=forms.Textarea
    )


class DatedForm(forms.Form):
    """What is asked for every act: on which day, and in words. Ids begin with the act, since several stand on one page."""

    day = forms.DateField(label="On which day", help_text=DAY_HINT)
    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)

    def __init__(self, act: str, asked: QueryDict | None, initial: dict[str, Any] | None = None) -> None:
        given = {"day": timezone.localdate().isoformat()} | (initial or {})
        super().__init__(asked, auto_id=f"{act}-%s", initial=given)

    @property
    def shown(self) -> list[str]:
        """The fields in the order of the page, without what is hidden."""
        return [name for name in self.fields if name != "stood"]


class PremisesStepForm(DatedForm):
    """Bringing premises to a state. `stood`: how many steps they had."""

    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the premises again."})

    def __init__(self, found: PremisesStanding, state: PremisesState, asked: QueryDict | None) -> None:
        super().__init__(state.value, asked, {"stood": found.steps[-1].number})


class PremisesEntryForm(DatedForm):
    """One line of the log."""

    def __init__(self, found: PremisesStanding, kind: PremisesEntryKind, asked: QueryDict | None) -> None:
        super().__init__(kind.value, asked)
        self.fields["reason"].label = WORDS[kind]
        self.kind = kind
        for name, field in _of_kind(found, kind).items():
            self.fields[name] = field
        self.order_fields([name for name in self.fields if name not in ("day", "reason")])

    @property
    def given(self) -> dict[str, Any]:
        """What the form says, for the action."""
        said = {name: str(value or "") for name, value in self.cleaned_data.items() if not isinstance(value, list)}
        lists = {name: tuple(self.cleaned_data.get(name) or ()) for name in ("signs", "uses")}
        plain = {name: value for name, value in said.items() if name not in ("day", "reason")}
        return {"day": self.cleaned_data["day"], "text": self.cleaned_data["reason"], "said": plain} | lists


def _of_kind(found: PremisesStanding, kind: PremisesEntryKind) -> dict[str, forms.Field]:
    law = guide()
    if kind is PremisesEntryKind.VISIT:
        came = forms.ChoiceField(
            label="What came of it", choices=[(each.id, each.name) for each in law.visits], widget=forms.RadioSelect
        )
        return {
            "outcome": came,
            "next": forms.DateField(label="Next visit due (optional)", required=False, help_text=DAY_HINT),
        }
    if kind is PremisesEntryKind.SIGNS:
        lists = (("signs", "Signs that were seen", law.signs), ("uses", "What the premises are used for", law.uses))
        return {
            name: forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=[(each.id, each.name) for each in entries],
                widget=forms.CheckboxSelectMultiple,
            )
            for name, label, entries in lists
        }
    if kind is PremisesEntryKind.REVIEW:
        due = [
            (str(each.after), f"{each.after} days after, due {format_date(each.due)}")
            for each in found.reviews
            if each.answer is None
        ]
        answers = [(QUIET, "Quiet"), (AGAIN, "In use again: they are open again")]
        return {
            "after": forms.ChoiceField(label="Which review", choices=due, widget=forms.RadioSelect),
            "answer": forms.ChoiceField(label="The premises are", choices=answers, widget=forms.RadioSelect),
        }
    if kind is PremisesEntryKind.ORDER:
        kinds = [(each.id, each.name) for each in law.closures]
        return {
            "closure": forms.ChoiceField(label="Kind of order", choices=kinds, widget=forms.RadioSelect),
            "reference": forms.CharField(label="Reference on the page of the order", max_length=LONGEST_LINE),
        }
    outcomes = [(each.id, each.name) for each in law.outcomes]
    return {"outcome": forms.ChoiceField(label="Outcome", choices=outcomes, widget=forms.RadioSelect)}


class TenantForm(DatedForm):
    """Whether a tenant is a victim, on which record. `stood`: how many such rows there were."""

    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the premises again."})

    def __init__(self, found: PremisesStanding, stood: int, asked: QueryDict | None) -> None:
        super().__init__("tenant", asked, {"stood": stood})
        self.fields["day"].label = "Since when"
        people_ = [(str(each.id), f"{tidy_name(each.caption)} ({each.record.ref})") for each in found.residents]
        records = [(str(each.id), f"{each.owner_id} {each.ref}") for each in evidence_for(found)]
        self.fields["tenant"] = forms.ChoiceField(label="Tenant", choices=[("", "Choose"), *people_])
        self.fields["standing"] = forms.ChoiceField(
            label="Is the tenant a victim?", choices=TenantStanding.choices, widget=forms.RadioSelect
        )
        self.fields["record"] = forms.ChoiceField(label="Record that it rests on", choices=[("", "Choose"), *records])
        self.order_fields(["tenant", "standing", "record", "day", "reason"])

    @property
    def said(self) -> TenantSaid:
        """What the form says, for the action."""
        given = self.cleaned_data
        return TenantSaid(given["tenant"], given["record"], given["standing"], given["day"], given["reason"])

    def clean_tenant(self) -> Any:
        return forms.UUIDField().clean(self.cleaned_data["tenant"])

    def clean_record(self) -> Any:
        return forms.UUIDField().clean(self.cleaned_data["record"])
