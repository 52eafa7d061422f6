"""The pages of the National Referral Mechanism: the list, one draft with its acts, writing it, the text to enter, guardians."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.audit import Event
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.safeguarding.nrm.drafting import PURPOSE, gathered_for, open_draft, save_draft
from crossline.safeguarding.nrm.form import is_first_responder, nrm_form
from crossline.safeguarding.nrm.forms import CoverageForm, DraftForm, NrmStepForm
from crossline.safeguarding.nrm.gathering import Gathered, gathered_about
from crossline.safeguarding.nrm.guardians import may_say_coverage, say_coverage
from crossline.safeguarding.nrm.models import NrmState
from crossline.safeguarding.nrm.presenter import WAITING, DraftPage, NrmPage, guardian_rows, is_waiting, nrm_row
from crossline.safeguarding.nrm.routes import Age, Consent
from crossline.safeguarding.nrm.security import WHO_REFERS
from crossline.safeguarding.nrm.standing import NrmStanding, nrm_case, nrm_cases
from crossline.safeguarding.nrm.steps import move_nrm

ON_A_PAGE: Final = 50


@page(purpose=PURPOSE)
def nrm_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every draft, referral and notice that the viewer sees; late decisions first, then the newest."""
    waiting = request.GET.get("waiting", "")
    waiting = waiting if waiting in WAITING else ""
    rows = [nrm_row(found) for found in nrm_cases(viewpoint) if is_waiting(found, waiting)]
    rows.sort(key=lambda row: not row["is_late"])
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "waiting": waiting,
        "choices": list(WAITING.items()),
        "form": nrm_form(),
    }
    return show(request, viewpoint, "nrm/list.html", context)


@page(purpose=PURPOSE, roles=WHO_REFERS)
def nrm_new(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Begin a draft about somebody. A hidden person is answered like an absent one."""
    gathered = gathered_about(viewpoint, about)
    if gathered is None:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    initial = gathered.initial | {"consent": Consent.NOT_ASKED.value, "reason": "First draft."}
    form = DraftForm(gathered, asked, initial)
    if asked is not None and form.is_valid():
        try:
            return redirect("nrm-case", open_draft(about=about, said=form.said, viewpoint=viewpoint).id)
        except UserError as error:
            form.add_error(None, str(error))
    return _draft_page(request, viewpoint, gathered, form, None)


@page(purpose=PURPOSE, roles=WHO_REFERS)
def nrm_edit(request: HttpRequest, viewpoint: Viewpoint, case: UUID) -> HttpResponse:
    """Change the text of a draft that nobody has read yet."""
    found = _found(viewpoint, case)
    gathered = gathered_for(found)
    if gathered is None or found.state is not NrmState.DRAFTED or not found.may_write:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    version = found.version
    kept_age = version.age if version.age_evidence or version.age != gathered.age else ""
    initial = {**version.answers, "stood": version.number, "age_evidence": version.age_evidence}
    initial |= {"anonymous": version.anonymous, "consent": version.consent, "age": _as_offered(kept_age)}
    form = DraftForm(gathered, asked, initial)
    if asked is not None and form.is_valid():
        try:
            save_draft(case=case, stood=form.cleaned_data["stood"] or 0, said=form.said, viewpoint=viewpoint)
            return redirect("nrm-case", case)
        except UserError as error:
            form.add_error(None, str(error))
    return _draft_page(request, viewpoint, gathered, form, found)


@page(purpose=PURPOSE)
def nrm_page(request: HttpRequest, viewpoint: Viewpoint, case: UUID) -> HttpResponse:
    """One draft: how much of the form is answered, its observations, how it stands, and what can be done next."""
    found = _found(viewpoint, case)
    shown = NrmPage(found)
    which = request.POST.get("which", "") if request.method == "POST" else ""
    forms, problem = [], ""
    for state, words in shown.next_steps if found.may_act else []:
        form = NrmStepForm(found, state, request.POST if which == state else None)
        if form.is_valid():
            given = form.cleaned_data
            said = {"stood": given["stood"], "day": given["day"], "said": form.detail, "reason": given["reason"]}
            try:
                move_nrm(case=case, state=state, viewpoint=viewpoint, **said)
                return redirect("nrm-case", case)
            except UserError as error:
                problem = str(error)
        forms.append((state.value, words, form))
    showed(viewpoint, [each.record for each in found.observations], listed=True)
    context = {
        "found": found,
        "nrm": shown,
        "forms": forms,
        "problem": problem,
        "form": nrm_form(),
        "sends": is_first_responder(found.case.owner_id),
    }
    failed = bool(problem) or any(form.errors for _, _, form in forms)
    return show(request, viewpoint, "nrm/case.html", context, failed=failed)


@page(purpose=PURPOSE, roles=WHO_REFERS, event=Event.NRM_TEXT_GIVEN)
def nrm_text(request: HttpRequest, viewpoint: Viewpoint, case: UUID) -> HttpResponse:
    """The text to enter in the Home Office's form, to print; logged as a disclosure. Only once a second person has read it."""
    found = _found(viewpoint, case)
    if not found.may_act or found.state in (NrmState.DRAFTED, NrmState.WITHDRAWN):
        raise Http404
    showed(viewpoint, [each.record for each in found.observations])
    context = {"found": found, "nrm": NrmPage(found), "form": nrm_form(), "now": timezone.now()}
    return show(request, viewpoint, "nrm/text.html", context)


@page(purpose=PURPOSE, roles=WHO_REFERS)
def guardians(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Which local authorities have the guardian service, as the centre was told."""
    form = CoverageForm(request.POST if request.method == "POST" else None) if may_say_coverage(viewpoint) else None
    if form is not None and form.is_valid():
        try:
            say_coverage(viewpoint=viewpoint, **form.cleaned_data)
            return redirect("nrm-guardians")
        except UserError as error:
            form.add_error(None, str(error))
    context: dict[str, object] = {"form": form, "rows": guardian_rows(viewpoint)}
    return show(request, viewpoint, "nrm/guardians.html", context, failed=bool(form and form.errors))


def _found(viewpoint: Viewpoint, case: UUID) -> NrmStanding:
    found = nrm_case(viewpoint, case)
    if found is None:
        raise Http404
    return found


def _as_offered(age: str) -> str:
    """The choice of the form that stands for an age."""
    return Age.CHILD.value if age == Age.MAY_BE_CHILD else age


def _draft_page(
    request: HttpRequest, viewpoint: Viewpoint, gathered: Gathered, form: DraftForm, found: NrmStanding | None
) -> HttpResponse:
    showed(viewpoint, gathered.records, listed=True)
    context = {
        "form": form,
        "draft": DraftPage(gathered, request.POST if form.is_bound else None, found),
        "gathered": gathered,
        "nrm": nrm_form(),
        "found": found,
        "signs": [(each.id, each.name) for each in nrm_form().indicators],
        "kinds": [(each.id, each.name) for each in nrm_form().corroboration],
    }
    return show(request, viewpoint, "nrm/draft.html", context, failed=form.errors)
