"""Who may apply for an order about a line, and offer help after its closure: told here, because its page leads to rooms above."""

from __future__ import annotations

from typing import Final

from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.lines.register import RegisterLine

WHO_PREPARES: Final = frozenset({Role.ANALYST, Role.INVESTIGATOR, Role.INFORMATION_MANAGER})
"""Who opens, writes and follows an order: of the agency that applies, or of the centre. Signing off takes two of them."""


def may_draft(line: RegisterLine, viewpoint: Viewpoint) -> bool:
    """Whether the viewer draws up an application about a line: of an agency that returned it, or of the centre."""
    viewer = viewpoint.viewer
    returned = {row.owner for row in line.returns}
    return bool(viewer.roles & WHO_PREPARES) and (viewer.agency == CENTRE or viewer.agency in returned)


WHO_OFFERS_HELP: Final = frozenset({Role.SAFEGUARDING, Role.COORDINATOR})
"""Who plans outreach to those who bought from a line, through a health partner or a charity."""


def may_offer_help(line: RegisterLine, viewpoint: Viewpoint) -> bool:
    """Whether the viewer plans outreach: in a role that does, once the line is closed."""
    return bool(viewpoint.viewer.roles & WHO_OFFERS_HELP) and line.status.is_closed
