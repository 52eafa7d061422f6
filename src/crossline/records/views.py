"""The list of records, and a record's page: what it says, who sent it, how it is graded, and who can see it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.compartments.actions import standing_entry
from crossline.records.decoys.finding import Shown, shown_as_own, shown_as_record
from crossline.records.explaining import showed
from crossline.records.models import Assertion, Mention, Record, Tombstone
from crossline.records.presenter import RecordPage
from crossline.records.release_pages import release_row
from crossline.records.releasing import may_ask, releases_of
from crossline.records.restriction import LONGEST_REASON, lift, may_restrict, restrict, standing
from crossline.records.retention.clocks import with_clock
from crossline.records.retention.presenter import tombstone_summary
from crossline.records.rows import record_rows
from crossline.records.selection import KINDS, RecordSelection
from crossline.vocabulary.agencies import agencies

ON_A_PAGE = 50


@page(purpose="reading records")
def records(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every record the viewer sees, the newest first, with filters."""
    chosen = RecordSelection.read(request.GET.dict())
    held = chosen.within(viewpoint.visible(Record.objects.all())).order_by("-made_at", "id")
    shown = Paginator(held, ON_A_PAGE).get_page(request.GET.get("page"))
    showed(viewpoint, shown, listed=True)
    context = {
        "rows": record_rows(shown),
        "page": shown,
        "chosen": chosen,
        "kinds": KINDS,
        "agency_choices": [(agency.id, agency.short_name) for agency in agencies().values()],
    }
    return show(request, viewpoint, "records/records.html", context)


@page(purpose="reading a record")
def record(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """One record."""
    found = viewpoint.visible(Record.objects.filter(id=record)).select_related("audience", "owner").first()
    if found is None:
        decoy = shown_as_record(viewpoint, record)
        return _decoy(request, viewpoint, decoy) if decoy else _disposed_of(request, viewpoint, record)
    showed(viewpoint, [found])
    mentions = list(viewpoint.visible(Mention.objects.filter(record=found)).order_by("kind", "key"))
    said = viewpoint.visible(Assertion.objects.filter(record=found)).select_related("from_mention", "to_mention")
    clock = with_clock(viewpoint.visible(Record.objects.filter(id=record))).get()
    shown = RecordPage(found, mentions, list(said.order_by("type", "id")), clock.due, clock.due_rule)
    return _page_of(request, viewpoint, shown)


def _decoy(request: HttpRequest, viewpoint: Viewpoint, decoy: Shown) -> HttpResponse:
    """A decoy's page: a record's in everything."""
    found = decoy.record
    showed(viewpoint, [found])
    shown = RecordPage(found, [decoy.person, decoy.phone], [decoy.said], found.review_at, found.review_rule)
    return _page_of(request, viewpoint, shown)


def _page_of(request: HttpRequest, viewpoint: Viewpoint, shown: RecordPage) -> HttpResponse:
    found = shown.record
    context = {
        "record": shown,
        "restriction": standing(viewpoint, [found.id]).get(found.id),
        "may_restrict": may_restrict(found, viewpoint),
        "may_release": may_ask(found, viewpoint),
        "may_put_in": may_ask(found, viewpoint) and Role.INFORMATION_MANAGER in viewpoint.viewer.roles,
        "entry": standing_entry(found, viewpoint),
        "releases": [release_row(each) for each in releases_of(found, viewpoint)],
    }
    return show(request, viewpoint, "records/record.html", context)


class ReasonForm(forms.Form):
    """The reason for restricting a record, or for lifting that."""

    reason = forms.CharField(label="Reason", max_length=LONGEST_REASON, widget=forms.Textarea)


@page(purpose="restriction", roles=frozenset({Role.INFORMATION_MANAGER}))
def restriction(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """Restrict a record of one's own agency, or lift that. Another agency's is answered like an absent one."""
    found = viewpoint.visible(Record.objects.filter(id=record)).first()
    if found is None and (decoy := shown_as_own(viewpoint, record)):
        found = decoy.record
    if found is None or not may_restrict(found, viewpoint):
        raise Http404
    stands = standing(viewpoint, [found.id]).get(found.id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decide = lift if request.POST.get("act") == "lift" else restrict
            decide(record=found.id, reason=form.cleaned_data["reason"], viewpoint=viewpoint)
            return redirect("record", found.id)
        except UserError as error:
            form.add_error("reason", str(error))
    context = {"record": found, "restriction": stands, "form": form}
    return show(request, viewpoint, "records/restriction.html", context, failed=form.errors)


def _disposed_of(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """What is left of a record of the viewer's own agency; for anybody else it is not there, as if it had never been."""
    stone = viewpoint.visible(Tombstone.objects.filter(id=record)).first()
    if stone is None:
        raise Http404
    return show(request, viewpoint, "records/disposed.html", {"stone": tombstone_summary(stone)})
