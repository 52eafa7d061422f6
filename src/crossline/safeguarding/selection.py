"""What the list of people put forward is narrowed to: whose they are, how it stands, why, and where the records come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.rulebook import ConcernReason
from crossline.entities.clusters import people
from crossline.safeguarding.answering.moves import CaseState
from crossline.safeguarding.answering.standing import CaseStanding, case_standings
from crossline.safeguarding.queries import PersonOfConcern
from crossline.vocabulary.agencies import agencies

MINE, DESK, LATE, FREE, OPEN, ENDED, AGE = "mine", "desk", "late", "free", "open", "ended", "age"
SHOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        MINE: "Mine",
        DESK: "On our safeguarding desk",
        LATE: "Late",
        FREE: "Not taken on by anybody named",
        OPEN: "Not ended",
        ENDED: "Ended",
        AGE: "Age to be found out",
    }
)
Cases = Mapping[UUID, Sequence[CaseStanding]]
"""The cases of each person, by the smallest of their mentions."""


@dataclass(frozen=True)
class Selection:
    """What somebody narrowed the list to; empty is everybody. A word that is on no list counts as nothing."""

    shown: str = ""
    reason: str = ""
    force: str = ""  # whose the case is
    agency: str = ""  # whose record raised it

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Selection:
        def one_of(name: str, known: Mapping[str, object] | frozenset[str]) -> str:
            return asked.get(name, "") if asked.get(name, "") in known else ""

        reasons = frozenset(reason.value for reason in ConcernReason)
        return cls(
            shown=one_of("shown", SHOWN),
            reason=one_of("reason", reasons),
            force=one_of("force", agencies()),
            agency=one_of("agency", agencies()),
        )

    def holds(self, each: PersonOfConcern, cases: Sequence[CaseStanding], viewpoint: Viewpoint, now: datetime) -> bool:
        """Whether somebody stays on the list."""
        return (
            (not self.reason or self.reason in each.reasons)
            and (not self.agency or self.agency in each.agencies)
            and (not self.force or any(case.held.agency == self.force for case in cases))
            and (self.shown in ("", AGE) or any(_shown_as(self.shown, case, viewpoint, now) for case in cases))
        )

    @property
    def chips(self) -> list[tuple[str, str]]:
        """What is selected, in words, for whoever takes it away again."""
        words = [("Shown", SHOWN.get(self.shown, "")), ("Reason", self.reason.replace("_", " "))]
        words += [("Answers", _name(self.force)), ("Agency", _name(self.agency))]
        return [(what, value) for what, value in words if value]


def cases_by_person(viewpoint: Viewpoint) -> Cases:
    """Every case that the viewer sees, by person: of its own mention, and of those of its reasons."""
    known = people(viewpoint)
    found: dict[UUID, dict[UUID, CaseStanding]] = defaultdict(dict)
    for case in case_standings(viewpoint):
        for mention in {case.case.about_id, *(reason.mention_id for reason in case.reasons)}:
            found[UUID(known.of(str(mention)))][case.case.id] = case
    return {person: list(cases.values()) for person, cases in found.items()}


def in_order(
    everyone: Sequence[PersonOfConcern], cases: Cases, viewpoint: Viewpoint, now: datetime
) -> list[PersonOfConcern]:
    """The newest first; before them whoever waits too long for the viewer's own desk or, at the centre, for anybody's."""
    agency = viewpoint.viewer.agency

    def waits(each: PersonOfConcern) -> bool:
        own = (case for case in cases.get(each.person, ()) if agency in (CENTRE, case.held.agency, case.held.offered))
        return any(case.is_late(now) for case in own)

    return sorted(everyone, key=lambda each: (not waits(each), -each.raised_at.timestamp(), each.person))


def _shown_as(shown: str, case: CaseStanding, viewpoint: Viewpoint, now: datetime) -> bool:
    held, viewer = case.held, viewpoint.viewer
    if shown == ENDED:
        return held.has_ended
    if held.has_ended:
        return False
    return {
        OPEN: True,
        MINE: held.agency == viewer.agency and held.person == viewer.username,
        DESK: viewer.agency in (held.agency, held.offered) and (not held.person or held.offered == viewer.agency),
        LATE: case.is_late(now),
        FREE: not held.person and held.state is not CaseState.OFFERED,
    }[shown]


def _name(agency: str) -> str:
    return agencies()[agency].short_name if agency else ""
