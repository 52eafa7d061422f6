"""The national picture, and the definitions of its figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.picture.definitions import DEFINITIONS


@page(purpose="national picture")
def national_picture(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What the viewer's visible rows amount to nationally: figures, flows, series, what to read first."""
    return show(request, viewpoint, "picture/national_picture.html", {})


@page(purpose="definitions of figures")
def definitions(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every definition of a figure with its authority and its versions. Reads no content."""
    return show(request, viewpoint, "picture/definitions.html", {"definitions": DEFINITIONS})
