"""What the pages of planned events show, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.check_presenter import short
from crossline.deconfliction.events import events_of, within_the_agency
from crossline.deconfliction.inbox import AskedAbout, Met
from crossline.deconfliction.models import Check, PlannedEvent
from crossline.deconfliction.rules import AnswerLevel, CheckKind
from crossline.engines.deconfliction.tokens import Nearness
from crossline.wording import format_datetime

TOLD_LATER: Final[Mapping[AnswerLevel, str]] = MappingProxyType(
    {
        AnswerLevel.CONTACT: "Your agency, and whom to ring",
        AnswerLevel.CONTACT_AND_CATEGORY: "Your agency, whom to ring, and what kind of event it is",
        AnswerLevel.SILENT: "Nothing: you are told of them, and can ring",
    }
)
"""What whoever registers later, near an event, is told of it."""


def event_rows(events: list[PlannedEvent], asked: Iterable[AskedAbout], met: Iterable[Met]) -> list[dict[str, object]]:
    """One's own agency's events, each with everybody whom it meets."""
    others: dict[UUID, dict[str, str]] = {}
    every: list[AskedAbout | Met] = [*asked, *met]
    for each in every:
        if each.own is not None and each.nearness:
            others.setdefault(each.own, {})[each.agency] = each.nearness
    within = within_the_agency(events)
    return [_row(each, others.get(each.asked_id, {}), len(within.get(each.asked_id, ()))) for each in events]


def _row(event: PlannedEvent, others: Mapping[str, str], own: int) -> dict[str, object]:
    near = [*(short(agency) for agency in sorted(others)), *([f"{own} of your own agency"] if own else [])]
    return {
        "number": event.asked.number,
        "href": reverse("check", args=[event.asked_id]),
        "what": event.asked.value,
        "operation": event.asked.operation,
        "by": event.asked.asked_by,
        "near": ", ".join(near) or "Nobody",
        "state": state_of(event),
    }


def state_of(event: PlannedEvent) -> str:
    """How it stands, in a word."""
    now = timezone.now()
    if hasattr(event, "called_off"):
        return "Called off"
    return "Over" if event.ends < now else "Under way" if event.starts <= now else "To come"


def own_event(viewpoint: Viewpoint, check: Check) -> dict[str, object] | None:
    """The event that a check of one's own agency registered, while it is kept; None of any other check."""
    events = events_of(viewpoint) if check.kind == CheckKind.EVENT else []
    event = next((each for each in events if each.asked_id == check.id), None)
    if event is None:
        return None
    minutes = [round(reach.total_seconds() / 60) for reach in (event.reach_before, event.reach_after)]
    return {
        "facts": [
            ("How it stands", state_of(event)),
            ("From", format_datetime(event.starts)),
            ("To", format_datetime(event.ends)),
            ("In its way", f"Within {event.reach_metres:.0f} m, {minutes[0]} minutes before to {minutes[1]} after"),
            ("Whoever registers later is told", TOLD_LATER[AnswerLevel(event.level)]),
        ],
        "called_off": hasattr(event, "called_off"),
        "silent": event.level == AnswerLevel.SILENT,
        "within": [_within(other, nearness) for other, nearness in within_the_agency(events).get(check.id, ())],
    }


def _within(other: PlannedEvent, nearness: Nearness) -> dict[str, object]:
    return {
        "number": other.asked.number,
        "href": reverse("check", args=[other.asked_id]),
        "what": other.asked.value,
        "operation": other.asked.operation,
        "contact": other.asked.contact,
        "nearness": nearness.meaning,
    }
