"""The page on which a subject access pack is decided and made."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.rights.forms import PackForm
from crossline.rights.holding import decoy_held, held_about
from crossline.rights.pack import subject_access_pack
from crossline.rights.presenter import PackPage


@page(purpose="subject access", roles=frozenset({Role.INFORMATION_MANAGER}))
def access_pack(request: HttpRequest, viewpoint: Viewpoint, person: UUID) -> HttpResponse:
    """What is held about a person, to decide on; and, once decided, the pack."""
    holding = held_about(viewpoint, person) or decoy_held(viewpoint, person)
    if holding is None:
        raise Http404
    agency = viewpoint.viewer.agency
    form = PackForm(holding, agency, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = subject_access_pack(person=person, viewpoint=viewpoint, request=form.asked, decisions=form.decisions)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            given = {"Content-Disposition": f'attachment; filename="{made.file_name}"'}
            return HttpResponse(made.content, content_type="application/zip", headers=given)
    return show(
        request,
        viewpoint,
        "rights/access_pack.html",
        {"pack": PackPage(holding, form, agency), "form": form},
        failed=form.errors,
    )
