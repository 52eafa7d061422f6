"""The lead of a line: offered by an agency that returned it or by the centre, and had once the agency that is to lead agrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.register import RegisterLine, register
from crossline.operations.joint.asking import ACTS, PURPOSE
from crossline.operations.joint.moves import LEAD_MOVES, LeadState
from crossline.operations.joint.requests import may_act
from crossline.operations.models import LeadStep
from crossline.records.models import Record
from crossline.records.one_at_a_time import claim
from crossline.vocabulary.agencies import agencies, is_partner
from crossline.vocabulary.codes import RecordKind

LONGEST_REASON: Final = 1_000
OVERTAKEN: Final = "Somebody else answered this offer since you opened it, so nothing was changed; read what they said."
Anchor = tuple[str, str]
"""The (returning agency, reference) on which the lead of a line hangs: a later revision of the return keeps it."""


@dataclass(frozen=True)
class Lead:
    """What was done about the lead of one line, the oldest first."""

    steps: tuple[LeadStep, ...] = ()

    @cached_property
    def _last(self) -> tuple[LeadStep, ...]:
        """The last step of each offer."""
        followed = {step.follows_id for step in self.steps}
        return tuple(step for step in self.steps if step.id not in followed)

    @property
    def held(self) -> LeadStep | None:
        """The step by which an agency leads now: the one agreed to last, unless it laid the lead down."""
        agreed = [step for step in self._agreed if step in self._last]
        return agreed[-1] if agreed and agreed[-1] is self._agreed[-1] else None

    @property
    def _agreed(self) -> list[LeadStep]:
        return [step for step in self.steps if step.state == LeadState.ACCEPTED]

    @property
    def agency(self) -> str:
        """The agency that leads, or nothing."""
        return self.held.lead_id if self.held else ""

    @property
    def offers(self) -> list[LeadStep]:
        """The offers that nobody has answered."""
        return [step for step in self._last if step.state == LeadState.OFFERED]


def anchors_of(line: RegisterLine) -> list[Anchor]:
    """The pairs by which what was said of a line is found again: those of its returns, the newest first."""
    return [(row.owner, row.ref) for row in line.returns]


def leads(viewpoint: Viewpoint) -> Mapping[Anchor, tuple[LeadStep, ...]]:
    """Every step about a lead that the viewer sees, by what it hangs on."""
    found: dict[Anchor, list[LeadStep]] = defaultdict(list)
    for step in viewpoint.visible(LeadStep.objects.all()).order_by("at", "id"):
        found[step.owner_id, step.ref].append(step)
    return MappingProxyType({anchor: tuple(steps) for anchor, steps in found.items()})


def lead_of(line: RegisterLine, known: Mapping[Anchor, tuple[LeadStep, ...]]) -> Lead:
    """The lead of a line: of several returns that are one line, the lead agreed to last."""
    steps = [step for anchor in anchors_of(line) for step in known.get(anchor, ())]
    return Lead(tuple(sorted(steps, key=lambda step: (step.at, step.id))))


def why_not_offered(line: RegisterLine, lead: Lead, viewpoint: Viewpoint) -> str:
    """Why the viewer cannot offer the lead of a line, as a sentence; empty where they can."""
    own = viewpoint.viewer.agency
    if not may_act(viewpoint):
        return ACTS
    if not line.returns:
        return "No agency has returned this line, so there is nothing for a lead to hang on; return it first."
    if own != CENTRE and own not in {owner for owner, _ in anchors_of(line)}:
        return "An agency that returned the line, or the centre, offers its lead; return the line first."
    if lead.agency and own not in (lead.agency, CENTRE):
        return (
            f"{agencies()[lead.agency].name} leads on this line; it, or the centre, offers the lead to another agency."
        )
    return ""


def offer_lead(*, line: UUID, lead: str, reason: str, viewpoint: Viewpoint) -> LeadStep:
    """Offer an agency the lead of a line; where it is one's own and nobody leads, take it. A hidden line is answered like an
    absent one."""
    found = register(viewpoint).find(line)
    if found is None:
        raise NotPermitted("That line does not exist, or you may not see it.")
    own = viewpoint.viewer.agency
    stands = lead_of(found, leads(viewpoint))
    if why_not := why_not_offered(found, stands, viewpoint):
        raise NotPermitted(why_not)
    record = _return_of(found, viewpoint)
    claim(record.id)
    stands = lead_of(found, leads(viewpoint))
    if lead not in agencies() or is_partner(lead):
        raise UserError("Choose the agency that is to lead.")
    if lead == stands.agency:
        raise MoveNotAllowed(f"{agencies()[lead].name} leads on this line already.")
    if lead in {step.lead_id for step in stands.offers}:
        raise MoveNotAllowed(f"The lead is offered to {agencies()[lead].name} already; its answer is waited for.")
    made = LeadStep(
        owner_id=record.owner_id,
        ref=record.ref,
        lead_id=lead,
        state=LeadState.ACCEPTED if lead == own else LeadState.OFFERED,
        reason=_reason(reason),
        by=viewpoint.viewer.username,
        by_agency=own,
        audience_id=record.audience_id,
    )
    made.save(force_insert=True)
    return _logged(made, viewpoint)


def move_lead(*, step: UUID, to: LeadState, reason: str, viewpoint: Viewpoint) -> LeadStep:
    """Accept an offer, decline it, take it back, or lay the lead down; each with its reason."""
    found = viewpoint.visible(LeadStep.objects.filter(id=step)).first()
    if found is None:
        raise NotPermitted("That offer does not exist, or you may not see it.")
    if not may_act(viewpoint):
        raise NotPermitted(ACTS)
    stands = LeadState(found.state)
    if to not in LEAD_MOVES[stands]:
        raise MoveNotAllowed(f"What is {stands.label.lower()} cannot become {to.label.lower()}.")
    if viewpoint.viewer.agency not in who_moves(found, to):
        raise NotPermitted(
            f"{' or '.join(agencies()[each].name for each in who_moves(found, to))} does that; ask people there."
        )
    made = LeadStep(
        owner_id=found.owner_id,
        ref=found.ref,
        lead_id=found.lead_id,
        state=to,
        reason=_reason(reason),
        follows=found,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    return _logged(made, viewpoint)


def who_moves(step: LeadStep, to: LeadState) -> tuple[str, ...]:
    """The agencies that make this of an offer or a lead."""
    if to is LeadState.WITHDRAWN:
        return (step.by_agency,)
    return tuple(dict.fromkeys((step.lead_id, CENTRE))) if to is LeadState.ENDED else (step.lead_id,)


def _return_of(line: RegisterLine, viewpoint: Viewpoint) -> Record:
    """The return that the lead hangs on: the viewer's own agency's, else the newest."""
    own = viewpoint.viewer.agency
    owner, ref = next((each for each in anchors_of(line) if each[0] == own), anchors_of(line)[0])
    rows = viewpoint.visible(Record.objects.filter(kind=RecordKind.LINE_RETURN, owner=owner, ref=ref))
    return rows.order_by("-revision")[0]


def _reason(text: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON:,} characters: every agency reads it.")
    return said


def _logged(made: LeadStep, viewpoint: Viewpoint) -> LeadStep:
    about = {"owner": made.owner_id, "ref": made.ref, "lead": made.lead_id, "state": str(made.state)}
    log(Event.LINE_LEAD_MOVED, by=viewpoint.viewer, about=Subject("line_lead", str(made.id), about), purpose=PURPOSE)
    return made
