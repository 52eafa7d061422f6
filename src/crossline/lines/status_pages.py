"""How a returned line stands, with the form to declare something of it; and the list of check-backs of closed lines."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.attention import change_attention
from crossline.lines.declaring import PURPOSE, Said, declare_status, newest_revision
from crossline.lines.declaring_orders import declare_orders
from crossline.lines.evidence import Offered
from crossline.lines.reemerging import closed_lines
from crossline.lines.register import register
from crossline.lines.saying import LONGEST_REASON
from crossline.lines.standing import standing_of
from crossline.lines.states import BY_CENTRE, BY_EITHER, PROPOSALS, DeclaredState, OrdersTaken
from crossline.lines.status_presenter import SHOWN, StatusPage, closed_row, in_order, is_due
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.records.restriction import standing as restrictions
from crossline.wording import format_phone

ON_A_PAGE: Final = 50
ACTS: Final = {
    DeclaredState.IDENTIFIED: "Identified",
    DeclaredState.ACTIVE: "Active",
    DeclaredState.DISRUPTED: "Disrupted",
    DeclaredState.TYPE1_PROPOSED: "Propose a type 1 closure: the holder was arrested and charged, and the number is out of use",
    DeclaredState.TYPE2_PROPOSED: "Propose a type 2 closure: the number was deactivated",
    DeclaredState.CLOSED_TYPE1: "Agree: closed, type 1",
    DeclaredState.CLOSED_TYPE2: "Agree: closed, type 2",
    DeclaredState.NOT_AGREED: "Do not agree: the line stays as it stood",
    DeclaredState.TAKEN_BACK: "Take the proposal back",
    DeclaredState.CHECKED: "Checked: the number is out of use",
    DeclaredState.REOPENED: "It speaks again: reopen the line",
}
_REFERENCES: Final = "References, with commas between them. Only who may see a record sees that it was named."


class DeclarationForm(forms.Form):
    """What somebody declares of a line, and on what evidence. Fields that no offered state asks for are not there."""

    state = forms.ChoiceField(label="Declare", widget=forms.RadioSelect)
    since = forms.DateField(
        label="Since",
        required=False,
        help_text="Of a closure, the day on which the number fell silent. For example 2026-03-27; left empty, today.",
    )
    number = forms.ChoiceField(label="Number that fell silent", required=False)
    holder = forms.ChoiceField(
        label="Line holder", required=False, help_text="For type 1: a person whom a record says controls the line."
    )
    charged = forms.CharField(
        label="Custody records of the arrest and charge",
        required=False,
        max_length=1_000,
        help_text=f"For type 1. {_REFERENCES}",
    )
    check_back = forms.ChoiceField(label="Check-back that this answers", required=False)
    records = forms.CharField(
        label="Records that show that the number is out of use, or speaks again",
        required=False,
        max_length=1_000,
        help_text=_REFERENCES,
    )
    checked_on = forms.DateField(
        label="Day of a check",
        required=False,
        help_text="In place of a record: when somebody tried the number. For example 2026-03-27.",
    )
    check_said = forms.CharField(label="What was done and found", required=False, max_length=500)
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        help_text="Everybody with a policing role reads it: name no record or person that they may not see.",
    )
    stood = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict | None, about: StatusPage) -> None:
        super().__init__(asked, initial=dict(about.put_forward))
        moves = set(about.moves)
        choices = [(each.value, ACTS[each]) for each in about.moves]
        self.fields["state"] = forms.ChoiceField(label="Declare", choices=choices, widget=forms.RadioSelect)
        self._choose("number", [(each, format_phone(each)) for each in about.numbers], "Choose the number")
        self._choose("holder", about.holder_choices, "Nobody is named")
        self._choose("check_back", about.open_checks, "None")
        for unasked in _unasked(moves, about):
            del self.fields[unasked]

    def _choose(self, name: str, choices: list[tuple[str, str]], none: str) -> None:
        field = self.fields[name]
        self.fields[name] = forms.ChoiceField(
            label=field.label, required=False, help_text=field.help_text, choices=[("", none), *choices]
        )

    @property
    def asked_for(self) -> list[str]:
        """The fields in their order, but for the hidden one: what everything asks for comes first."""
        own = ("state", "since", "check_back", "reason")
        return [
            *(name for name in own if name in self.fields),
            *(name for name in self.fields if name not in (*own, "stood")),
        ]

    @property
    def said(self) -> Said:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        offered = Offered(
            holder=UUID(given["holder"]) if given.get("holder") else None,
            charged=tuple((given.get("charged") or "").split(",")),
            records=tuple((given.get("records") or "").split(",")),
            checked_on=given.get("checked_on"),
            check_said=given.get("check_said") or "",
        )
        return Said(
            state=DeclaredState(given["state"]),
            reason=given["reason"],
            since=given.get("since"),
            number=given.get("number") or "",
            check_back=int(given["check_back"]) if given.get("check_back") else None,
            offered=offered,
        )


def _unasked(moves: set[DeclaredState], about: StatusPage) -> set[str]:
    """The fields that nothing on offer asks for."""
    closing = {"number", "holder", "charged"}
    evidence = {"records", "checked_on", "check_said"}
    unasked: set[str] = set()
    if not moves & PROPOSALS:
        unasked |= closing
    if not moves & (PROPOSALS | BY_EITHER):
        unasked |= evidence
    if moves <= BY_CENTRE | BY_EITHER | {DeclaredState.TAKEN_BACK}:
        unasked.add("since")
    if DeclaredState.CHECKED not in moves or not about.open_checks:
        unasked.add("check_back")
    return unasked


@page(purpose=PURPOSE)
def line_status(request: HttpRequest, viewpoint: Viewpoint, returned: UUID) -> HttpResponse:
    """One returned line as it stands. Whoever does not see the return is answered as if there were none."""
    found = newest_revision(returned, viewpoint)
    if found is None:
        raise Http404
    about = _about(found, viewpoint)
    act = request.POST.get("do", "declare") if request.method == "POST" else ""
    form = DeclarationForm(request.POST if act == "declare" else None, about)
    problem = _problem(request, found.id, viewpoint) if act in _OTHER_ACTS else ""
    if act in _OTHER_ACTS and not problem:
        return redirect("line-status", found.id)
    if form.is_valid():
        try:
            declare_status(returned=found.id, said=form.said, stood=form.cleaned_data["stood"], viewpoint=viewpoint)
            return redirect("line-status", found.id)
        except UserError as error:
            form.add_error(None, str(error))
            about = _about(found, viewpoint)
    showed(viewpoint, [found, *about.evidence_records])
    restricted = restrictions(viewpoint, [found.id])
    context = {"about": about, "form": form, "problem": problem, "restricted": [found] if restricted else []}
    return show(request, viewpoint, "lines/line_status.html", context, failed=form.errors or problem)


def _problem(request: HttpRequest, returned: UUID, viewpoint: Viewpoint) -> str:
    """National attention, or how the line takes orders, as the form says; what was wrong, in words."""
    try:
        _OTHER_ACTS[request.POST["do"]](request.POST, returned, viewpoint)
    except UserError as error:
        return str(error)
    return ""


def _change_attention(said: QueryDict, returned: UUID, viewpoint: Viewpoint) -> None:
    raised, reason = said.get("raised") == "yes", said.get("attention", "")
    change_attention(returned=returned, raised=raised, reason=reason, viewpoint=viewpoint)


def _declare_orders(said: QueryDict, returned: UUID, viewpoint: Viewpoint) -> None:
    taken = said.get("taken", "")
    if taken not in OrdersTaken:
        raise UserError("Choose how the line takes its orders.")
    declare_orders(
        returned=returned, taken=OrdersTaken(taken), reason=said.get("orders_reason", ""), viewpoint=viewpoint
    )


_OTHER_ACTS: Final = {"attention": _change_attention, "orders": _declare_orders}
"""What else is said on the page, each in a form of its own."""


@page(purpose=PURPOSE)
def check_backs(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The closures that the viewer sees: those that speak again or are to be checked, or all of them."""
    asked = request.GET.get("shown", "")
    shown = asked if asked in SHOWN else "to-do"
    today = timezone.now().date()
    held = [
        each
        for each in closed_lines(viewpoint)
        if shown == "all" or each.signs or (shown == "to-do" and is_due(each, today))
    ]
    found = in_order(held)
    rows = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    record = {
        each.standing.returned: next(
            str(row.record) for row in each.line.returns if (row.owner, row.ref) == each.standing.returned
        )
        for each in rows
    }
    showed(viewpoint, viewpoint.visible(Record.objects.filter(id__in=list(record.values()))), listed=True)
    context = {
        "rows": [closed_row(each, record, today) for each in rows],
        "page": rows,
        "tabs": [(words, f"?shown={name}", name == shown) for name, words in SHOWN.items()],
    }
    return show(request, viewpoint, "lines/check_backs.html", context)


def _about(found: Record, viewpoint: Viewpoint) -> StatusPage:
    returned = (found.owner_id, found.ref)
    closed = next((each for each in closed_lines(viewpoint) if each.standing.returned == returned), None)
    line = register(viewpoint).line_of_return[returned]
    return StatusPage(viewpoint, found, line, standing_of(viewpoint, returned), closed, timezone.now().date())
