"""The list of records, and a record's page: what it says, who sent it, how it is graded, and who can see it."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.records.models import Assertion, Mention, Record, Tombstone
from crossline.records.presenter import RecordPage
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
        return _disposed_of(request, viewpoint, record)
    mentions = list(viewpoint.visible(Mention.objects.filter(record=found)).order_by("kind", "key"))
    said = viewpoint.visible(Assertion.objects.filter(record=found)).select_related("from_mention", "to_mention")
    clock = with_clock(viewpoint.visible(Record.objects.filter(id=record))).get()
    context = {"record": RecordPage(found, mentions, list(said.order_by("type", "id")), clock.due, clock.due_rule)}
    return show(request, viewpoint, "records/record.html", context)


def _disposed_of(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """What is left of a record of the viewer's own agency; for anybody else it is not there, as if it had never been."""
    stone = viewpoint.visible(Tombstone.objects.filter(id=record)).first()
    if stone is None:
        raise Http404
    return show(request, viewpoint, "records/disposed.html", {"stone": tombstone_summary(stone)})
