"""Exports from pages: a small one at once, one in bulk once a second person has allowed it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from crossline.access.approvals import Act, State, ask, standings, use
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UsageError, UserError
from crossline.exchange.catalogue import What, formats_of, wanted
from crossline.exchange.exports import prepare

BULK: Final = 500
"""More rows than this are an export in bulk. [D] about what one person can read in a sitting."""
MOST_REQUESTS: Final = 200


@page(purpose="exports")
def exports(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What can be downloaded, each in its formats."""
    rows = [
        {"what": str(what).replace("-", " ").capitalize(), "key": str(what), "formats": formats_of(what)}
        for what in What
    ]
    return show(request, viewpoint, "exchange/exports.html", {"rows": rows, "bulk": BULK})


@page(purpose="export")
def export(request: HttpRequest, viewpoint: Viewpoint, what: str, format: str) -> HttpResponseBase:  # noqa: A002  # the word of the contract
    """One export, holding what the viewer sees and nothing else. In bulk it waits for a second person."""
    try:
        asked = wanted(what, format)
    except UsageError:
        raise Http404 from None
    about = f"{asked.what} as {asked.format}"
    counted = 0

    def allowed(rows: int) -> None:
        nonlocal counted
        counted = rows
        if rows <= BULK:
            return
        approval = _usable(about, viewpoint)
        if approval is None or request.POST.get("do") != "download":
            raise NotPermitted("This export has not been asked for by one person and allowed by another.")
        use(approval=approval, act=Act.BULK_EXPORT, about=about, rows=rows, viewpoint=viewpoint)

    try:
        prepared = prepare(what, format, viewpoint, allowed=allowed)
    except (NotPermitted, MoveNotAllowed) as error:
        return _in_bulk(request, viewpoint, about, counted, error)
    return FileResponse(
        prepared.file, as_attachment=True, filename=prepared.file_name, content_type=prepared.content_type
    )


def _in_bulk(request: HttpRequest, viewpoint: Viewpoint, about: str, rows: int, refusal: UserError) -> HttpResponse:
    """Say that this needs a second person, and take the request for one; or offer the download that one has allowed."""
    approval = _usable(about, viewpoint)
    problem = str(refusal) if request.method == "POST" and request.POST.get("do") == "download" else ""
    if request.method == "POST" and not problem:
        try:
            reason = request.POST.get("reason", "")
            made = ask(act=Act.BULK_EXPORT, about=about, rows=rows, reason=reason, viewpoint=viewpoint)
            return redirect("approval", made.id)
        except UserError as error:
            problem = str(error)
    context = {"about": about, "rows": rows, "bulk": BULK, "approved": approval is not None, "problem": problem}
    response = show(request, viewpoint, "exchange/in_bulk.html", context)
    response.status_code = 422 if problem else 200
    return response


def _usable(about: str, viewpoint: Viewpoint) -> UUID | None:
    """The viewer's own approval for this export that can still be used."""
    for each in standings(viewpoint, most=MOST_REQUESTS):
        own = each.approval.asked_by_id == str(viewpoint.viewer.person_id)
        if own and each.approval.about == about and each.state is State.APPROVED:
            return each.approval.id
    return None
