"""Who may apply for an order about a line: told here, because its page leads there and the room of orders stands above."""

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
