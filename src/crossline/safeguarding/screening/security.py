"""Row security of screenings, as SQL that a migration runs.

A trigger gives a screening, and a local tool's result, the audience of the agency that made it, the centre and safeguarding
leads. Each is read only beside its mention, and what belongs to a screening only beside that. Nobody signs off their own.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.vocabulary.codes import MentionKind

_S: Final = "screening_screening"
_O: Final = "screening_signoff"
_N: Final = "screening_informationneeded"
_A: Final = "screening_informationanswer"
_L: Final = "screening_localresult"
_LEADS: Final = str(Role.SAFEGUARDING)
_OF_OWNER: Final = "crossline_screening_audience"


def _signed(table: str) -> str:
    """That a row is signed, now, by a safeguarding lead."""
    return (
        f"{rows.signed(f'{table}.by', f'{table}.by_agency')} "
        f"AND {table}.by_agency = {rows.agency_of_viewer(_LEADS)} AND {table}.at {rows.NOW}"
    )


def _begun(table: str) -> str:
    """That a row which begins something is its agency's own, about a person whom its viewer sees."""
    return (
        f"{_signed(table)} AND {table}.owner_id = {table}.by_agency AND EXISTS (SELECT FROM records_mention m "
        f"WHERE m.id = {table}.about_id AND m.kind = '{MentionKind.PERSON}')"
    )


def _adds(table: str) -> str:
    """Its audience is made by the trigger, in this very statement: so this policy does not ask for it."""
    return (
        f"CREATE POLICY web_adds ON {table} FOR INSERT TO {rows.WEB} WITH CHECK ({_begun(table)});\n"
        f"GRANT INSERT ON {table} TO {rows.WEB};\n{rows.audience_trigger(_OF_OWNER, table)}"
    )


def _beside(table: str, other: str, column: str, key: str = "id") -> str:
    return f"EXISTS (SELECT FROM {other} o WHERE o.{key} = {table}.{column})"


def _of_screening(table: str, more: str) -> str:
    """That a row is of a screening its viewer sees, with the same audience."""
    return f"EXISTS (SELECT FROM {_S} s WHERE s.id = {table}.screening_id AND s.audience_id = {table}.audience_id AND {more})"


_AGREED: Final = f"{_signed(_O)} AND " + _of_screening(
    _O, f"s.judged <> '' AND s.by <> {_O}.by AND {_O}.by_agency IN (s.owner_id, '{CENTRE}')"
)
_ASKED: Final = f"{_signed(_N)} AND " + _of_screening(_N, f"s.by = {_N}.by AND s.at {rows.NOW}")
_ANSWERED: Final = (
    f"{_signed(_A)} AND EXISTS (SELECT FROM {_N} n JOIN {_S} s ON s.id = n.screening_id "
    f"WHERE n.id = {_A}.needed_id AND n.audience_id = {_A}.audience_id "
    f"AND {_A}.by_agency IN (s.owner_id, n.asked_of_id, '{CENTRE}'))"
)

SCREENINGS: Final = (
    rows.audience_function(_OF_OWNER, "ARRAY['agency:' || NEW.owner_id, 'centre', 'safeguarding']")
    + "".join(rows.content(each, read=_beside(each, "records_mention", "about_id")) + _adds(each) for each in (_S, _L))
    + rows.content(_O, web="SELECT, INSERT", added=_AGREED, read=_beside(_O, _S, "screening_id"))
    + rows.content(_N, web="SELECT, INSERT", added=_ASKED, read=_beside(_N, _S, "screening_id"))
    + rows.content(_A, web="SELECT, INSERT", added=_ANSWERED, read=_beside(_A, _N, "needed_id"))
)
