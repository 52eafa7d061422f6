"""Row security of what people say of two mentions, as SQL that a migration runs.

Seen with both mentions. Whether a row decides is the database's own word: a column computed of the agency that signed it, and
the signature is the viewer's. Dated by the moment it is added, so that nobody slips a word in before another's.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.roles import POLICING_ROLES
from crossline.records.release_security import RELEASING

_J: Final = "entities_judgement"
_W: Final = "entities_withdrawal"
_SEEN: Final = " AND ".join(f"{side}_audience_id = ANY ({rows.VISIBLE}::bigint[])" for side in ("left", "right"))
_AGENCY: Final = rows.agency_of_viewer(",".join(sorted(POLICING_ROLES)))
_OF_SEEN_MENTIONS: Final = " AND ".join(
    f"EXISTS (SELECT FROM records_mention m WHERE m.id = {_J}.{side}_id AND m.audience_id = {_J}.{side}_audience_id)"
    for side in ("left", "right")
)
_IN_ORDER: Final = f"{_J}.left_id < {_J}.right_id"
_SIGNED: Final = (
    f"{rows.signed(f'{_J}.decided_by', f'{_J}.decided_agency')} AND {_J}.decided_agency = {_AGENCY} "
    f"AND {_J}.decided_at {rows.NOW}"
)
_OF_ONES_AGENCYS_JUDGEMENT: Final = (
    f"EXISTS (SELECT FROM {_J} j WHERE j.id = {_W}.judgement_id AND j.left_audience_id = {_W}.left_audience_id "
    f"AND j.right_audience_id = {_W}.right_audience_id AND j.decided_agency = {_AGENCY}) "
    f"AND {rows.signed(f'{_W}.withdrawn_by')} AND {_W}.withdrawn_at {rows.NOW}"
)


def _added(table: str, condition: str) -> str:
    return (
        f"DROP POLICY web_adds ON {table};\n"
        f"CREATE POLICY web_adds ON {table} FOR INSERT TO {rows.WEB} WITH CHECK ({_SEEN} AND {condition});\n"
    )


DECISIONS: Final = _added(_J, f"{_OF_SEEN_MENTIONS} AND {_IN_ORDER} AND {_SIGNED}") + _added(
    _W, _OF_ONES_AGENCYS_JUDGEMENT
)
"""What a page may add: a judgement of two mentions that its viewer sees, signed and dated; the undo of one of its own agency."""

_FOLLOWING: Final = ("entities_matchkey", "entities_preparedmention")
_OF_ITS_RECORD: Final = f"mention_id IN (SELECT m.id FROM records_mention m WHERE m.record_id = {RELEASING})"
KEYS_FOLLOW: Final = (
    "".join(
        f"""
-- Whatever gives a mention another audience runs this with its own rights: the owner's, while a record is being moved.
CREATE POLICY owner_moves_reads ON {table} FOR SELECT TO crossline_owner USING ({_OF_ITS_RECORD});
CREATE POLICY owner_moves_changes ON {table} FOR UPDATE TO crossline_owner USING ({_OF_ITS_RECORD});
"""
        for table in _FOLLOWING
    )
    + f"""
CREATE FUNCTION crossline_keys_follow() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    {" ".join(f"UPDATE {table} SET audience_id = NEW.audience_id WHERE mention_id = NEW.id;" for table in _FOLLOWING)}
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_keys_follow() FROM PUBLIC;
CREATE TRIGGER keys_follow AFTER UPDATE OF audience_id ON records_mention FOR EACH ROW
    WHEN (NEW.audience_id <> OLD.audience_id) EXECUTE FUNCTION crossline_keys_follow();
"""
)
"""What is kept of a mention for comparing goes where the mention goes."""
