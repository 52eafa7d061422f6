"""Campaigns: the intensification weeks, the national table of each, and each figure agency by agency."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.operations.campaigns import NationalTable, campaigns_of, national_table, sees_every_return
from crossline.operations.presenter import CampaignFigure, CampaignPage, campaign_row


@page(purpose="campaign returns")
def campaigns(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The weeks that the viewer's visible returns are about."""
    whole = sees_every_return(viewpoint)
    rows = [campaign_row(each, whole=whole) for each in campaigns_of(viewpoint)]
    return show(request, viewpoint, "operations/campaigns.html", {"rows": rows, "whole": whole})


@page(purpose="campaign returns")
def campaign(request: HttpRequest, viewpoint: Viewpoint, campaign: str) -> HttpResponse:
    """One week's table, with its arithmetic and who has not returned."""
    table = _table(viewpoint, campaign)
    return show(request, viewpoint, "operations/campaign.html", {"week": CampaignPage(table)})


@page(purpose="campaign returns")
def campaign_figure(request: HttpRequest, viewpoint: Viewpoint, campaign: str, metric: str) -> HttpResponse:
    """One figure of a week: what each agency returned, and who returned nothing."""
    table = _table(viewpoint, campaign)
    row = table.row(metric)
    if row is None:
        raise Http404
    return show(request, viewpoint, "operations/campaign_figure.html", {"figure": CampaignFigure(table, row)})


def _table(viewpoint: Viewpoint, campaign: str) -> NationalTable:
    try:
        first_day = date.fromisoformat(campaign)
    except ValueError:
        raise Http404 from None
    table = national_table(viewpoint, first_day)
    if table is None:
        raise Http404
    return table
