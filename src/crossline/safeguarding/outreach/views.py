"""The pages of outreach: the list, planning one for a line that is closed, and one with its counts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.applicants import WHO_OFFERS_HELP
from crossline.lines.register import register
from crossline.safeguarding.outreach.forms import PlanForm, StepForm
from crossline.safeguarding.outreach.messages import messages
from crossline.safeguarding.outreach.models import OutreachState
from crossline.safeguarding.outreach.planning import PURPOSE, closed_line, move_outreach, plan_outreach
from crossline.safeguarding.outreach.standing import Standing, may_plan, outreach_of, outreaches
from crossline.vocabulary.agencies import agencies

BOTH_SIDES: Final = WHO_OFFERS_HELP | {Role.PARTNER}
ACTS: Final = {
    OutreachState.AGREED: "Agree",
    OutreachState.DECLINED: "Decline",
    OutreachState.SENT: "Messages were sent",
    OutreachState.COUNTED: "Count",
    OutreachState.ENDED: "End",
    OutreachState.CALLED_OFF: "Call off",
}


@page(purpose=PURPOSE, roles=BOTH_SIDES)
def outreach_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every outreach that the viewer sees."""
    context = {
        "rows": [_row(each) for each in outreaches(viewpoint)],
        "is_partner": Role.PARTNER in viewpoint.viewer.roles,
        "authority": messages().authority,
    }
    return show(request, viewpoint, "outreach/outreaches.html", context)


@page(purpose=PURPOSE, roles=WHO_OFFERS_HELP)
def outreach_new(request: HttpRequest, viewpoint: Viewpoint, line: UUID) -> HttpResponse:
    """Plan outreach for a line that is closed. One that is not is answered like an absent one."""
    found = closed_line(viewpoint, line)
    if found is None:
        raise Http404
    form = PlanForm(request.POST if request.method == "POST" else None, places=", ".join(found.towns))
    if form.is_valid():
        try:
            made = plan_outreach(line=line, viewpoint=viewpoint, **form.cleaned_data)
            return redirect("outreach", made.id)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"form": form, "line": found, "opt_out": messages().opt_out, "authority": messages().authority}
    return show(request, viewpoint, "outreach/outreach_new.html", context, failed=form.errors)


@page(purpose=PURPOSE, roles=BOTH_SIDES)
def outreach(request: HttpRequest, viewpoint: Viewpoint, outreach: UUID) -> HttpResponse:
    """One outreach: what goes out, what was counted, and the viewer's next acts."""
    found = outreach_of(viewpoint, outreach)
    if found is None:
        raise Http404
    forms = {state: StepForm(state, stood=len(found.steps)) for state in found.moves_for(viewpoint)}
    failed = False
    if request.method == "POST":
        state = next((each for each in OutreachState if each == request.POST.get("state")), None)
        form = StepForm(state or OutreachState.ENDED, request.POST)
        if state is not None and form.is_valid():
            said = {"stood": form.cleaned_data["stood"], "words": form.cleaned_data["words"], "counts": form.counts}
            try:
                move_outreach(outreach=outreach, state=state, viewpoint=viewpoint, **said)
                return redirect("outreach", outreach)
            except UserError as error:
                form.add_error(None, str(error))
        failed, forms = True, forms | {form.state: form}
    return show(request, viewpoint, "outreach/outreach.html", _context(found, forms, viewpoint), failed=failed)


def _context(found: Standing, forms: dict[OutreachState, StepForm], viewpoint: Viewpoint) -> dict[str, object]:
    own = found.outreach
    is_partner = viewpoint.viewer.agency == own.partner_id
    line = None if is_partner else register(viewpoint).find(own.line_id)
    facts = [
        ("Planned by", own.owner.name),
        ("Through", own.partner.name),
        ("Where", own.places),
        ("Message, word for word", own.text),
        ("Why", None if is_partner else own.reason),
    ]
    counts = [(each.title, found.counts.get(each.id)) for each in messages().counts.values()]
    return {
        "found": found,
        "facts": [fact for fact in facts if not (is_partner and fact[0] == "Why")],
        "counts": [(title, None if number is None else f"{number:,}") for title, number in counts],
        "line": line,
        "steps": [
            {"state": OutreachState(step.state).label, "words": step.words, "agency": step.by_agency, "at": step.at}
            for step in reversed(found.steps)
        ],
        "acts": [(state, ACTS[state], form) for state, form in forms.items()],
        "problem": next((form for form in forms.values() if form.is_bound and form.errors), None),
        "is_partner": is_partner,
        "may_plan": may_plan(viewpoint),
    }


def _row(found: Standing) -> dict[str, object]:
    own, known = found.outreach, agencies()
    return {
        "link": [(own.ref, reverse("outreach", args=[own.id]))],
        "places": own.places,
        "owner": known[own.owner_id].short_name if own.owner_id in known else own.owner.short_name,
        "partner": own.partner.short_name,
        "planned": own.planned_at,
        "state": found.state.label,
        "sent": found.counts.get("sent"),
        "in_touch": found.counts.get("in_touch"),
    }
