"""The queue of records to review, and one record's review: questions, decision, confirmation and holds."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.decoys.finding import decoy_to_review
from crossline.records.models import Record
from crossline.records.retention.clocks import newest, with_clock
from crossline.records.retention.forms import ReasonForm, ReviewForm
from crossline.records.retention.models import LegalHold, RecordReview
from crossline.records.retention.presenter import Going, due_row, hold_row, past_row, rule_in_words, waiting_row
from crossline.records.retention.preview import preview
from crossline.records.retention.reviews import MANAGERS, PURPOSE, confirm, lift_hold, own_record
from crossline.records.retention.reviews import review as make_review
from crossline.records.retention.standing import latest_reviews, to_confirm, undecided
from crossline.records.rows import record_row

ON_A_PAGE = 50


def _today() -> date:
    return timezone.now().date()


@page(purpose=PURPOSE, roles=MANAGERS)
def reviews(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The viewer's agency's records that are due, the longest due first; what waits for a second person; what is held."""
    agency = viewpoint.viewer.agency
    today = _today()
    own = newest(viewpoint.visible(Record.objects.filter(owner=agency)))
    due = undecided(with_clock(own).filter(due__lte=today)).order_by("due", "id")
    shown = Paginator(due, ON_A_PAGE).get_page(request.GET.get("page"))
    waiting = viewpoint.visible(to_confirm().filter(owner=agency)).select_related("record").order_by("decided_at")
    held = viewpoint.visible(LegalHold.objects.filter(owner=agency, lifted=None)).select_related("record")
    context = {
        "due": [due_row(record, today) for record in shown],
        "page": shown,
        "waiting": [waiting_row(each) for each in waiting],
        "holds": [hold_row(each) for each in held.order_by("placed_at")],
    }
    return show(request, viewpoint, "records/reviews.html", context)


@page(purpose=PURPOSE, roles=MANAGERS)
def review(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """One record of the viewer's agency: answer the questions and decide, confirm what somebody decided, or lift a hold."""
    found = own_record(viewpoint, record) or decoy_to_review(viewpoint, record)
    if found is None:
        raise Http404
    review_form, reason_form = ReviewForm(), ReasonForm()
    refused = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        form = review_form = ReviewForm(request.POST) if act == "review" else review_form
        if act != "review":
            form = reason_form = ReasonForm(request.POST)  # type: ignore[assignment]  # either is a form
        if form.is_valid():
            try:
                _do(act, request, record, form, viewpoint)
                return redirect("reviews" if act != "lift" else request.path)
            except UserError as error:
                refused = str(error)
    context = _context(found, viewpoint) | {"form": review_form, "reason_form": reason_form, "refused": refused}
    return show(request, viewpoint, "records/review.html", context, failed=request.method == "POST")


def _do(act: str, request: HttpRequest, record: UUID, form: Any, viewpoint: Viewpoint) -> None:
    """What the button that was pressed stands for."""
    if act == "review":
        make_review(record=record, viewpoint=viewpoint, today=_today(), **form.said())
        return
    try:
        which = UUID(request.POST.get("which", ""))
    except ValueError:
        raise UserError("The page is out of date; open it again.") from None
    reason = form.cleaned_data["reason"]
    if act == "lift":
        lift_hold(hold=which, reason=reason, viewpoint=viewpoint)
    else:
        confirm(review=which, agreed=act == "confirm", reason=reason, viewpoint=viewpoint)


def _context(found: Any, viewpoint: Viewpoint) -> dict[str, Any]:
    reviewed = viewpoint.visible(RecordReview.objects.filter(record=found)).select_related("confirmation")
    waiting = viewpoint.visible(to_confirm().filter(record=found)).first()
    decided = viewpoint.visible(latest_reviews().filter(record=found, choice="dispose", confirmation__agreed=True))
    held = viewpoint.visible(LegalHold.objects.filter(record=found, lifted=None)).select_related("record")
    return {
        "record": record_row(found),
        "due": found.due,
        "rule": rule_in_words(found.due_rule),
        "past": [past_row(each) for each in reviewed.order_by("-decided_at")],
        "waiting": waiting,
        "own_decision": waiting is not None and waiting.decided_by == viewpoint.viewer.username,
        "decided": decided.exists(),
        "holds": [hold_row(each) for each in held.order_by("placed_at")],
        "going": Going(found.going if hasattr(found, "going") else preview(found, exports=False, viewpoint=viewpoint)),
    }
