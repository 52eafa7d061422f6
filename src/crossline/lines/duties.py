"""What of closed lines waits for the viewer's own agency, or the centre: what is told on the home page of who can do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.lines.reemerging import Closed, closed_lines
from crossline.lines.security import WHO_DECIDES
from crossline.wording import plural


@dataclass(frozen=True)
class Duties:
    """How many closures of the agency's lines have a check-back that is due or overdue, and how many may speak again."""

    due: int = 0
    overdue: int = 0
    speaking: int = 0

    def __bool__(self) -> bool:
        return bool(self.due or self.speaking)

    @property
    def sentence(self) -> str:
        """In words: 2 check-backs of closed lines are due, 1 of them overdue. 1 closed line may speak again."""
        said = []
        if self.due:
            late = f", {self.overdue} of them overdue" if self.overdue else ""
            said.append(
                f"{plural(self.due, 'check-back')} of closed lines {'is' if self.due == 1 else 'are'} due{late}."
            )
        if self.speaking:
            said.append(f"{plural(self.speaking, 'closed line')} may speak again.")
        return " ".join(said)


def duties_of(viewpoint: Viewpoint, today: date) -> Duties:
    """Of lines that the viewer's agency returned, and for the centre of all; nothing for who answers no check-back."""
    viewer = viewpoint.viewer
    if not viewer.roles & WHO_DECIDES:
        return Duties()
    own = [each for each in closed_lines(viewpoint) if viewer.agency in (CENTRE, each.standing.returned[0])]
    return counted(own, today)


def counted(closed: Iterable[Closed], today: date) -> Duties:
    """What waits among these closures on a day."""
    found = list(closed)
    waiting = [check for each in found if (check := each.next_check) is not None and check.is_due(today)]
    return Duties(
        due=len(waiting),
        overdue=sum(1 for check in waiting if check.is_overdue(today)),
        speaking=sum(1 for each in found if each.signs),
    )
