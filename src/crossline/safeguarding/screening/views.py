"""The pages of screenings: what is to be found out, screening a person, one screening, its print, and a person's over time."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.forms import LocalResultForm, NeededForm, ScreeningForm, SignOffForm
from crossline.safeguarding.screening.models import Stage
from crossline.safeguarding.screening.presenter import (
    ScreeningPage,
    desk_rows,
    known_before,
    local_rows,
    over_time,
)
from crossline.safeguarding.screening.saving import answer_needed, enter_local_result, screen_person, sign_off
from crossline.safeguarding.screening.standing import (
    PURPOSE,
    STAGES,
    Person,
    agencies_to_ask,
    all_screenings,
    local_results,
    may_screen,
    needed_of,
    person_of,
    screening_of,
)
from crossline.vocabulary.codes import Tristate

ON_A_PAGE: Final = 50
LEADS: Final = frozenset({Role.SAFEGUARDING})


@page(purpose=PURPOSE)
def desk(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What screenings left to be found out and nobody has answered yet, by when it is due."""
    ours = request.GET.get("of") == "us"
    rows = desk_rows(viewpoint, ours=ours)
    context = {"page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")), "ours": ours}
    return show(request, viewpoint, "screening/desk.html", context)


@page(purpose=PURPOSE, roles=LEADS)
def new(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Screen a person, for the first time or again."""
    person = _person(viewpoint, about)
    held = all_screenings(viewpoint, person.mentions)
    initial, before = known_before(held, needed_of(viewpoint, held))
    form = ScreeningForm(
        newest(),
        request.POST if request.method == "POST" else None,
        stages=STAGES[Stage(held[-1].row.stage) if held else None],
        agencies=agencies_to_ask(),
        initial={"stood": len(held), "age": person.age, **initial},
        before=before,
    )
    if form.is_valid():
        try:
            made = screen_person(about=about, said=form.said, stood=form.cleaned_data["stood"], viewpoint=viewpoint)
            return redirect("screening", made.id)
        except UserError as error:
            form.add_error(None, str(error))
    return show(
        request,
        viewpoint,
        "screening/new.html",
        {"person": person, "form": form, "held": over_time(held)},
        failed=form.errors,
    )


@page(purpose=PURPOSE)
def screening(request: HttpRequest, viewpoint: Viewpoint, screening: UUID) -> HttpResponse:
    """One screening: score and judgement apart, the answers, what is to be found out; a second person's word, and answers."""
    drawn = _page_of(viewpoint, screening)
    act = request.POST.get("do", "") if request.method == "POST" else ""
    row, viewer, problem = drawn.found.row, viewpoint.viewer, ""
    signing = None
    if may_screen(viewpoint) and drawn.waits and viewer.agency in (row.owner_id, CENTRE) and viewer.username != row.by:
        signing = SignOffForm(request.POST if act == "sign-off" else None)
        if signing.is_valid():
            try:
                sign_off(screening=screening, viewpoint=viewpoint, **signing.cleaned_data)
                return redirect("screening", screening)
            except UserError as error:
                problem = str(error)
    answering = []
    for each in drawn.open_ones if may_screen(viewpoint) else ():
        if viewer.agency not in (row.owner_id, each.row.asked_of_id, CENTRE):
            continue
        form = NeededForm(request.POST if act == str(each.row.id) else None, prefix=str(each.row.id))
        if form.is_valid():
            said = {"said": Tristate(form.cleaned_data["said"]), "text": form.cleaned_data["text"]}
            try:
                answer_needed(needed=each.row.id, viewpoint=viewpoint, **said)
                return redirect("screening", screening)
            except UserError as error:
                problem = str(error)
        answering.append((str(each.row.id), drawn.found.form.question(each.row.question), form))
    failed = bool(problem) or bool(signing and signing.errors) or any(form.errors for _, _, form in answering)
    more: dict[str, object] = {
        "drawn": drawn,
        "signing": signing,
        "answering": answering,
        "problem": problem,
        "may": may_screen(viewpoint),
    }
    return show(request, viewpoint, "screening/screening.html", more, failed=failed)


@page(purpose=PURPOSE)
def screening_print(request: HttpRequest, viewpoint: Viewpoint, screening: UUID) -> HttpResponse:
    """One screening with every answer and its evidence, to be printed."""
    return show(request, viewpoint, "screening/print.html", {"drawn": _page_of(viewpoint, screening)}, failed=False)


@page(purpose=PURPOSE)
def of_person(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """A person's screenings over time, and results of local tools beside them."""
    person = _person(viewpoint, about)
    form = LocalResultForm(request.POST if request.method == "POST" else None) if may_screen(viewpoint) else None
    if form is not None and form.is_valid():
        try:
            enter_local_result(about=about, viewpoint=viewpoint, **form.cleaned_data)
            return redirect("screenings-of", about)
        except UserError as error:
            form.add_error(None, str(error))
    context = {
        "person": person,
        "rows": over_time(all_screenings(viewpoint, person.mentions)),
        "local": local_rows(local_results(viewpoint, person.mentions)),
        "form": form,
    }
    return show(request, viewpoint, "screening/of_person.html", context, failed=bool(form and form.errors))


def _person(viewpoint: Viewpoint, about: UUID) -> Person:
    found = person_of(viewpoint, about)
    if found is None:
        raise Http404
    showed(viewpoint, [found.mention.record], listed=True)
    return found


def _page_of(viewpoint: Viewpoint, screening: UUID) -> ScreeningPage:
    found = screening_of(viewpoint, screening)
    if found is None:
        raise Http404
    showed(viewpoint, [found[0].mention.record], listed=True)
    return ScreeningPage(viewpoint, *found)
