"""Judgements: a person says that two mentions are the same or different; dated, with a reason, and undone by another row.

The centre's are decisions and move clusters; anybody else's are proposals and move nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.entities.models import Judgement, Verdict, Withdrawal
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.generation import advance
from crossline.records.models import Mention
from crossline.records.one_at_a_time import claim
from crossline.records.restriction import standing as restrictions

PURPOSE: Final = "entity resolution"
LONGEST_REASON: Final = 2_000
ENDS: Final = ("left_audience", "right_audience")
OVERTAKEN: Final = (
    "Somebody else decided on these two since you opened them, so nothing was changed; read what they said first."
)


@dataclass(frozen=True)
class Read:
    """What its author had read of a pair: the decision that stood, or none."""

    decision: UUID | None = None


def judge(
    *, left: UUID, right: UUID, verdict: Verdict, reason: str, viewpoint: Viewpoint, read: Read | None = None
) -> Judgement:
    """Record a judgement. Both mentions must be visible to whoever judges; a hidden one is answered like an absent one.

    With `read`, nothing is written where another decision stands than its author had read.
    """
    if left == right:
        raise UserError("A judgement is about two mentions; these are one and the same.")
    said = _reason_given(reason, "Give the reason for the judgement: others will read it years from now.")
    first, second = sorted((left, right))
    found = {row.id: row for row in viewpoint.visible(Mention.objects.filter(id__in=(first, second)))}
    if len(found) < 2:
        raise NotPermitted("One of the two mentions does not exist, or you may not see it.")
    if found[first].kind != found[second].kind:
        raise UserError(f"A {found[first].kind} and a {found[second].kind} cannot be one thing.")
    if read is not None:
        claim(uuid5(NAMESPACE_URL, f"judging {first} {second}"))
        stands = decision_on(first, second, viewpoint)
        if (stands.id if stands else None) != read.decision:
            raise MoveNotAllowed(OVERTAKEN)
    if restrictions(viewpoint, [row.record_id for row in found.values()]):
        raise MoveNotAllowed("The use of one of these records is restricted; judge once that is lifted.")
    return _written(found[first], found[second], verdict, said, viewpoint)


def judge_all(
    *, pairs: Iterable[tuple[UUID, UUID]], verdict: Verdict, reason: str, viewpoint: Viewpoint
) -> list[Judgement]:
    """Say the same of several pairs on which nobody has decided: of all of them, or of none."""
    asked = list(dict.fromkeys(pairs))
    if not asked:
        raise UserError("Tick at least one pair.")
    with transaction.atomic():
        return [
            judge(left=left, right=right, verdict=verdict, reason=reason, viewpoint=viewpoint, read=Read())
            for left, right in asked
        ]


def withdraw(*, judgement: UUID, reason: str, viewpoint: Viewpoint) -> Withdrawal:
    """Undo a judgement: what was before it stands again, exactly. For the people of the agency that judged."""
    said = _reason_given(reason, "Give the reason for taking the judgement back.")
    found = viewpoint.visible(Judgement.objects.filter(id=judgement), *ENDS).first()
    if found is None:
        raise NotPermitted("That judgement does not exist, or you may not see it.")
    if not may_withdraw(found, viewpoint):
        raise NotPermitted(
            "Only people of the agency that judged take a judgement back; the centre answers a proposal."
        )
    claim(uuid5(NAMESPACE_URL, f"taking back {found.id}"))
    if Withdrawal.objects.filter(judgement=found).exists():
        raise UserError("That judgement has been taken back already.")
    undone = Withdrawal(
        judgement=found,
        reason=said,
        withdrawn_by=viewpoint.viewer.username,
        change=advance(),
        left_audience_id=found.left_audience_id,
        right_audience_id=found.right_audience_id,
    )
    undone.save(force_insert=True)
    about = Subject("judgement", str(found.id), {"reason": said[:200]})
    log(Event.JUDGEMENT_WITHDRAWN, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return undone


def may_withdraw(judgement: Judgement, viewpoint: Viewpoint) -> bool:
    """Whether the viewer's agency made the judgement."""
    return judgement.decided_agency == viewpoint.viewer.agency


def judgements_on(left: UUID, right: UUID, viewpoint: Viewpoint) -> list[Judgement]:
    """Everything that stands of what was said of two mentions, whichever way round, the newest first."""
    first, second = sorted((left, right))
    rows = Judgement.objects.filter(left=first, right=second, withdrawal=None)
    return list(viewpoint.visible(rows, *ENDS).order_by("-decided_at", "-id"))


def decision_on(left: UUID, right: UUID, viewpoint: Viewpoint) -> Judgement | None:
    """The decision that stands on two mentions: the newest that nobody took back."""
    return next((said for said in judgements_on(left, right, viewpoint) if said.decides), None)


def _reason_given(reason: str, otherwise: str) -> str:
    said = reason.strip()
    if not said:
        raise UserError(otherwise)
    if len(said) > LONGEST_REASON:
        raise UserError(f"Give the reason in up to {LONGEST_REASON:,} characters.")
    return said


def _written(left: Mention, right: Mention, verdict: Verdict, reason: str, viewpoint: Viewpoint) -> Judgement:
    judgement = Judgement(
        left=left,
        right=right,
        verdict=verdict,
        reason=reason,
        decided_by=viewpoint.viewer.username,
        decided_agency=viewpoint.viewer.agency,
        change=advance(),
        left_audience_id=left.audience_id,
        right_audience_id=right.audience_id,
    )
    judgement.save(force_insert=True)
    said = {"left": str(left.id), "right": str(right.id), "verdict": str(verdict), "decides": judgement.decides}
    about = Subject("judgement", str(judgement.id), said)
    log(Event.JUDGEMENT_MADE, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return judgement
