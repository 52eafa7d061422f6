"""Who is looking, and the one way for anything to be read on their behalf.

`reading(viewer)` opens the transaction in which row security knows the viewer and yields a `Viewpoint`; queries take a
viewpoint and nothing else, so a query cannot be written without saying for whom. Outside such a transaction the web role
sees no row of content at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from crossline.access.models import Person
from crossline.access.roles import Role

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Viewer:
    """A person who looks, or the local administrator at the command line (`person_id` None)."""

    person_id: UUID | None
    username: str
    name: str
    agency: str
    roles: frozenset[Role]

    @property
    def is_administrator(self) -> bool:
        return self.person_id is None


ADMINISTRATOR = Viewer(None, "administrator", "Local administrator", "nclcc", frozenset())
"""Whoever runs commands on the machine itself: works as the engine role, which row security lets read everything."""


@dataclass(frozen=True)
class Viewpoint:
    """A viewer with what they may see in this transaction. `audiences` None: everything (the administrator only)."""

    viewer: Viewer
    audiences: tuple[int, ...] | None

    def visible(self, rows: models.QuerySet[Row], *fields: str) -> models.QuerySet[Row]:
        """Only the rows whose audience (each of `fields`, by default `audience`) this viewer belongs to.

        Row security enforces the same below; the filter is here so that the planner can use it and a reader can see it.
        """
        if self.audiences is None:
            return rows
        for field in fields or ("audience",):
            rows = rows.filter(**{f"{field}_id__in": self.audiences})
        return rows

    def clause(self, *columns: str) -> tuple[str, list[list[int]]]:
        """The same as SQL, for queries an ORM cannot say: ("a.audience_id = ANY (%s) AND …", its parameters)."""
        if self.audiences is None:
            return "TRUE", []
        return " AND ".join(f"{column} = ANY (%s)" for column in columns), [list(self.audiences) for _ in columns]

    @property
    def key(self) -> str:
        """Names what this viewpoint can see, so that work done for one viewer serves only viewers of the same rows."""
        return "everything" if self.audiences is None else ",".join(map(str, sorted(self.audiences)))


def viewer_of(person: Person) -> Viewer:
    """The viewer that a signed-in person is."""
    return Viewer(
        person.id, person.username, person.name, person.agency_id, frozenset(Role(role) for role in person.roles)
    )


@contextmanager
def reading(viewer: Viewer) -> Iterator[Viewpoint]:
    """One transaction on behalf of a viewer. Settings are local to it, so a pooled connection cannot leak them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('crossline.viewer', true), '')")
        outer = cursor.fetchone()
        cursor.execute("SELECT set_config('crossline.viewer', %s, true)", [str(viewer.person_id or "")])
        if viewer.is_administrator:
            yield Viewpoint(viewer, None)
        else:
            cursor.execute("SELECT crossline_visible_audiences()")
            row = cursor.fetchone()
            yield Viewpoint(viewer, tuple(row[0]) if row else ())
        # Only for a transaction inside another: at the end of the outermost, and on any error, PostgreSQL itself forgets.
        cursor.execute("SELECT set_config('crossline.viewer', %s, true)", [outer[0]])
