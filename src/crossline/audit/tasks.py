"""Taking up a task with one click, so that what is read for it is explained; and putting it down."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crossline.access.audit import Event
from crossline.access.pages import TASK, page
from crossline.access.viewer import Task, TaskKind, Viewpoint
from crossline.records.decoys.finding import shown_as_record
from crossline.records.explaining import task_mention
from crossline.records.models import Record


@require_POST
@page(purpose="taking up a task", event=Event.TASK_TAKEN_UP)
def take_up(request: HttpRequest, viewpoint: Viewpoint, kind: str, about: UUID) -> HttpResponse:
    """Work on what a page is about. Something that the viewer may not see is answered like something that does not exist."""
    if kind not in frozenset(TaskKind):
        raise Http404
    task = Task(TaskKind(kind), about)
    record = task.kind is TaskKind.RECORD and viewpoint.visible(Record.objects.filter(id=about)).exists()
    decoy = task.kind is TaskKind.RECORD and not record and shown_as_record(viewpoint, about)
    if not record and not decoy and task_mention(viewpoint, task) is None:
        raise Http404
    request.session[TASK] = {"kind": str(task.kind), "id": str(about)}
    return _back(request)


@require_POST
@page(purpose="putting a task down", event=Event.TASK_PUT_DOWN)
def put_down(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Work on nothing in particular."""
    request.session.pop(TASK, None)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Where the button was, and nowhere outside the site."""
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if own and back.startswith("/") else "national-picture")
