"""Declaring how a returned line takes its orders, by a person of its agency or of the centre. The newest row counts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted
from crossline.lines.declaring import PURPOSE, newest_revision
from crossline.lines.models import LineOrders
from crossline.lines.saying import said_of
from crossline.lines.security import WHO_DECIDES
from crossline.lines.states import OrdersTaken
from crossline.lines.taking_orders import declared_orders
from crossline.records.generation import advance
from crossline.records.one_at_a_time import claim
from crossline.records.restriction import standing as restrictions

WHO: Final = (
    "Only an analyst or an information manager of the agency that returned the line, or of the centre, "
    "says how it takes orders."
)


def declare_orders(*, returned: UUID, taken: OrdersTaken, reason: str, viewpoint: Viewpoint) -> LineOrders:
    """Say how a returned line takes its orders, or take that back. A hidden return is answered like an absent one."""
    found = newest_revision(returned, viewpoint)
    if found is None:
        raise NotPermitted("That line does not exist, or you may not see it.")
    if not may_declare_orders(found.owner_id, viewpoint):
        raise NotPermitted(WHO)
    claim(found.id)
    if restrictions(viewpoint, [found.id]):
        raise MoveNotAllowed("The use of this return is restricted; declare once that is lifted.")
    stands = declared_orders(viewpoint).get((found.owner_id, found.ref))
    if (stands.taken if stands else OrdersTaken.AS_FOUND) == taken:
        raise MoveNotAllowed("It stands so already; somebody else may have been quicker.")
    said = said_of(found, reason, viewpoint)
    made = LineOrders(taken=taken, **said)
    made.save(force_insert=True)
    advance()
    about = Subject("record", str(found.id), {"ref": found.ref, "taken": str(taken)})
    log(Event.LINE_ORDERS_DECLARED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def may_declare_orders(owner: str, viewpoint: Viewpoint) -> bool:
    """Whether the viewer says it of lines that the agency returned."""
    return bool(viewpoint.viewer.roles & WHO_DECIDES) and viewpoint.viewer.agency in (owner, CENTRE)
