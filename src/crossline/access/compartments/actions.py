"""Opening a compartment, admitting people to it and ending that: each action checks, writes and audits in one transaction.

The audit names a compartment by its id alone: an agency's auditors read what its people did, and the name tells of an operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.compartments.belonging import Belonging, Member, compartment_of, keeps, member, members
from crossline.access.compartments.models import (
    Compartment,
    CompartmentAdmission,
    CompartmentConfirmation,
    CompartmentEnd,
    CompartmentKind,
)
from crossline.access.models import Person
from crossline.access.roles import POLICING_ROLES, Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.wording import in_one_line

LONGEST_NAME: Final = 120
LONGEST_REASON: Final = 200
PURPOSE: Final = "compartment"
ABSENT: Final = "That compartment does not exist, or you do not belong to it."


def open_compartment(*, kind: CompartmentKind, name: str, reason: str, viewpoint: Viewpoint) -> Compartment:
    """Open a compartment of the viewer's agency, with the viewer as its first keeper. Nobody else is told that it exists."""
    viewer = viewpoint.viewer
    if viewer.person_id is None or Role.INFORMATION_MANAGER not in viewer.roles:
        raise NotPermitted("Only an information manager opens a compartment; ask one of your agency.")
    made = Compartment(
        owner_id=viewer.agency,
        kind=kind,
        name=in_one_line(name, LONGEST_NAME, "Give the compartment a name"),
        reason=in_one_line(reason, LONGEST_REASON, "Give the reason for which the compartment is opened"),
        opened_by=viewer.username,
    )
    made.save(force_insert=True)
    # Label and audience came with the row: they are the database's word. Row security shows it to whoever opened it.
    made = Compartment.objects.get(id=made.id)
    CompartmentAdmission(
        compartment=made,
        person_id=viewer.person_id,
        keeper=True,
        reason=made.reason[:LONGEST_REASON],
        admitted_by=viewer.username,
        admitted_agency=viewer.agency,
        audience_id=made.audience_id,
    ).save(force_insert=True)
    _log(Event.COMPARTMENT_OPENED, made.id, viewpoint, {"kind": str(kind)})
    return made


def admit(*, compartment: UUID, username: str, keeper: bool, reason: str, viewpoint: Viewpoint) -> CompartmentAdmission:
    """Admit somebody: at once where they are of the owner's agency; otherwise a second keeper has to confirm it."""
    found = _kept(compartment, viewpoint)
    why = in_one_line(reason, LONGEST_REASON, "Give the reason for which they need to see what is in the compartment")
    person = Person.objects.filter(username=username.strip(), is_active=True).first()
    if person is None or not POLICING_ROLES & {Role(role) for role in person.roles}:
        raise UserError(
            f"There is nobody called {username.strip()!r} with a policing role; check the username with them."
        )
    of_owner = person.agency_id == found.owner_id
    if keeper and not (of_owner and Role.INFORMATION_MANAGER in person.roles):
        raise UserError("Only an information manager of the agency whose compartment it is can be its keeper.")
    standing = [each for each in members(found, viewpoint) if each.admission.person_id == person.id]
    if any(each.belonging is not Belonging.ENDED for each in standing):
        raise MoveNotAllowed(f"{person.name} belongs to the compartment already, or waits for a second keeper.")
    made = CompartmentAdmission(
        compartment=found,
        person=person,
        keeper=keeper,
        reason=why,
        admitted_by=viewpoint.viewer.username,
        admitted_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    _log(Event.COMPARTMENT_ADMITTED, found.id, viewpoint, {"person": str(person.id), "at_once": of_owner})
    return made


def confirm_admission(*, admission: UUID, viewpoint: Viewpoint) -> None:
    """Confirm that somebody of another agency is admitted, as a second keeper. They see what is in it from then on."""
    found = _admission(admission, viewpoint)
    if not keeps(found.admission.compartment, viewpoint):
        raise NotPermitted("Only a keeper of the compartment confirms that; ask one.")
    if found.belonging is not Belonging.WAITING:
        raise MoveNotAllowed("That does not wait for anybody: they belong already, or no longer.")
    if found.admission.admitted_by == viewpoint.viewer.username:
        raise NotPermitted("You admitted them yourself; another keeper has to confirm it.")
    CompartmentConfirmation(
        admission=found.admission,
        person=found.admission.person,
        confirmed_by=viewpoint.viewer.username,
        confirmed_agency=viewpoint.viewer.agency,
        audience_id=found.admission.audience_id,
    ).save(force_insert=True)
    told = {"person": str(found.admission.person_id)}
    _log(Event.COMPARTMENT_ADMISSION_CONFIRMED, found.admission.compartment_id, viewpoint, told)


def end_admission(*, admission: UUID, reason: str, viewpoint: Viewpoint) -> None:
    """Somebody no longer belongs, from their next page on. A keeper does it, or whoever it is about; the last keeper stays."""
    found = _admission(admission, viewpoint)
    compartment, own = found.admission.compartment, found.admission.person_id == viewpoint.viewer.person_id
    if not own and not keeps(compartment, viewpoint):
        raise NotPermitted("Only a keeper of the compartment ends that; ask one.")
    if found.belonging is Belonging.ENDED:
        raise MoveNotAllowed("They do not belong to the compartment any more.")
    others = [each for each in members(compartment, viewpoint) if each.keeps and each != found]
    if found.keeps and not others:
        raise MoveNotAllowed("The compartment would be left without a keeper; admit another one first.")
    CompartmentEnd(
        admission=found.admission,
        person=found.admission.person,
        reason=in_one_line(reason, LONGEST_REASON, "Give the reason for which they no longer belong"),
        ended_by=viewpoint.viewer.username,
        ended_agency=viewpoint.viewer.agency,
        audience_id=found.admission.audience_id,
    ).save(force_insert=True)
    _log(Event.COMPARTMENT_ADMISSION_ENDED, compartment.id, viewpoint, {"person": str(found.admission.person_id)})


def _kept(compartment: UUID, viewpoint: Viewpoint) -> Compartment:
    found = compartment_of(viewpoint, compartment)
    if found is None:
        raise NotPermitted(ABSENT)
    if not keeps(found, viewpoint):
        raise NotPermitted("Only a keeper of the compartment admits people to it; ask one.")
    return found


def _admission(admission: UUID, viewpoint: Viewpoint) -> Member:
    found = member(admission, viewpoint)
    if found is None:
        raise NotPermitted(ABSENT)
    return found


def _log(event: Event, compartment: UUID, viewpoint: Viewpoint, told: Mapping[str, object]) -> None:
    log(event, by=viewpoint.viewer, about=Subject("compartment", str(compartment), told), purpose=PURPOSE)
