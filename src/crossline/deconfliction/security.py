"""Row security of deconfliction, as SQL that a migration runs.

Pages read their agency's checks, settings and outcomes, and pointers of its records that they see (so that who disposes of one
is told what goes); they write none of them, and tokens of checks they do not read at all. The owner of the tables, who cannot
log in, works on them through functions (functions.py). None of these rows opens a record.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows

POINTER: Final = "deconfliction_pointer"
SETTING: Final = "deconfliction_answersetting"
CHECK: Final = "deconfliction_check"
TOKEN: Final = "deconfliction_checktoken"  # noqa: S105  # a table's name
OUTCOME: Final = "deconfliction_checkoutcome"
_SEES_ITS_RECORD: Final = (
    f"(record_id IS NULL OR EXISTS (SELECT FROM records_record r WHERE r.id = {SETTING}.record_id))"
)

AS_OWNER: Final = "current_user = 'crossline_owner'"
"""Inside a function with its owner's rights, and not for a role that somebody makes a member of the owner's."""


def _unread(table: str) -> str:
    """A table that no page reads."""
    return (
        rows.force(table)
        + f"CREATE POLICY engine_works ON {table} TO {rows.ENGINE} USING (true) WITH CHECK (true);\n"
        + f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {rows.ENGINE};\n"
    )


TABLES: Final = (
    rows.content(POINTER, read=rows.of_own_agency(f"{POINTER}.owner_id"))
    + _unread(TOKEN)
    + rows.content(CHECK)
    + rows.content(OUTCOME)
    + rows.content(SETTING, read=_SEES_ITS_RECORD)
    + "".join(
        f"CREATE POLICY owner_deconflicts ON {table} TO crossline_owner USING ({AS_OWNER}) WITH CHECK ({AS_OWNER});\n"
        for table in (POINTER, TOKEN, CHECK, OUTCOME, SETTING)
    )
    + f"""
-- A file of checks that a second person allowed: the function that answers it reads the asker's own request, and no other.
CREATE POLICY owner_deconflicts ON access_approval FOR SELECT TO crossline_owner
    USING (act = 'bulk_check' AND asked_by_id = {rows.VIEWER});
CREATE POLICY owner_deconflicts ON access_approvalstep FOR SELECT TO crossline_owner USING (
    EXISTS (SELECT FROM access_approval a WHERE a.id = approval AND a.act = 'bulk_check' AND a.asked_by_id = {rows.VIEWER}));
"""
)

VIA: Final = f"""
-- A finding by which a number is looked up that nobody named: once it is shut away, or goes, it no longer leads there.
CREATE FUNCTION crossline_shut_finding_points_no_more() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM {POINTER} WHERE via_id = OLD.id;
    DELETE FROM {TOKEN} WHERE via_id = OLD.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_shut_finding_points_no_more() FROM PUBLIC;
CREATE TRIGGER shut_finding_points_no_more AFTER UPDATE OF audience_id ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'finding' AND OLD.audience_id IS DISTINCT FROM NEW.audience_id)
    EXECUTE FUNCTION crossline_shut_finding_points_no_more();
CREATE TRIGGER gone_finding_points_no_more AFTER DELETE ON records_record
    FOR EACH ROW WHEN (OLD.kind = 'finding') EXECUTE FUNCTION crossline_shut_finding_points_no_more();
"""

FOLLOW: Final = f"""
-- Whatever gives a record another audience runs this with its own rights: its pointers get the same, and fall silent with it.
CREATE FUNCTION crossline_pointers_follow() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE {POINTER} SET audience_id = NEW.audience_id WHERE record_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_pointers_follow() FROM PUBLIC;
CREATE TRIGGER pointers_follow AFTER UPDATE OF audience_id ON records_record
    FOR EACH ROW WHEN (NEW.kind IN ('investigation', 'line_return') AND OLD.audience_id IS DISTINCT FROM NEW.audience_id)
    EXECUTE FUNCTION crossline_pointers_follow();
-- What is not to be used for a decision points at nothing from that moment; lifted, it points again after the next round.
CREATE FUNCTION crossline_restricted_points_no_more() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = 'placed' THEN
        DELETE FROM {POINTER} WHERE record_id = NEW.record_id;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_restricted_points_no_more() FROM PUBLIC;
CREATE TRIGGER restricted_points_no_more AFTER INSERT ON records_recordrestriction
    FOR EACH ROW EXECUTE FUNCTION crossline_restricted_points_no_more();
"""
