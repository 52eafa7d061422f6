"""Requests between agencies as they stand: each with its steps, whose move it is, what is owed, and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from crossline.access.viewer import Viewpoint
from crossline.operations.joint.clocks import REGION_HAS, Due, is_late, moves_of, rounds, waiting
from crossline.operations.joint.moves import (
    ENDED,
    ESCALATIONS,
    MOVES,
    WAITS_FOR,
    WHO_ACTS,
    AboutKind,
    Priority,
    RequestState,
    Side,
    regional_unit,
    side_of,
)
from crossline.operations.models import JointRequest, RequestStep
from crossline.records.models import Record
from crossline.wording import format_datetime


@dataclass(frozen=True)
class Standing:
    """A request with the steps taken about it, the last of which says how it stands."""

    request: JointRequest
    steps: tuple[RequestStep, ...]

    @property
    def state(self) -> RequestState:
        return RequestState(self.steps[-1].state)

    @property
    def number(self) -> int:
        """The number of the last step, for a form to say which one was read."""
        return self.steps[-1].number

    @cached_property
    def moves(self) -> list[RequestStep]:
        """The steps but for remarks."""
        return moves_of(self.steps)

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    def side(self, agency: str) -> Side | None:
        """On which side an agency is."""
        return side_of(agency, self.request.from_agency_id, self.request.to_agency_id)

    @property
    def waits_for(self) -> str | None:
        """The side whose desk it lies on, None once it has ended."""
        return WAITS_FOR[self.state]

    def waits_for_agency(self, agency: str) -> bool:
        """Whether the next move is this agency's."""
        side = self.side(agency)
        return side is not None and self.waits_for is side

    @property
    def owed(self) -> list[Due]:
        """What the agency that was asked still owes, the soonest first."""
        return waiting(self.request, self.steps)

    @property
    def dues(self) -> tuple[Due, Due]:
        """The acknowledgement and the answer since the request was last asked, given or not."""
        return rounds(self.request, self.steps)[-1][1]

    def is_late(self, now: datetime) -> bool:
        return is_late(self.request, self.steps, now)

    @property
    def unit(self) -> str:
        """The regional unit to which it is escalated before the centre; empty where there is none."""
        return regional_unit(self.request.from_agency_id, self.request.to_agency_id)

    @property
    def to_region(self) -> RequestStep | None:
        """The step by which it was escalated to the region, once it was."""
        return next((step for step in self.moves if step.state == RequestState.REGION), None)

    @property
    def region_until(self) -> datetime | None:
        """Until when it lies with the region alone; None where it does not lie there, or the unit has said something."""
        step = self.to_region
        if step is None or self.state is not RequestState.REGION:
            return None
        if any(later.by_agency == self.unit for later in self.steps if later.number > step.number):
            return None
        return step.at + REGION_HAS[Priority(self.request.priority)]

    def why_not_escalated(self, to: RequestState, now: datetime) -> str:
        """Why it cannot be escalated to the region, or to the centre, as a sentence; empty where it can."""
        if self.side("nclcc") is not Side.CENTRE:
            return "The centre is a side of this request itself, so there is nobody to escalate it to; write a remark."
        if out_of_turn := self._out_of_turn(to):
            return out_of_turn
        until = self.region_until
        if until is not None and now < until:
            return f"The request lies with the regional unit until {format_datetime(until)}; wait for what it says."
        if self.state not in (RequestState.DECLINED, RequestState.REGION) and not self.is_late(now):
            return "A request is escalated once it was declined or is late; until then write a remark."
        return ""

    def _out_of_turn(self, to: RequestState) -> str:
        """The region comes first, once, where the agency that was asked has a unit; then the centre."""
        if to is RequestState.ESCALATED:
            if self.unit and self.to_region is None:
                return "A request is escalated to the regional unit first; it goes to the centre after that."
            return ""
        if not self.unit:
            return "The request is of an agency without a regional unit; escalate it to the centre."
        if self.to_region is not None:
            return "The request lay with the regional unit before; escalate it to the centre."
        return ""

    def open_to(self, viewpoint: Viewpoint, now: datetime) -> list[RequestState]:
        """What the viewer can make of the request at this moment."""
        viewer = viewpoint.viewer
        side = self.side(viewer.agency) if viewer.roles & WHO_ACTS else None
        return [
            state
            for state, whose in MOVES[self.state].items()
            if whose is side and not (state in ESCALATIONS and self.why_not_escalated(state, now))
        ]


def may_act(viewpoint: Viewpoint) -> bool:
    """Whether the viewer asks, answers and decides for their agency."""
    return bool(viewpoint.viewer.roles & WHO_ACTS)


def request_of(viewpoint: Viewpoint, request: UUID) -> Standing | None:
    """One request as it stands, or None: for one that the viewer may not see as for an absent one."""
    return next(iter(_with_steps(viewpoint, JointRequest.objects.filter(id=request))), None)


def requests_seen(viewpoint: Viewpoint) -> list[Standing]:
    """Every request that the viewer sees: of their own agency and to it, and for the centre's people all. The latest first."""
    return _with_steps(viewpoint, JointRequest.objects.all())


def requests_about(viewpoint: Viewpoint, pairs: Iterable[tuple[str, str]]) -> list[Standing]:
    """The requests that the viewer sees about a line, by the (agency, reference) of its returns."""
    wanted = Q(pk__in=[])
    for owner, ref in pairs:
        wanted |= Q(about_kind=AboutKind.LINE, about_owner=owner, about_ref=ref)
    return _with_steps(viewpoint, JointRequest.objects.filter(wanted))


def _with_steps(viewpoint: Viewpoint, requests: QuerySet[JointRequest]) -> list[Standing]:
    found = list(viewpoint.visible(requests).order_by("-asked_at", "id"))
    steps: dict[UUID, list[RequestStep]] = {each.id: [] for each in found}
    for step in viewpoint.visible(RequestStep.objects.filter(request__in=list(steps))).order_by("number"):
        steps[step.request_id].append(step)
    return [Standing(each, tuple(steps[each.id])) for each in found]


def record_about(viewpoint: Viewpoint, request: JointRequest) -> Record | None:
    """The return or investigation that a request is about, as the viewer sees it now: its newest revision, or None."""
    if request.about_kind == AboutKind.SUBJECT:
        return None
    rows = Record.objects.filter(kind=request.about_kind, owner=request.about_owner, ref=request.about_ref)
    return viewpoint.visible(rows).order_by("-revision").first()


def records_named(viewpoint: Viewpoint, step: RequestStep) -> Sequence[Record]:
    """Of the records that an answer names, those that the viewer sees."""
    rows = viewpoint.visible(Record.objects.filter(owner=step.by_agency, ref__in=step.records))
    return list(rows.order_by("ref", "-revision").distinct("ref"))
