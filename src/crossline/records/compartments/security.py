"""What putting a record into a compartment changes, as SQL that a migration runs: the policies of the two tables, and the
triggers that move everything that carries the record's audience (records/release_security.py lists it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crossline.access import row_security as rows
from crossline.access.compartments.security import MANAGER, keeps
from crossline.records.release_security import ALLOWED, CARRIED, RELEASING
from crossline.records.rhythm import RAISE_CONCERNS
from crossline.vocabulary.codes import RecordKind

NEVER: Final[Mapping[RecordKind, str]] = {
    RecordKind.MISSING: "a missing episode reaches home, finder and safeguarding leads at once, whatever else is going on",
    RecordKind.CONCERN: "a concern about a child reaches home and safeguarding leads at once, whatever else is going on",
    RecordKind.LINE_RETURN: "the line register is one for every force",
    RecordKind.FINDING: "a finding follows the record that it was worked out from",
}
"""Kinds of record that nobody puts into a compartment, each with its reason. A finding goes in with its record."""

_E: Final = "records_compartmententry"
_X: Final = "records_compartmentexit"
_SHUT_OUT: Final = ", ".join(f"'{kind}'" for kind in sorted(NEVER) if kind is not RecordKind.FINDING)

_PUT_IN: Final = (
    f"EXISTS (SELECT FROM records_record r WHERE r.id = {_E}.record_id AND r.owner_id = {_E}.put_in_agency "
    f"AND r.audience_id = {_E}.former_audience_id AND r.kind NOT IN ({_SHUT_OUT})) "
    f"AND EXISTS (SELECT FROM access_compartment c WHERE c.id = {_E}.compartment_id AND c.audience_id = {_E}.audience_id "
    f"AND c.owner_id = {_E}.put_in_agency) AND {keeps(f'{_E}.compartment_id')} "
    f"AND NOT EXISTS (SELECT FROM access_compartment c WHERE c.audience_id = {_E}.former_audience_id) "
    f"AND NOT EXISTS (SELECT FROM records_recordrelease e WHERE e.record_id = {_E}.record_id "
    "AND NOT EXISTS (SELECT FROM records_releasetakenback b WHERE b.release_id = e.id)) "
    f"AND {rows.signed(f'{_E}.put_in_by', f'{_E}.put_in_agency', MANAGER)} AND {_E}.put_in_at {rows.NOW}"
)
_TAKEN_OUT: Final = (
    f"EXISTS (SELECT FROM {_E} e WHERE e.id = {_X}.entry_id AND e.record_id = {_X}.record_id "
    f"AND e.audience_id = {_X}.audience_id AND e.former_audience_id = {_X}.former_audience_id "
    f"AND e.put_in_by <> {_X}.taken_out_by) "
    f"AND {keeps(f'(SELECT o.compartment_id FROM {_E} o WHERE o.id = {_X}.entry_id)')} "
    f"AND {rows.signed(f'{_X}.taken_out_by', f'{_X}.taken_out_agency', MANAGER)} AND {_X}.taken_out_at {rows.NOW}"
)
_CHANGED: Final = "\n    ".join(each.changed for each in CARRIED)

CONCERNS_GO: Final = f"""
-- A concern can rest on several records and be read by whom only one of them is for: those of this record go, and are raised
-- anew, each among the records of its audience, when its delivery is read again.
CREATE POLICY owner_moves_reads ON safeguarding_concern FOR SELECT TO crossline_owner USING (record_id = {RELEASING});
CREATE POLICY owner_moves_removes ON safeguarding_concern FOR DELETE TO crossline_owner USING (record_id = {RELEASING});
"""
_ITS_RECORD: Final = f"(SELECT r.{{column}} FROM records_record r WHERE r.id = {RELEASING})"
_TOLD_OF_IT: Final = (
    f"file LIKE {_ITS_RECORD.format(column='source')} || '.%' AND outcome IN ('duplicate', 'held') "
    f"AND strpos(reason, ': ' || {_ITS_RECORD.format(column='ref')} || ' is already held') > 0 "
    "AND EXISTS (SELECT FROM records_delivery d WHERE d.id = records_outcome.delivery_id)"
)
_OF_ITS_SENDER: Final = (
    f"(SELECT a.id FROM access_audience a WHERE a.fingerprint = 'agency:' || {_ITS_RECORD.format(column='owner_id')})"
)
"""The audience of the sender alone, which intake interns for every delivery: an outcome does not go further than it came from."""
OUTCOMES_GO: Final = f"""
-- What was said of rows that repeated the record names it, and a row that is held repeats it whole.
CREATE POLICY owner_moves_reads ON records_delivery FOR SELECT TO crossline_owner
    USING (agency_id = {_ITS_RECORD.format(column="owner_id")});
CREATE POLICY owner_moves_reads ON records_outcome FOR SELECT TO crossline_owner USING ({_TOLD_OF_IT});
CREATE POLICY owner_moves_changes ON records_outcome FOR UPDATE TO crossline_owner USING ({_TOLD_OF_IT});
"""


def _trigger(name: str, table: str, other: str, told: str) -> str:
    """A function with its owner's rights that only the trigger on a table runs: all that is carried gets the audience `other`,
    and what was told of the record the audience `told`."""
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    other bigint := {other};
BEGIN
    PERFORM set_config('crossline.releasing', NEW.record_id::text, true);
    -- One change of a record's audience at a time: a second one begins from what the first has made of it.
    PERFORM FROM records_record WHERE id = NEW.record_id FOR UPDATE;
    DELETE FROM safeguarding_concern WHERE record_id = NEW.record_id;
    DELETE FROM records_step s USING records_record r
        WHERE r.id = NEW.record_id AND s.delivery_id = r.delivery_id AND s.step = '{RAISE_CONCERNS}';
    UPDATE records_outcome SET audience_id = {told} WHERE {_TOLD_OF_IT};
    {_CHANGED}
    PERFORM set_config('crossline.releasing', '', true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER audience_follows AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""


MOVES: Final = (
    rows.content(_E, web="SELECT, INSERT", added=_PUT_IN)
    + rows.content(_X, web="SELECT, INSERT", added=_TAKEN_OUT)
    + CONCERNS_GO
    + OUTCOMES_GO
    + _trigger("crossline_enter_compartment", _E, "NEW.audience_id", "other")
    + _trigger("crossline_leave_compartment", _X, "NEW.former_audience_id", _OF_ITS_SENDER)
)

NOT_RELEASED_FROM_A_COMPARTMENT: Final = (
    f"ALTER POLICY web_adds ON records_recordrelease WITH CHECK (audience_id = ANY ({rows.VISIBLE}::bigint[]) AND {ALLOWED} "
    "AND NOT EXISTS (SELECT FROM access_compartment c WHERE c.audience_id = records_recordrelease.audience_id));\n"
)
"""What is in a compartment is for those who belong to it; another agency's people are admitted, one by one."""
