"""The people of a line as a viewer sees them: each person once, with dated roles, the victims first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import says_victim, victims
from crossline.lines.register import RegisterLine
from crossline.lines.rows import Beside, LineRow
from crossline.records.models import Mention
from crossline.vocabulary.codes import AssertionType, SubjectCategory


@dataclass(frozen=True)
class LineRole:
    """What one record says a person is to a line."""

    type: str
    forwards: bool  # said of the person; False: of the line
    category: str
    basis: str
    from_date: date | None
    to_date: date | None
    record: UUID
    ref: str
    owner: str

    @property
    def is_victim(self) -> bool:
        return self.category == SubjectCategory.VICTIM


@dataclass(frozen=True)
class LinePerson:
    """A person with their roles in a line."""

    mention: UUID
    name: str
    roles: Sequence[LineRole]
    is_victim: bool  # any visible record that calls the person a victim, of this line or not, makes them one first


def people_of_line(viewpoint: Viewpoint, line: RegisterLine) -> list[LinePerson]:
    """Each visible person of a line, victims first, then by name."""
    known, suffering = people(viewpoint), victims(viewpoint)
    roles: dict[str, list[LineRole]] = defaultdict(list)
    for row in line.rows:
        for beside in row.beside:
            if beside.kind == "person":
                roles[known.of(str(beside.mention))].append(_role(row, beside))
    named = dict(viewpoint.visible(Mention.objects.filter(id__in=roles)).values_list("id", "caption"))
    found = [
        LinePerson(
            UUID(person), named.get(UUID(person), "Unnamed person"), sorted(said, key=_order), person in suffering
        )
        for person, said in roles.items()
    ]
    return sorted(found, key=lambda person: (not person.is_victim, person.name, person.mention))


def _role(row: LineRow, beside: Beside) -> LineRole:
    type_ = AssertionType(beside.type)
    is_subject = not beside.line_first
    category = beside.category or SubjectCategory.OTHER
    if is_subject and says_victim(type=type_, category=category):
        category = SubjectCategory.VICTIM
    return LineRole(
        type=type_,
        forwards=is_subject,
        category=str(category),
        basis=beside.basis,
        from_date=beside.from_date or row.day,
        to_date=beside.to_date,
        record=row.record,
        ref=row.ref,
        owner=row.owner,
    )


def _order(role: LineRole) -> tuple[bool, date, str]:
    return (not role.is_victim, role.from_date or date.min, role.ref)
