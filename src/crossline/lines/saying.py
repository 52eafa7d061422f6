"""What every row holds by which somebody says something of a returned line: of which revision, why, and who."""

from __future__ import annotations

from typing import Any, Final

from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.records.models import Record

LONGEST_REASON: Final = 2_000


def reason_given(reason: str) -> str:
    """The reason, without space round it; raises where there is none, or too much of one."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON:,} characters: others will read it years from now.")
    return said


def said_of(found: Record, reason: str, viewpoint: Viewpoint) -> dict[str, Any]:
    """The columns of such a row; raises without a reason. Whoever sees the return reads it."""
    return {
        "record": found,
        "owner_id": found.owner_id,
        "line_ref": found.ref,
        "reason": reason_given(reason),
        "decided_by": viewpoint.viewer.username,
        "decided_agency": viewpoint.viewer.agency,
        "audience_id": found.audience_id,
    }
