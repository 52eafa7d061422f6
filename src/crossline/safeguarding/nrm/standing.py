"""How a draft, a referral or a notice stands for its viewer: its texts, what the newest rests on, its steps, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.safeguarding.nrm.form import FormPart, is_first_responder, nrm_form
from crossline.safeguarding.nrm.models import (
    IDENTIFYING,
    MOVES,
    NrmCase,
    NrmObservation,
    NrmRequest,
    NrmState,
    NrmStep,
    NrmVersion,
)
from crossline.safeguarding.nrm.routes import Age, Consent, Route, is_child
from crossline.safeguarding.nrm.security import WHO_REFERS
from crossline.vocabulary.working_days import working_day_after
from crossline.wording import format_date

PANEL = "panel"
"""The deciding authority that has clocks of its own."""
OBSERVATION = "At least one observation with its record"


@dataclass(frozen=True)
class Due:
    """What is due next: by a day, or not before one. `day` None: beyond the years whose holidays are on file."""

    what: str
    day: date | None
    limit: str

    @property
    def is_late(self) -> bool:
        return self.limit == "by" and self.day is not None and self.day < timezone.localdate()

    @property
    def words(self) -> str:
        """As the list says it."""
        limit = "by" if self.limit == "by" else "not before"
        return f"{'Late: ' if self.is_late else ''}{self.what} {limit} {format_date(self.day)}"


@dataclass(frozen=True)
class Completeness:
    """How much of the form is answered. Of the form, never of whether somebody is believed."""

    answered: int
    needed: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class NrmStanding:
    """One draft with everything of it that the viewer sees."""

    viewpoint: Viewpoint
    case: NrmCase
    versions: Sequence[NrmVersion]
    steps: Sequence[NrmStep]
    requests: Sequence[NrmRequest]

    @property
    def ref(self) -> str:
        """What people call it by here; the Home Office's reference is entered when it was sent."""
        return f"NRM-{str(self.case.id)[:8].upper()}"

    @property
    def state(self) -> NrmState:
        return NrmState(self.steps[-1].state)

    @property
    def version(self) -> NrmVersion:
        return self.versions[-1]

    @property
    def age(self) -> Age:
        return Age(self.version.age)

    @property
    def consent(self) -> Consent:
        return Consent(self.version.consent)

    @property
    def route(self) -> Route:
        return Route(self.version.route)

    @property
    def is_child(self) -> bool:
        return is_child(self.version.age)

    @property
    def asked(self) -> str:
        """The first responder that was asked last, or nobody."""
        return self.requests[-1].to_agency_id if self.requests else ""

    @cached_property
    def observations(self) -> list[NrmObservation]:
        """What the newest text rests on, as far as the viewer sees the records too; the oldest first."""
        rows = NrmObservation.objects.filter(version=self.version).select_related("record")
        found = self.viewpoint.visible(rows, "audience", "record__audience")
        return sorted(found, key=lambda each: (each.record.occurred_from or each.record.made_at, str(each.id)))

    @property
    def parts(self) -> list[FormPart]:
        """What the form asks of this person on this route."""
        without = frozenset(IDENTIFYING) if self.version.anonymous else frozenset[str]()
        return nrm_form().parts_for(self.age, self.route, without=without)

    @property
    def moves(self) -> list[NrmState]:
        """What it can become, in the order of the list."""
        table = set(MOVES[self.state])
        if self.route is Route.DUTY_TO_NOTIFY and self.state is NrmState.SENT:
            return []
        if is_first_responder(self.case.owner_id):
            table.discard(NrmState.ASKED)
        if self.state is NrmState.RECONSIDERATION:
            stage = self.steps[-2].state.partition("_")[0]
            table = {state for state in table if state.value.startswith(stage)}
        return [state for state in NrmState if state in table]

    def last(self, *states: NrmState) -> NrmStep | None:
        """The newest step to one of these states."""
        return next((step for step in reversed(self.steps) if step.state in states), None)

    @property
    def decided_by(self) -> str:
        """The id of the authority that decides, once it was sent."""
        sent = self.last(NrmState.SENT)
        return str(sent.detail.get("authority") or "") if sent else ""

    @property
    def due(self) -> Due | None:
        """What is due next, by the clocks of the data."""
        clocks = nrm_form().clocks
        since = self.steps[-1].day
        if self.state is NrmState.SENT and self.route is Route.NRM:
            clock = clocks["reasonable_panel" if self.decided_by == PANEL else "reasonable"]
            day = working_day_after(since, clock.days) if clock.unit == "working days" else _after(since, clock.days)
            return Due("Reasonable grounds", day, clock.limit)
        if self.state is NrmState.REASONABLE_YES and self.decided_by != PANEL:
            return Due("Conclusive grounds", _after(since, clocks["conclusive"].days), clocks["conclusive"].limit)
        return None

    @property
    def completeness(self) -> Completeness:
        """What the form still lacks."""
        answers = self.version.answers
        needed = [part for part in self.parts if part.is_needed(answers)]
        missing = [part.title for part in needed if not answers.get(part.id)]
        if not self.observations:
            missing.append(OBSERVATION)
        return Completeness(len(needed) + 1 - len(missing), len(needed) + 1, tuple(missing))

    @property
    def may_write(self) -> bool:
        """Whether the viewer changes the text."""
        return may_refer(self.viewpoint, self.case.owner_id)

    @property
    def may_act(self) -> bool:
        """Whether the viewer brings it on: of its agency or the centre, or of the first responder that was asked."""
        gave_back = self.state in (NrmState.DRAFTED, NrmState.READ)
        return self.may_write or (bool(self.asked) and not gave_back and may_refer(self.viewpoint, self.asked))


def may_refer(viewpoint: Viewpoint, owner: str) -> bool:
    """Whether the viewer refers for an agency."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_REFERS) and viewer.agency in (owner, CENTRE)


def nrm_case(viewpoint: Viewpoint, case: UUID) -> NrmStanding | None:
    """One draft; a hidden one is none."""
    return next(iter(_standing(viewpoint, NrmCase.objects.filter(id=case))), None)


def nrm_cases(viewpoint: Viewpoint) -> list[NrmStanding]:
    """Every draft that the viewer sees, the newest first."""
    return _standing(viewpoint, NrmCase.objects.all())


def nrm_about(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[NrmStanding]:
    """Those of the people of these mentions, however else the viewer's records mention them, the newest first."""
    known = people(viewpoint)
    wanted = {known.of(str(mention)) for mention in mentions}
    return [each for each in nrm_cases(viewpoint) if known.of(str(each.case.about_id)) in wanted]


def _standing(viewpoint: Viewpoint, which: QuerySet[NrmCase]) -> list[NrmStanding]:
    seen = viewpoint.visible(which.select_related("about"), "audience", "about__audience")
    held = list(seen.order_by("-at", "id"))
    ids = [case.id for case in held]
    versions = _by_case(viewpoint.visible(NrmVersion.objects.filter(case__in=ids)).order_by("number"))
    steps = _by_case(viewpoint.visible(NrmStep.objects.filter(case__in=ids)).order_by("number"))
    requests = _by_case(viewpoint.visible(NrmRequest.objects.filter(case__in=ids)).order_by("at", "id"))
    return [
        NrmStanding(viewpoint, each, versions[each.id], steps[each.id], requests.get(each.id, []))
        for each in held
        if each.id in versions and each.id in steps
    ]


def _by_case(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)
