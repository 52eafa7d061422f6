"""Where somebody begins after signing in: the first page that their roles open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.site.navigation import start_page


@page(purpose="start", roles=frozenset(Role))
def start(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Lead on to the first page of the navigation."""
    return redirect(start_page(request))
