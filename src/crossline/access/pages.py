"""How every page is served: one transaction on behalf of the signed-in person, the page, and its audit row, together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from crossline.access.audit import Event, Subject, log, log_shown
from crossline.access.roles import POLICING_ROLES, Role
from crossline.access.viewer import Task, TaskKind, Viewpoint, reading, viewer_of

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Viewpoint, Arguments], HttpResponseBase]


@dataclass(frozen=True)
class PagePolicy:
    """Who may open a page, and for what purpose its reads are logged."""

    purpose: str
    roles: frozenset[Role]
    event: Event


MOST_ASKED, LONGEST_ASKED = 20, 200
"""How much of an address's query the audit keeps."""
OPEN = PagePolicy("sign in", frozenset(), Event.SIGNED_IN)
"""For the few pages that need no viewpoint; they read no content."""


def landing_page(roles: frozenset[Role]) -> str:
    """The name of the page where people with these roles begin."""
    if roles & POLICING_ROLES:
        return "national-picture"
    if Role.PARTNER in roles:
        return "partner-home"
    if Role.ADMINISTRATOR in roles:
        return "people-admin"
    return "auditors-desk" if Role.AUDITOR in roles else "my-reads"


def page(
    *, purpose: str, roles: frozenset[Role] = POLICING_ROLES, event: Event = Event.PAGE_VIEWED
) -> Callable[[View[Arguments]], Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]]:
    """Make a page of a function of (request, viewpoint, …).

    The page is rendered inside the transaction, so nothing is read outside it, and a page whose read cannot be logged is
    not shown. Somebody without the role is told the page does not exist, as for a hidden row.
    """

    def decorate(view: View[Arguments]) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]:
        @functools.wraps(view)
        def serve(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            person: Any = request.user
            viewer = viewer_of(person)
            if not viewer.roles & roles:
                raise Http404
            try:
                with reading(viewer, task=task_of(request)) as viewpoint:
                    response = view(request, viewpoint, *args, **kwargs)
                    written = log(
                        event, by=viewer, about=_subject(request, kwargs, "shown", viewpoint.asked), purpose=purpose
                    )
                    log_shown(written, by=viewer, shown=viewpoint.shown)
                    return response
            except Http404:
                # Nothing was shown, but that it was asked for is on the record: somebody may be trying addresses.
                with reading(viewer):
                    log(event, by=viewer, about=_subject(request, kwargs, "not found"), purpose=purpose)
                raise

        serve.policy = PagePolicy(purpose, roles, event)  # type: ignore[attr-defined]  # read by the URL test
        return serve

    return decorate


TASK = "task"
"""Where a session keeps what its person is working on."""


def task_of(request: HttpRequest) -> Task | None:
    """What the person says they are working on."""
    held = request.session.get(TASK)
    try:
        return Task(TaskKind(held["kind"]), UUID(held["id"])) if held else None
    except (KeyError, TypeError, ValueError):
        return None


def _subject(
    request: HttpRequest, kwargs: dict[str, Any], status: str, also: Mapping[str, str] = MappingProxyType({})
) -> Subject:
    """The page, which one, what was asked of it (the words of a search, the filters of a list), and under which task. `also`:
    what it was asked by other ways than its address."""
    match = request.resolver_match
    which = " ".join(f"{name}={value}" for name, value in sorted(kwargs.items()))
    asked = {
        name: str(value).replace("\0", "")[:LONGEST_ASKED]
        for name, value in [*list(request.GET.items())[:MOST_ASKED], *also.items()]
    }
    task = task_of(request)
    under = {"task": {"kind": str(task.kind), "id": str(task.id)}} if task else {}
    return Subject(match.url_name or "" if match else "", which, {"status": status, "asked": asked} | under)


def show(
    request: HttpRequest, viewpoint: Viewpoint, template: str, context: dict[str, Any], *, failed: object = None
) -> HttpResponse:
    """Render a page's template with what every page knows: who is looking. `failed`: what is wrong with what was sent, if
    anything is: a sentence, a form's errors."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, template, {"viewer": viewpoint.viewer, "viewpoint": viewpoint, **context}, status=status)
