"""Every address of the site, gathered from the rooms. A test holds each against its policy."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from crossline.access import views as access

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", access.SignIn.as_view(), name="sign-in"),
    path("sign-out", access.sign_out, name="sign-out"),
    path("healthz", access.health, name="health"),
]

handler403 = "crossline.access.views.refused"
handler404 = "crossline.access.views.not_found"
handler500 = "crossline.access.views.failed"
