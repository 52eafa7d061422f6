"""Questions that pages ask the database over and over: planned once for a connection, not each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def ask(sql: str, said: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a question whose text stays the same from time to time. `said`: what it is asked with, by place or by name.

    As for every other statement, row security holds it to the viewer of the transaction.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql, said, prepare=True).fetchall()
