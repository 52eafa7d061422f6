"""The page of one overlap: two investigations, whom to ring, and each thing that they share with its chain of evidence."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.chains import chain_of
from crossline.deconfliction.overlaps import Overlap, investigation_overlaps
from crossline.deconfliction.presenter import reason_row, side_rows
from crossline.records.explaining import showed
from crossline.records.models import Record


@page(purpose="deconfliction")
def overlap(request: HttpRequest, viewpoint: Viewpoint, left: UUID, right: UUID) -> HttpResponse:
    """One overlap, whichever of the two records is named first; one that the viewer does not see is answered like none."""
    pair = _pair_of(viewpoint, left, right)
    if pair is None:
        raise Http404
    records = viewpoint.visible(Record.objects.filter(id__in=[pair.left.record, pair.right.record])).in_bulk()
    showed(viewpoint, records.values())
    context = {
        "sides": side_rows(pair, records),
        "reasons": [reason_row(reason, chain_of(reason, viewpoint)) for reason in pair.reasons],
    }
    return show(request, viewpoint, "deconfliction/overlap.html", context)


def _pair_of(viewpoint: Viewpoint, left: UUID, right: UUID) -> Overlap | None:
    asked = {left, right}
    pairs = investigation_overlaps(viewpoint).pairs
    return next((pair for pair in pairs if {pair.left.record, pair.right.record} == asked), None)
