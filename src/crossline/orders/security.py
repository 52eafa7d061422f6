"""Row security of orders, as SQL that a migration runs.

A page may write no audience. It adds an order; a trigger with its owner's rights gives it that of the agency that applies and
the centre, and every later row must carry the same. An item is read only beside its record, with the reader's own rights.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.lines.applicants import WHO_PREPARES

_O: Final = "orders_order"
_V: Final = "orders_orderversion"
_I: Final = "orders_orderitem"
_S: Final = "orders_orderstep"
_E: Final = "orders_orderentry"
_ROLES: Final = ",".join(sorted(WHO_PREPARES))


def _by(table: str, who: str, agency: str, at: str) -> str:
    """That a row is signed by a viewer who prepares orders, now."""
    return (
        f"{rows.signed(f'{table}.{who}', f'{table}.{agency}')} "
        f"AND {table}.{agency} = {rows.agency_of_viewer(_ROLES)} AND {table}.{at} {rows.NOW}"
    )


def _of_order(table: str, agency: str) -> str:
    """That a row is of an order its viewer sees, with the same audience, and signed for its agency or the centre."""
    return (
        f"EXISTS (SELECT FROM {_O} o WHERE o.id = {table}.order_id AND o.audience_id = {table}.audience_id "
        f"AND {table}.{agency} IN (o.owner_id, '{CENTRE}'))"
    )


_OPENED: Final = f"{_by(_O, 'opened_by', 'opened_agency', 'opened_at')} AND {_O}.owner_id = {_O}.opened_agency"
_SAVED: Final = f"{_by(_V, 'saved_by', 'saved_agency', 'saved_at')} AND {_of_order(_V, 'saved_agency')}"
_LEANS: Final = (
    f"EXISTS (SELECT FROM {_V} v WHERE v.id = {_I}.version_id AND v.audience_id = {_I}.audience_id "
    f"AND v.saved_by = (SELECT p.username FROM access_person p WHERE p.id = {rows.VIEWER_ID}) AND v.saved_at {rows.NOW}) "
    f"AND EXISTS (SELECT FROM records_record r WHERE r.id = {_I}.record_id)"
)
_BESIDE_ITS_RECORD: Final = f"EXISTS (SELECT FROM records_record r WHERE r.id = {_I}.record_id)"
_MOVED: Final = (
    f"{_by(_S, 'by', 'by_agency', 'at')} AND {_of_order(_S, 'by_agency')} "
    f"AND EXISTS (SELECT FROM {_V} v WHERE v.id = {_S}.version_id AND v.order_id = {_S}.order_id) "
    # Never one person alone: whoever wrote any of the text does not sign it off.
    f"AND ({_S}.state <> 'signed_off' OR NOT EXISTS "
    f"(SELECT FROM {_V} v WHERE v.order_id = {_S}.order_id AND v.saved_by = {_S}.by))"
)
_ENTERED: Final = f"{_by(_E, 'by', 'by_agency', 'at')} AND {_of_order(_E, 'by_agency')}"

ORDERS: Final = (
    rows.content(_O)
    + f"""
-- Its audience is made by the trigger below, maybe in this very statement: so this policy does not ask for it.
CREATE POLICY web_adds ON {_O} FOR INSERT TO {rows.WEB} WITH CHECK ({_OPENED});
GRANT INSERT ON {_O} TO {rows.WEB};
CREATE FUNCTION crossline_order_audience() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[];
    print text;
BEGIN
    SELECT array_agg(DISTINCT key COLLATE "C" ORDER BY key COLLATE "C") INTO keys
        FROM unnest(ARRAY['agency:' || NEW.owner_id, 'centre']) held (key);
    -- As access.actions.fingerprint_of has it: an audience is interned once, whoever interns it.
    print := array_to_string(keys, ' ');
    INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES (print) ON CONFLICT DO NOTHING;
    SELECT id INTO NEW.audience_id FROM access_audience WHERE fingerprint = print;
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT NEW.audience_id, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION crossline_order_audience() FROM PUBLIC;
CREATE TRIGGER audience_follows BEFORE INSERT ON {_O} FOR EACH ROW EXECUTE FUNCTION crossline_order_audience();
"""
    + rows.content(_V, web="SELECT, INSERT", added=_SAVED)
    + rows.content(_I, web="SELECT, INSERT", added=_LEANS, read=_BESIDE_ITS_RECORD)
    + rows.content(_S, web="SELECT, INSERT", added=_MOVED)
    + rows.content(_E, web="SELECT, INSERT", added=_ENTERED)
)
