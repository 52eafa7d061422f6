"""Who is looking, and the one way for anything to be read on their behalf.

`reading(viewer)` opens the transaction in which row security knows the viewer and yields a `Viewpoint`; queries take a
viewpoint and nothing else, so a query cannot be written without saying for whom. Outside such a transaction the web role
sees no row of content at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

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


class TaskKind(StrEnum):
    """What somebody can be working on."""

    RECORD = "record"
    MENTION = "mention"  # a person, line, number or other thing, as one record names it


@dataclass(frozen=True)
class Task:
    """What somebody says they are working on. It shows nothing by itself: it is looked up through the viewpoint each time."""

    kind: TaskKind
    id: UUID


class Explanation(StrEnum):
    """What explains that somebody read a record. A closed list; whoever has no explanation may still have a reason."""

    OWN_AGENCY = "own_agency"
    TASK = "task"
    OVERVIEW = "overview"
    NONE = "none"

    @property
    def meaning(self) -> str:
        return _EXPLAINED[self]


_EXPLAINED = {
    Explanation.OWN_AGENCY: "The record is the reader’s own agency’s",
    Explanation.TASK: "The record bears on the task in hand",
    Explanation.OVERVIEW: "A line in a list, not opened",
    Explanation.NONE: "Nothing on record explains it",
}


@dataclass(frozen=True)
class Shown:
    """A record that a page showed, whose it is, and what explains it."""

    record: UUID
    owner: str
    explanation: Explanation


class _AnyOf(models.Lookup):
    """ "… = ANY (array)": one parameter, however many audiences somebody belongs to."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The SQL and its parameters."""
        left, said = self.process_lhs(compiler, connection)
        return f"{left} = ANY (%s)", (*said, list(self.rhs))


@dataclass(frozen=True)
class Viewpoint:
    """A viewer with what they may see in this transaction. `audiences` None: everything (the administrator only).

    `shown` gathers the records that a page puts before the viewer, and `asked` what it was asked by other ways than its
    address, for the audit row of the page.
    """

    viewer: Viewer
    audiences: tuple[int, ...] | None
    task: Task | None = None
    shown: list[Shown] = field(default_factory=list, compare=False)
    asked: dict[str, str] = field(default_factory=dict, compare=False)

    def visible(self, rows: models.QuerySet[Row], *fields: str) -> models.QuerySet[Row]:
        """Only the rows whose audience (each of `fields`, by default `audience`) this viewer belongs to.

        Row security enforces the same below; the filter is here so that the planner can use it and a reader can see it.
        """
        if self.audiences is None:
            return rows
        for name in fields or ("audience",):
            rows = rows.filter(_AnyOf(models.F(f"{name}_id"), self.audiences))
        return rows

    def clause(self, *columns: str) -> tuple[str, list[list[int]]]:
        """The same as SQL, for queries an ORM cannot say: ("a.audience_id = ANY (%s) AND …", its parameters)."""
        if self.audiences is None:
            return "TRUE", []
        return " AND ".join(f"{column} = ANY (%s)" for column in columns), [list(self.audiences) for _ in columns]

    def among(self, rows: models.QuerySet[Row], condition: models.Q) -> models.QuerySet[Row]:
        """Only the rows that a condition about this viewer holds for: what is a person's or an agency's and has no audience."""
        return rows.filter(condition)

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
def reading(viewer: Viewer, *, task: Task | None = None) -> Iterator[Viewpoint]:
    """One transaction on behalf of a viewer. Settings are local to it, so a pooled connection cannot leak them."""
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('crossline.viewer', true), ''), set_config('crossline.viewer', %s, true)",
            [str(viewer.person_id or "")],
        )
        outer = cursor.fetchone()
        if viewer.is_administrator:
            yield Viewpoint(viewer, None)
        else:
            cursor.execute("SELECT crossline_visible_audiences()")
            row = cursor.fetchone()
            yield Viewpoint(viewer, tuple(row[0]) if row else (), task)
        if inside:  # at the end of the outermost, and on any error, PostgreSQL itself forgets
            cursor.execute("SELECT set_config('crossline.viewer', %s, true)", [outer[0]])
