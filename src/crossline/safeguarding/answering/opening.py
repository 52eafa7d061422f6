"""The part of the daily rhythm that gives every concern somebody who answers for it, in the step that raises it.

A new reason joins the case that the person has among those who may see the same rows; where none is, one is opened with its
owner; where it has ended, it is opened again. Whoever answers in each capacity is told in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from crossline.access.actions import intern_audience
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import AudienceLabel
from crossline.access.policy import agency_label
from crossline.engines.indicators.answerers import OF_FORCES, Answerer, Capacity, answerers
from crossline.engines.indicators.facts import Standing
from crossline.engines.indicators.rulebook import ConcernReason
from crossline.safeguarding.answering.facts import same_person, whereabouts
from crossline.safeguarding.answering.models import CaseReason, CaseStep, ConcernCase
from crossline.safeguarding.answering.moves import CaseState, Held, Side, follow
from crossline.safeguarding.answering.telling import Telling, tell
from crossline.safeguarding.models import Concern

ANSWERING: Final = Process("answering")
PURPOSE: Final = "safeguarding"


@dataclass
class _Case:
    """A case while reasons are given to it."""

    row: ConcernCase
    step: CaseStep
    new: list[CaseReason] = field(default_factory=list)

    @property
    def held(self) -> Held:
        return Held(CaseState(self.step.state), self.step.owner_id, self.step.person, self.step.offered)


def answer_for_concerns() -> int:
    """Give every concern that nobody answers for its case. Gives how many reasons were new. In the caller's transaction."""
    labels = _Labels()
    waiting = _unanswered(labels)
    if not waiting:
        return 0
    people = same_person({each.mention_id for each in waiting})
    said = whereabouts(people, {each.mention_id: each.owner_id for each in waiting})
    known = _known_cases(people)
    opened, steps, reasons, tellings = [], [], [], []
    for concern in waiting:
        answers = answerers(said[concern.mention_id])
        case = _case_of(known, people[concern.mention_id], concern, labels)
        if case is None:
            case = _opened(concern, _owner(answers, concern, labels), labels)
            opened.append(case.row)
            steps.append(case.step)
            known[concern.mention_id].append(case)
        elif case.held.has_ended:
            case.step = _again(case, concern)
            steps.append(case.step)
        reason = CaseReason(
            case=case.row,
            mention_id=concern.mention_id,
            reason=concern.reason,
            standing=concern.standing,
            basis_audience_id=concern.audience_id,
            audience_id=case.row.audience_id,
        )
        reasons.append(reason)
        tellings.append(_telling(reason, concern, answers, case, labels))
        for other in people[concern.mention_id]:
            if case not in known[other]:
                known[other].append(case)
    ConcernCase.objects.bulk_create(opened, batch_size=5_000)
    CaseStep.objects.bulk_create(steps, batch_size=5_000)
    CaseReason.objects.bulk_create(reasons, batch_size=5_000)
    told = tell(tellings)
    again = len(steps) - len(opened)
    detail = {"opened": len(opened), "opened again": again, "reasons": len(reasons), "told": told}
    log(Event.CONCERNS_ANSWERED, by=ANSWERING, about=Subject("concern", "", detail), purpose=PURPOSE)
    return len(reasons)


def _unanswered(labels: _Labels) -> list[Concern]:
    """Concerns of which no case says the reason to all who may see it; the oldest first, so that what comes later joins them.

    A case whose own mention was shut away since is none for those who see the concern and not that mention.
    """
    apart = CaseReason.objects.exclude(case__about__audience=F("mention__audience"))
    seen = Q(case__about__audience=F("mention__audience"))
    for mention, about in apart.values_list("mention__audience", "case__about__audience").distinct():
        if labels.see_no_less(about, mention):
            seen |= Q(mention__audience=mention, case__about__audience=about)
    answered = CaseReason.objects.filter(
        seen,
        mention=OuterRef("mention"),
        reason=OuterRef("reason"),
        standing=OuterRef("standing"),
        basis_audience=OuterRef("audience"),
    )
    rows = Concern.objects.filter(~Exists(answered)).select_related("mention")
    return list(rows.order_by("raised_at", "mention_id", "reason"))


def _known_cases(people: Mapping[UUID, frozenset[UUID]]) -> defaultdict[UUID, list[_Case]]:
    """The cases of each mention, by why they were raised and by what they hang on; the oldest first."""
    every = sorted({each for mentions in people.values() for each in mentions})
    places = set(CaseReason.objects.filter(mention__in=every).values_list("case_id", "mention_id"))
    places |= set(ConcernCase.objects.filter(about__in=every).values_list("id", "about_id"))
    cases = {
        each.id: each
        for each in ConcernCase.objects.filter(id__in={case for case, _ in places}).select_related("about")
    }
    last: dict[UUID, CaseStep] = {}
    for step in CaseStep.objects.filter(case__in=list(cases)).order_by("number"):
        last[step.case_id] = step
    held = {each: _Case(cases[each], last[each]) for each in cases}
    found: defaultdict[UUID, list[_Case]] = defaultdict(list)
    for case, mention in sorted(places, key=lambda place: (cases[place[0]].opened_at, place[0])):
        found[mention].append(held[case])
    return found


def _case_of(
    known: Mapping[UUID, Sequence[_Case]], mentions: Iterable[UUID], concern: Concern, labels: _Labels
) -> _Case | None:
    """The person's case among those who may see the same: one that is open, else the one that ended last."""
    found = [
        case
        for mention in sorted(mentions)
        for case in known.get(mention, ())
        if case.row.basis_audience_id == concern.audience_id
        and labels.see_no_less(case.row.about.audience_id, concern.mention.audience_id)
    ]
    still = [case for case in found if not case.held.has_ended]
    if still:
        return min(still, key=lambda case: (case.row.opened_at, case.row.id))
    return max(found, key=lambda case: (case.step.at, case.row.id), default=None)


def _owner(answers: Sequence[Answerer], concern: Concern, labels: _Labels) -> str:
    """The first force that answers and whose people may see the concern; else whoever sent the record."""
    forces = [each.who for each in answers if each.capacity in OF_FORCES and each.who]
    return next((force for force in forces if labels.may_see(concern.audience_id, force)), concern.owner_id)


def _opened(concern: Concern, owner: str, labels: _Labels) -> _Case:
    seen_by = labels.of_case(concern.audience_id, owner)
    row = ConcernCase(about=concern.mention, basis_audience_id=concern.audience_id, audience_id=seen_by)
    step = CaseStep(
        case=row,
        number=1,
        state=CaseState.RAISED,
        owner_id=owner,
        reason="Raised from records.",
        by=str(ANSWERING),
        basis_audience_id=concern.audience_id,
        audience_id=seen_by,
    )
    return _Case(row, step)


def _again(case: _Case, concern: Concern) -> CaseStep:
    held = follow(case.held, state=CaseState.REOPENED, side=Side.PROCESS)
    return CaseStep(
        case=case.row,
        number=case.step.number + 1,
        state=held.state,
        owner_id=held.agency,
        reason="A new reason was raised after it had ended.",
        by=str(ANSWERING),
        basis_audience_id=case.row.basis_audience_id,
        audience_id=case.row.audience_id,
    )


def _telling(
    reason: CaseReason, concern: Concern, answers: Sequence[Answerer], case: _Case, labels: _Labels
) -> Telling:
    far = any(each.capacity is Capacity.HOST_FORCE for each in answers)
    asked = concern.standing == Standing.AGE_NOT_KNOWN
    return Telling(
        reason=reason,
        answers=answers,
        owner=case.step.owner_id,
        is_child=concern.reason != ConcernReason.TENANT_OF_PREMISES_IN_USE and not asked,
        anew=far and concern.reason == ConcernReason.CHILD_FOUND_OUT_OF_AREA,
        on_pages=frozenset(
            each.who
            for each in answers
            if each.capacity in OF_FORCES and each.who and labels.may_see(concern.audience_id, each.who)
        ),
        may_leave=far and not asked and labels.is_for_safeguarding(concern.audience_id),
    )


class _Labels:
    """What the audiences of concerns are made of, each looked up once."""

    def __init__(self) -> None:
        self._of: dict[int, frozenset[str]] = {}
        self._made: dict[tuple[int, str], int] = {}

    def _labels(self, audience: int) -> frozenset[str]:
        if audience not in self._of:
            found = AudienceLabel.objects.filter(audience=audience).values_list("label__key", flat=True)
            self._of[audience] = frozenset(found)
        return self._of[audience]

    def see_no_less(self, audience: int, than: int) -> bool:
        """Whether everybody who sees one sees the other too, by the labels they have."""
        return audience == than or self._labels(than) <= self._labels(audience)

    def is_for_safeguarding(self, audience: int) -> bool:
        """Whether safeguarding leads of every agency see it: then it may leave for those who keep a child safe."""
        return bool(self._labels(audience) & {"safeguarding", "police"})

    def may_see(self, audience: int, agency: str) -> bool:
        """Whether the safeguarding desk of an agency sees it."""
        return self.is_for_safeguarding(audience) or agency_label(agency) in self._labels(audience)

    def of_case(self, audience: int, owner: str) -> int:
        """Who reads a case: the safeguarding leads, the centre, and the agency that answers where it sees the concern."""
        if (audience, owner) not in self._made:
            held = {"centre", "safeguarding"}
            if self._labels(audience) & {agency_label(owner), "police"}:
                held.add(agency_label(owner))
            self._made[audience, owner] = intern_audience(held)
        return self._made[audience, owner]
