"""Which lines have the nation's attention: raised and lowered by the centre on a return, with a reason. The newest row counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted
from crossline.lines.declaring import PURPOSE, newest_revision
from crossline.lines.models import LineAttention
from crossline.lines.saying import said_of
from crossline.lines.security import WHO_DECIDES
from crossline.lines.standing import Returned
from crossline.records.generation import advance
from crossline.records.one_at_a_time import claim

WHO: Final = "Only an analyst or an information manager of the centre raises or lowers national attention."


def change_attention(*, returned: UUID, raised: bool, reason: str, viewpoint: Viewpoint) -> LineAttention:
    """Raise national attention for a returned line, or lower it. A hidden return is answered like an absent one."""
    found = newest_revision(returned, viewpoint)
    if found is None:
        raise NotPermitted("That line does not exist, or you may not see it.")
    if not may_change_attention(viewpoint):
        raise NotPermitted(WHO)
    claim(found.id)
    key = (found.owner_id, found.ref)
    if (key in attention(viewpoint, [key])) is raised:
        raise MoveNotAllowed("It stands so already; somebody else may have been quicker.")
    said = said_of(found, reason, viewpoint)
    made = LineAttention(raised=raised, **said)
    made.save(force_insert=True)
    advance()
    about = Subject("record", str(found.id), {"ref": found.ref, "raised": raised})
    log(Event.LINE_ATTENTION_CHANGED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def may_change_attention(viewpoint: Viewpoint) -> bool:
    """Whether the viewer raises and lowers it."""
    return bool(viewpoint.viewer.roles & WHO_DECIDES) and viewpoint.viewer.agency == CENTRE


def attention(viewpoint: Viewpoint, of: Iterable[Returned]) -> dict[Returned, LineAttention]:
    """Those of these returned lines that have it, with the row that raised it."""
    wanted = set(of)
    rows = LineAttention.objects.filter(line_ref__in=[ref for _, ref in wanted]).order_by("decided_at", "id")
    newest = {(row.owner_id, row.line_ref): row for row in viewpoint.visible(rows, "audience", "record__audience")}
    return {returned: row for returned, row in newest.items() if returned in wanted and row.raised}
