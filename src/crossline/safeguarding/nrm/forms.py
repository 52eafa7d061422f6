"""The forms of the National Referral Mechanism: a draft with its observations, a step, guardians, the section 45 log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone

from crossline.safeguarding.nrm.drafting import LONGEST_ANSWER, LONGEST_LINE, LONGEST_REASON, Observed, Said
from crossline.safeguarding.nrm.form import AUTHORITY, CHOICE, LINE, FormPart, nrm_form, section_45
from crossline.safeguarding.nrm.gathering import Gathered
from crossline.safeguarding.nrm.guardians import LONGEST_SOURCE, local_authorities
from crossline.safeguarding.nrm.models import Coverage, NrmState, Section45Decision
from crossline.safeguarding.nrm.routes import Age, Consent, Route, is_child
from crossline.safeguarding.nrm.section45 import ANSWERS, Considered, Held
from crossline.safeguarding.nrm.standing import NrmStanding
from crossline.safeguarding.nrm.steps import NrmAsked, asked_for

DAY_HINT: Final = "Year, month and day, such as 2026-03-27"
_AS_RECORDS: Final = ("", "As the records say")


class DraftForm(forms.Form):
    """A text of a draft: age, consent, route, the parts, and why it is saved. `stood`: the version that was read."""

    age = forms.ChoiceField(
        label="Age",
        required=False,
        choices=[
            _AS_RECORDS,
            (Age.CHILD.value, "A child, or may be one"),
            (Age.ADULT.value, "An adult, as was found out"),
        ],
        widget=forms.RadioSelect,
    )
    age_evidence = forms.CharField(
        label="How it was found out that this is an adult",
        help_text="Only where no record gives an age: the document that was seen, or who assessed it.",
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.TextInput,
    )
    consent = forms.ChoiceField(
        label="What an adult answered",
        help_text="Explain what a referral is before asking. Of a child it is not asked: a child is always referred.",
        required=False,
        choices=[(each.value, each.label) for each in (Consent.NOT_ASKED, Consent.GIVEN, Consent.REFUSED)],
        widget=forms.RadioSelect,
    )
    route = forms.ChoiceField(
        label="Which way it is to go",
        required=False,
        choices=[
            ("", "As age and consent decide"),
            *[(each.value, each.label) for each in (Route.NRM, Route.DUTY_TO_NOTIFY)],
        ],
        widget=forms.RadioSelect,
    )
    anonymous = forms.BooleanField(
        label="Without a name",
        help_text="Only a notice: then names, contact and everything else that tells who it is do not go.",
        required=False,
    )
    reason = forms.CharField(label="Reason for saving", max_length=LONGEST_REASON, widget=forms.Textarea)
    stood = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, gathered: Gathered, asked: QueryDict | None, initial: Mapping[str, Any]) -> None:
        super().__init__(asked, initial=dict(initial))
        self.gathered = gathered
        self.parts = parts_offered(gathered)
        for part in self.parts:
            self.fields[part.id] = _part_field(part)
        if gathered.age is Age.CHILD:
            # Not offered at all: a record says so. What is sent all the same is refused by the action.
            for name in ("age", "age_evidence", "consent", "route", "anonymous"):
                self.fields[name].widget = forms.HiddenInput()

    @property
    def sections(self) -> Mapping[str, list[FormPart]]:
        """The parts under their headings."""
        found: dict[str, list[FormPart]] = {}
        for part in self.parts:
            found.setdefault(part.section, []).append(part)
        return found

    @property
    def said(self) -> Said:
        """What the form says, for the action."""
        given = self.cleaned_data
        return Said(
            reason=given["reason"],
            age=given["age"],
            age_evidence=given["age_evidence"],
            consent=given["consent"] or Consent.NOT_ASKED.value,
            route=given["route"],
            anonymous=bool(given["anonymous"]),
            answers={part.id: str(given.get(part.id) or "") for part in self.parts},
            observations=observed(self.data, self.gathered),
        )


def parts_offered(gathered: Gathered) -> list[FormPart]:
    """The parts that may be asked of this person: those of a child alone where a record says so, else of both."""
    return [part for part in nrm_form().parts if gathered.age is not Age.CHILD or "child" in part.of]


def observed(asked: Any, gathered: Gathered) -> dict[UUID, Observed]:
    """The observations that were ticked on the page."""
    ticked = set(asked.getlist("observe"))
    return {
        each.record.id: Observed(
            asked.get(f"sentence-{each.record.id}", ""),
            asked.get(f"sign-{each.record.id}", ""),
            asked.get(f"corroborates-{each.record.id}", ""),
        )
        for each in gathered.offered
        if str(each.record.id) in ticked
    }


def _part_field(part: FormPart) -> forms.Field:
    """The field that asks for a part. None is required: a draft is saved with gaps, and the page lists them."""
    said: dict[str, Any] = {"label": part.title, "required": False, "help_text": part.prompt}
    if part.kind == CHOICE:
        return forms.ChoiceField(choices=[(each, each) for each in part.choices], widget=forms.RadioSelect, **said)
    if part.kind == AUTHORITY:
        return forms.ChoiceField(
            choices=[("", "Not known yet"), *((each, each) for each in local_authorities())], **said
        )
    if part.kind == LINE:
        return forms.CharField(max_length=LONGEST_LINE, widget=forms.TextInput, **said)
    return forms.CharField(max_length=LONGEST_ANSWER, widget=forms.Textarea, **said)


class NrmStepForm(forms.Form):
    """What is asked to bring a draft to a state, with how many steps it had."""

    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the draft again."})
    day = forms.DateField(label="On which day it happened", help_text=DAY_HINT)
    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)

    def __init__(self, found: NrmStanding, state: NrmState, asked: QueryDict | None) -> None:
        super().__init__(
            asked,
            auto_id=f"{state}-%s",
            initial={"day": timezone.localdate().isoformat(), "stood": found.steps[-1].number},
        )
        self.names = []
        for each in asked_for(found, state):
            self.fields[each.name] = _asked_field(each)
            self.names.append(each.name)
        self.order_fields([*self.names, "day", "reason"])

    @property
    def detail(self) -> dict[str, str]:
        """The answers as plain text."""
        return {name: str(self.cleaned_data.get(name) or "") for name in self.names}


def _asked_field(each: NrmAsked) -> forms.Field:
    if not each.choices:
        return forms.CharField(label=each.label, required=each.required, max_length=LONGEST_LINE)
    few = len(each.choices) <= 3  # a page of radio buttons for every force helps nobody
    choices = list(each.choices) if few else [("", "Choose"), *each.choices]
    return forms.ChoiceField(
        label=each.label, required=each.required, choices=choices, widget=forms.RadioSelect if few else forms.Select
    )


class CoverageForm(forms.Form):
    """Whether a local authority has the guardian service, and who says so."""

    authority = forms.ChoiceField(label="Local authority")
    coverage = forms.ChoiceField(label="Guardian service", choices=Coverage.choices, widget=forms.RadioSelect)
    source = forms.CharField(
        label="Who says so", max_length=LONGEST_SOURCE, help_text="A page with its date, or a name."
    )

    def __init__(self, asked: QueryDict | None) -> None:
        super().__init__(asked)
        self.fields["authority"] = forms.ChoiceField(
            label="Local authority", choices=[("", "Choose"), *((each, each) for each in local_authorities())]
        )
        self.order_fields(["authority", "coverage", "source"])


class Section45Form(forms.Form):
    """An entry of the section 45 log."""

    stood = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the page again."})
    considered_by = forms.CharField(label="Who considered it: name and post", max_length=LONGEST_LINE)
    evidence = forms.CharField(label="On what evidence", max_length=LONGEST_REASON, widget=forms.Textarea)
    scheduled = forms.ChoiceField(
        label="Is the person also held for an offence of Schedule 4?",
        help_text="For these the defence is not available. Drug supply is none of them.",
        required=False,
    )
    safeguarding_disposal = forms.CharField(
        label="Safeguarding disposal that was considered",
        help_text="Before a charge: what help there is in place of a prosecution, and why it is or is not taken.",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
    )
    decision = forms.ChoiceField(label="What became of it", choices=Section45Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)

    def __init__(self, held: Held, asked: QueryDict | None) -> None:
        super().__init__(asked, initial={"stood": len(held.entries)})
        law = section_45()
        self.tests = [each.id for each in law.tests_for(held.age)]
        for each in law.tests_for(held.age):
            self.fields[each.id] = forms.ChoiceField(
                label=each.text, help_text=each.label, choices=list(ANSWERS), widget=forms.RadioSelect
            )
        choices = [("", "No"), *((each.id, each.name) for each in law.offences)]
        self.fields["scheduled"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["safeguarding_disposal"].required = is_child(held.age)
        self.order_fields(["considered_by", *self.tests, "scheduled", "evidence", "safeguarding_disposal", "decision"])

    @property
    def shown(self) -> Sequence[str]:
        """The fields in the order of the page."""
        return [name for name in self.fields if name != "stood"]

    @property
    def said(self) -> Considered:
        """What the form says, for the action."""
        given = self.cleaned_data
        return Considered(
            considered_by=given["considered_by"],
            evidence=given["evidence"],
            decision=given["decision"],
            reason=given["reason"],
            tests={name: given[name] for name in self.tests},
            scheduled=given["scheduled"],
            safeguarding_disposal=given["safeguarding_disposal"],
        )
