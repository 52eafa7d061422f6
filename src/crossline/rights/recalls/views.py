"""The pages of recalls: what the viewer is asked to destroy, what their agency called back, and one of these."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.roles import POLICING_ROLES, Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.rights.recalls.answering import PURPOSE, Standing, answer_recall, recall_of, recalls
from crossline.rights.recalls.forms import AnswerForm
from crossline.rights.recalls.models import Answer, Holding
from crossline.vocabulary.agencies import agencies

WHO: Final = POLICING_ROLES | {Role.PARTNER}
SHOULD_GO: Final = {
    Holding.EXPORT: "Destroy the file and every copy and print of it. If you still need it, take it out anew, without what went.",
    Holding.SHEET: "Destroy every copy and print of what you were told under this reference. What you did stays yours.",
    Holding.MINUTES: "Destroy every copy and print of the minutes that you were given.",
    Holding.NOTICE: "Destroy whatever you wrote down of what you were told under this reference.",
}


@page(purpose=PURPOSE, roles=WHO)
def recall_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What the viewer is asked to destroy, and what was called back for records of their own agency."""
    found = recalls(viewpoint)
    context = {
        "mine": [_row(each) for each in found if each.is_of(viewpoint)],
        "others": [_row(each) for each in found if not each.is_of(viewpoint)],
        "waiting": sum(1 for each in found if each.is_of(viewpoint) and each.open),
        "is_partner": Role.PARTNER in viewpoint.viewer.roles,
    }
    return show(request, viewpoint, "recalls/recalls.html", context)


@page(purpose=PURPOSE, roles=WHO)
def recall(request: HttpRequest, viewpoint: Viewpoint, recall: UUID) -> HttpResponse:
    """One thing that was called back: what to do, what was answered, and for whoever has it the answer."""
    found = recall_of(viewpoint, recall)
    if found is None:
        raise Http404
    form = None
    if found.is_of(viewpoint):
        form = AnswerForm(request.POST if request.method == "POST" else None, stood=len(found.answers))
        if form.is_valid():
            said = form.cleaned_data
            try:
                answer = Answer(said["answer"])
                answer_recall(
                    recall=recall, answer=answer, words=said["words"], stood=said["stood"], viewpoint=viewpoint
                )
                return redirect("recall", recall)
            except UserError as error:
                form.add_error(None, str(error))
    elif request.method == "POST":
        raise Http404
    context = {
        "found": found,
        "row": _row(found),
        "facts": _facts(found),
        "what_to_do": SHOULD_GO[found.what],
        "form": form,
        "answers": _answers(found),
        "is_partner": Role.PARTNER in viewpoint.viewer.roles,
    }
    return show(request, viewpoint, "recalls/recall.html", context, failed=form is not None and form.errors)


def _row(found: Standing) -> dict[str, Any]:
    first = found.first
    return {
        "link": [(first.number, reverse("recall", args=[found.id]))],
        "what": found.what.label,
        "holder": _holder(found),
        "given": first.given_at,
        "recalled": found.since,
        "state": "Waits for an answer" if found.open else Answer(found.answers[-1].answer).label,
    }


def _facts(found: Standing) -> list[tuple[str, object]]:
    number = len(found.recalls)
    return [
        ("What it is", f"{found.what.label} {found.first.number}"),
        ("Who has it", _holder(found)),
        ("Records that went", f"{number:,} that it may hold"),
    ]


def _holder(found: Standing) -> str:
    known, first = agencies(), found.first
    name = known[first.holder_id].short_name if first.holder_id in known else first.holder.short_name
    return f"{first.person}, {name}" if first.person else name


def _answers(found: Standing) -> list[dict[str, object]]:
    """Newest first; an answer to several recalls of one thing at once is one line."""
    told: dict[tuple[object, ...], dict[str, object]] = {}
    for each in reversed(found.answers):
        key = (each.number, each.answer, each.words, each.by)
        told.setdefault(key, {"answer": Answer(each.answer).label, "words": each.words, "by": each.by, "at": each.at})
    return list(told.values())
