"""What became of a check that met somebody: recorded by either side, corrected by another row, and timed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import OperationalError, ProgrammingError, connection, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.functions import OVERTAKEN, REFUSED
from crossline.deconfliction.models import CheckOutcome
from crossline.deconfliction.rules import MOVES, Resolution
from crossline.errors import MoveNotAllowed, NotPermitted, UserError

PURPOSE: Final = "deconfliction outcome"
LONGEST_NOTE: Final = 500


def record_outcome(
    *, check: UUID, other: str, state: Resolution, note: str, stood: UUID | None, viewpoint: Viewpoint
) -> UUID:
    """Record what became of a check between the agency that asked and another.

    `other`: the agency that was met (one's own, where others asked). `stood`: the outcome that stood when whoever records this
    read the page; where another has come since, they are told, and nothing is written.
    """
    now = next(iter(outcomes_of(viewpoint, check, other)), None)
    if (now.id if now else None) != stood:
        raise MoveNotAllowed("Somebody recorded an outcome since you opened this page: read it, then say what differs.")
    if state not in MOVES[Resolution(now.state) if now else None]:
        raise MoveNotAllowed(f"That is recorded already: {state.meaning[:1].lower()}{state.meaning[1:]}.")
    said = note.strip()
    if len(said) > LONGEST_NOTE:
        raise UserError(f"Keep the note to {LONGEST_NOTE} characters.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT crossline_deconflict_outcome(%s, %s, %s, %s, %s)", [check, other, str(state), said, stood]
            )
            made: UUID = cursor.fetchone()[0]
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != REFUSED:
            raise
        raise NotPermitted("That check does not exist, or it did not meet your agency.") from None
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != OVERTAKEN:
            raise
        raise MoveNotAllowed("Somebody recorded an outcome since you opened this page: read it first.") from None
    about = Subject("check", str(check), {"state": str(state), "other": other})
    log(Event.DECONFLICTION_RESOLVED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def outcomes_of(viewpoint: Viewpoint, check: UUID, other: str = "") -> list[CheckOutcome]:
    """What was recorded of a check and the viewer may read, the newest first; between its asker and one agency where given."""
    rows = CheckOutcome.objects.filter(asked=check, **({"other_agency": other} if other else {}))
    return list(viewpoint.visible(rows).order_by("-recorded_at", "-id"))
