"""The pages of the register of premises: the list, entering an address, and one entry with its acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.naming import caption_of
from crossline.safeguarding.premises.forms import BUTTONS, PremisesEntryForm, PremisesStepForm, RegisterForm, TenantForm
from crossline.safeguarding.premises.guide import guide
from crossline.safeguarding.premises.keeping import (
    PURPOSE,
    address_for,
    move_premises,
    note_on_premises,
    register_premises,
    say_tenant,
)
from crossline.safeguarding.premises.models import PremisesEntryKind, PremisesState
from crossline.safeguarding.premises.presenter import SHOWN, PremisesPage, is_shown, premises_row, visits_tallied
from crossline.safeguarding.premises.security import WHO_KEEPS
from crossline.safeguarding.premises.standing import PremisesStanding, premises_at, premises_found, premises_register
from crossline.safeguarding.premises.tenants import times_said

ON_A_PAGE: Final = 50


@page(purpose=PURPOSE)
def premises_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The register as the viewer sees it: what is late first, then the newest."""
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SHOWN else ""
    registered = premises_register(viewpoint)
    rows = [premises_row(found) for found in registered if is_shown(found, chosen)]
    rows.sort(key=lambda row: not row["is_late"])
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "choices": list(SHOWN.items()),
        "visits": visits_tallied(registered),
        "guide": guide(),
    }
    return show(request, viewpoint, "premises/list.html", context)


@page(purpose=PURPOSE, roles=WHO_KEEPS)
def premises_new(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Enter an address in the register. A hidden one is answered like an absent one."""
    mention = address_for(viewpoint, about)
    if mention is None:
        raise Http404
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = register_premises(about=about, reason=form.cleaned_data["reason"], viewpoint=viewpoint)
            return redirect("premises-page", made.id)
        except UserError as error:
            form.add_error(None, str(error))
    showed(viewpoint, [mention.record], listed=True)
    held = [premises_row(found) for found in premises_at(viewpoint, mention)]
    context = {"form": form, "address": caption_of(mention), "held": held}
    return show(request, viewpoint, "premises/new.html", context, failed=form.errors)


@page(purpose=PURPOSE)
def premises_page(request: HttpRequest, viewpoint: Viewpoint, premises: UUID) -> HttpResponse:
    """One entry: its tenants, victims first; what housing is told; reviews, visits, and what can be done next."""
    found = premises_found(viewpoint, premises)
    if found is None:
        raise Http404
    acts = list(_acts(request, found)) if found.may_keep else []
    problem = ""
    for act in acts:
        if act.form.is_valid():
            try:
                _carry_out(act, premises, viewpoint)
                return redirect("premises-page", premises)
            except UserError as error:
                problem = str(error)
    showed(viewpoint, [row.record for row in found.tenants.values()], listed=True)
    context = {"found": found, "premises": PremisesPage(found), "acts": acts, "problem": problem, "guide": guide()}
    return show(
        request, viewpoint, "premises/premises.html", context, failed=problem or any(act.form.errors for act in acts)
    )


@dataclass(frozen=True)
class _Act:
    """Something that can be done on the page. `of`: step, entry or tenant; `which`: which state or kind of line."""

    of: str
    which: str
    words: str
    form: Any


def _acts(request: HttpRequest, found: PremisesStanding) -> Iterator[_Act]:
    """What can be done next, what protects the tenant first."""
    asked = request.POST if request.method == "POST" else None
    done = (asked.get("of"), asked.get("which")) if asked is not None else None

    def given(of: str, which: str) -> Any:
        return asked if done == (of, which) else None

    if found.residents:
        stood = times_said(found.viewpoint, found.premises.id)
        form = TenantForm(found, stood, given("tenant", "tenant"))
        yield _Act("tenant", "tenant", "Say whether a tenant is a victim", form)
    for kind in PremisesEntryKind:
        if kind is PremisesEntryKind.REVIEW and all(each.answer for each in found.reviews):
            continue
        yield _Act("entry", kind.value, BUTTONS[kind], PremisesEntryForm(found, kind, given("entry", kind.value)))
    for state in found.moves:
        yield _Act("step", state.value, BUTTONS[state], PremisesStepForm(found, state, given("step", state.value)))


def _carry_out(act: _Act, premises: UUID, viewpoint: Viewpoint) -> None:
    form, given = act.form, act.form.cleaned_data
    if act.of == "tenant":
        say_tenant(premises=premises, stood=given["stood"], said=form.said, viewpoint=viewpoint)
    elif act.of == "entry":
        note_on_premises(premises=premises, kind=PremisesEntryKind(act.which), viewpoint=viewpoint, **form.given)
    else:
        said: dict[str, Any] = {name: given[name] for name in ("stood", "day", "reason")}
        move_premises(premises=premises, state=PremisesState(act.which), viewpoint=viewpoint, **said)
