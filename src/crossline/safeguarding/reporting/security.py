"""Row security of partners' reports, as SQL that a migration runs.

Somebody of a partner organisation adds a report of their own organisation; police of the force it went to, or of the centre, say
what becomes of it. Who may read it is decided by a trigger. A record that moved into a compartment takes its report with it.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role

_R: Final = "reporting_partnerreport"
_S: Final = "reporting_partnerreportstep"
WHO_ANSWERS: Final = frozenset({Role.SAFEGUARDING, Role.COORDINATOR, Role.INTELLIGENCE})
"""Who reads and answers reports for a force or the centre."""
_ANSWERING: Final = ",".join(sorted(WHO_ANSWERS))

_KEPT_BESIDE_ITS_RECORD: Final = (
    f"({_R}.record_id IS NULL OR {_R}.partner_id = {rows.agency_of_viewer(Role.PARTNER)} "
    f"OR EXISTS (SELECT FROM records_record r WHERE r.id = {_R}.record_id))"
)
_OWN: Final = rows.signed(f"{_R}.sent_by", f"{_R}.partner_id", Role.PARTNER)
_SENT: Final = f"{_OWN} AND {_R}.sent_at {rows.NOW} AND {_R}.record_id IS NULL"
_SAID: Final = (
    f"{rows.signed(f'{_S}.by', f'{_S}.by_agency')} AND {_S}.at {rows.NOW} "
    f"AND EXISTS (SELECT FROM {_R} r WHERE r.id = {_S}.report_id AND r.audience_id = {_S}.audience_id AND CASE {_S}.state "
    f"WHEN 'raised_again' THEN r.partner_id = {rows.agency_of_viewer(Role.PARTNER)} "
    f"ELSE {_S}.by_agency = {rows.agency_of_viewer(_ANSWERING)} AND {_S}.by_agency IN (r.force_id, '{CENTRE}') END)"
)
_BESIDE_ITS_REPORT: Final = f"EXISTS (SELECT FROM {_R} r WHERE r.id = {_S}.report_id)"

REPORTS: Final = (
    rows.content(_R, read=_KEPT_BESIDE_ITS_RECORD)
    + rows.added_with_audience(_R, _SENT)
    + rows.given_audience(
        "crossline_partner_report_audience",
        _R,
        "'agency:' || NEW.force_id, 'centre', 'safeguarding', 'partner:' || NEW.partner_id",
    )
    + rows.content(_S, web="SELECT, INSERT", added=_SAID, read=_BESIDE_ITS_REPORT)
)
