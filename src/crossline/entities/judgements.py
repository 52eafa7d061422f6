"""Judgements: a person says that two mentions are the same or different; dated, with a reason, and undone by another row."""

from __future__ import annotations

from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.entities.models import Judgement, Verdict, Withdrawal
from crossline.errors import NotPermitted, UserError
from crossline.records.generation import advance
from crossline.records.models import Mention


def judge(*, left: UUID, right: UUID, verdict: Verdict, reason: str, viewpoint: Viewpoint) -> Judgement:
    """Record a judgement. Both mentions must be visible to whoever judges; a hidden one is answered like an absent one."""
    if left == right:
        raise UserError("A judgement is about two mentions; these are one and the same.")
    if not reason.strip():
        raise UserError("Give the reason for the judgement: others will read it years from now.")
    first, second = sorted((left, right))
    found = {row.id: row for row in viewpoint.visible(Mention.objects.filter(id__in=(first, second)))}
    if len(found) < 2:
        raise NotPermitted("One of the two mentions does not exist, or you may not see it.")
    if found[first].kind != found[second].kind:
        raise UserError(f"A {found[first].kind} and a {found[second].kind} cannot be one thing.")
    judgement = Judgement(
        left_id=first,
        right_id=second,
        verdict=verdict,
        reason=reason.strip(),
        decided_by=viewpoint.viewer.username,
        decided_agency=viewpoint.viewer.agency,
        left_audience_id=found[first].audience_id,
        right_audience_id=found[second].audience_id,
    )
    judgement.save(force_insert=True)
    advance()
    about = Subject("judgement", str(judgement.id), {"left": str(first), "right": str(second), "verdict": str(verdict)})
    log(Event.JUDGEMENT_MADE, by=viewpoint.viewer, about=about, purpose="entity resolution")
    return judgement


def withdraw(*, judgement: UUID, reason: str, viewpoint: Viewpoint) -> Withdrawal:
    """Undo a judgement: what was before it stands again, exactly."""
    if not reason.strip():
        raise UserError("Give the reason for taking the judgement back.")
    found = viewpoint.visible(Judgement.objects.filter(id=judgement), "left_audience", "right_audience").first()
    if found is None:
        raise NotPermitted("That judgement does not exist, or you may not see it.")
    if Withdrawal.objects.filter(judgement=found).exists():
        raise UserError("That judgement has been taken back already.")
    undone = Withdrawal(
        judgement=found,
        reason=reason.strip(),
        withdrawn_by=viewpoint.viewer.username,
        left_audience_id=found.left_audience_id,
        right_audience_id=found.right_audience_id,
    )
    undone.save(force_insert=True)
    advance()
    about = Subject("judgement", str(found.id), {"reason": reason.strip()[:200]})
    log(Event.JUDGEMENT_WITHDRAWN, by=viewpoint.viewer, about=about, purpose="entity resolution")
    return undone
