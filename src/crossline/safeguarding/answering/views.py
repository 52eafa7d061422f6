"""The page of one person's concerns with its acts, and the page on which a partner organisation reads what it was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.entities.clusters import cluster_around
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.models import Mention
from crossline.safeguarding.answering.acts import PURPOSE, may_note, move_case, moves_for, note_on_case
from crossline.safeguarding.answering.forms import BUTTONS, NOTE, ActForm, move_form, note_form
from crossline.safeguarding.answering.models import PartnerNotice
from crossline.safeguarding.answering.moves import CaseState
from crossline.safeguarding.answering.presenter import (
    agency_name,
    authority_name,
    case_summary,
    state_tag,
    time_line,
    told_rows,
)
from crossline.safeguarding.answering.standing import CaseStanding, case_standings, entries_of, steps_of, told_of
from crossline.safeguarding.models import Concern
from crossline.safeguarding.presenter import person_rows
from crossline.safeguarding.queries import PersonOfConcern
from crossline.safeguarding.sections import SECTIONS
from crossline.vocabulary.codes import MentionKind

PARTNERS: Final = frozenset({Role.PARTNER})


@dataclass
class _Shown:
    """One case as the page shows it, with the forms of what the viewer may do."""

    found: CaseStanding
    told: list[dict[str, object]]
    line: list[dict[str, object]]
    summary: list[tuple[str, str]]
    tag: tuple[str, str]
    late: bool
    forms: list[tuple[str, str, ActForm]] = field(default_factory=list)
    problem: str = ""


@page(purpose=PURPOSE)
def concern(request: HttpRequest, viewpoint: Viewpoint, mention: UUID) -> HttpResponse:
    """Everything about why one person is put forward, who answers for them, and what was done. A hidden one is absent."""
    mentions = _mentions(viewpoint, mention)
    rows = viewpoint.visible(Concern.objects.filter(mention__in=mentions)).select_related("mention", "record")
    raised = list(rows.order_by("-raised_at", "mention_id", "reason"))
    cases = case_standings(viewpoint, mentions=mentions)
    if not raised and not cases:
        raise Http404
    asked = request.POST if request.method == "POST" else None
    now = timezone.now()
    shown = [_shown(viewpoint, found, now) for found in cases]
    for each in shown:
        mine = asked if asked is not None and asked.get("case") == str(each.found.case.id) else None
        if _acts(viewpoint, each, mine):
            return redirect("concern", mention)
    showed(viewpoint, [each.record for each in raised], listed=True)
    known = [each for each in raised if each.standing == Standing.RAISED]
    context = {
        "name": max((each.mention.caption for each in raised), key=len, default="Somebody put forward"),
        "mention": mention,
        "reasons": _reasons(mention, known),
        "questions": _reasons(mention, [each for each in raised if each.standing != Standing.RAISED]),
        "is_put_forward": bool(known),
        "cases": shown,
        "sections": [
            (each, list(each.rows(viewpoint, mentions)), each.begin(viewpoint, mention) if each.begin else "")
            for each in SECTIONS
        ],
    }
    failed = any(each.problem or any(form.errors for _, _, form in each.forms) for each in shown)
    return show(request, viewpoint, "answering/concern.html", context, failed=failed)


@page(purpose=PURPOSE, roles=PARTNERS)
def partner_told(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What somebody's partner organisation was told: that a child needs help, a reference, and whom to ring. Newest first."""
    notices = viewpoint.visible(PartnerNotice.objects.all()).order_by("-at", "ref", "capacity", "id")
    rows = [
        {
            "ref": each.ref,
            "at": each.at,
            "what": "A child needs help" if each.is_child else "An adult needs help",
            "why": "Their home is in your area"
            if each.capacity == "home_authority"
            else "They were found in your area, away from home",
            "authority": authority_name(each.authority),
            "ring": f"The safeguarding desk of {agency_name(each.ring_id)}",
        }
        for each in notices
    ]
    return show(request, viewpoint, "answering/partner_told.html", {"rows": rows})


def _mentions(viewpoint: Viewpoint, mention: UUID) -> list[UUID]:
    if not viewpoint.visible(Mention.objects.filter(id=mention, kind=MentionKind.PERSON)).exists():
        raise Http404
    return cluster_around(viewpoint, mention)


def _reasons(mention: UUID, concerns: list[Concern]) -> Any:
    """The reasons of one person as the list of people has them."""
    if not concerns:
        return []
    return person_rows([PersonOfConcern(mention, "", concerns)])[0]["reasons"]


def _shown(viewpoint: Viewpoint, found: CaseStanding, now: datetime) -> _Shown:
    case = [found.case.id]
    told, entries = told_of(viewpoint, case), entries_of(viewpoint, case)
    return _Shown(
        found=found,
        told=told_rows(told, entries),
        line=time_line(found.reasons, steps_of(viewpoint, case), told, entries),
        summary=case_summary(found, now),
        tag=state_tag(found),
        late=found.is_late(now),
    )


def _acts(viewpoint: Viewpoint, shown: _Shown, asked: QueryDict | None) -> bool:
    """Make the forms of a case, and do what was asked. Gives whether something was done."""
    which = asked.get("which", "") if asked is not None else ""
    for state in moves_for(viewpoint, shown.found):
        form = move_form(viewpoint, shown.found, state, asked if which == state else None)
        shown.forms.append((state.value, BUTTONS[state], form))
        if form.is_valid() and _done(viewpoint, shown, form, state):
            return True
    if may_note(viewpoint, shown.found):
        waiting = [
            (str(row["id"]), f"{row['capacity']}: {row['who'] or 'not known'}") for row in shown.told if row["waits"]
        ]
        form = note_form(shown.found, waiting, asked if which == NOTE else None)
        shown.forms.append((NOTE, "Write down what was done", form))
        if form.is_valid() and _done(viewpoint, shown, form, None):
            return True
    return False


def _done(viewpoint: Viewpoint, shown: _Shown, form: ActForm, state: CaseState | None) -> bool:
    case = shown.found.case.id
    try:
        if state is None:
            told = form.said("told").get("told")
            note_on_case(
                case=case, text=form.cleaned_data["text"], told=UUID(told) if told else None, viewpoint=viewpoint
            )
        else:
            said = form.said("person", "offered", "end", "accepted_by", "reason")
            move_case(case=case, state=state, stood=form.cleaned_data["stood"], viewpoint=viewpoint, **said)
    except UserError as error:
        shown.problem = str(error)
        return False
    return True
