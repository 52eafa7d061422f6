"""Who belongs to a compartment, and which compartments a viewer belongs to. Read through the viewpoint like anything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.compartments.models import Compartment, CompartmentAdmission
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint


class Belonging(StrEnum):
    """How an admission stands."""

    WAITING = "waiting"
    BELONGS = "belongs"
    ENDED = "ended"


@dataclass(frozen=True)
class Member:
    """Somebody who was admitted, and how that stands."""

    admission: CompartmentAdmission
    belonging: Belonging

    @property
    def keeps(self) -> bool:
        """Whether they admit others and put records in: a keeper who still answers for the owner's records."""
        held = self.belonging is Belonging.BELONGS and self.admission.keeper
        return held and Role.INFORMATION_MANAGER in self.admission.person.roles


def compartments(viewpoint: Viewpoint) -> QuerySet[Compartment]:
    """The compartments that the viewer belongs to, by name. There are no others, as far as they are told."""
    return viewpoint.visible(Compartment.objects.select_related("owner")).order_by("name", "id")


def compartment_of(viewpoint: Viewpoint, compartment: UUID) -> Compartment | None:
    """One of them, or None: for one that the viewer does not belong to as for an absent one."""
    return compartments(viewpoint).filter(id=compartment).first()


def members(compartment: Compartment, viewpoint: Viewpoint) -> list[Member]:
    """Everybody who was ever admitted, in the order of it."""
    return [_member(each) for each in _admissions(viewpoint).filter(compartment=compartment)]


def member(admission: UUID, viewpoint: Viewpoint) -> Member | None:
    """One admission, or None where the viewer does not belong to its compartment."""
    found = _admissions(viewpoint).filter(id=admission).first()
    return None if found is None else _member(found)


def keeps(compartment: Compartment, viewpoint: Viewpoint) -> bool:
    """Whether the viewer is a keeper of a compartment."""
    return any(
        each.keeps and each.admission.person_id == viewpoint.viewer.person_id
        for each in members(compartment, viewpoint)
    )


def kept_by(viewpoint: Viewpoint) -> list[Compartment]:
    """The compartments that the viewer is a keeper of."""
    return [each for each in compartments(viewpoint) if keeps(each, viewpoint)]


def belonging(found: Iterable[Member]) -> list[Member]:
    """Those who belong at present."""
    return [each for each in found if each.belonging is Belonging.BELONGS]


def _admissions(viewpoint: Viewpoint) -> QuerySet[CompartmentAdmission]:
    rows = CompartmentAdmission.objects.select_related("person", "compartment", "confirmation", "end")
    return viewpoint.visible(rows, "audience", "compartment__audience").order_by("admitted_at", "id")


def _member(admission: CompartmentAdmission) -> Member:
    if hasattr(admission, "end"):
        return Member(admission, Belonging.ENDED)
    own = admission.person.agency_id == admission.admitted_agency
    stands = own or hasattr(admission, "confirmation")
    return Member(admission, Belonging.BELONGS if stands else Belonging.WAITING)
