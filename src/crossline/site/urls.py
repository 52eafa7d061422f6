"""Every address of the site, gathered from the rooms. A test holds each against its policy."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from crossline.access import views as access
from crossline.deconfliction import views as deconfliction
from crossline.entities import views as entities
from crossline.lines import views as lines
from crossline.operations import views as operations
from crossline.picture import views as picture
from crossline.records import views as records
from crossline.records.retention import views as retention
from crossline.safeguarding import views as safeguarding

urlpatterns: list[URLPattern | URLResolver] = [
    path("", picture.national_picture, name="national-picture"),
    path("definitions", picture.definitions, name="definitions"),
    path("figures/<str:figure>", picture.figure, name="figure"),
    path("lines", lines.lines, name="lines"),
    path("lines/<uuid:line>", lines.line, name="line"),
    path("people/<uuid:person>", entities.person, name="person"),
    path("things/<uuid:thing>", entities.thing, name="thing"),
    path("records", records.records, name="records"),
    path("records/<uuid:record>", records.record, name="record"),
    path("records/<uuid:record>/review", retention.review, name="review"),
    path("reviews", retention.reviews, name="reviews"),
    path("search", entities.find, name="search"),
    path("overlaps", deconfliction.overlaps, name="overlaps"),
    path("concerns", safeguarding.concerns, name="concerns"),
    path("campaigns", operations.campaigns, name="campaigns"),
    path("campaigns/<str:campaign>", operations.campaign, name="campaign"),
    path("campaigns/<str:campaign>/<str:metric>", operations.campaign_figure, name="campaign-figure"),
    path("sign-in", access.SignIn.as_view(), name="sign-in"),
    path("sign-out", access.sign_out, name="sign-out"),
    path("healthz", access.health, name="health"),
]

handler403 = "crossline.access.views.refused"
handler404 = "crossline.access.views.not_found"
handler500 = "crossline.access.views.failed"
