"""Row security of outreach, as SQL that a migration runs: who plans, who agrees, and that a count is a number alone."""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.lines.applicants import WHO_OFFERS_HELP
from crossline.safeguarding.outreach.messages import messages
from crossline.safeguarding.outreach.models import BY_HEALTH

_O: Final = "outreach_outreach"
_S: Final = "outreach_outreachstep"
_PLANNING: Final = ",".join(sorted(WHO_OFFERS_HELP))
_HEALTH: Final = ", ".join(f"'{state}'" for state in sorted(BY_HEALTH))
_COUNTED: Final = ", ".join(f"'{count}'" for count in messages().counts)

_OWN_PARTNER: Final = f"{_O}.partner_id = {rows.agency_of_viewer(Role.PARTNER)}"
_BESIDE_ITS_LINE: Final = f"({_OWN_PARTNER} OR EXISTS (SELECT FROM records_mention m WHERE m.id = {_O}.line_id))"
_PLANNED: Final = (
    f"{rows.signed(f'{_O}.planned_by', f'{_O}.owner_id')} AND {_O}.planned_at {rows.NOW} "
    f"AND {_O}.owner_id = {rows.agency_of_viewer(_PLANNING)} "
    f"AND EXISTS (SELECT FROM records_mention m WHERE m.id = {_O}.line_id AND m.kind = 'line')"
)
_SAID: Final = (
    f"{rows.signed(f'{_S}.by', f'{_S}.by_agency')} AND {_S}.at {rows.NOW} "
    f"AND EXISTS (SELECT FROM {_O} o WHERE o.id = {_S}.outreach_id AND o.audience_id = {_S}.audience_id "
    f"AND CASE WHEN {_S}.state IN ({_HEALTH}) THEN o.partner_id = {rows.agency_of_viewer(Role.PARTNER)} "
    f"ELSE {_S}.by_agency = {rows.agency_of_viewer(_PLANNING)} AND {_S}.by_agency IN (o.owner_id, '{CENTRE}') END)"
)
_BESIDE_ITS_OUTREACH: Final = f"EXISTS (SELECT FROM {_O} o WHERE o.id = {_S}.outreach_id)"

OUTREACH: Final = (
    rows.content(_O, read=_BESIDE_ITS_LINE)
    + rows.added_with_audience(_O, _PLANNED)
    + rows.given_audience(
        "crossline_outreach_audience",
        _O,
        "'agency:' || NEW.owner_id, 'centre', 'safeguarding', 'partner:' || NEW.partner_id",
    )
    + rows.content(_S, web="SELECT, INSERT", added=_SAID, read=_BESIDE_ITS_OUTREACH)
    + f"""
-- Whoever writes it: how many, under the names on the list, and nothing that could be somebody's number or name.
ALTER TABLE {_S} ADD CONSTRAINT counts_are_counts CHECK (
    jsonb_typeof(counts) = 'object' AND counts - ARRAY[{_COUNTED}] = '{{}}'::jsonb
    AND NOT jsonb_path_exists(counts, '$.* ? (@.type() != "number" || @ < 0 || @ > 100000)')
);
"""
)
