"""One act on a record at a time: whoever comes second is told so and loses nothing, instead of deciding on what is changing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

from crossline.errors import MoveNotAllowed

BUSY: Final = "Somebody else is changing this record at the moment, so nothing was changed; try again in a few minutes."


def claim(record: UUID) -> None:
    """Have the record to oneself for the rest of the transaction; raises where somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"record {record}"])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise MoveNotAllowed(BUSY)
