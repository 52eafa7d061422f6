"""Row security of what safeguarding says of one mention, as SQL: who reads it, who adds it, and that it is seen beside it only.

A page may write no audience. A trigger with its owner's rights gives a row that of its agency, the centre and the safeguarding
leads of every agency (or one that the migration names); what hangs on the row carries the same. All of it is read only where
the reader sees the mention too, so that what goes into a compartment, or is disposed of, takes along what was said of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role

_FUNCTION: Final = "crossline_safeguarding_audience"
AUDIENCE: Final = rows.audience_function(
    _FUNCTION,
    # What the trigger was made with in a migration, else the agency, the centre and the safeguarding leads.
    "CASE WHEN TG_NARGS > 0 THEN string_to_array(TG_ARGV[0], ' ') "
    "ELSE ARRAY['agency:' || NEW.owner_id, 'centre', 'safeguarding'] END",
)
"""The function behind every trigger below; the first migration that needs it runs this."""


def mention_seen(column: str) -> str:
    """That the reader sees the mention in a column."""
    return f"EXISTS (SELECT FROM records_mention m WHERE m.id = {column})"


def record_seen(column: str) -> str:
    """The same of a record."""
    return f"EXISTS (SELECT FROM records_record r WHERE r.id = {column})"


def signed_now(table: str, roles: Iterable[Role], *, who: str = "by", agency: str = "by_agency", at: str = "at") -> str:
    """That a row is signed by a viewer with one of these roles, now."""
    return (
        f"{rows.signed(f'{table}.{who}', f'{table}.{agency}')} "
        f"AND {table}.{agency} = {rows.agency_of_viewer(','.join(sorted(roles)))} AND {table}.{at} {rows.NOW}"
    )


def anchored(table: str, *, added: str, read: str = "true", labels: str = "") -> str:
    """Policies of a table whose rows are about one mention. `added` is what must hold of a row that a page adds; `labels`: of
    its audience, with spaces between them, where it is not that of its agency, the centre and the safeguarding leads."""
    seen = mention_seen(f"{table}.about_id")
    return (
        rows.content(table, read=f"{seen} AND {read}")
        # Its audience is made by the trigger, maybe in this very statement: so this policy does not ask for it.
        + f"CREATE POLICY web_adds ON {table} FOR INSERT TO {rows.WEB} WITH CHECK ({seen} AND {added});\n"
        f"GRANT INSERT ON {table} TO {rows.WEB};\n"
        f"{rows.audience_trigger(_FUNCTION, table, repr(labels) if labels else '')}"
    )


def of_seen(table: str, head: str, column: str, *, agency: str = "", also: str = "false") -> str:
    """That a row hangs on one that its reader sees, with the same audience; signed for its agency or the centre, or `also`."""
    signed = f" AND (h.owner_id = {table}.{agency} OR {table}.{agency} = '{CENTRE}' OR {also})" if agency else ""
    return (
        f"EXISTS (SELECT FROM {head} h WHERE h.id = {table}.{column} AND h.audience_id = {table}.audience_id{signed})"
    )


def hanging(table: str, head: str, column: str, *, added: str, read: str = "true") -> str:
    """Policies of a table whose rows hang on an anchored one."""
    seen = of_seen(table, head, column)
    return rows.content(table, web="SELECT, INSERT", added=added, read=f"{seen} AND {read}")
