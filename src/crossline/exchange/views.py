"""Exports from pages: a small one at once; one in bulk, or with victims named, once two people say so; and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from crossline.access.approvals import Act, Standing, State, ask, standings, use
from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UsageError, UserError
from crossline.exchange.catalogue import TABLES, Wanted, What, formats_of, wanted
from crossline.exchange.exports import prepare
from crossline.exchange.ledger import asked_for, ledger
from crossline.exchange.stamp import KEPT_FOR, LONGEST_RECIPIENTS, said_recipients
from crossline.lines.register import register
from crossline.lines.selection import Selection

BULK: Final = 500
"""More rows than this are an export in bulk. [D] about what one person can read in a sitting."""
MOST_REQUESTS: Final = 200
VICTIMS, NAMED = "victims", "named"
"""What is asked of an export's address to have victims named in it."""
RECIPIENTS, KNOWN_BY = "for", "is"
"""What is asked for whom an export is, and of the ledger which file is meant."""
ON_A_PAGE: Final = 50


@dataclass(frozen=True)
class _Export:
    """What is asked for, and what it takes a second person to allow."""

    about: str
    victims_named: bool
    only: frozenset[str] | None = None

    @property
    def act(self) -> Act:
        """One request is enough: whoever allows victims to be named is told of how many rows."""
        return Act.UNMASK_VICTIMS if self.victims_named else Act.BULK_EXPORT

    def needs_two(self, rows: int) -> bool:
        return self.victims_named or rows > BULK


@page(purpose="exports")
def exports(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What can be downloaded, each in its formats."""
    return _choices(request, viewpoint)


def _choices(request: HttpRequest, viewpoint: Viewpoint, *, problem: str = "") -> HttpResponse:
    rows = [
        {
            "what": str(what).replace("-", " ").capitalize(),
            "key": str(what),
            "formats": formats_of(what),
            "naming": [each for each in formats_of(what) if wanted(what, each).names_people],
        }
        for what in What
    ]
    keeps_ledger = Role.INFORMATION_MANAGER in viewpoint.viewer.roles
    context = {"rows": rows, "bulk": BULK, "longest": LONGEST_RECIPIENTS, "keeps_ledger": keeps_ledger}
    context |= {"kept_for": KEPT_FOR.days}
    return show(request, viewpoint, "exchange/exports.html", context | {"problem": problem}, failed=problem)


@page(purpose="exports", roles=frozenset({Role.INFORMATION_MANAGER}))
def exports_ledger(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What the agency's people took out, the newest first; or the one export that a number or a fingerprint names."""
    asked = request.GET.get(KNOWN_BY, "").strip()
    left = ledger()
    found = [each for each in left if asked_for(each, asked)] if asked else left
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": [each.row() for each in shown], "page": shown, "asked": asked}
    return show(request, viewpoint, "exchange/ledger.html", context)


@page(purpose="export")
def export(request: HttpRequest, viewpoint: Viewpoint, what: str, format: str) -> HttpResponseBase:  # noqa: A002  # the word of the contract
    """One export, holding what the viewer sees and nothing else. In bulk, or with victims named, it waits for a second person."""
    try:
        asked = wanted(what, format)
    except UsageError:
        raise Http404 from None
    named = request.GET.get(VICTIMS) == NAMED
    if named and not asked.names_people:
        raise Http404  # it names nobody, and so there is nothing to allow
    try:
        recipients = said_recipients(request.POST.get(RECIPIENTS, request.GET.get(RECIPIENTS, "")))
    except UserError as error:
        return _choices(request, viewpoint, problem=str(error))
    wish = _wish(asked, named, request, viewpoint)
    counted = 0

    def allowed(rows: int) -> Standing | None:
        nonlocal counted
        counted = rows
        if not wish.needs_two(rows):
            return None
        approval = _usable(wish, viewpoint)
        if approval is None or request.POST.get("do") != "download":
            raise NotPermitted("This export has not been asked for by one person and allowed by another.")
        return use(approval=approval, act=wish.act, about=wish.about, rows=rows, viewpoint=viewpoint)

    try:
        prepared = prepare(
            what, format, viewpoint, only=wish.only, victims_named=named, recipients=recipients, allowed=allowed
        )
    except (NotPermitted, MoveNotAllowed) as error:
        return _by_two(request, viewpoint, wish, counted, error)
    return FileResponse(
        prepared.file, as_attachment=True, filename=prepared.file_name, content_type=prepared.content_type
    )


def _wish(asked: Wanted, named: bool, request: HttpRequest, viewpoint: Viewpoint) -> _Export:
    """What is asked for: of lines as a table, the selection that the list shows under the same words of the address."""
    about = f"{asked.what} as {asked.format}"
    selection = Selection.read(request.GET.dict())
    if asked.what is not What.LINES or asked.format not in TABLES or not selection.chosen():
        return _Export(about, named)
    words = "; ".join(f"{name.lower()}: {value}" for name, chosen in selection.chosen() for value, _ in chosen)
    only = frozenset(line.id for line in register(viewpoint).lines if selection.holds(line))
    return _Export(f"{about} ({words})", named, only)


def _by_two(request: HttpRequest, viewpoint: Viewpoint, wish: _Export, rows: int, refusal: UserError) -> HttpResponse:
    """Say that this needs a second person, and take the request for one; or offer the download that one has allowed."""
    approval = _usable(wish, viewpoint)
    problem = str(refusal) if request.method == "POST" and request.POST.get("do") == "download" else ""
    if request.method == "POST" and not problem:
        try:
            reason = request.POST.get("reason", "")
            made = ask(act=wish.act, about=wish.about, rows=rows, reason=reason, viewpoint=viewpoint)
            return redirect("approval", made.id)
        except UserError as error:
            problem = str(error)
    context = {
        "about": wish.about,
        "victims_named": wish.victims_named,
        "rows": rows,
        "bulk": BULK,
        "approved": approval is not None,
        "problem": problem,
        "recipients": request.POST.get(RECIPIENTS, request.GET.get(RECIPIENTS, "")),
        "longest": LONGEST_RECIPIENTS,
    }
    return show(request, viewpoint, "exchange/by_two.html", context, failed=problem)


def _usable(wish: _Export, viewpoint: Viewpoint) -> UUID | None:
    """The viewer's own approval for this very export that can still be used."""
    for each in standings(viewpoint, most=MOST_REQUESTS):
        own = each.approval.asked_by_id == str(viewpoint.viewer.person_id)
        same = (each.approval.act, each.approval.about) == (wish.act, wish.about)
        if own and same and each.state is State.APPROVED:
            return each.approval.id
    return None
