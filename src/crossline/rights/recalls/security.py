"""Row security of recalls, as SQL that a migration runs: disposal alone calls back, and whoever has the thing answers."""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows

_R: Final = "recalls_recall"
_A: Final = "recalls_recallanswer"
_USERNAME: Final = f"(SELECT p.username FROM access_person p WHERE p.id = {rows.VIEWER_ID})"

_HAS_IT: Final = f"{rows.of_own_agency(f'{_R}.holder_id')} AND {_R}.person IN ('', {_USERNAME})"
_SEES_THE_STONE: Final = f"EXISTS (SELECT FROM records_tombstone t WHERE t.id = {_R}.record_id)"
_ANSWERED: Final = (
    f"{rows.signed(f'{_A}.by', f'{_A}.by_agency')} AND {_A}.at {rows.NOW} "
    f"AND EXISTS (SELECT FROM {_R} r WHERE r.id = {_A}.recall_id AND r.audience_id = {_A}.audience_id "
    f"AND r.holder_id = {_A}.by_agency AND r.person IN ('', {_A}.by))"
)

RECALLS: Final = rows.content(_R, read=f"({_HAS_IT} OR {_SEES_THE_STONE})") + rows.content(
    _A,
    web="SELECT, INSERT",
    added=_ANSWERED,
    read=f"EXISTS (SELECT FROM {_R} r WHERE r.id = {_A}.recall_id)",
)
