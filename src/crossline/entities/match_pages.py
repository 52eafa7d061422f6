"""Pages on which people review matches: the queue, two mentions side by side, proposals, conflicts, and what one said oneself."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.entities.conflicts import conflicts
from crossline.entities.judgements import Read, judge, judge_all, may_withdraw, withdraw
from crossline.entities.match_presenter import conflict_row, judgement_row, proposal_row, question_row
from crossline.entities.models import Verdict
from crossline.entities.pair import PairProfile, pair_profile
from crossline.entities.pair_presenter import PairPage
from crossline.entities.proposals import answered, proposals, said_of_people
from crossline.entities.reasons import OF_VERDICT, reason_for
from crossline.entities.reviewing import queue
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.records.restriction import standing

REVIEW: Final = "reviewing matches of people"
ON_A_PAGE: Final = 20
UNREADABLE: Final = "What was sent could not be read; open the page again and answer there."


@page(purpose=REVIEW)
def matches(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The pairs that wait for an answer, most valuable first; several are answered at once with one reason."""
    problem = None
    if request.method == "POST":
        try:
            verdict, reason = _given(request.POST)
            made = judge_all(pairs=_pairs(request.POST), verdict=verdict, reason=reason, viewpoint=viewpoint)
            return redirect(f"{reverse('matches')}?answered={len(made)}")
        except UserError as error:
            problem = str(error)
    waiting = queue(viewpoint)
    rows = Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("page"))
    showed(viewpoint, _once([end.record for each in rows for end in (each.left, each.right)]), listed=True)
    context = {
        **_common(viewpoint, "matches"),
        "rows": [question_row(each) for each in rows],
        "page": rows,
        "problem": problem,
        "answered": request.GET.get("answered") if str(request.GET.get("answered")).isdigit() else None,
        "ticked": request.POST.getlist("pair"),
        "words": request.POST.get("reason", ""),
    }
    return show(request, viewpoint, "entities/matches.html", context, failed=problem)


@page(purpose=REVIEW)
def match(request: HttpRequest, viewpoint: Viewpoint, one: UUID, other: UUID) -> HttpResponse:
    """Two mentions side by side. Whoever does not see both is answered as if there were none."""
    if one == other:
        raise Http404
    found = pair_profile(viewpoint, one, other)
    if found is None:
        raise Http404
    in_queue = (request.POST if request.method == "POST" else request.GET).get("then") == "queue"
    problem = None
    if request.method == "POST":
        try:
            _answer(request.POST, found, viewpoint)
            return _onwards(viewpoint, one, other, in_queue=in_queue, back=request.POST.get("back", ""))
        except UserError as error:
            problem = str(error)
            found = pair_profile(viewpoint, one, other) or found
    own = [*found.decisions, *(each.said for each in found.proposals)]
    pair = PairPage(found, frozenset(str(each.id) for each in own if may_withdraw(each, viewpoint)))
    showed(viewpoint, _once(pair.records))
    restricted = standing(viewpoint, [record.id for record in pair.records])
    context = {
        **_common(viewpoint, ""),
        "pair": pair,
        "stood": str(found.decision.id) if found.decision else "",
        "restricted": [record for record in _once(pair.records) if record.id in restricted],
        "in_queue": in_queue,
        "here": reverse("match", args=[one, other]),
        "problem": problem,
        "words": request.POST.get("reason", ""),
    }
    return show(request, viewpoint, "entities/match.html", context, failed=problem)


@page(purpose=REVIEW)
def match_proposals(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What people outside the centre propose, the open ones first."""
    found = sorted(proposals(viewpoint), key=lambda each: each.answer is not None)
    rows = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {**_common(viewpoint, "match-proposals"), "rows": [proposal_row(each) for each in rows], "page": rows}
    return show(request, viewpoint, "entities/match_proposals.html", context)


@page(purpose=REVIEW)
def match_conflicts(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Decisions that two mentions are the same which cannot hold beside one that they, or others of theirs, are different."""
    rows = [conflict_row(each) for each in conflicts(viewpoint)]
    return show(
        request, viewpoint, "entities/match_conflicts.html", {**_common(viewpoint, "match-conflicts"), "rows": rows}
    )


@page(purpose=REVIEW)
def my_judgements(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What the viewer said of pairs and did not take back, with the centre's answers to proposals."""
    viewer = viewpoint.viewer
    own = said_of_people(viewpoint).filter(decided_by=viewer.username, decided_agency=viewer.agency)
    rows = Paginator(own, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [judgement_row(each) for each in answered(viewpoint, rows.object_list)]
    context = {**_common(viewpoint, "my-judgements"), "rows": shown, "page": rows}
    return show(request, viewpoint, "entities/my_judgements.html", context)


def _common(viewpoint: Viewpoint, here: str) -> dict[str, object]:
    tabs = (
        ("To review", "matches"),
        ("Proposals", "match-proposals"),
        ("Conflicts", "match-conflicts"),
        ("What you said", "my-judgements"),
    )
    return {
        "tabs": [(text, reverse(name), name == here) for text, name in tabs],
        "decides": viewpoint.viewer.agency == CENTRE,
        "verdicts": [
            {
                "value": str(verdict),
                "key": key,
                "label": label,
                "usual": OF_VERDICT[verdict][0].label,
                "reasons": [(each.value, each.label) for each in OF_VERDICT[verdict]],
            }
            for verdict, key, label in (
                (Verdict.SAME, "y", "The same"),
                (Verdict.DIFFERENT, "n", "Different"),
                (Verdict.UNSURE, "u", "Unsure"),
            )
        ],
    }


def _answer(asked: QueryDict, found: PairProfile, viewpoint: Viewpoint) -> None:
    """What was sent about one pair: a judgement, or the taking back of one."""
    taken_back, stood = asked.get("withdraw", ""), asked.get("stood", "")
    if taken_back:
        withdraw(judgement=_id(taken_back), reason=asked.get("reason", "").replace("\0", ""), viewpoint=viewpoint)
        return
    verdict, reason = _given(asked)
    ends = {"left": found.left.mention.id, "right": found.right.mention.id}
    read = Read(_id(stood) if stood else None)
    judge(**ends, verdict=verdict, reason=reason, viewpoint=viewpoint, read=read)


def _onwards(viewpoint: Viewpoint, left: UUID, right: UUID, *, in_queue: bool, back: str) -> HttpResponse:
    """Where an answer leads: the next of the queue, a list that it was given from, or the pair itself."""
    if back in {"match-conflicts", "my-judgements"}:
        return redirect(back)
    if not in_queue:
        return redirect("match", left, right)
    for each in queue(viewpoint):
        if {each.left.id, each.right.id} != {left, right}:
            return redirect(f"{reverse('match', args=[each.left.id, each.right.id])}?then=queue")
    return redirect("matches")


def _given(asked: QueryDict) -> tuple[Verdict, str]:
    """The verdict and the reason that were sent."""
    try:
        verdict = Verdict(asked.get("verdict", ""))
    except ValueError:
        raise UserError("Say whether they are the same, different, or you are unsure.") from None
    words = asked.get("reason", "").replace("\0", "")
    return verdict, reason_for(verdict, ready=asked.get("ready", ""), words=words)


def _pairs(asked: QueryDict) -> list[tuple[UUID, UUID]]:
    ends = [each.partition(":") for each in asked.getlist("pair")[:ON_A_PAGE]]
    return [(_id(left), _id(right)) for left, _, right in ends]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UserError(UNREADABLE) from None


def _once(records: list[Record]) -> list[Record]:
    return list({record.id: record for record in records}.values())
