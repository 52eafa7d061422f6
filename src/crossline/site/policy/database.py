"""What the policy says of the database: what row security leaves out, what goes round it, and its text by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.migrations import Migration, RunSQL
from django.db.migrations.loader import MigrationLoader

from crossline.access import content_tables
from crossline.records.release_security import CARRIED, KEPT


def row_security() -> Iterator[str]:
    """Every exception with its reason, and every migration that writes SQL with the digest of what it writes."""
    for table, why in content_tables.NOT_CONTENT.items():
        yield f"Table {table} has no row security: {why}."
    for table, why in content_tables.NOT_FORCED.items():
        yield f"Table {table} does not bind its owner: {why}."
    for function, why in content_tables.DEFINERS.items():
        yield f"Function {function} runs with its owner's rights: {why}."
    for each in CARRIED:
        yield f"{each.table}.{each.column} follows its record when that is released or put into a compartment."
    for (table, column), why in KEPT.items():
        yield f"{table}.{column} stays when a record is released: {why}."
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        text = written_by(migration)
        if type(migration).__module__.startswith("crossline.") and text:
            yield f"Migration {name} of {app} writes row security with the SHA-256 {hashlib.sha256(text.encode()).hexdigest()}."


def written_by(migration: Migration) -> str:
    """The SQL of a migration, as it is sent to the database."""
    written = []
    for operation in migration.operations:
        if isinstance(operation, RunSQL):
            statements = operation.sql if isinstance(operation.sql, (list, tuple)) else [operation.sql]
            written += [str(statement) for statement in statements]
    return "\n".join(written)
