"""The pages of safety plans: the list with what is late, opening one, its text, one plan, and outcomes at a point in time."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.naming import address_of, name_of
from crossline.safeguarding.meetings.calling import PURPOSE, may_call
from crossline.safeguarding.meetings.forms import OutcomeForm, PlanForm, ReturnForm
from crossline.safeguarding.meetings.offering import Offered, answered, done, overtaken
from crossline.safeguarding.meetings.outcomes_counted import outcomes_counted
from crossline.safeguarding.meetings.plan_parts import plan_parts, points
from crossline.safeguarding.meetings.plan_presenter import (
    counted_row,
    is_victim,
    outcome_shown,
    plan_order,
    plan_row,
    plans_of,
)
from crossline.safeguarding.meetings.plan_standing import PlanStanding, all_plans, plan_of
from crossline.safeguarding.meetings.planning import (
    Journey,
    answer_ending,
    ask_to_end,
    enter_return,
    open_plan,
    save_outcome,
    write_plan,
)
from crossline.safeguarding.meetings.security import WHO_CALLS
from crossline.safeguarding.meetings.states import RETURN_MOVES, PlanState, ReturnState
from crossline.safeguarding.meetings.telling import Line
from crossline.safeguarding.referrals.forms import WordsForm
from crossline.safeguarding.referrals.gathering import gathered_for

ON_A_PAGE: Final = 50


@page(purpose=PURPOSE)
def plan_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every plan that the viewer sees: those whose review is late first, then the next to be reviewed."""
    today = timezone.localdate()
    held = sorted(all_plans(viewpoint), key=lambda each: plan_order(each, today))
    rows = [plan_row(each, today) for each in held]
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "counted": [counted_row(each) for each in outcomes_counted(held)]}
    return show(request, viewpoint, "meetings/plans.html", context)


@page(purpose=PURPOSE, roles=WHO_CALLS)
def plan_new(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Open a plan for a person. A hidden one is answered like an absent one."""
    gathered = gathered_for(viewpoint, about, viewpoint.viewer.agency)
    if gathered is None or not gathered.is_person:
        raise Http404
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect("plan", open_plan(about=about, viewpoint=viewpoint, **_of_form(form)).id)
        except UserError as error:
            form.add_error(None, str(error))
    showed(viewpoint, gathered.records, listed=True)
    before = plans_of(viewpoint, [each.id for each in gathered.mentions])
    context = {"form": form, "name": gathered.name, "victim": gathered.victim, "found": None, "before": before}
    return answered(request, viewpoint, "meetings/plan_text.html", context, [form])


@page(purpose=PURPOSE, roles=WHO_CALLS)
def plan_text(request: HttpRequest, viewpoint: Viewpoint, plan: UUID) -> HttpResponse:
    """Review a plan: write its text anew, with the day of the next review."""
    found = _found(viewpoint, plan)
    if not may_call(viewpoint, found.plan.owner_id) or found.state is PlanState.ENDED:
        raise Http404
    initial = {f"part-{part}": words for part, words in found.text.parts.items()} | {"stood": found.text.number}
    form = PlanForm(request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        try:
            write_plan(plan=plan, stood=form.cleaned_data["stood"] or 0, viewpoint=viewpoint, **_of_form(form))
            return redirect("plan", plan)
        except UserError as error:
            form.add_error(None, str(error))
    name, victim = name_of(found.plan.about), is_victim(found)
    context = {"form": form, "name": name, "victim": victim, "found": found, "before": []}
    return answered(request, viewpoint, "meetings/plan_text.html", context, [form])


@page(purpose=PURPOSE)
def plan(request: HttpRequest, viewpoint: Viewpoint, plan: UUID) -> HttpResponse:
    """One plan: its parts, when it is reviewed, bringing the person home, what came of it, and what can be done next."""
    found, today = _found(viewpoint, plan), timezone.localdate()
    may = may_call(viewpoint, found.plan.owner_id)
    asked = request.POST if request.method == "POST" else None
    offered = _offered(found, asked) if may else []
    if done(asked, offered):
        return redirect("plan", plan)
    said = found.text.parts
    context = {
        "found": found,
        "about": (name_of(found.plan.about), address_of(found.plan.about)),
        "victim": is_victim(found),
        "may": may,
        "lines": [Line(part.title, said[part.id]) for part in plan_parts().values() if part.id in said],
        "late": found.is_late(today),
        "ended": found.state is PlanState.ENDED,
        "answers": found.answers,
        "returns": [(ReturnState(each.state).label, each) for each in found.returns],
        "outcomes": [outcome_shown(found, point, today) for point in points()],
        "offered": offered,
        "overtaken": overtaken(asked, offered),
    }
    showed(viewpoint, [found.plan.about.record], listed=True)
    return answered(request, viewpoint, "meetings/plan.html", context, [each.form for each in offered])


@page(purpose=PURPOSE, roles=WHO_CALLS)
def plan_outcome(request: HttpRequest, viewpoint: Viewpoint, plan: UUID, point: str) -> HttpResponse:
    """Enter what had come of it at a point in time that is there."""
    found = _found(viewpoint, plan)
    begins = found.begins(point) if point in points() else None
    if begins is None or begins > timezone.localdate() or not may_call(viewpoint, found.plan.owner_id):
        raise Http404
    last = found.outcome(point)
    initial = {**(last.answers if last else {}), "stood": sum(each.point == point for each in found.outcomes)}
    form = OutcomeForm(request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        said = {"answers": form.answers, "words": form.cleaned_data["words"], "stood": form.cleaned_data["stood"] or 0}
        try:
            save_outcome(plan=plan, point=point, viewpoint=viewpoint, **said)
            return redirect("plan", plan)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"found": found, "form": form, "point": points()[point]}
    return answered(request, viewpoint, "meetings/outcome.html", context, [form])


def _offered(found: PlanStanding, asked: QueryDict | None) -> list[Offered]:
    do = asked.get("do") if asked is not None else None

    def words(name: str, label: str) -> WordsForm:
        return WordsForm(label, asked if do == name else None, stood=found.text.number, named=name)

    if found.state is PlanState.ENDED:
        return []
    choices = [(to.value, to.label) for to in RETURN_MOVES[found.journey]]
    last = found.returns[-1] if found.returns and len(choices) > 1 else None
    names = ("fetches", "how", "starts_at", "handed_to", "contact")
    initial = {name: getattr(last, name) for name in names} if last else {}
    journey = ReturnForm(choices, asked if do == "return" else None, initial | {"stood": len(found.returns)})
    made = [Offered("return", "Enter bringing them home", journey, partial(_return, found))]
    if found.state is PlanState.RUNNING:
        return [*made, Offered("end", "Ask to end the plan", words("end", "Why it can end"), partial(_ask, found))]
    if found.ending is not None and found.ending.by != found.viewpoint.viewer.username:
        agree, keep = partial(_answer, found, True), partial(_answer, found, False)
        made.append(Offered("agree", "Agree that it ends", words("agree", "Anything to add (optional)"), agree))
        made.append(Offered("keep", "Keep it running", words("keep", "Why it goes on"), keep))
    return made


def _return(found: PlanStanding, said: dict[str, Any]) -> None:
    journey = Journey(said["fetches"], said["how"], said["starts_at"], said["handed_to"], said["contact"])
    told = {"to": ReturnState(said["to"]), "words": said["words"], "stood": said["stood"] or 0}
    enter_return(plan=found.plan.id, journey=journey, viewpoint=found.viewpoint, **told)


def _ask(found: PlanStanding, said: dict[str, Any]) -> None:
    ask_to_end(plan=found.plan.id, words=said["words"], viewpoint=found.viewpoint)


def _answer(found: PlanStanding, agreed: bool, said: dict[str, Any]) -> None:
    answer_ending(plan=found.plan.id, agreed=agreed, words=said["words"], viewpoint=found.viewpoint)


def _of_form(form: PlanForm) -> dict[str, Any]:
    return {"said": form.said, "review_on": form.cleaned_data["review_on"], "reason": form.cleaned_data["reason"]}


def _found(viewpoint: Viewpoint, plan: UUID) -> PlanStanding:
    found = plan_of(viewpoint, plan)
    if found is None:
        raise Http404
    return found
