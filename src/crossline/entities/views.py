"""Search, and the pages of a person and of a thing."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.audit import Event
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.entities.cohesion import cohesion_of
from crossline.entities.decoys import decoy_person, decoy_thing
from crossline.entities.presenter import PersonPage, ThingPage, person_hit_row, thing_hit_row
from crossline.entities.profile import person_profile
from crossline.entities.search import LONGEST_QUERY, search
from crossline.entities.things import thing_profile
from crossline.entities.victims import is_registered
from crossline.records.explaining import showed
from crossline.records.restriction import standing
from crossline.records.rows import record_rows


@page(purpose="search", event=Event.SEARCHED)
def find(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Search over everything the viewer sees."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    found = search(viewpoint, query) if query else None
    showed(viewpoint, found.records if found else (), listed=True)
    context = {
        "query": query,
        "found": found,
        "people": [person_hit_row(hit) for hit in found.people] if found else [],
        "things": [thing_hit_row(hit) for hit in found.things] if found else [],
        "records": record_rows(found.records) if found else [],
    }
    return show(request, viewpoint, "entities/search.html", context)


@page(purpose="reading about a person")
def person(request: HttpRequest, viewpoint: Viewpoint, person: UUID) -> HttpResponse:
    """One person: any of their visible mentions leads to them; a hidden one is answered like an absent one."""
    return _of_person(request, viewpoint, person, reach_asked=False)


@page(purpose="reading where a person can be reached")
def person_reach(request: HttpRequest, viewpoint: Viewpoint, person: UUID) -> HttpResponse:
    """The same with a victim's numbers and addresses. A page of its own, so that nothing asked keeps the look from the audit."""
    return _of_person(request, viewpoint, person, reach_asked=True)


def _of_person(request: HttpRequest, viewpoint: Viewpoint, person: UUID, *, reach_asked: bool) -> HttpResponse:
    profile = person_profile(viewpoint, person) or decoy_person(viewpoint, person)
    if profile is None:
        raise Http404
    showed(viewpoint, profile.records)
    restricted = standing(viewpoint, [record.id for record in profile.records])
    registered = is_registered(viewpoint, [mention.id for mention in profile.mentions])
    shown = PersonPage(profile, frozenset(restricted), reach_asked=reach_asked, is_registered=registered)
    return show(request, viewpoint, "entities/person.html", {"person": shown, "held": cohesion_of(profile)})


@page(purpose="reading about a number, vehicle, address or group")
def thing(request: HttpRequest, viewpoint: Viewpoint, thing: UUID) -> HttpResponse:
    """A number, vehicle, address, group or other thing: every visible record that names it."""
    found = thing_profile(viewpoint, thing) or decoy_thing(viewpoint, thing)
    if found is None:
        raise Http404
    showed(viewpoint, found.records)
    restricted = standing(viewpoint, [record.id for record in found.records])
    return show(request, viewpoint, "entities/thing.html", {"thing": ThingPage(found, frozenset(restricted))})
