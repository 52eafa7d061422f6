"""The changes of number that wait for a decision, and one change: what speaks for it, its rivals, and the form to decide."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.change_presenter import ChangePage, Choice, change_row, chosen_changes, decided_in_words
from crossline.lines.judging import (
    PURPOSE,
    change_of,
    data_of,
    judge_change,
    judgements_on,
    may_judge,
    scored_and_decided,
)
from crossline.lines.models import MOVES, ChangeState
from crossline.lines.register import register
from crossline.lines.saying import LONGEST_REASON
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.records.restriction import standing

ON_A_PAGE: Final = 50
ACTS: Final = {
    ChangeState.CONFIRMED: "Confirm: the new number took over from the old one",
    ChangeState.REJECTED: "Reject: it did not",
    ChangeState.WITHDRAWN: "Take the decision back: put it forward again",
}


class DecisionForm(forms.Form):
    """What somebody makes of a change of number, and why."""

    state = forms.ChoiceField(label="Decision", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        help_text="What you know beside the call records. Everybody who sees the finding reads it.",
    )
    stood = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict | None, state: ChangeState) -> None:
        super().__init__(asked)
        choices = [(each.value, words) for each, words in ACTS.items() if each in MOVES[state]]
        self.fields["state"] = forms.ChoiceField(label="Decision", choices=choices, widget=forms.RadioSelect)


@page(purpose=PURPOSE)
def number_changes(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The changes of number that the viewer sees: those to decide on, or those decided; the likeliest or the oldest first."""
    choice = Choice.read(request.GET.dict())
    known = register(viewpoint)
    shown = Paginator(chosen_changes(known, choice), ON_A_PAGE).get_page(request.GET.get("page"))
    showed(viewpoint, viewpoint.visible(Record.objects.filter(id__in=[each.record for each in shown])), listed=True)
    context = {
        "rows": [change_row(each, known) for each in shown],
        "page": shown,
        "choice": choice,
        "decided": decided_in_words(scored_and_decided(viewpoint)),
    }
    return show(request, viewpoint, "lines/number_changes.html", context)


@page(purpose=PURPOSE)
def number_change(request: HttpRequest, viewpoint: Viewpoint, change: UUID) -> HttpResponse:
    """One change of number. Whoever does not see its finding is answered as if there were none."""
    found = change_of(viewpoint, change)
    if found is None:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    form = DecisionForm(asked, found.state)
    if form.is_valid():
        said = form.cleaned_data
        try:
            judge_change(
                finding=change,
                state=ChangeState(said["state"]),
                reason=said["reason"],
                stood=said["stood"],
                viewpoint=viewpoint,
            )
            return redirect("number-change", change)
        except UserError as error:
            form.add_error(None, str(error))
            found = change_of(viewpoint, change) or found
    data = data_of(found, viewpoint)
    finding = viewpoint.visible(Record.objects.filter(id=found.record)).get()
    showed(viewpoint, [finding, *([data] if data else [])])
    restricted = standing(viewpoint, [finding.id, *([data.id] if data else [])])
    context = {
        "change": ChangePage(found, finding, data, register(viewpoint), judgements_on(found.pair, viewpoint)),
        "form": form,
        "may_judge": may_judge(found, viewpoint) and data is not None and not restricted,
        "restricted": [each for each in (finding, data) if each is not None and each.id in restricted],
    }
    return show(request, viewpoint, "lines/number_change.html", context, failed=form.errors)
