"""The pages of orders: the list, one order with its acts, writing an application, following another order, its documents."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.applicants import WHO_PREPARES, may_draft
from crossline.orders.about import about_mention, mention_for
from crossline.orders.content import defaults
from crossline.orders.drafting import PURPOSE, draft_ddtro, gathered_for, redraft_ddtro
from crossline.orders.following import follow_order, kinds_about, save_followed
from crossline.orders.forms import OpeningForm, TextForm, chosen_of, entry_form, next_steps, step_form
from crossline.orders.giving import DOCUMENTS, FORMATS, give_document
from crossline.orders.law import application, order_kinds, parts_of
from crossline.orders.models import EntryKind, OrderState
from crossline.orders.presenter import DUE, Chosen, DraftPage, OrderPage, order_row
from crossline.orders.standing import Standing, may_prepare, order_of, orders
from crossline.orders.steps import asked_of, check_backs, move_order, note_on_order
from crossline.records.decoys.finding import shown_as_mention
from crossline.records.explaining import showed

ON_A_PAGE: Final = 50


@page(purpose=PURPOSE)
def order_list(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every order that the viewer sees, with filters; what is due first, then the newest."""
    chosen = Chosen.read(request.GET.dict())
    held = [order_row(found) for found in orders(viewpoint) if chosen.holds(found)]
    held.sort(key=lambda row: (row["due"] is None, row["due"] or 0))
    context = {
        "page": Paginator(held, ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "kinds": [(kind.id, kind.name) for kind in order_kinds().values()],
        "states": OrderState.choices,
        "due": list(DUE.items()),
    }
    return show(request, viewpoint, "orders/orders.html", context)


@page(purpose=PURPOSE, roles=WHO_PREPARES)
def new_ddtro(request: HttpRequest, viewpoint: Viewpoint, line: UUID) -> HttpResponse:
    """Write the application about a line. Where the viewer may not, it is answered like an absent one."""
    gathered = gathered_for(viewpoint, line, viewpoint.viewer.agency)
    if gathered is None or not may_draft(gathered.line, viewpoint):
        raise Http404
    asked = request.POST if request.method == "POST" else None
    form = TextForm(application().parts, asked, defaults() | {"reason": "First draft."})
    drawn = DraftPage(gathered, asked)
    if asked is not None and form.is_valid():
        keys, sentences = chosen_of(asked, gathered)
        said = {
            "answers": form.answers,
            "identifiers": keys,
            "sentences": sentences,
            "reason": form.cleaned_data["reason"],
        }
        try:
            return redirect("order", draft_ddtro(line=line, viewpoint=viewpoint, **said).id)
        except UserError as error:
            form.add_error(None, str(error))
    return _draft_page(request, viewpoint, drawn, form, None)


@page(purpose=PURPOSE, roles=WHO_PREPARES)
def edit_order(request: HttpRequest, viewpoint: Viewpoint, order: UUID) -> HttpResponse:
    """Change the text of an order that is not signed off."""
    found = _found(viewpoint, order)
    if found.state is not OrderState.DRAFTED or not may_prepare(viewpoint, found.order.owner_id):
        raise Http404
    asked = request.POST if request.method == "POST" else None
    initial = {**found.content.answers, "stood": found.version.number}
    form = TextForm(parts_of(found.order.kind), asked, initial)
    if not found.is_application:
        return _edit_followed(request, viewpoint, found, form)
    gathered = gathered_for(viewpoint, found.order.line, found.order.owner_id) if found.order.line else None
    if gathered is None:
        raise Http404
    if asked is not None and form.is_valid():
        keys, sentences = chosen_of(asked, gathered)
        said = {
            "answers": form.answers,
            "identifiers": keys,
            "sentences": sentences,
            "reason": form.cleaned_data["reason"],
        }
        try:
            redraft_ddtro(order=order, stood=form.cleaned_data["stood"] or 0, viewpoint=viewpoint, **said)
            return redirect("order", order)
        except UserError as error:
            form.add_error(None, str(error))
    return _draft_page(request, viewpoint, DraftPage(gathered, asked, found), form, found)


def _edit_followed(request: HttpRequest, viewpoint: Viewpoint, found: Standing, form: TextForm) -> HttpResponse:
    if form.is_valid():
        try:
            save_followed(
                order=found.order.id,
                stood=form.cleaned_data["stood"] or 0,
                answers=form.answers,
                reason=form.cleaned_data["reason"],
                viewpoint=viewpoint,
            )
            return redirect("order", found.order.id)
        except UserError as error:
            form.add_error(None, str(error))
    drawn = OrderPage(found)
    context = {"form": form, "title": f"Change {found.ref}", "about": drawn.about, "kinds": [], "order": found}
    return show(request, viewpoint, "orders/order_follow.html", context, failed=form.errors)


@page(purpose=PURPOSE, roles=WHO_PREPARES)
def new_order(request: HttpRequest, viewpoint: Viewpoint, about: UUID) -> HttpResponse:
    """Begin to follow an order about a person or an address. A hidden one is answered like an absent one."""
    found = {each: mention_for(viewpoint, about, each) for each in ("person", "address")}
    decoy = None if any(found.values()) else shown_as_mention(viewpoint, about, person=True)
    mention = found["person"] or found["address"] or (decoy.person if decoy else None)
    if mention is None:
        raise Http404
    showed(viewpoint, [mention.record], listed=True)
    kinds = kinds_about("address" if found["address"] else "person")
    form = OpeningForm(kinds, request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {"answers": form.answers, "reason": form.cleaned_data["reason"], "kind": form.cleaned_data["kind"]}
        try:
            return redirect("order", follow_order(about=about, viewpoint=viewpoint, **said).id)
        except UserError as error:
            form.add_error(None, str(error))
    context = {
        "form": form,
        "title": "Follow an order",
        "about": about_mention(viewpoint, mention),
        "kinds": [order_kinds()[each] for each in kinds],
        "order": None,
    }
    return show(request, viewpoint, "orders/order_follow.html", context, failed=form.errors)


@page(purpose=PURPOSE)
def order(request: HttpRequest, viewpoint: Viewpoint, order: UUID) -> HttpResponse:
    """One order: what is missing, its text, its grounds, how it stands, its log; and what can be done next."""
    found = _found(viewpoint, order)
    act, which = (request.POST.get("do", ""), request.POST.get("which", "")) if request.method == "POST" else ("", "")
    may = may_prepare(viewpoint, found.order.owner_id)
    forms, problem = [], ""
    for state, words in next_steps(found) if may else []:
        form = step_form(found, state, request.POST if (act, which) == ("move", state) else None)
        if form.is_valid():
            stood = form.cleaned_data["stood"]
            said = {"day": form.day, "said": form.said, "reason": form.cleaned_data["reason"], "stood": stood}
            try:
                move_order(order=order, state=state, viewpoint=viewpoint, **said)
                return redirect("order", order)
            except UserError as error:
                problem = str(error)
        forms.append(("move", state.value, words, form, [each.name for each in asked_of(found, state)]))
    unanswered = [each for each in check_backs(found) if each.answer is None]
    for kind in EntryKind if may and found.last(OrderState.GRANTED) else ():
        if kind is EntryKind.CHECK_BACK and not unanswered:
            continue
        form = entry_form(kind, unanswered, request.POST if (act, which) == ("note", kind) else None)
        if form.is_valid():
            said = {"day": form.day, "said": form.said, "text": form.cleaned_data["reason"]}
            try:
                note_on_order(order=order, kind=kind, viewpoint=viewpoint, **said)
                return redirect("order", order)
            except UserError as error:
                problem = str(error)
        names = [name for name in form.fields if name not in ("day", "reason")]
        forms.append(("note", kind.value, kind.label, form, names))
    showed(viewpoint, [item.record for item in found.items], listed=True)
    context = {"order": OrderPage(found), "found": found, "forms": forms, "problem": problem, "may": may}
    failed = bool(problem) or any(form.errors for _, _, _, form, _ in forms)
    return show(request, viewpoint, "orders/order.html", context, failed=failed)


@page(purpose=PURPOSE, roles=WHO_PREPARES)
def order_document(request: HttpRequest, viewpoint: Viewpoint, order: UUID, document: str, format: str) -> HttpResponse:  # noqa: A002  # of the address
    """A document of an application, logged as a disclosure before it is handed over."""
    found = _found(viewpoint, order)
    known = document in DOCUMENTS and format in FORMATS and found.is_application
    if not known or not may_prepare(viewpoint, found.order.owner_id):
        raise Http404
    given = give_document(order=order, document=document, format=format, viewpoint=viewpoint)
    headers = {"Content-Disposition": f'attachment; filename="{given.file_name}"'}
    return HttpResponse(given.content, content_type=given.content_type, headers=headers)


def _found(viewpoint: Viewpoint, order: UUID) -> Standing:
    found = order_of(viewpoint, order)
    if found is None:
        raise Http404
    return found


def _draft_page(
    request: HttpRequest, viewpoint: Viewpoint, drawn: DraftPage, form: TextForm, found: Standing | None
) -> HttpResponse:
    showed(viewpoint, drawn.gathered.records, listed=True)
    context = {
        "draft": drawn,
        "form": form,
        "line": drawn.gathered.line,
        "name": drawn.gathered.name,
        "law": application(),
        "order": found,
    }
    return show(request, viewpoint, "orders/ddtro.html", context, failed=form.errors)
