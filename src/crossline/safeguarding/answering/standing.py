"""How concerns stand for their viewer: whose each is now, why it was raised, what is owed, who was told, what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from crossline.access.models import AudienceLabel, Person
from crossline.access.policy import agency_label
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.safeguarding.answering.clocks import Due, due_of
from crossline.safeguarding.answering.models import CaseEntry, CaseReason, CaseStep, ConcernCase, Told
from crossline.safeguarding.answering.moves import WHO_ANSWERS, CaseState, Held
from crossline.safeguarding.answering.telling import reference_of
from crossline.vocabulary.agencies import forces

BOTH: Final = ("audience", "basis_audience")
"""A row of a case is seen by whoever belongs to both."""


@dataclass(frozen=True)
class CaseStanding:
    """One case as it stands: its newest step, its reasons, and since when nothing was written of it.

    `desks`: who answers at each agency now, by username. A named owner who is no longer among them leaves it with the desk.
    """

    case: ConcernCase
    step: CaseStep
    reasons: Sequence[CaseReason]
    since: datetime
    desks: Mapping[str, Mapping[str, str]]

    @property
    def ref(self) -> str:
        return reference_of(self.case.id)

    @property
    def written(self) -> Held:
        """As the newest step has it."""
        return Held(CaseState(self.step.state), self.step.owner_id, self.step.person, self.step.offered)

    @property
    def held(self) -> Held:
        """Whose it is now: the person that the newest step names, while they answer there; else the desk."""
        named = self.written
        return named if self.answers_still or not named.person else replace(named, person="")

    @property
    def answers_still(self) -> bool:
        """Whether the person named may still sign in and answers for the agency."""
        return self.written.person in self.desks.get(self.step.owner_id, {})

    @property
    def owner_name(self) -> str:
        """The person who owns it by name; empty where it is the desk."""
        return self.desks.get(self.step.owner_id, {}).get(self.held.person, "")

    @property
    def is_question(self) -> bool:
        """Whether all that is asked is somebody's age."""
        return all(reason.standing == Standing.AGE_NOT_KNOWN for reason in self.reasons)

    @property
    def due(self) -> Due | None:
        held = self.held
        why = frozenset(reason.reason for reason in self.reasons)
        return due_of(held.state, self.since, desk=not held.person, reasons=why, question=self.is_question)

    def is_late(self, now: datetime) -> bool:
        due = self.due
        return due is not None and due.is_late(now)


def cases_visible(viewpoint: Viewpoint) -> QuerySet[ConcernCase]:
    """The cases that somebody sees: beside their mention, and only where they may see what they were raised from."""
    return viewpoint.visible(ConcernCase.objects.all(), *BOTH, "about__audience")


def case_standings(viewpoint: Viewpoint, *, mentions: Iterable[UUID] | None = None) -> list[CaseStanding]:
    """How cases stand, the oldest first: all that the viewer sees, or those of these mentions, whichever way they lead there."""
    reasons = viewpoint.visible(CaseReason.objects.all(), *BOTH, "mention__audience")
    cases = cases_visible(viewpoint)
    if mentions is not None:
        wanted = list(mentions)
        leading = reasons.filter(mention__in=wanted).values("case")
        cases = cases.filter(Q(about__in=wanted) | Q(id__in=leading))
    return _standing(viewpoint, list(cases.order_by("opened_at", "id")), reasons)


def case_standing(viewpoint: Viewpoint, case: UUID) -> CaseStanding | None:
    """How one case stands; a hidden one is none."""
    reasons = viewpoint.visible(CaseReason.objects.all(), *BOTH, "mention__audience")
    return next(iter(_standing(viewpoint, list(cases_visible(viewpoint).filter(id=case)), reasons)), None)


def _standing(viewpoint: Viewpoint, cases: Sequence[ConcernCase], reasons: QuerySet[CaseReason]) -> list[CaseStanding]:
    ids = [case.id for case in cases]
    why: dict[UUID, list[CaseReason]] = defaultdict(list)
    for reason in reasons.filter(case__in=ids).order_by("at", "reason", "mention_id", "standing"):
        why[reason.case_id].append(reason)
    last = {step.case_id: step for step in steps_of(viewpoint, ids)}
    entries = viewpoint.visible(CaseEntry.objects.filter(case__in=ids), *BOTH).order_by("at")
    written = {(case, agency): at for case, agency, at in entries.values_list("case_id", "by_agency", "at")}
    desks = desks_of({step.owner_id for step in last.values()})
    return [
        CaseStanding(
            case=case,
            step=last[case.id],
            reasons=why[case.id],
            since=_since(last[case.id], written.get((case.id, last[case.id].owner_id))),
            desks=desks,
        )
        for case in cases
    ]


def _since(step: CaseStep, written: datetime | None) -> datetime:
    """From when what is owed counts: in hand, from the last thing that its owner wrote down."""
    return max(step.at, written) if written and step.state == CaseState.IN_HAND else step.at


def steps_of(viewpoint: Viewpoint, cases: Iterable[UUID]) -> list[CaseStep]:
    """The steps of cases, the oldest first."""
    return list(viewpoint.visible(CaseStep.objects.filter(case__in=list(cases)), *BOTH).order_by("number", "case_id"))


def entries_of(viewpoint: Viewpoint, cases: Iterable[UUID]) -> list[CaseEntry]:
    """What was written of cases, the oldest first."""
    return list(viewpoint.visible(CaseEntry.objects.filter(case__in=list(cases)), *BOTH).order_by("at", "id"))


def told_of(viewpoint: Viewpoint, cases: Iterable[UUID]) -> list[Told]:
    """Who was told of cases, the oldest first."""
    rows = viewpoint.visible(Told.objects.filter(case__in=list(cases)), *BOTH).select_related("agency")
    return list(rows.order_by("at", "capacity", "who", "agency_id", "id"))


def desks_of(agencies: Iterable[str]) -> dict[str, dict[str, str]]:
    """Who answers for concerns at each agency: usernames with names, of those who may sign in."""
    rows = Person.objects.filter(
        agency__in=sorted(agencies), is_active=True, roles__overlap=[str(role) for role in sorted(WHO_ANSWERS)]
    )
    found: dict[str, dict[str, str]] = {}
    for agency, username, name in rows.order_by("name", "username").values_list("agency_id", "username", "name"):
        found.setdefault(agency, {})[username] = name
    return found


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """People by username, those whose access has ended too."""
    wanted = sorted(each for each in usernames if each)
    return dict(Person.objects.filter(username__in=wanted).values_list("username", "name"))


def may_be_offered_to(viewpoint: Viewpoint, found: CaseStanding) -> list[str]:
    """The forces to which a case can be offered: those whose desks may see what it was raised from, but for its owner."""
    basis = AudienceLabel.objects.filter(audience=found.case.basis_audience_id)
    labels = set(viewpoint.visible(basis).values_list("label__key", flat=True))
    open_to_all = bool(labels & {"police", "safeguarding"})
    return [
        force.id
        for force in forces()
        if force.id != found.step.owner_id and (open_to_all or agency_label(force.id) in labels)
    ]
