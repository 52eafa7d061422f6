"""Finding the people who may sign in."""

from __future__ import annotations

from crossline.access.models import Person
from crossline.access.viewer import Viewer, viewer_of
from crossline.errors import UserError


def viewer_named(username: str) -> Viewer:
    """The viewer with this username. Raises UserError when nobody active has it."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise UserError(f"There is nobody called {username!r} who may sign in; check the name with your administrator.")
    return viewer_of(person)
