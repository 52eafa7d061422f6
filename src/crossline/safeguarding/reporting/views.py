"""The pages of partners' reports: sending one, the list, and one report with what both sides said of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.partners import own_organisation
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.safeguarding.guidance.packs import Pack, pack_for, packs
from crossline.safeguarding.reporting.forms import ReportForm, WordsForm
from crossline.safeguarding.reporting.models import BY_THE_PARTNER, MOVES, ReportState
from crossline.safeguarding.reporting.presenter import report_row, steps_of, summary_of
from crossline.safeguarding.reporting.security import WHO_ANSWERS
from crossline.safeguarding.reporting.sending import PURPOSE, move_report, send_report
from crossline.safeguarding.reporting.standing import CLOCKS_AUTHORITY, Standing, may_answer, report_of, reports

PARTNERS: Final = frozenset({Role.PARTNER})
BOTH_SIDES: Final = PARTNERS | WHO_ANSWERS
ASKED: Final = {
    ReportState.ANSWERED: "Answer",
    ReportState.RAISED_AGAIN: "Raise it again",
}


@page(purpose=PURPOSE, roles=BOTH_SIDES)
def report_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Of a partner's person, what their organisation sent; of police, what partners sent that they may see."""
    own = request.GET.get("shown") != "all"
    found = reports(viewpoint)
    is_partner = Role.PARTNER in viewpoint.viewer.roles
    shown = [each for each in found if is_partner or not own or may_answer(viewpoint, each.report)]
    context = {
        "rows": [report_row(each, timezone.now()) for each in shown],
        "is_partner": is_partner,
        "own": own,
        "others": len(found) - len(shown),
        "clocks": CLOCKS_AUTHORITY,
    }
    return show(request, viewpoint, "reporting/reports.html", context)


@page(purpose=PURPOSE, roles=PARTNERS)
def report_new(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Report a concern, with the signs of one's own profession to tick."""
    pack = _pack(request, viewpoint)
    form = ReportForm(pack, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = send_report(
                force=form.cleaned_data["force"],
                pack=pack.id,
                said=form.answers,
                today=timezone.localdate(),
                viewpoint=viewpoint,
            )
            return redirect("report", made.id)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"form": form, "pack": pack, "packs": list(packs().values())}
    return show(request, viewpoint, "reporting/report_new.html", context, failed=form.errors)


@page(purpose=PURPOSE, roles=BOTH_SIDES)
def report(request: HttpRequest, viewpoint: Viewpoint, report: UUID) -> HttpResponse:
    """One report. Whoever may answer it and opens it first is asked to say that it was read."""
    found = report_of(viewpoint, report)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _said(request, viewpoint, found)
    return _report_page(request, viewpoint, found, WordsForm(initial={"stood": len(found.steps)}))


def _said(request: HttpRequest, viewpoint: Viewpoint, found: Standing) -> HttpResponse:
    form = WordsForm(request.POST)
    state = next((each for each in ReportState if each == request.POST.get("state")), None)
    if state is ReportState.READ:
        form.fields["words"].required = False
    if state is None:
        form.add_error(None, "Choose what becomes of the report.")
    if state is not None and form.is_valid():
        said = {"stood": form.cleaned_data["stood"], "words": form.cleaned_data["words"]}
        try:
            move_report(report=found.report.id, state=state, viewpoint=viewpoint, **said)
            return redirect("report", found.report.id)
        except UserError as error:
            form.add_error(None, str(error))
    return _report_page(request, viewpoint, found, form)


def _report_page(request: HttpRequest, viewpoint: Viewpoint, found: Standing, form: WordsForm) -> HttpResponse:
    is_partner = viewpoint.viewer.agency == found.report.partner_id
    if not is_partner and found.report.record is not None:  # in this order: of a partner the record is not asked for
        showed(viewpoint, [found.report.record], listed=True)
    acts = is_partner or may_answer(viewpoint, found.report)
    moves = [state for state in ReportState if acts and state in MOVES[found.state]]
    context = {
        "found": found,
        "summary": summary_of(found, is_partner=is_partner),
        "steps": steps_of(found),
        "form": form,
        "is_partner": is_partner,
        "moves": [
            (state, ASKED[state]) for state in moves if state in ASKED and (state in BY_THE_PARTNER) == is_partner
        ],
        "can_read": ReportState.READ in moves and not is_partner,
        "late": found.is_late(timezone.now()),
    }
    return show(request, viewpoint, "reporting/report.html", context, failed=form.errors)


def _pack(request: HttpRequest, viewpoint: Viewpoint) -> Pack:
    """The pack that was chosen, else that of the organisation's kind, else the first."""
    chosen = packs().get(request.POST.get("pack") or request.GET.get("pack") or "")
    return chosen or pack_for(own_organisation(viewpoint.viewer).kind) or next(iter(packs().values()))
