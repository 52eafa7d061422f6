"""Row security of judgements on changes of number, as SQL that a migration runs.

A judgement is seen by whoever sees the set of communications data that the change was found in. Such a set is never released;
when it is put into a compartment, or taken out, its judgements go with it.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.records.release_security import RELEASING

WHO_DECIDES: Final = frozenset({Role.ANALYST, Role.INFORMATION_MANAGER})
"""Who confirms or rejects a change of number: of the agency whose data showed it, or of the centre."""

_T: Final = "lines_changejudgement"
_OF_A_SEEN_FINDING: Final = (
    "EXISTS (SELECT FROM records_record f JOIN records_record s ON s.id::text = f.detail ->> 'from_record' "
    "JOIN records_assertion a ON a.record_id = f.id AND a.type = 'succeeded_by' "
    "JOIN records_mention o ON o.id = a.from_mention_id JOIN records_mention n ON n.id = a.to_mention_id "
    f"WHERE f.kind = 'finding' AND f.ref = {_T}.finding AND f.owner_id = {_T}.owner_id "
    f"AND s.id = {_T}.record_id AND s.kind = 'communications' AND s.owner_id = {_T}.owner_id "
    f"AND s.audience_id = {_T}.audience_id "
    f"AND o.selector = 'phone:' || {_T}.old_number AND n.selector = 'phone:' || {_T}.new_number)"
)
_SIGNED: Final = (
    f"{rows.signed(f'{_T}.decided_by', f'{_T}.decided_agency')} "
    f"AND {_T}.decided_agency = {rows.agency_of_viewer(','.join(sorted(WHO_DECIDES)))} "
    f"AND {_T}.decided_agency IN ({_T}.owner_id, '{CENTRE}') AND {_T}.decided_at {rows.NOW}"
)
_ITS_OWN: Final = f"record_id = {RELEASING}"

JUDGEMENTS: Final = (
    rows.content(_T, web="SELECT, INSERT", added=f"{_OF_A_SEEN_FINDING} AND {_SIGNED}")
    + f"""
-- Whatever gives a set of data another audience runs this with its own rights: the owner's, while a record is being moved.
CREATE POLICY owner_moves_reads ON {_T} FOR SELECT TO crossline_owner USING ({_ITS_OWN});
CREATE POLICY owner_moves_changes ON {_T} FOR UPDATE TO crossline_owner USING ({_ITS_OWN});
CREATE FUNCTION crossline_judgements_follow() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE {_T} SET audience_id = NEW.audience_id WHERE record_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_judgements_follow() FROM PUBLIC;
CREATE TRIGGER judgements_follow AFTER UPDATE OF audience_id ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'communications' AND OLD.audience_id IS DISTINCT FROM NEW.audience_id)
    EXECUTE FUNCTION crossline_judgements_follow();
"""
)
