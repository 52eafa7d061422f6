"""Row security of missing episodes, as SQL that a migration runs.

An entry or a plan carries the audience of the missing record's mention that it hangs on, and is read only beside it. What was
disclosed gets the audience of safeguarding leads from a trigger. Written by those whose business the record makes it.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.vocabulary.codes import MentionKind, RecordKind

_E: Final = "missing_episodeentry"
_D: Final = "missing_episodedisclosure"
_P: Final = "missing_triggerplan"


def _signed(table: str, roles: str) -> str:
    """That a row is signed, now, by a viewer who holds one of these roles."""
    return (
        f"{rows.signed(f'{table}.by', f'{table}.by_agency')} "
        f"AND {table}.by_agency = {rows.agency_of_viewer(roles)} AND {table}.at {rows.NOW}"
    )


def _theirs(table: str, audience: str) -> str:
    """That it hangs on a visible person of a missing record which is the home force's, the finder's, or of whoever writes."""
    return (
        "EXISTS (SELECT FROM records_mention m JOIN records_record r ON r.id = m.record_id "
        f"WHERE m.id = {table}.about_id AND m.kind = '{MentionKind.PERSON}' AND r.kind = '{RecordKind.MISSING}' {audience}"
        f"AND {table}.by_agency IN (r.owner_id, r.detail -> 'missing' ->> 'home_agency', "
        f"r.detail -> 'missing' ->> 'found_agency', '{CENTRE}'))"
    )


def _beside(table: str) -> str:
    return f"EXISTS (SELECT FROM records_mention m WHERE m.id = {table}.about_id)"


def _same(table: str) -> str:
    return f"AND m.audience_id = {table}.audience_id "


_LEADS: Final = str(Role.SAFEGUARDING)
# Coordinators of the centre, to whom a breach is escalated, write whom they have asked, and nothing else.
_WRITTEN: Final = (
    f"({_signed(_E, _LEADS)} OR {_E}.kind = 'chased' AND {_E}.by_agency = '{CENTRE}' "
    f"AND {_signed(_E, str(Role.COORDINATOR))}) AND {_theirs(_E, _same(_E))}"
)
_PLANNED: Final = f"{_signed(_P, _LEADS)} AND {_P}.owner_id = {_P}.by_agency AND {_theirs(_P, _same(_P))}"

MISSING: Final = (
    rows.content(_E, web="SELECT, INSERT", added=_WRITTEN, read=_beside(_E))
    + rows.content(_P, web="SELECT, INSERT", added=_PLANNED, read=_beside(_P))
    + rows.content(_D, read=_beside(_D))
    + f"""
-- Its audience is made by the trigger below, in this very statement: so this policy does not ask for it.
CREATE POLICY web_adds ON {_D} FOR INSERT TO {rows.WEB} WITH CHECK ({_signed(_D, _LEADS)} AND {_theirs(_D, "")});
GRANT INSERT ON {_D} TO {rows.WEB};
"""
    + rows.given_audience("crossline_disclosure_audience", _D, "'safeguarding'")
)
