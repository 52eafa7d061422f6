"""The pages of referrals for whoever refers: the list, a new one, its text, one referral with its sheet, and the ledger."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.models import Agency
from crossline.access.pages import page, show
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.safeguarding.referrals.changes import changes_behind
from crossline.safeguarding.referrals.draft import told
from crossline.safeguarding.referrals.drafting import (
    PURPOSE,
    TO_BE_WRITTEN,
    draft_referral,
    may_refer,
    organisations,
    recipients_about,
    redraft_referral,
)
from crossline.safeguarding.referrals.fields import Recipient
from crossline.safeguarding.referrals.forms import MOVE_WORDS, ChoosingForm, ReferralForm, WordsForm, saved_words
from crossline.safeguarding.referrals.gathering import Gathered, gathered_for
from crossline.safeguarding.referrals.models import TextRecord
from crossline.safeguarding.referrals.presenter import (
    LATE,
    WHOSE,
    Chosen,
    about_row,
    considered,
    due_in_words,
    ledger_row,
    list_order,
    message_rows,
    referral_row,
    step_rows,
)
from crossline.safeguarding.referrals.security import WHO_REFERS
from crossline.safeguarding.referrals.sending import move_sheet, revoke_sheet, send_referral, write_message
from crossline.safeguarding.referrals.standing import (
    SheetStanding,
    Standing,
    referral_of,
    referrals,
    referrals_of,
    sheets,
)
from crossline.safeguarding.referrals.states import Side, State, moves_of

ON_A_PAGE: Final = 50


@page(purpose=PURPOSE)
def referral_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every referral that the viewer sees, with filters; what is due first. The centre's coordinators see what is long late."""
    now = timezone.now()
    held = referrals(viewpoint)
    partners = {each.referral.partner_id: each.referral.partner.name for each in held}
    chosen = Chosen.read(request.GET.dict(), list(partners))
    rows = _rows(viewpoint, [each for each in held if chosen.holds(each, now)])
    coordinates = viewpoint.viewer.agency == CENTRE and Role.COORDINATOR in viewpoint.viewer.roles
    long_late = [each for each in held if coordinates and each.due and each.due.is_escalated(now)]
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "states": State.choices,
        "partners": sorted(partners.items(), key=lambda each: (each[1], each[0])),
        "late": list(LATE.items()),
        "whose": list(WHOSE.items()),
        "escalated": len(long_late),
    }
    return show(request, viewpoint, "referrals/referrals.html", context)


@page(purpose=PURPOSE)
def referral_ledger(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every disclosure that the viewer's side made: what field went to whom, when, on which gateway, and who opened it."""
    rows = [ledger_row(each) for each in sheets(viewpoint)]
    context = {"page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))}
    return show(request, viewpoint, "referrals/ledger.html", context)


@page(purpose=PURPOSE, roles=WHO_REFERS)
def referral_new(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Choose whom to tell of a person or an address, then write the text. A hidden one is answered like an absent one."""
    gathered = gathered_for(viewpoint, about, viewpoint.viewer.agency)
    if gathered is None:
        raise Http404
    choices = [(each, as_) for each in organisations() for as_ in recipients_about(gathered, each)]
    choosing = ChoosingForm(choices, request.GET if "to" in request.GET else None)
    partner, recipient = _chosen(choices, request.GET.get("to", ""))
    form = None
    if partner is not None and recipient is not None:
        form = ReferralForm(gathered, recipient, request.POST if request.method == "POST" else None)
        if form.is_valid():
            said = {"draft": form.draft, "records": form.records, "reason": form.cleaned_data["reason"]}
            try:
                made = draft_referral(
                    about=about, partner=partner.id, recipient=recipient.id, viewpoint=viewpoint, **said
                )
                return redirect("referral", made.id)
            except UserError as error:
                form.add_error(None, str(error))
    before = _rows(viewpoint, referrals_of(viewpoint, [each.id for each in gathered.mentions]))
    context = {"choosing": choosing, "form": form, "partner": partner, "recipient": recipient, "before": before}
    return _text_page(request, viewpoint, gathered, context)


@page(purpose=PURPOSE, roles=WHO_REFERS)
def referral_edit(request: HttpRequest, viewpoint: Viewpoint, referral: UUID) -> HttpResponse:
    """Change the text of a referral of which nothing is out."""
    found = _found(viewpoint, referral)
    gathered = gathered_for(viewpoint, found.referral.about_id, found.referral.owner_id)
    if found.state not in TO_BE_WRITTEN or not may_refer(viewpoint, found.referral.owner_id) or gathered is None:
        raise Http404
    rows = viewpoint.visible(TextRecord.objects.filter(text=found.text), "audience", "record__audience")
    behind = sorted(rows.values_list("record_id", flat=True))
    initial = saved_words(found.draft, behind, found.text.number) if found.draft else {"stood": found.text.number}
    form = ReferralForm(gathered, found.recipient, request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        said = {"draft": form.draft, "records": form.records, "reason": form.cleaned_data["reason"]}
        try:
            redraft_referral(referral=referral, stood=form.cleaned_data["stood"] or 0, viewpoint=viewpoint, **said)
            return redirect("referral", referral)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"form": form, "partner": found.referral.partner, "recipient": found.recipient, "found": found}
    return _text_page(request, viewpoint, gathered, context)


@page(purpose=PURPOSE)
def referral(request: HttpRequest, viewpoint: Viewpoint, referral: UUID) -> HttpResponse:
    """One referral: what the partner is given, word for word, what was considered, every step, and what can be done next."""
    found = _found(viewpoint, referral)
    may = may_refer(viewpoint, found.referral.owner_id)
    forms, problem = [], ""
    asked = request.POST if request.method == "POST" and may else None
    if asked is not None and asked.get("do") == "send":
        stood = asked.get("stood", "")
        try:
            send_referral(
                referral=referral, stood=int(stood) if stood.isdecimal() and len(stood) < 9 else 0, viewpoint=viewpoint
            )
            return redirect("referral", referral)
        except UserError as error:
            problem = str(error)
    if may and found.sheet is not None:
        for to, label, button in _acts(found.sheet):
            form = WordsForm(
                label, asked if asked and asked.get("do") == to else None, stood=found.sheet.stood, named=to
            )
            if form.is_valid():
                try:
                    _act(found.sheet, to, form, viewpoint)
                    return redirect("referral", referral)
                except UserError as error:
                    form.add_error("words", str(error))
            forms.append((to, button, form))
    return _one(request, viewpoint, found, {"forms": forms, "problem": problem, "may": may})


def _one(request: HttpRequest, viewpoint: Viewpoint, found: Standing, acts: dict[str, Any]) -> HttpResponse:
    now, name_and_address = timezone.now(), about_row(viewpoint, found)
    changed = changes_behind(viewpoint, [found]).get(found.referral.id, [])
    rows = viewpoint.visible(
        TextRecord.objects.filter(text=found.text).select_related("record"), "audience", "record__audience"
    )
    behind = [each.record for each in rows.order_by("record__ref", "id")]
    showed(viewpoint, [found.referral.about.record, *behind], listed=True)
    context = acts | {
        "found": found,
        "about": name_and_address,
        "victim": _is_victim(viewpoint, found),
        "told": told(found.recipient, found.draft.words) if found.draft else [],
        "considered": considered(found.draft) if found.draft else [],
        "behind": behind,
        "changed": changed,
        "writable": found.state in TO_BE_WRITTEN,
        "due": due_in_words(found.due, now),
        "sheets": [
            {
                "sheet": each,
                "steps": step_rows(each, Side.SENDER),
                "messages": message_rows(each, Side.SENDER),
                "ledger": ledger_row(each),
            }
            for each in reversed(found.sheets)
        ],
    }
    failed = acts["problem"] or any(form.errors for _, _, form in acts["forms"])
    return show(request, viewpoint, "referrals/referral.html", context, failed=failed)


def _acts(found: SheetStanding) -> list[tuple[str, str, str]]:
    """(what, what is asked for, the button) of everything that whoever refers can do with the newest sheet."""
    if found.state is State.REVOKED:
        return []
    moves = [(to.value, MOVE_WORDS[to][1], MOVE_WORDS[to][0]) for to in moves_of(found.state, Side.SENDER)]
    return [("message", "Message to the partner", "Write to them"), *moves]


def _act(found: SheetStanding, to: str, form: WordsForm, viewpoint: Viewpoint) -> None:
    sheet, words = found.sheet.id, form.cleaned_data["words"]
    if to == "message":
        write_message(sheet=sheet, words=words, viewpoint=viewpoint)
    elif to == State.REVOKED:
        revoke_sheet(sheet=sheet, words=words, viewpoint=viewpoint)
    else:
        move_sheet(sheet=sheet, to=State(to), words=words, stood=form.cleaned_data["stood"], viewpoint=viewpoint)


def _found(viewpoint: Viewpoint, referral: UUID) -> Standing:
    found = referral_of(viewpoint, referral)
    if found is None:
        raise Http404
    return found


def _chosen(choices: list[tuple[Agency, Recipient]], to: str) -> tuple[Agency | None, Recipient | None]:
    return next(((partner, each) for partner, each in choices if f"{partner.id} {each.id}" == to), (None, None))


def _rows(viewpoint: Viewpoint, found: list[Standing]) -> list[dict[str, object]]:
    changed, now = changes_behind(viewpoint, found), timezone.now()
    return [
        referral_row(each, changed.get(each.referral.id, ()), now, victim=_is_victim(viewpoint, each))
        for each in sorted(found, key=list_order)
    ]


def _is_victim(viewpoint: Viewpoint, found: Standing) -> bool:
    return people(viewpoint).of(str(found.referral.about_id)) in victims(viewpoint)


def _text_page(request: HttpRequest, viewpoint: Viewpoint, gathered: Gathered, context: dict[str, Any]) -> HttpResponse:
    showed(viewpoint, gathered.records, listed=True)
    form = context["form"]
    context = {"gathered": gathered, "found": None, "choosing": None, "before": [], **context}
    return show(request, viewpoint, "referrals/text.html", context, failed=form is not None and form.errors)
