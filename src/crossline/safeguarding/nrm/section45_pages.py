"""The pages of the section 45 log: for whom it has to be considered, and one custody record's entries."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.naming import tidy_name
from crossline.safeguarding.nrm.drafting import PURPOSE
from crossline.safeguarding.nrm.form import section_45
from crossline.safeguarding.nrm.forms import Section45Form
from crossline.safeguarding.nrm.presenter import section45_entries, section45_facts, section45_row
from crossline.safeguarding.nrm.section45 import consider, held, held_in, may_consider, nrm_state_of

ON_A_PAGE: Final = 50
SHOWN: Final = {"due": "Still to be considered", "late": "Late"}


@page(purpose=PURPOSE)
def section45_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Everybody for whom section 45 has to be considered: late ones first, then the newest."""
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SHOWN else ""
    found = [each for each in held(viewpoint) if _holds(chosen, due=each.is_due, late=each.is_late)]
    page_ = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    showed(viewpoint, [each.mention.record for each in page_], listed=True)
    context = {
        "page": page_,
        "rows": [section45_row(each) for each in page_],
        "chosen": chosen,
        "choices": list(SHOWN.items()),
        "law": section_45(),
    }
    return show(request, viewpoint, "nrm/section_45.html", context)


@page(purpose=PURPOSE)
def section45_entry(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """One custody record: who considered the defence for the person held; and writing it down."""
    found = held_in(viewpoint, record)
    if found is None:
        raise Http404
    form = None
    if may_consider(viewpoint, found.mention.record.owner_id):
        form = Section45Form(found, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                consider(record=record, stood=form.cleaned_data["stood"], said=form.said, viewpoint=viewpoint)
                return redirect("section-45-entry", record)
            except UserError as error:
                form.add_error(None, str(error))
    showed(viewpoint, [found.mention.record])
    context = {
        "held": found,
        "name": tidy_name(found.mention.caption),
        "facts": section45_facts(found),
        "entries": section45_entries(found),
        "nrm_state": nrm_state_of(viewpoint, found.mention.id),
        "form": form,
        "law": section_45(),
    }
    return show(request, viewpoint, "nrm/section_45_entry.html", context, failed=form is not None and form.errors)


def _holds(chosen: str, *, due: bool, late: bool) -> bool:
    return {"due": due, "late": late}.get(chosen, True)
