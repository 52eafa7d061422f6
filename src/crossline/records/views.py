"""A record's page: what it says, who sent it, how it is graded, and who can see it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.records.models import Assertion, Mention, Record
from crossline.records.presenter import RecordPage


@page(purpose="reading a record")
def record(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """One record."""
    found = viewpoint.visible(Record.objects.filter(id=record)).select_related("audience", "owner").first()
    if found is None:
        raise Http404
    mentions = list(viewpoint.visible(Mention.objects.filter(record=found)).order_by("kind", "key"))
    said = viewpoint.visible(Assertion.objects.filter(record=found)).select_related("from_mention", "to_mention")
    context = {"record": RecordPage(found, mentions, list(said.order_by("type", "id")))}
    return show(request, viewpoint, "records/record.html", context)
