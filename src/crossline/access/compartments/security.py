"""Row security of compartments, as SQL that migrations run: who may open one, admit, confirm and end, and what follows.

A page may write no label, audience or membership. It adds a row that a policy checks, and the row's trigger, with its owner's
rights, does the rest. See docs/decisions/0014-compartments.md.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.roles import POLICING_ROLES, Role

MANAGER: Final = Role.INFORMATION_MANAGER
_POLICING: Final = ",".join(sorted(POLICING_ROLES))
LEAVING: Final = "nullif(current_setting('crossline.leaving', true), '')::uuid"
"""The person whose access ends or changes, or null. Setting it opens rows about them to the owner of the tables alone."""

_C: Final = "access_compartment"
_A: Final = "access_compartmentadmission"
_F: Final = "access_compartmentconfirmation"
_E: Final = "access_compartmentend"

KEEPS: Final = f"""
-- Work with the rights of whoever asks, whose row security applies. Functions, because a policy may not ask its own table.
CREATE FUNCTION crossline_keeps(which uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM {_A} a JOIN access_person p ON p.id = a.person_id
        WHERE a.compartment_id = which AND a.keeper AND p.id = {rows.VIEWER_ID} AND p.is_active
        AND '{MANAGER}' = ANY (p.roles) AND p.agency_id = a.admitted_agency
        AND NOT EXISTS (SELECT FROM {_E} e WHERE e.admission_id = a.id));
END $$;
CREATE FUNCTION crossline_admitted_nobody(which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM {_A} a WHERE a.compartment_id = which);
END $$;
REVOKE ALL ON FUNCTION crossline_keeps(uuid), crossline_admitted_nobody(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_keeps(uuid), crossline_admitted_nobody(uuid) TO {rows.WEB}, {rows.ENGINE};
"""


def keeps(compartment: str) -> str:
    """That the viewer of the transaction is a keeper of a compartment: belongs to it, and answers for its owner's records."""
    return f"crossline_keeps({compartment})"


_OPENED: Final = f"{rows.signed(f'{_C}.opened_by', f'{_C}.owner_id', MANAGER)} AND {_C}.opened_at {rows.NOW}"
_FIRST: Final = (
    f"{_A}.keeper AND {_A}.person_id = {rows.VIEWER_ID} AND c.opened_by = {_A}.admitted_by "
    "AND crossline_admitted_nobody(c.id)"
)
_ADMITTED: Final = (
    f"EXISTS (SELECT FROM {_C} c WHERE c.id = {_A}.compartment_id AND c.audience_id = {_A}.audience_id "
    f"AND c.owner_id = {_A}.admitted_agency AND ({keeps('c.id')} OR {_FIRST})) "
    f"AND {rows.signed(f'{_A}.admitted_by', f'{_A}.admitted_agency', MANAGER)} AND {_A}.admitted_at {rows.NOW} "
    f"AND EXISTS (SELECT FROM access_person p WHERE p.id = {_A}.person_id AND p.is_active "
    f"AND p.roles::text[] && '{{{_POLICING}}}' "
    f"AND (NOT {_A}.keeper OR p.agency_id = {_A}.admitted_agency AND '{MANAGER}' = ANY (p.roles)))"
)
_CONFIRMED: Final = (
    f"EXISTS (SELECT FROM {_A} a WHERE a.id = {_F}.admission_id AND a.person_id = {_F}.person_id "
    f"AND a.audience_id = {_F}.audience_id AND a.admitted_agency = {_F}.confirmed_agency "
    f"AND a.admitted_by <> {_F}.confirmed_by AND NOT EXISTS (SELECT FROM {_E} e WHERE e.admission_id = a.id)) "
    f"AND {keeps(f'(SELECT o.compartment_id FROM {_A} o WHERE o.id = {_F}.admission_id)')} "
    f"AND {rows.signed(f'{_F}.confirmed_by', f'{_F}.confirmed_agency', MANAGER)} AND {_F}.confirmed_at {rows.NOW}"
)
_ENDED: Final = (
    f"EXISTS (SELECT FROM {_A} a WHERE a.id = {_E}.admission_id AND a.person_id = {_E}.person_id "
    f"AND a.audience_id = {_E}.audience_id) "
    f"AND ({_E}.person_id = {rows.VIEWER_ID} "
    f"OR {keeps(f'(SELECT o.compartment_id FROM {_A} o WHERE o.id = {_E}.admission_id)')}) "
    f"AND {rows.signed(f'{_E}.ended_by', f'{_E}.ended_agency')} AND {_E}.ended_at {rows.NOW}"
)


def _trigger(name: str, table: str, when: str, body: str) -> str:
    """A function with its owner's rights that only the trigger on a table runs."""
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
{body}
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER compartment_follows {when} INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""


_LABELLED: Final = """
    INSERT INTO access_label (key) VALUES ('compartment:' || NEW.id) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES ('compartment:' || NEW.id) RETURNING id INTO NEW.audience_id;
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT NEW.audience_id, l.id FROM access_label l WHERE l.key = 'compartment:' || NEW.id;
    -- Whoever opens it belongs to it, or could not go on to say so.
    INSERT INTO access_membership (person_id, label_id)
        SELECT p.id, l.id FROM access_person p, access_label l
        WHERE p.username = NEW.opened_by AND l.key = 'compartment:' || NEW.id;"""

_GIVE_LABEL: Final = """
    INSERT INTO access_membership (person_id, label_id)
        SELECT p.id, al.label_id FROM access_person p, access_audiencelabel al
        WHERE p.id = NEW.person_id AND al.audience_id = NEW.audience_id AND {condition}
        ON CONFLICT DO NOTHING;"""

_TAKE_LABEL: Final = """
    DELETE FROM access_membership m USING access_audiencelabel al
        WHERE m.person_id = NEW.person_id AND al.audience_id = NEW.audience_id AND m.label_id = al.label_id;"""

FOLLOWED: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("crossline_label_compartment", _C, "BEFORE", _LABELLED),
    ("crossline_admit", _A, "AFTER", _GIVE_LABEL.format(condition="p.agency_id = NEW.admitted_agency")),
    ("crossline_confirm_admission", _F, "AFTER", _GIVE_LABEL.format(condition="true")),
    ("crossline_end_admission", _E, "AFTER", _TAKE_LABEL),
)
"""What follows from a row that a policy let through: function, table, when, and what is done."""

COMPARTMENTS: Final = (
    KEEPS
    + rows.content(_C)
    + f"""
-- Its audience, which its trigger makes, is not one that anybody belongs to yet: so this policy does not ask for it.
CREATE POLICY web_adds ON {_C} FOR INSERT TO {rows.WEB} WITH CHECK ({_OPENED});
GRANT INSERT ON {_C} TO {rows.WEB};
"""
    + rows.content(_A, web="SELECT, INSERT", added=_ADMITTED)
    + rows.content(_F, web="SELECT, INSERT", added=_CONFIRMED)
    + rows.content(_E, web="SELECT, INSERT", added=_ENDED)
    + "".join(_trigger(*each) for each in FOLLOWED)
)

LEAVE_COMPARTMENTS: Final = f"""
-- Whoever's access ends, or who changes agency or holds no policing role any more, leaves what they belonged to, and comes
-- back to nothing by being let in again.
CREATE POLICY owner_reads_leaving ON {_A} FOR SELECT TO crossline_owner USING (person_id = {LEAVING});
CREATE POLICY owner_reads_leaving ON {_E} FOR SELECT TO crossline_owner USING (person_id = {LEAVING});
CREATE POLICY owner_adds_leaving ON {_E} FOR INSERT TO crossline_owner WITH CHECK (person_id = {LEAVING});
CREATE FUNCTION crossline_leave_compartments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('crossline.leaving', NEW.id::text, true);
    INSERT INTO {_E} (admission_id, person_id, reason, ended_by, ended_agency, ended_at, audience_id)
        SELECT a.id, a.person_id, 'Their access, agency or policing role ended.', 'process:access', '', now(), a.audience_id
        FROM {_A} a WHERE a.person_id = NEW.id AND NOT EXISTS (SELECT FROM {_E} e WHERE e.admission_id = a.id);
    PERFORM set_config('crossline.leaving', '', true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_leave_compartments() FROM PUBLIC;
CREATE TRIGGER leaves_compartments AFTER UPDATE ON access_person FOR EACH ROW
    WHEN (NOT NEW.is_active OR OLD.agency_id <> NEW.agency_id OR NOT NEW.roles::text[] && '{{{_POLICING}}}')
    EXECUTE FUNCTION crossline_leave_compartments();
"""
