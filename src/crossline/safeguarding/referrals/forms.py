"""The forms of referrals: choosing whom to tell, a text with its fields and questions, and a move or a message of either side."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict

from crossline.access.models import Agency
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.drafting import LONGEST_REASON, LONGEST_WORDS
from crossline.safeguarding.referrals.fields import Field, Recipient, entries
from crossline.safeguarding.referrals.gathering import Gathered
from crossline.safeguarding.referrals.law import bases, gateways_for, golden_rules
from crossline.safeguarding.referrals.states import State, urgencies

_SHORT: Final = frozenset({Field.NAME, Field.BORN, Field.CONTACT, Field.ADDRESSEE, Field.PREMISES})
MOVE_WORDS: Final = {
    State.ACCEPTED: ("Accept it", "Anything they should know (optional)"),
    State.REJECTED: ("Reject it", "Why you cannot act on it, and who could"),
    State.ACTION: ("Record what was done", "What was done, and when"),
    State.OUTCOME: ("Record what came of it", "What came of it for the person"),
    State.DONE: ("Close it", "Anything to add (optional)"),
    State.REOPENED: ("Reopen it", "What is asked now, and why"),
    State.REVOKED: ("Revoke it", "Why it is taken back, in words that tell nothing of the content"),
}
"""Each move as a button, and what is asked for it."""


class ChoosingForm(forms.Form):
    """Whom to tell: an organisation in a capacity, as one choice."""

    def __init__(self, choices: list[tuple[Agency, Recipient]], asked: QueryDict | None) -> None:
        super().__init__(asked)
        offered = [(f"{partner.id} {each.id}", f"{partner.name}: {each.title.lower()}") for partner, each in choices]
        self.fields["to"] = forms.ChoiceField(label="Partner organisation", choices=[("", "Choose"), *offered])


class ReferralForm(forms.Form):
    """A text of a referral, with a field for what this kind of recipient may be given and for nothing else."""

    def __init__(
        self, gathered: Gathered, recipient: Recipient, asked: QueryDict | None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(asked, initial=initial or _first(gathered, recipient))
        self.recipient = recipient
        for field in recipient.fields:
            self.fields[f"word-{field}"] = _words_field(field, recipient)
        if recipient.one_reader:
            self.fields["reader"] = forms.CharField(
                label="Username of the one person there who may open it",
                help_text="Such as the designated safeguarding lead’s. Nobody else of the organisation sees it.",
                max_length=80,
            )
        self.fields["urgency"] = forms.ChoiceField(
            label="How urgent",
            choices=[(each.id, each.name) for each in urgencies().values()],
            widget=forms.RadioSelect,
        )
        self.fields["records"] = forms.MultipleChoiceField(
            label="Records that it rests on",
            choices=[(str(each.id), f"{each.ref}, {each.subject or each.kind}"[:120]) for each in gathered.offered],
            widget=forms.CheckboxSelectMultiple,
            help_text="They are not told. When one is disposed of, what was told of it goes too.",
        )
        self._ask_grounds(recipient)
        for rule in golden_rules():
            self.fields[f"rule-{rule.id}"] = _said(rule.question, LONGEST_REASON)
        self.fields["inference"] = _said(
            "What could somebody who exploits the person infer, if they saw this?", LONGEST_REASON
        )
        self.fields["reason"] = _said("Reason for saving", LONGEST_REASON)
        self.fields["stood"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def _ask_grounds(self, recipient: Recipient) -> None:
        gateways = [(each.id, each.name) for each in gateways_for(recipient.id)]
        self.fields["gateway"] = forms.ChoiceField(label="Gateway", choices=[("", "Choose"), *gateways])
        grounds = [(each.id, each.name) for each in bases().values()]
        self.fields["basis"] = forms.ChoiceField(label="Lawful basis", choices=[("", "Choose"), *grounds])
        self.fields["consent"] = forms.ChoiceField(label="Consent", choices=Consent.choices(), widget=forms.RadioSelect)
        self.fields["consent_reason"] = _said(
            "Who gave consent and how, or why it is not needed or is overridden", LONGEST_REASON
        )

    @property
    def draft(self) -> Draft:
        """The text that was written."""
        said = self.cleaned_data
        return Draft(
            words={field: words for field in self.recipient.fields if (words := said[f"word-{field}"].strip())},
            gateway=said["gateway"],
            basis=said["basis"],
            consent=Consent(said["consent"]),
            consent_reason=said["consent_reason"],
            rules={rule.id: said[f"rule-{rule.id}"] for rule in golden_rules()},
            inference=said["inference"],
            urgency=said["urgency"],
            reader=said.get("reader", ""),
        )

    @property
    def records(self) -> list[UUID]:
        """The records that were chosen."""
        return [UUID(each) for each in self.cleaned_data["records"]]


class WordsForm(forms.Form):
    """A move or a message of one side: the words, and how many steps were read."""

    def __init__(self, label: str, asked: QueryDict | None, *, stood: int, named: str) -> None:
        super().__init__(asked, initial={"stood": stood}, auto_id=f"id_{named}_%s")
        self.fields["words"] = forms.CharField(
            label=label, max_length=LONGEST_REASON, required=False, widget=forms.Textarea
        )
        self.fields["stood"] = forms.IntegerField(
            widget=forms.HiddenInput, error_messages={"required": "Open the referral again."}
        )


def saved_words(draft: Draft, records: list[UUID], stood: int) -> dict[str, Any]:
    """A saved text as a form begins with it."""
    return {
        **{f"word-{field}": words for field, words in draft.words.items()},
        **{f"rule-{rule}": words for rule, words in draft.rules.items()},
        "gateway": draft.gateway,
        "basis": draft.basis,
        "consent": str(draft.consent),
        "consent_reason": draft.consent_reason,
        "inference": draft.inference,
        "urgency": draft.urgency,
        "reader": draft.reader,
        "records": [str(each) for each in records],
        "stood": stood,
    }


def _first(gathered: Gathered, recipient: Recipient) -> dict[str, Any]:
    known = {f"word-{field}": words for field, words in gathered.first_words(recipient).items()}
    return known | {"records": [str(gathered.mention.record_id)]}


def _words_field(field: Field, recipient: Recipient) -> forms.Field:
    entry = entries()[field]
    required = field in recipient.required()
    widget = forms.TextInput() if field in _SHORT else forms.Textarea()
    title = entry.title if required else f"{entry.title} (optional)"
    return forms.CharField(
        label=title, help_text=entry.prompt, required=required, max_length=LONGEST_WORDS, widget=widget
    )


def _said(label: str, longest: int) -> forms.Field:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea)
