"""Search, and a person's page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.audit import Event
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.entities.presenter import PersonPage
from crossline.entities.profile import person_profile
from crossline.entities.search import LONGEST_QUERY, search
from crossline.entities.things import thing_profile


@page(purpose="search", event=Event.SEARCHED)
def find(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Search over everything the viewer sees."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = search(viewpoint, query) if query else None
    return show(request, viewpoint, "entities/search.html", {"query": query, "found": found})


@page(purpose="reading about a person")
def person(request: HttpRequest, viewpoint: Viewpoint, person: UUID) -> HttpResponse:
    """One person: any of their visible mentions leads to them; a hidden one is answered like an absent one."""
    profile = person_profile(viewpoint, person)
    if profile is None:
        raise Http404
    return show(request, viewpoint, "entities/person.html", {"person": PersonPage(profile)})


@page(purpose="reading about a number, vehicle, address or group")
def thing(request: HttpRequest, viewpoint: Viewpoint, thing: UUID) -> HttpResponse:
    """A number, vehicle, address, group or other thing: every visible record that names it."""
    found = thing_profile(viewpoint, thing)
    if found is None:
        raise Http404
    return show(request, viewpoint, "entities/thing.html", {"thing": found})
