"""How returned lines stand: the visible states that people declared of each, taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.lines.models import LineState
from crossline.lines.states import CHECK_BACKS, CLOSURES, PROPOSALS, STATUS_OF, DeclaredState
from crossline.vocabulary.codes import LineStatus

Returned = tuple[str, str]
"""A returned line: the agency that returned it, and its reference."""


@dataclass(frozen=True)
class Declared:
    """One row of what was declared."""

    id: UUID
    state: DeclaredState
    since: date
    number: str
    check_back: int | None
    checked_on: date | None
    check_said: str
    reason: str
    by: str
    agency: str
    at: datetime


@dataclass(frozen=True)
class CheckBack:
    """One check-back of a closure. `answer` None: nobody answered it; `passed_over`: a later one was answered instead."""

    days: int
    due: date
    answer: Declared | None = None
    passed_over: bool = False

    @property
    def is_open(self) -> bool:
        return self.answer is None and not self.passed_over

    def is_due(self, today: date) -> bool:
        """Whether somebody has to look by now."""
        return self.is_open and today >= self.due

    def is_overdue(self, today: date) -> bool:
        return self.is_open and today > self.due + timedelta(days=CHECK_BACKS.overdue_after)


@dataclass(frozen=True)
class Standing:
    """What was declared of one returned line, the oldest first, and what that amounts to."""

    returned: Returned
    rows: tuple[Declared, ...] = ()
    held: tuple[Declared, ...] = ()  # what stands of them: without checks, and without proposals that came to nothing
    checks: tuple[Declared, ...] = ()  # answers since the closure that stands

    @property
    def state(self) -> DeclaredState:
        """By which the table of moves says what may follow."""
        return self.held[-1].state if self.held else DeclaredState.AS_RETURNED

    @property
    def last(self) -> UUID | None:
        """The newest row, for a form to say what its reader saw."""
        return self.rows[-1].id if self.rows else None

    @property
    def proposal(self) -> Declared | None:
        """The closure that waits for the centre."""
        return self.held[-1] if self.held and self.held[-1].state in PROPOSALS else None

    @property
    def gives_status(self) -> Declared | None:
        """The newest row that gives the register a status."""
        return next((row for row in reversed(self.held) if row.state in STATUS_OF), None)

    @property
    def status(self) -> LineStatus | None:
        """The status that was declared; None where none was."""
        row = self.gives_status
        return STATUS_OF[row.state] if row else None

    @property
    def closure(self) -> Declared | None:
        """The closure that stands."""
        row = self.gives_status
        return row if row and row.state in CLOSURES else None

    @property
    def check_backs(self) -> tuple[CheckBack, ...]:
        """Those of the closure that stands, in order of time; none where no closure stands."""
        if self.closure is None:
            return ()
        answers = {row.check_back: row for row in self.checks}
        last = max((days for days in answers if days is not None), default=0)
        since = self.closure.since
        return tuple(
            CheckBack(days, since + timedelta(days=days), answers.get(days), days < last and days not in answers)
            for days in CHECK_BACKS.days
        )

    @property
    def next_check(self) -> CheckBack | None:
        """The first that nobody answered."""
        return next((each for each in self.check_backs if each.is_open), None)


def standing_of(viewpoint: Viewpoint, returned: Returned) -> Standing:
    """How one returned line stands at this moment."""
    return standings(viewpoint, returned=returned).get(returned, Standing(returned))


def standings(viewpoint: Viewpoint, *, returned: Returned | None = None) -> Mapping[Returned, Standing]:
    """How every visible returned line stands of which something was declared, or this one alone."""
    rows = LineState.objects.order_by("decided_at", "id")
    if returned is not None:
        rows = rows.filter(owner=returned[0], line_ref=returned[1])
    of_each: dict[Returned, list[LineState]] = defaultdict(list)
    for row in viewpoint.visible(rows, "audience", "record__audience"):
        of_each[row.owner_id, row.line_ref].append(row)
    return {each: _taken_together(each, _in_order(found)) for each, found in of_each.items()}


def _in_order(rows: Sequence[LineState]) -> list[Declared]:
    """From the first along the chain: the clock of two machines does not say which came after which."""
    after = {row.follows_id: row for row in rows}
    chain: list[Declared] = []
    row = after.get(None)
    while row is not None:
        chain.append(_declared(row))
        row = after.get(row.id)
    return chain


def _declared(row: LineState) -> Declared:
    return Declared(
        id=row.id,
        state=DeclaredState(row.state),
        since=row.since,
        number=row.number,
        check_back=row.check_back,
        checked_on=row.checked_on,
        check_said=row.check_said,
        reason=row.reason,
        by=row.decided_by,
        agency=row.decided_agency,
        at=row.decided_at,
    )


def _taken_together(returned: Returned, rows: Sequence[Declared]) -> Standing:
    held: list[Declared] = []
    checks: list[Declared] = []
    for row in rows:
        if row.state is DeclaredState.CHECKED:
            checks.append(row)
            continue
        ends_proposal = row.state in CLOSURES or row.state in (DeclaredState.NOT_AGREED, DeclaredState.TAKEN_BACK)
        if ends_proposal and held and held[-1].state in PROPOSALS:
            held.pop()
        if row.state in STATUS_OF or row.state in PROPOSALS:
            held.append(row)
        if row.state in STATUS_OF:
            checks = []
    return Standing(returned, tuple(rows), tuple(held), tuple(checks))
