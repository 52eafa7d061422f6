"""Saving a trigger plan: what is done at once when the same person goes missing again, a version at a time."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.missing.models import TriggerPlan
from crossline.safeguarding.missing.noting import ABSENT, NOT_THEIRS
from crossline.safeguarding.missing.rules import rules
from crossline.safeguarding.missing.standing import PURPOSE, episode_of, plans_of

LONGEST_PLAN: Final = 8_000
LONGEST_REASON: Final = 2_000
OVERTAKEN: Final = "Somebody else saved this plan since you opened it, so nothing was changed; read it again first."


def save_plan(
    *, episode: UUID, text: str, review_on: date, reason: str, stood: int, viewpoint: Viewpoint
) -> TriggerPlan:
    """Save a version of the plan for the person of an episode. `stood`: how many versions there were when it was read."""
    found = episode_of(viewpoint, episode)
    if found is None:
        raise NotPermitted(ABSENT)
    claim(UUID(found.episode.person))
    anchor = found.anchor()
    if anchor is None or Role.SAFEGUARDING not in viewpoint.viewer.roles:
        raise NotPermitted(NOT_THEIRS)
    held = plans_of(viewpoint, found.episode)
    if len(held) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    said, why = text.strip(), reason.strip()
    if not 0 < len(said) <= LONGEST_PLAN or not 0 < len(why) <= LONGEST_REASON:
        raise UserError(
            f"Give the plan, in up to {LONGEST_PLAN:,} characters, and the reason for saving it, in up to {LONGEST_REASON:,}."
        )
    today, latest = timezone.localdate(), timezone.localdate() + rules().plan_review
    if not today < review_on <= latest:
        raise UserError(f"Have the plan read again after today, and by {latest:%-d %B %Y} at the latest.")
    plan = TriggerPlan(
        about=anchor.mention,
        owner_id=viewpoint.viewer.agency,
        number=max((each.number for each in held), default=0) + 1,
        text=said,
        review_on=review_on,
        reason=why,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=anchor.mention.audience_id,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    about = Subject("episode", str(found.episode.id), {"version": plan.number, "reason": why[:200]})
    log(Event.TRIGGER_PLAN_SAVED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return plan
