"""The pages of missing episodes: the desk with its clocks, one episode, and the trigger plan of its person."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.safeguarding.missing.forms import DISCLOSURE, DisclosureForm, EntryForm, PlanForm, moment_of
from crossline.safeguarding.missing.models import EntryKind
from crossline.safeguarding.missing.noting import disclose, note_on_episode
from crossline.safeguarding.missing.planning import save_plan
from crossline.safeguarding.missing.presenter import (
    CLOCKS,
    OURS,
    YES,
    Chosen,
    EpisodePage,
    authority_rows,
    episode_row,
    plan_rows,
)
from crossline.safeguarding.missing.rules import rules
from crossline.safeguarding.missing.standing import PURPOSE, Standing, episode_of, plans_of, register

ON_A_PAGE: Final = 30


@page(purpose=PURPOSE)
def desk(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every episode that the viewer sees, with filters; what is late comes first."""
    chosen = Chosen.read(request.GET.dict())
    held = register(viewpoint)
    listed = Paginator([each for each in held if chosen.holds(each)], ON_A_PAGE).get_page(request.GET.get("page"))
    showed(viewpoint, [told.record for each in listed for told in each.episode.told], listed=True)
    context = {
        "page": listed,
        "rows": [episode_row(each) for each in listed],
        "chosen": chosen,
        "clocks": list(CLOCKS.items()),
        "ours": list(OURS.items()),
        "yes": [(YES, "Yes")],
        "breached": sum(1 for each in held if Chosen(clock="breached").holds(each)),
        "escalated": sum(1 for each in held if Chosen(clock="escalated").holds(each)),
        "authorities": authority_rows(),
    }
    return show(request, viewpoint, "missing/desk.html", context)


@page(purpose=PURPOSE)
def episode(request: HttpRequest, viewpoint: Viewpoint, episode: UUID) -> HttpResponse:
    """One episode: what records tell, its clocks, what people wrote, and what may be written down."""
    found = _found(viewpoint, episode)
    act = request.POST.get("do", "") if request.method == "POST" else ""
    forms: list[tuple[str, str, EntryForm | DisclosureForm]] = []
    problem = ""
    for kind in found.kinds:
        own = [each for each in found.standing_entries if each.by_agency == viewpoint.viewer.agency]
        if kind is EntryKind.TAKEN_BACK and not own:
            continue
        form = EntryForm(kind, own, request.POST if act == kind else None)
        if form.is_valid():
            of = UUID(form.cleaned_data["of"]) if kind is EntryKind.TAKEN_BACK else None
            said = {"happened_at": moment_of(form), "said": form.said, "text": form.cleaned_data["text"], "of": of}
            try:
                note_on_episode(episode=episode, kind=kind, viewpoint=viewpoint, **said)
                return redirect("missing-episode", episode)
            except UserError as error:
                problem = str(error)
        forms.append((str(kind), kind.label, form))
    if EntryKind.DONE in found.kinds:
        told = DisclosureForm(request.POST if act == DISCLOSURE else None)
        if told.is_valid():
            try:
                disclose(episode=episode, viewpoint=viewpoint, **told.said)
                return redirect("missing-episode", episode)
            except UserError as error:
                problem = str(error)
        forms.append((DISCLOSURE, "What was disclosed (for safeguarding leads alone)", told))
    showed(viewpoint, [each.record for each in found.episode.told])
    may_plan = Role.SAFEGUARDING in viewpoint.viewer.roles
    context = {
        "drawn": EpisodePage(viewpoint, found),
        "found": found,
        "forms": forms,
        "problem": problem,
        "may_plan": may_plan,
    }
    return show(
        request, viewpoint, "missing/episode.html", context, failed=problem or any(form.errors for _, _, form in forms)
    )


@page(purpose=PURPOSE, roles=frozenset({Role.SAFEGUARDING}))
def plan(request: HttpRequest, viewpoint: Viewpoint, episode: UUID) -> HttpResponse:
    """The trigger plan of the person of an episode: the version that stands, those before, and saving another."""
    found = _found(viewpoint, episode)
    held = plans_of(viewpoint, found.episode)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        text=held[0].text if held else "",
        stood=len(held),
        review_on=timezone.localdate() + rules().plan_review,
    )
    may = found.anchor() is not None
    if may and form.is_valid():
        try:
            save_plan(episode=episode, viewpoint=viewpoint, **form.wanted)
            return redirect("missing-plan", episode)
        except UserError as error:
            form.add_error(None, str(error))
    showed(viewpoint, [each.record for each in found.episode.told], listed=True)
    overdue = bool(held) and held[0].review_on < timezone.localdate()
    context = {"found": found, "plans": plan_rows(held), "form": form, "may": may, "overdue": overdue}
    return show(request, viewpoint, "missing/plan.html", context, failed=form.errors)


def _found(viewpoint: Viewpoint, episode: UUID) -> Standing:
    found = episode_of(viewpoint, episode)
    if found is None:
        raise Http404
    return found
