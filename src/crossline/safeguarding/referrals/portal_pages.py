"""The pages of referrals for a partner's people: what waits for them, one referral with its answer, and what was before."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.partner_pages import PARTNERS
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.safeguarding.referrals.drafting import PURPOSE
from crossline.safeguarding.referrals.forms import MOVE_WORDS, WordsForm
from crossline.safeguarding.referrals.law import gateways
from crossline.safeguarding.referrals.presenter import due_in_words, inbox_row, message_rows, step_rows
from crossline.safeguarding.referrals.sending import move_sheet, open_sheet, write_message
from crossline.safeguarding.referrals.standing import SheetStanding, sheets
from crossline.safeguarding.referrals.states import OPEN, Side, State, moves_of

ON_A_PAGE: Final = 25


@page(purpose=PURPOSE, roles=PARTNERS)
def inbox(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What is asked of the viewer's organisation, what is due first."""
    now = timezone.now()
    rows = [inbox_row(each, now) for each in sheets(viewpoint) if each.state in OPEN]
    rows.sort(key=lambda row: (str(row["due"] or ""), str(row["href"])))
    context = {"page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))}
    return show(request, viewpoint, "referrals/portal_inbox.html", context)


@page(purpose=PURPOSE, roles=PARTNERS)
def history(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Everything that the viewer's organisation was ever asked, the newest first; of what was revoked, that it was."""
    now = timezone.now()
    rows = [inbox_row(each, now) for each in sheets(viewpoint)]
    context = {"page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))}
    return show(request, viewpoint, "referrals/portal_history.html", context)


@page(purpose=PURPOSE, roles=PARTNERS)
def received(request: HttpRequest, viewpoint: Viewpoint, sheet: UUID) -> HttpResponse:
    """One referral: opening it counts as received. Another organisation's is answered like an absent one."""
    found = open_sheet(sheet=sheet, viewpoint=viewpoint)
    if found is None:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    forms, problem = [], ""
    for to, label, button in _acts(found):
        form = WordsForm(label, asked if asked and asked.get("do") == to else None, stood=found.stood, named=to)
        if form.is_valid():
            try:
                _act(found, to, form, viewpoint)
                return redirect("partner-referral", sheet)
            except UserError as error:
                form.add_error("words", str(error))
        forms.append((to, button, form))
    if asked is not None and not any(form.errors for _, _, form in forms):
        problem = "The police changed this referral since you opened it, so nothing was sent; read it again first."
    return _one(request, viewpoint, found, {"forms": forms, "problem": problem})


def _one(request: HttpRequest, viewpoint: Viewpoint, found: SheetStanding, acts: dict[str, Any]) -> HttpResponse:
    now = timezone.now()
    context = acts | {
        "found": found,
        "told": found.told,
        "steps": step_rows(found, Side.PARTNER),
        "messages": message_rows(found, Side.PARTNER),
        "due": due_in_words(found.due, now),
        "late": bool(found.due and found.due.is_late(now)),
        "revoked": found.state is State.REVOKED,
        "gateway": gateways()[found.sheet.gateway].name,
    }
    failed = acts["problem"] or any(form.errors for _, _, form in acts["forms"])
    return show(request, viewpoint, "referrals/portal_referral.html", context, failed=failed)


def _acts(found: SheetStanding) -> list[tuple[str, str, str]]:
    """(what, what is asked for, the button) of everything that the partner can do with it."""
    if found.state is State.REVOKED:
        return []
    moves = [(to.value, MOVE_WORDS[to][1], MOVE_WORDS[to][0]) for to in moves_of(found.state, Side.PARTNER)]
    return [*moves, ("message", "Message to the police", "Write to them")]


def _act(found: SheetStanding, to: str, form: WordsForm, viewpoint: Viewpoint) -> None:
    words = form.cleaned_data["words"]
    if to == "message":
        write_message(sheet=found.sheet.id, words=words, viewpoint=viewpoint)
    else:
        move_sheet(
            sheet=found.sheet.id, to=State(to), words=words, stood=form.cleaned_data["stood"], viewpoint=viewpoint
        )
