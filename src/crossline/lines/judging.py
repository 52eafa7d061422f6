"""Deciding on a change of number: a person confirms it, rejects it or takes that back; each a row, with its reason."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted
from crossline.lines.models import MOVES, ChangeJudgement, ChangeState
from crossline.lines.rows import Pair, Succession, latest_judgements, successions
from crossline.lines.saying import reason_given
from crossline.lines.security import WHO_DECIDES
from crossline.records.generation import advance
from crossline.records.models import Record
from crossline.records.one_at_a_time import claim
from crossline.records.restriction import standing as restrictions

PURPOSE: Final = "changes of number"
OVERTAKEN: Final = (
    "Somebody else decided on this change since you opened it, so nothing was changed; read what they said first."
)
_EVENTS: Final = {
    ChangeState.CONFIRMED: Event.NUMBER_CHANGE_CONFIRMED,
    ChangeState.REJECTED: Event.NUMBER_CHANGE_REJECTED,
    ChangeState.WITHDRAWN: Event.NUMBER_CHANGE_WITHDRAWN,
}


def judge_change(
    *, finding: UUID, state: ChangeState, reason: str, stood: UUID | None, viewpoint: Viewpoint
) -> ChangeJudgement:
    """Confirm or reject a change of number, or take that back. A hidden finding is answered like an absent one.

    `stood`: the judgement that stood when whoever decides read the change (None: nobody had decided). Where another has come
    since, they are told, and nothing is written.
    """
    found = change_of(viewpoint, finding)
    if found is None:
        raise NotPermitted("That change of number does not exist, or you may not see it.")
    if not may_judge(found, viewpoint):
        raise NotPermitted(
            "Only an analyst or an information manager of the agency whose data showed the change, or of the centre, decides."
        )
    data = data_of(found, viewpoint)
    if data is None:
        raise MoveNotAllowed("The communications data that this was found in are gone, so nobody can decide on it.")
    claim(data.id)
    now = change_of(viewpoint, finding)
    if now is None or now.judgement != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if restrictions(viewpoint, [data.id, found.record]):
        raise MoveNotAllowed("The use of these records is restricted; decide once that is lifted.")
    said = reason_given(reason)
    if state not in MOVES[now.state]:
        raise MoveNotAllowed(
            f"A change of number that is {now.state.label.lower()} cannot become {state.label.lower()}."
        )
    made = _written(now, data, state, said, viewpoint)
    about = Subject("record", str(found.record), {"ref": found.ref, "data": data.ref, "method": made.method})
    log(_EVENTS[state], by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def may_judge(found: Succession, viewpoint: Viewpoint) -> bool:
    """Whether the viewer decides on changes that this agency's data showed."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_DECIDES) and viewer.agency in (found.owner, CENTRE)


def change_of(viewpoint: Viewpoint, finding: UUID) -> Succession | None:
    """One change of number as it stands at this moment, by the record of its finding."""
    return next(iter(successions(viewpoint, finding=finding)), None)


def data_of(found: Succession, viewpoint: Viewpoint) -> Record | None:
    """The set of communications data that a change was found in."""
    return viewpoint.visible(Record.objects.filter(id=found.data, owner=found.owner)).first() if found.data else None


def judgements_on(pair: Pair, viewpoint: Viewpoint) -> list[ChangeJudgement]:
    """Everything decided on a pair of numbers that the viewer sees, the newest first."""
    owner, old, new = pair
    rows = ChangeJudgement.objects.filter(owner=owner, old_number=old, new_number=new)
    return list(viewpoint.visible(rows, "audience", "record__audience").order_by("-decided_at", "-id"))


def scored_and_decided(viewpoint: Viewpoint) -> list[tuple[float, bool]]:
    """(score when it was decided on, whether it was confirmed) of every pair that stands decided: to fit weights on."""
    return [
        (found.score, found.state == ChangeState.CONFIRMED)
        for found in latest_judgements(viewpoint).values()
        if found.state != ChangeState.WITHDRAWN
    ]


def _written(found: Succession, data: Record, state: ChangeState, reason: str, viewpoint: Viewpoint) -> ChangeJudgement:
    before = viewpoint.visible(ChangeJudgement.objects.filter(record=data, finding=found.ref, followed_by=None)).first()
    made = ChangeJudgement(
        record=data,
        owner_id=found.owner,
        finding=found.ref,
        old_number=found.old,
        new_number=found.new,
        state=state,
        reason=reason,
        score=found.score,
        method=str(found.detail.get("method", "")),
        follows=before,
        decided_by=viewpoint.viewer.username,
        decided_agency=viewpoint.viewer.agency,
        audience_id=data.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    advance()
    return made
