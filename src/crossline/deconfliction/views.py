"""The page of overlaps between investigations."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.overlaps import investigation_overlaps

ON_A_PAGE = 50
SCHEMES = {
    "phone": "Telephone number",
    "imei": "Handset",
    "imsi": "SIM",
    "vrm": "Vehicle",
    "address": "Address",
    "account": "Account",
    "handle": "Online name",
    "person": "Person, resolved from both sides' records",
    "line": "Line: their numbers succeed each other",
}


@page(purpose="deconfliction")
def overlaps(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Pairs of investigations of different agencies that concern the same thing, and the values set aside as hubs."""
    found = investigation_overlaps(viewpoint)
    ordered = sorted(found.pairs, key=lambda pair: (pair.left.agency, pair.left.ref, pair.right.agency, pair.right.ref))
    shown = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "left": pair.left.ref,
            "left_href": reverse("record", args=[pair.left.record]),
            "left_agency": pair.left.agency,
            "right": pair.right.ref,
            "right_href": reverse("record", args=[pair.right.record]),
            "right_agency": pair.right.agency,
            "scheme": SCHEMES.get(pair.scheme, pair.scheme),
            "value": pair.value,
        }
        for pair in shown
    ]
    hubs = [
        {"scheme": SCHEMES.get(hub.scheme, hub.scheme), "value": hub.value, "agencies": hub.agencies, "records": hub.records}
        for hub in found.hubs
    ]
    return show(request, viewpoint, "deconfliction/overlaps.html", {"rows": rows, "hubs": hubs, "page": shown})
