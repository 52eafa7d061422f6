"""How safety plans stand, as one viewer sees them: the newest text, the review, the end, returns home, and outcomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from crossline.access.viewer import Viewpoint
from crossline.safeguarding.meetings.models import (
    EndingAnswer,
    PlanEnding,
    PlanOutcome,
    PlanVersion,
    ReturnEntry,
    SafetyPlan,
)
from crossline.safeguarding.meetings.plan_parts import NOT_KNOWN, THE_END, asked_again_after, points
from crossline.safeguarding.meetings.standing import grouped
from crossline.safeguarding.meetings.states import PlanState, ReturnState


@dataclass(frozen=True)
class PlanStanding:
    """One plan with everything that hangs on it, each in its order."""

    viewpoint: Viewpoint
    plan: SafetyPlan
    texts: Sequence[PlanVersion]
    endings: Sequence[PlanEnding]
    answers: Mapping[UUID, EndingAnswer]
    returns: Sequence[ReturnEntry]
    outcomes: Sequence[PlanOutcome]

    @property
    def ref(self) -> str:
        """What people call it by."""
        return f"PLAN-{str(self.plan.id)[:8].upper()}"

    @property
    def text(self) -> PlanVersion:
        return self.texts[-1]

    @property
    def ending(self) -> PlanEnding | None:
        """The newest time that somebody asked to end it."""
        return self.endings[-1] if self.endings else None

    @property
    def state(self) -> PlanState:
        if self.ending is None:
            return PlanState.RUNNING
        answer = self.answers.get(self.ending.id)
        if answer is None:
            return PlanState.ENDING
        return PlanState.ENDED if answer.agreed else PlanState.RUNNING

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended."""
        if self.state is not PlanState.ENDED or self.ending is None:
            return None
        return timezone.localtime(self.answers[self.ending.id].at).date()

    def is_late(self, today: date) -> bool:
        """Whether it should have been reviewed by now."""
        return self.state is not PlanState.ENDED and today > self.text.review_on

    @property
    def journey(self) -> ReturnState | None:
        """How bringing the person home stands; none where nobody had to."""
        return ReturnState(self.returns[-1].state) if self.returns else None

    def outcome(self, point: str) -> PlanOutcome | None:
        """What was entered last for a point in time."""
        return next((each for each in reversed(self.outcomes) if each.point == point), None)

    def due(self, point: str) -> date | None:
        """From which day outcomes are asked for at a point in time; none while they are not, or once all are known.

        What was answered "not known" is asked again after a while, as long as no later point is asked for.
        """
        begun = self.begins(point)
        last = self.outcome(point)
        if begun is None or last is None:
            return begun
        if NOT_KNOWN not in last.answers.values():
            return None
        ids = list(points())
        if any(self.outcome(later) for later in ids[ids.index(point) + 1 :]):
            return None
        return timezone.localtime(last.at).date() + asked_again_after()

    def asked(self, today: date) -> list[str]:
        """The points in time at which outcomes are asked for now."""
        return [point for point in points() if (due := self.due(point)) is not None and due <= today]

    def begins(self, point: str) -> date | None:
        """From which day a point in time is there; none where the plan ended before it, or for the end while it runs."""
        if point == THE_END:
            return self.ended_on
        day = timezone.localtime(self.plan.opened_at).date() + timedelta(days=points()[point].days)
        return day if self.ended_on is None or self.ended_on >= day else None


def plan_of(viewpoint: Viewpoint, plan: UUID) -> PlanStanding | None:
    """One plan; a hidden one is none."""
    return next(iter(_plans(viewpoint, SafetyPlan.objects.filter(id=plan))), None)


def all_plans(viewpoint: Viewpoint) -> list[PlanStanding]:
    """Every plan that the viewer sees, the newest first."""
    return _plans(viewpoint, SafetyPlan.objects.all())


def plans_about(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[PlanStanding]:
    """Those for one person, given by all their mentions that the viewer sees, the newest first."""
    return _plans(viewpoint, SafetyPlan.objects.filter(about__in=list(mentions)))


def _plans(viewpoint: Viewpoint, which: QuerySet[SafetyPlan]) -> list[PlanStanding]:
    rows = viewpoint.visible(which.select_related("about", "owner"), "audience", "about__audience")
    held = list(rows.order_by("-opened_at", "id"))
    texts = grouped(viewpoint.visible(PlanVersion.objects.filter(plan__in=held)).order_by("number"), "plan_id")
    endings = grouped(viewpoint.visible(PlanEnding.objects.filter(plan__in=held)).order_by("number"), "plan_id")
    answers = {each.ending_id: each for each in viewpoint.visible(EndingAnswer.objects.filter(ending__plan__in=held))}
    returns = grouped(viewpoint.visible(ReturnEntry.objects.filter(plan__in=held)).order_by("number"), "plan_id")
    outcomes = grouped(
        viewpoint.visible(PlanOutcome.objects.filter(plan__in=held)).order_by("point", "number"), "plan_id"
    )
    return [
        PlanStanding(
            viewpoint,
            each,
            texts[each.id],
            endings.get(each.id, ()),
            answers,
            returns.get(each.id, ()),
            outcomes.get(each.id, ()),
        )
        for each in held
    ]
