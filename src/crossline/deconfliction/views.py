"""The page of overlaps between investigations."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.overlaps import investigation_overlaps
from crossline.deconfliction.presenter import hub_row, overlap_row
from crossline.lines.register import register
from crossline.records.models import Mention
from crossline.records.naming import caption_of
from crossline.vocabulary.agencies import agencies

ON_A_PAGE = 50


@page(purpose="deconfliction")
def overlaps(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Pairs of investigations of different agencies that concern the same thing, and the values set aside as hubs."""
    found = investigation_overlaps(viewpoint)
    agency = request.GET.get("agency", "")
    agency = agency if agency in agencies() else ""
    pairs = [pair for pair in found.pairs if not agency or agency in (pair.left.agency, pair.right.agency)]
    pairs.sort(key=lambda pair: (pair.left.agency, pair.left.ref, pair.right.agency, pair.right.ref))
    shown = Paginator(pairs, ON_A_PAGE).get_page(request.GET.get("page"))
    mentions = viewpoint.visible(Mention.objects.filter(id__in=[pair.left.mention for pair in shown]))
    written = {mention.id: caption_of(mention) for mention in mentions}
    lines = {f"phone:{number}": line.id for number, line in register(viewpoint).line_of_number.items()}
    line_of = {mention.id: lines[mention.selector] for mention in mentions if mention.selector in lines}
    concerned = sorted({side.agency for pair in found.pairs for side in (pair.left, pair.right)})
    context = {
        "rows": [overlap_row(pair, written, line_of) for pair in shown],
        "hubs": [hub_row(hub) for hub in found.hubs],
        "page": shown,
        "agency": agency,
        "agency_choices": [(each, agencies()[each].short_name) for each in concerned if each in agencies()],
    }
    return show(request, viewpoint, "deconfliction/overlaps.html", context)
