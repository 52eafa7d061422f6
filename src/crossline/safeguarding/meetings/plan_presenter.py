"""How safety plans are shown: a plan in the list, on the page of its person, and what came of it at a point in time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.records.naming import name_of
from crossline.safeguarding.meetings.outcomes_counted import OutcomeCount
from crossline.safeguarding.meetings.plan_parts import points, questions
from crossline.safeguarding.meetings.plan_standing import PlanStanding, plans_about
from crossline.safeguarding.meetings.states import PlanState
from crossline.wording import format_date


def plans_of(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[dict[str, object]]:
    """Rows of the plans for one person, given by all their mentions that the viewer sees: for the person's page."""
    today = timezone.localdate()
    return [plan_row(each, today) for each in plans_about(viewpoint, mentions)]


def is_victim(found: PlanStanding) -> bool:
    """Whether records that the viewer sees call the person of a plan a victim."""
    return people(found.viewpoint).of(str(found.plan.about_id)) in victims(found.viewpoint)


def plan_row(found: PlanStanding, today: date) -> dict[str, object]:
    """A plan in the list of them."""
    asked = [points()[point].title for point in found.asked(today)]
    ended = found.state is PlanState.ENDED
    return {
        "ref": found.ref,
        "href": reverse("plan", args=[found.plan.id]),
        "about": name_of(found.plan.about),
        "categories": ["victim"] if is_victim(found) else [],
        "state": found.state.label,
        "review_on": None if ended else found.text.review_on,
        "late": "Late" if found.is_late(today) else "",
        "journey": found.journey.label if found.journey else "",
        "asked": ", ".join(asked),
        "owner": found.plan.owner_id,
    }


def plan_order(found: PlanStanding, today: date) -> tuple[bool, bool, date, str]:
    """Where a plan stands in the list: late reviews first, then the next to be reviewed, then what has ended."""
    return not found.is_late(today), found.state is PlanState.ENDED, found.text.review_on, str(found.plan.id)


def outcome_shown(found: PlanStanding, point: str, today: date) -> dict[str, Any]:
    """What came of it at a point in time, as the page of the plan says it."""
    last, begins, due = found.outcome(point), found.begins(point), found.due(point)
    said = []
    if last is not None:
        said = [(each.title, dict(each.values)[last.answers[each.id]]) for each in questions().values()]
    when = f"To be entered from {format_date(begins)}." if begins else "To be entered once the plan has ended."
    if begins is None and found.ended_on:
        when = "The plan ended before."
    return {
        "point": points()[point],
        "said": said,
        "words": last.words if last else "",
        "at": last.at if last else None,
        "there": begins is not None and begins <= today,
        "when": when,
        "again": due if last else None,
    }


def counted_row(each: OutcomeCount) -> dict[str, object]:
    """One question at one point in time, as the page of all plans counts it."""
    said = ", ".join(f"{words.lower()} {number:,}" for words, number in each.numbers if number)
    return {
        "question": each.question.title,
        "point": each.point.title,
        "said": said or "nothing known",
        "known": f"{each.known:,} of {each.entered:,}",
    }
