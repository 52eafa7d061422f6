"""The forms of joint work: asking another agency, moving a request on, offering and answering the lead of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.http import QueryDict

from crossline.operations.joint.asking import LONGEST_SUBJECT, LONGEST_TEXT, Asked, Said
from crossline.operations.joint.clocks import CLOCKS
from crossline.operations.joint.leads import LONGEST_REASON
from crossline.operations.joint.moves import AskedFor, LeadState, Priority, RequestState, Use
from crossline.wording import plural

DATES: Final = ("%d/%m/%Y", "%d %m %Y", "%d %B %Y", "%Y-%m-%d")
UNREADABLE: Final = "Enter a day, such as 27/3/2026"
REMARK: Final = "remark"
_ACTS: Final[Mapping[RequestState, str]] = {
    RequestState.ASKED: "Ask the agency again: its clocks begin anew",
    RequestState.ACKNOWLEDGED: "Acknowledge: we have it, and are looking at it",
    RequestState.ACCEPTED: "Accept: we will do it",
    RequestState.DECLINED: "Decline, with the reason",
    RequestState.DEFERRED: "Defer to a later day, with the reason",
    RequestState.ANSWERED: "Answer",
    RequestState.CLOSED: "Close the request",
    RequestState.WITHDRAWN: "Withdraw the request",
    RequestState.REGION: "Escalate to the regional unit, whose people then read the whole request",
    RequestState.ESCALATED: "Escalate to the centre",
}


def clock_in_words(priority: Priority) -> str:
    """Within what time a request of this priority is acknowledged and answered."""
    rule = CLOCKS[priority]
    return f"{priority.label}: acknowledged within {_span(rule.acknowledge.total_seconds())}, answered within " + _span(
        rule.answer.total_seconds()
    )


def _span(seconds: float) -> str:
    hours = int(seconds // 3_600)
    return plural(hours // 24, "day") if hours % 24 == 0 else plural(hours, "hour")


class AskingForm(forms.Form):
    """A request to another agency."""

    kind = forms.ChoiceField(label="What do you ask for?", choices=AskedFor.choices, widget=forms.RadioSelect)
    priority = forms.ChoiceField(
        label="Priority",
        choices=[(each.value, clock_in_words(each)) for each in Priority],
        widget=forms.RadioSelect,
        help_text="Both agencies see these clocks, and when one has run out.",
    )
    subject = forms.CharField(
        label="Subject",
        max_length=LONGEST_SUBJECT,
        help_text="One line, by which both agencies will find it in a list.",
    )
    wanted = forms.CharField(
        label="What you ask",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="What exactly they should tell you, do, or lend you.",
    )
    reason = forms.CharField(label="Why", max_length=LONGEST_TEXT, widget=forms.Textarea, help_text="What it is for.")
    grounds = forms.CharField(
        label="Grounds",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="What you rest it on, as far as they may know it. Leave out what would tell of a source.",
    )
    needed_by = forms.DateField(
        label="Needed by (optional)",
        required=False,
        input_formats=list(DATES),
        help_text="A day that is sooner than the clock counts instead of it. For example, 27/3/2026.",
        error_messages={"invalid": UNREADABLE},
    )

    def __init__(
        self, given: QueryDict | None, to: Sequence[tuple[str, str]], initial: Mapping[str, str], *, in_words: bool
    ) -> None:
        super().__init__(given, initial=dict(initial))
        if in_words:
            self.fields["investigation"] = forms.CharField(
                label="Investigation of ours that it is about (optional)",
                required=False,
                max_length=200,
                help_text="Its reference, which they will read. The investigation itself is shown to nobody by that.",
            )
        self.fields["to"] = forms.ChoiceField(
            label="Agency",
            choices=[("", "Choose an agency"), *to],
            error_messages={"invalid_choice": "Choose an agency"},
        )
        self.order_fields(
            ("to", "kind", "priority", "subject", "wanted", "reason", "grounds", "needed_by", "investigation")
        )

    def asked(self) -> Asked:
        """What was filled in."""
        said = self.cleaned_data
        return Asked(
            to=said["to"],
            kind=AskedFor(said["kind"]),
            priority=Priority(said["priority"]),
            subject=said["subject"],
            wanted=said["wanted"],
            reason=said["reason"],
            grounds=said["grounds"],
            needed_by=said["needed_by"],
        )


class MoveForm(forms.Form):
    """What becomes of a request: only the fields that one of the moves open to the viewer needs."""

    text = forms.CharField(
        label="What you say",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="The other agency and the centre will read this.",
    )

    def __init__(self, given: QueryDict | None, open_: Sequence[RequestState]) -> None:
        super().__init__(given)
        choices = [*((state.value, _ACTS[state]) for state in open_), (REMARK, "Leave a remark: it stays as it stands")]
        self.fields["to"] = forms.ChoiceField(label="Your move", choices=choices, widget=forms.RadioSelect)
        if RequestState.DEFERRED in open_:
            self.fields["until"] = forms.DateField(
                label="Deferred until",
                required=False,
                input_formats=list(DATES),
                help_text="Where you defer it. For example, 27/3/2026.",
                error_messages={"invalid": UNREADABLE},
            )
        if RequestState.CLOSED in open_:
            self.fields["use"] = forms.ChoiceField(
                label="Was the answer useful?", required=False, choices=Use.choices, widget=forms.RadioSelect
            )
        if RequestState.ANSWERED in open_:
            self.fields["records"] = forms.CharField(
                label="Records that the answer names",
                required=False,
                max_length=10_000,
                widget=forms.Textarea,
                help_text="References of your agency’s records, one a line. Naming a record does not release it: each is "
                "released on its own page, by two people.",
            )
        self.order_fields(("to", "text", "until", "use", "records"))

    def to(self, stands: RequestState) -> RequestState:
        """The move that was chosen; a remark leaves the request as it stands."""
        chosen = self.cleaned_data["to"]
        return stands if chosen == REMARK else RequestState(chosen)

    def said(self) -> Said:
        """What was filled in."""
        said = self.cleaned_data
        return Said(
            text=said["text"],
            until=said.get("until"),
            use=Use(said["use"]) if said.get("use") else None,
            records=tuple(said.get("records", "").splitlines()),
        )


class OfferForm(forms.Form):
    """To which agency the lead of a line is offered, and why."""

    reason = forms.CharField(
        label="Why",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        help_text="Everybody with a policing role, in every agency, can read this.",
    )

    def __init__(self, given: QueryDict | None, to: Sequence[tuple[str, str]]) -> None:
        super().__init__(given, auto_id="offer_%s")
        self.fields["lead"] = forms.ChoiceField(
            label="Agency that is to lead",
            choices=[("", "Choose an agency"), *to],
            error_messages={"invalid_choice": "Choose an agency"},
        )
        self.order_fields(("lead", "reason"))


class LeadForm(forms.Form):
    """What becomes of an offer of the lead, or of the lead itself."""

    def __init__(self, given: QueryDict | None) -> None:
        # An error leads to the field of its own offer: a page can show several.
        named = given.get("step", "") if given is not None else ""
        step = "".join(each for each in named if each.isalnum() or each == "-")[:36]
        super().__init__(given, auto_id=f"%s-{step}")

    step = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ChoiceField(choices=LeadState.choices)
    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)
