"""Finding the people who may sign in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crossline.access.models import Person
from crossline.access.people_actions import administers
from crossline.access.roles import Role
from crossline.access.second_factor import with_factor
from crossline.access.viewer import Viewer, Viewpoint, viewer_of
from crossline.errors import UserError


@dataclass(frozen=True)
class Enrolled:
    """Somebody as administrators see them."""

    username: str
    name: str
    agency: str
    agency_name: str
    agency_short_name: str
    roles: tuple[Role, ...]
    is_active: bool
    has_second_factor: bool
    password_temporary: bool
    last_sign_in: datetime | None


def viewer_named(username: str) -> Viewer:
    """The viewer with this username. Raises UserError when nobody active has it."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise UserError(f"There is nobody called {username!r} who may sign in; check the name with your administrator.")
    return viewer_of(person)


def enrolled_as(username: str, name: str, agency: str, roles: Iterable[Role]) -> bool:
    """Whether somebody is enrolled just so, and may sign in or had their access ended since."""
    held = sorted({str(role) for role in roles})
    return Person.objects.filter(username=username, name=name, agency_id=agency, roles=held).exists()


def administered_by(viewpoint: Viewpoint) -> list[Enrolled]:
    """Everybody whom an administrator may act on, those whose access has ended too; by agency, then by name."""
    everybody = Person.objects.select_related("agency").order_by("agency_id", "name", "username")
    return _enrolled([person for person in everybody if _within(viewpoint, person)])


def administered(viewpoint: Viewpoint, username: str) -> Enrolled | None:
    """One of them, or None: also where there is such a person, of another agency."""
    person = Person.objects.select_related("agency").filter(username=username).first()
    return _enrolled([person])[0] if person is not None and _within(viewpoint, person) else None


def _within(viewpoint: Viewpoint, person: Person) -> bool:
    return administers(viewpoint.viewer, person.agency_id)


def _enrolled(people: list[Person]) -> list[Enrolled]:
    factors = with_factor([person.id for person in people])
    return [
        Enrolled(
            username=person.username,
            name=person.name,
            agency=person.agency_id,
            agency_name=person.agency.name,
            agency_short_name=person.agency.short_name,
            roles=tuple(Role(role) for role in person.roles),
            is_active=person.is_active,
            has_second_factor=person.id in factors,
            password_temporary=person.password_temporary,
            last_sign_in=person.last_login,
        )
        for person in people
    ]
