"""Planting a decoy, agreeing to it, refusing and ending it: by an agency's auditor and one second person whom they name.

Nobody else of the agency is told, its other information managers among them. What people are shown follows by a trigger
(security.py) once the second person agreed, for as many days as were asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.models import AuditSubject, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.models import Decoy, DecoyStep
from crossline.records.decoys.security import LONGEST_DAYS, WHO_AGREES

LONGEST_REASON: Final = 500
PURPOSE: Final = "decoys"


class State(StrEnum):
    """How a decoy stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    ENDED = "ended"
    EXPIRED = "expired"


MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.WAITING: frozenset({State.AGREED, State.REFUSED, State.ENDED}),
        State.AGREED: frozenset({State.ENDED}),
        State.REFUSED: frozenset(),
        State.ENDED: frozenset(),
        State.EXPIRED: frozenset(),
    }
)
"""Where each state leads."""
_EVENTS: Final = {
    State.AGREED: Event.DECOY_AGREED,
    State.REFUSED: Event.DECOY_REFUSED,
    State.ENDED: Event.DECOY_ENDED,
}


@dataclass(frozen=True)
class Standing:
    """A decoy with the steps taken about it."""

    decoy: Decoy
    steps: tuple[DecoyStep, ...]

    @property
    def until(self) -> datetime | None:
        """To when it is in force, where somebody agreed."""
        agreed = next((step.at for step in self.steps if step.state == State.AGREED), None)
        return None if agreed is None else agreed + timedelta(days=self.decoy.days)

    @property
    def state(self) -> State:
        taken = {State(step.state) for step in self.steps}
        for last in (State.ENDED, State.REFUSED):
            if last in taken:
                return last
        if self.until is None:
            return State.WAITING
        return State.AGREED if timezone.now() < self.until else State.EXPIRED


def plant(*, story: Story, days: int, reason: str, sponsor: str, viewpoint: Viewpoint) -> Decoy:
    """Plant a decoy for one's own agency's people. Nobody is shown it before the person named as `sponsor` agrees."""
    viewer = viewpoint.viewer
    if Role.AUDITOR not in viewer.roles:
        raise NotPermitted("Only an auditor plants decoys.")
    if not 1 <= days <= LONGEST_DAYS:
        raise UserError(f"Say for how many days: at least one and at most {LONGEST_DAYS}.")
    second = sponsors(viewpoint).filter(username=sponsor).first()
    if second is None:
        raise UserError("Choose who is to agree: another auditor or an information manager of your agency.")
    made = Decoy(
        ref=story.ref,
        said=story.written(),
        tokens=story.tokens,
        days=days,
        reason=_written(reason, "Give the reason for the decoy: the second person decides by it"),
        planted_by=viewer.username,
        planted_by_id=str(viewer.person_id),
        planted_agency=viewer.agency,
        sponsor=second.username,
        sponsor_id=str(second.id),
    )
    made.save(force_insert=True)
    log(Event.DECOY_PLANTED, by=viewer, about=Subject("decoy", str(made.id)), purpose=PURPOSE)
    return made


def agree(*, decoy: UUID, viewpoint: Viewpoint) -> None:
    """Agree, as the person who was named: from now on the agency's people come upon it."""
    _move(_for_second(decoy, viewpoint), State.AGREED, "", viewpoint)


def refuse(*, decoy: UUID, note: str, viewpoint: Viewpoint) -> None:
    """Refuse, as the person who was named: nobody is ever shown it."""
    found = _for_second(decoy, viewpoint)
    _move(found, State.REFUSED, _written(note, "Say why you refuse: whoever asked will want to know"), viewpoint)


def end(*, decoy: UUID, note: str, viewpoint: Viewpoint) -> None:
    """Take a decoy away before its time: any auditor of the agency may, and the person who was named."""
    found = _found(decoy, viewpoint)
    _move(found, State.ENDED, _written(note, "Say why the decoy is ended"), viewpoint)


def sponsors(viewpoint: Viewpoint) -> QuerySet[Person]:
    """Who can be named to agree: the agency's other auditors, and its information managers."""
    people = Person.objects.filter(agency=viewpoint.viewer.agency, is_active=True, roles__overlap=sorted(WHO_AGREES))
    return people.exclude(username=viewpoint.viewer.username).order_by("name", "username")


def known(viewpoint: Viewpoint) -> QuerySet[Decoy]:
    """The decoys of which the viewer may know that they are decoys; row security says the same below."""
    viewer = viewpoint.viewer
    own = Q(planted_agency=viewer.agency)
    named = own & Q(sponsor_id=str(viewer.person_id))
    if Role.AUDITOR in viewer.roles:
        named = own
    elif not viewer.roles & WHO_AGREES:
        named = Q(pk=None)
    return viewpoint.among(Decoy.objects.all(), named)


def standings(viewpoint: Viewpoint) -> list[Standing]:
    """Those decoys with how each stands, the latest first."""
    return _with_steps(known(viewpoint).order_by("-planted_at", "id"))


def reads(viewpoint: Viewpoint) -> dict[UUID, int]:
    """How often each of them was shown to anybody."""
    found = AuditSubject.objects.filter(record__in=known(viewpoint).values("id"))
    return dict(found.values_list("record").annotate(number=Count("id")).order_by())


def _with_steps(decoys: Iterable[Decoy]) -> list[Standing]:
    held = list(decoys)
    steps: dict[UUID, list[DecoyStep]] = {each.id: [] for each in held}
    for step in DecoyStep.objects.filter(decoy__in=held).order_by("at", "id"):
        steps[step.decoy_id].append(step)
    return [Standing(each, tuple(steps[each.id])) for each in held]


def _found(decoy: UUID, viewpoint: Viewpoint) -> Standing:
    found = _with_steps(known(viewpoint).filter(id=decoy))
    if not found:
        raise NotPermitted("That decoy does not exist, or it is not for you to decide on.")
    return found[0]


def _for_second(decoy: UUID, viewpoint: Viewpoint) -> Standing:
    found = _found(decoy, viewpoint)
    if found.decoy.sponsor_id != str(viewpoint.viewer.person_id):
        raise NotPermitted("Somebody else was asked to agree to this decoy; only they can.")
    return found


def _move(found: Standing, to: State, note: str, viewpoint: Viewpoint) -> None:
    if to not in MOVES[found.state]:
        raise MoveNotAllowed(f"The decoy is {found.state} and cannot become {to}; plant another where one is needed.")
    viewer = viewpoint.viewer
    step = DecoyStep(
        decoy=found.decoy,
        state=to,
        note=note,
        by=viewer.username,
        by_id=str(viewer.person_id),
        by_agency=viewer.agency,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError as error:
        raise MoveNotAllowed("Somebody was quicker: open the list again to see how the decoy stands.") from error
    log(_EVENTS[to], by=viewer, about=Subject("decoy", str(found.decoy.id)), purpose=PURPOSE)


def _written(text: str, wanted: str) -> str:
    """A text in one line."""
    said = " ".join(text.split())
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"{wanted}, in up to {LONGEST_REASON} characters.")
    return said
