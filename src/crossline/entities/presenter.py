"""What a person's page shows: the victim first, facts and assessments told apart, each with its record and grade."""

from __future__ import annotations

from dataclasses import dataclass

from crossline.entities.profile import PersonProfile, Statement
from crossline.vocabulary.codes import AssertionType, MentionKind
from crossline.vocabulary.selectors import parse_partial_date


@dataclass(frozen=True)
class PersonPage:
    """One person."""

    profile: PersonProfile

    @property
    def identity(self) -> list[tuple[str, str | None]]:
        """Who the records say this is."""
        profile = self.profile
        return [
            ("Also known as", ", ".join(name for name in profile.names if name != profile.name) or None),
            ("Born", ", ".join(_written(born) for born in profile.births) or None),
            ("Agencies with records", ", ".join(sorted({m.owner_id for m in profile.mentions}))),
            ("Force nominal numbers", ", ".join(sorted({m.nominal for m in profile.mentions if m.nominal})) or None),
        ]

    @property
    def victim(self) -> list[dict[str, object]]:
        return [self._row(statement) for statement in self.profile.victim]

    @property
    def was_child(self) -> bool:
        """Whether a recorded date of birth makes the person under 18 at the newest record about them."""
        newest = max((record.occurred_from or record.made_at for record in self.profile.records), default=None)
        return newest is not None and self.profile.may_be_child_on(newest.date()) is True

    @property
    def facts(self) -> list[dict[str, object]]:
        return [self._row(statement) for statement in self.profile.facts]

    @property
    def assessments(self) -> list[dict[str, object]]:
        return [self._row(statement) for statement in self.profile.assessments]

    def _row(self, statement: Statement) -> dict[str, object]:
        other = statement.other
        return {
            "says": AssertionType(statement.assertion.type).meaning,
            "other": other.caption,
            "other_id": other.id,
            "other_is_person": other.kind == MentionKind.PERSON,
            "other_is_line": other.kind == MentionKind.LINE,
            "outward": statement.outward,
            "category": statement.assertion.category if statement.outward else "",
            "basis": statement.assertion.basis,
            "from_date": statement.assertion.from_date,
            "to_date": statement.assertion.to_date,
            "day": statement.day,
            "record": statement.record,
        }


def _written(born: str) -> str:
    read = parse_partial_date(born)
    if read is None:
        return born
    return born if read.evidence == read else f"{read.year} (day not known)"
