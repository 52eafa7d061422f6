"""Four eyes: an act that one person asks for and another of their agency allows, used once and within three days.

No one approves what they asked for themselves: the action refuses it, and so does the database's policy. Two who decide at the
same moment decide once: each state stands once for each request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.models import Approval, ApprovalStep
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError

EXPIRES: Final = timedelta(hours=72)
"""How long an approval can be used. [D] assurance: long enough for a weekend, short enough to be remembered."""
LONGEST_REASON: Final = 500


class Act(StrEnum):
    """What needs a second person."""

    BULK_EXPORT = "bulk_export"
    RELEASE = "release"
    UNMASK_VICTIMS = "unmask_victims"
    BULK_CHECK = "bulk_check"

    @property
    def meaning(self) -> str:
        return {
            Act.BULK_EXPORT: "Export in bulk",
            Act.RELEASE: "Release to another agency",
            Act.UNMASK_VICTIMS: "Export with victims named",
            Act.BULK_CHECK: "Check a file against what others work on",
        }[self]


class State(StrEnum):
    """How a request stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    USED = "used"
    EXPIRED = "expired"


MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.ASKED: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN}),
        State.APPROVED: frozenset({State.USED, State.WITHDRAWN}),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
        State.USED: frozenset(),
        State.EXPIRED: frozenset(),
    }
)
"""Where each state leads."""


@dataclass(frozen=True)
class Standing:
    """A request with the steps taken about it, the latest of which says how it stands."""

    approval: Approval
    steps: tuple[ApprovalStep, ...]

    @property
    def state(self) -> State:
        latest = State(self.steps[-1].state) if self.steps else State.ASKED
        is_open = latest in (State.ASKED, State.APPROVED)
        return State.EXPIRED if is_open and timezone.now() > self.approval.at + EXPIRES else latest

    @property
    def decided_by(self) -> str:
        """Who was the second person, where there was one."""
        return next((step.by for step in self.steps if step.state in (State.APPROVED, State.REFUSED)), "")


def standing(approval: UUID, viewpoint: Viewpoint) -> Standing | None:
    """A request as it stands, or None: for one that the viewer may not see as for an absent one."""
    found = _known(viewpoint).filter(id=approval).first()
    return None if found is None else _with_steps([found])[0]


def standings(viewpoint: Viewpoint, *, most: int) -> list[Standing]:
    """The requests that the viewer made or may decide on, the latest first."""
    return _with_steps(list(_known(viewpoint).order_by("-at", "id")[:most]))


def _known(viewpoint: Viewpoint) -> QuerySet[Approval]:
    """One's own requests and, for an information manager, those of the agency; row security says the same below."""
    viewer = viewpoint.viewer
    own = Q(asked_by_id=str(viewer.person_id))
    answers = Q(asked_agency=viewer.agency) if Role.INFORMATION_MANAGER in viewer.roles else Q()
    return viewpoint.among(Approval.objects.all(), own | answers if answers else own)


def _with_steps(approvals: list[Approval]) -> list[Standing]:
    steps: dict[UUID, list[ApprovalStep]] = {each.id: [] for each in approvals}
    for step in ApprovalStep.objects.filter(approval__in=list(steps)).order_by("at", "id"):
        steps[step.approval].append(step)
    return [Standing(each, tuple(steps[each.id])) for each in approvals]


def ask(*, act: Act, about: str, rows: int, reason: str, viewpoint: Viewpoint) -> Approval:
    """Ask that a second person allow an act."""
    viewer = viewpoint.viewer
    if not reason.strip():
        raise UserError("Give the reason: the second person decides by it.")
    made = Approval(
        act=act,
        about=about[:200],
        rows=rows,
        reason=reason.strip()[:LONGEST_REASON],
        asked_by=viewer.username,
        asked_by_id=str(viewer.person_id),
        asked_agency=viewer.agency,
    )
    made.save(force_insert=True)
    subject = Subject("approval", str(made.id), {"act": str(act), "about": about[:200], "rows": rows})
    log(Event.APPROVAL_ASKED, by=viewer, about=subject, purpose="four eyes")
    return made


def decide(*, approval: UUID, approved: bool, note: str, viewpoint: Viewpoint) -> None:
    """Allow or refuse what somebody else of the viewer's agency asked for."""
    viewer = viewpoint.viewer
    found = standing(approval, viewpoint)
    if found is None or Role.INFORMATION_MANAGER not in viewer.roles or found.approval.asked_agency != viewer.agency:
        raise NotPermitted("That request does not exist, or it is not for you to decide.")
    if found.approval.asked_by_id == str(viewer.person_id):
        raise NotPermitted("You asked for this yourself; somebody else of your agency has to decide.")
    if not approved and not note.strip():
        raise UserError("Say why you refuse: whoever asked will want to know.")
    _move(found, State.APPROVED if approved else State.REFUSED, note, viewpoint, Event.APPROVAL_DECIDED)


def withdraw(*, approval: UUID, viewpoint: Viewpoint) -> None:
    """Take one's own request back."""
    _move(_own(approval, viewpoint), State.WITHDRAWN, "", viewpoint, Event.APPROVAL_DECIDED)


def use(*, approval: UUID, act: Act, about: str, rows: int, viewpoint: Viewpoint) -> Standing:
    """Use an approval for the very act it was given for, once. Raises where it was given for another, for less, or not at all."""
    found = _own(approval, viewpoint)
    if (found.approval.act, found.approval.about) != (act, about[:200]):
        raise NotPermitted("That approval was given for something else; ask for this.")
    if rows > found.approval.rows:
        raise NotPermitted(
            f"That approval was given for {found.approval.rows:,} rows and there are {rows:,} now; ask again."
        )
    _move(found, State.USED, "", viewpoint, Event.APPROVAL_USED)
    return found


def _own(approval: UUID, viewpoint: Viewpoint) -> Standing:
    found = standing(approval, viewpoint)
    if found is None or found.approval.asked_by_id != str(viewpoint.viewer.person_id):
        raise NotPermitted("That request does not exist, or it is not yours.")
    return found


def _move(found: Standing, to: State, note: str, viewpoint: Viewpoint, event: Event) -> None:
    if to not in MOVES[found.state]:
        raise MoveNotAllowed(f"The request is {found.state} and cannot become {to}; ask anew where it is still needed.")
    viewer = viewpoint.viewer
    step = ApprovalStep(
        approval=found.approval.id,
        state=to,
        note=note.strip()[:LONGEST_REASON],
        by=viewer.username,
        by_id=str(viewer.person_id),
        by_agency=viewer.agency,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError as error:
        raise MoveNotAllowed(f"Somebody was quicker: the request is {to} already.") from error
    subject = Subject("approval", str(found.approval.id), {"act": found.approval.act, "state": str(to)})
    log(event, by=viewer, about=subject, purpose="four eyes")
