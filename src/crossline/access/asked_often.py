"""Questions that pages ask the database over and over: what they are asked with is sent beside the text, not written into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def ask(sql: str, said: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a question. `said`: what it is asked with, by place or by name.

    As for every other statement, row security holds it to the viewer of the transaction. It is planned each time: Django turns
    statements that are kept prepared off, for the sake of poolers.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql, said).fetchall()
