"""The national picture, what its figures were counted from, and their definitions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.picture.counted import counted_from
from crossline.picture.definition_list import PROVENANCE, definition_rows, metric_rows
from crossline.picture.presenter import NationalPicture


@page(purpose="national picture")
def national_picture(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What the viewer's visible rows amount to nationally: figures, flows, months, what to read first."""
    picture = NationalPicture(viewpoint, series=request.GET.get("series", ""))
    return show(request, viewpoint, "picture/national_picture.html", {"picture": picture})


@page(purpose="national picture")
def figure(request: HttpRequest, viewpoint: Viewpoint, figure: str) -> HttpResponse:
    """The lines that one figure was counted from."""
    counted = counted_from(viewpoint, figure, request.GET.get("period", ""))
    if counted is None:
        raise Http404
    return show(request, viewpoint, "picture/figure.html", {"counted": counted})


@page(purpose="definitions of figures")
def definitions(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every definition of a figure with its authority and its versions. Reads no content."""
    context = {"definitions": definition_rows(), "metrics": metric_rows(), "provenance": PROVENANCE}
    return show(request, viewpoint, "picture/definitions.html", context)
