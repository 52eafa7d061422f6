"""Campaigns: the intensification weeks and the national table of each."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.operations.campaigns import campaigns_of, national_table


@page(purpose="campaign returns")
def campaigns(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The weeks that the viewer's visible returns are about."""
    return show(request, viewpoint, "operations/campaigns.html", {"campaigns": campaigns_of(viewpoint)})


@page(purpose="campaign returns")
def campaign(request: HttpRequest, viewpoint: Viewpoint, campaign: str) -> HttpResponse:
    """One week's table, with its arithmetic and who has not returned."""
    try:
        first_day = date.fromisoformat(campaign)
    except ValueError:
        raise Http404 from None
    table = national_table(viewpoint, first_day)
    if table is None:
        raise Http404
    return show(request, viewpoint, "operations/campaign.html", {"table": table})
