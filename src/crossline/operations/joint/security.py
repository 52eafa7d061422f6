"""Row security of joint work, as SQL that a migration runs: who reads a request, who may add which step, and to which audience.

A page writes no label and no audience. It asks one function for the audience of its viewer's own agency, one other and the
centre; what it then adds is let through only with that one. See docs/decisions/0028-joint-work.md.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.partner_security import is_partner
from crossline.access.policy import CENTRE, agency_label
from crossline.access.roles import POLICING_ROLES
from crossline.operations.joint.moves import ENDED, LEAD_MOVES, MOVES, WHO_ACTS, LeadState, RequestState

_POLICING: Final = ",".join(sorted(POLICING_ROLES))
_ACTING: Final = rows.agency_of_viewer(",".join(sorted(WHO_ACTS)))
_R: Final = "operations_jointrequest"
_S: Final = "operations_requeststep"
_L: Final = "operations_leadstep"
_U: Final = "operations_readupto"


def labels_of(*of: str) -> str:
    """The labels of the audience of some agencies and the centre, in order; the centre has one label for both."""
    keys = ", ".join(f"'agency:' || {each}" for each in of)
    return (
        f'(SELECT array_agg(DISTINCT k COLLATE "C" ORDER BY k COLLATE "C") '
        f"FROM unnest(ARRAY[{keys}, 'centre']) k WHERE k <> '{agency_label(CENTRE)}')"
    )


def _between(audience: str, one: str, other: str) -> str:
    """That an audience is that of two agencies and the centre, and no wider."""
    return (
        f"EXISTS (SELECT FROM access_audience x WHERE x.id = {audience} "
        f"AND x.fingerprint = array_to_string({labels_of(one, other)}, ' '))"
    )


AUDIENCE_BETWEEN: Final = f"""
-- The audience of the viewer's own agency, one other (or none but the centre) and the centre. It opens no row: whoever may
-- not add one with it has gained a number.
CREATE FUNCTION crossline_audience_between(other text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own text := {rows.agency_of_viewer(_POLICING)};
    keys text[];
    made bigint;
BEGIN
    IF own IS NULL OR {is_partner("other")} OR NOT EXISTS (SELECT FROM access_agency g WHERE g.id = other) THEN
        RAISE EXCEPTION 'no audience of the viewer and this agency' USING ERRCODE = 'insufficient_privilege';
    END IF;
    keys := {labels_of("own", "other")};
    SELECT id INTO made FROM access_audience WHERE fingerprint = array_to_string(keys, ' ');
    IF made IS NULL THEN
        INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
        INSERT INTO access_audience (fingerprint) VALUES (array_to_string(keys, ' ')) ON CONFLICT DO NOTHING;
        SELECT id INTO made FROM access_audience WHERE fingerprint = array_to_string(keys, ' ');
        INSERT INTO access_audiencelabel (audience_id, label_id)
            SELECT made, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    END IF;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION crossline_audience_between(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_audience_between(text) TO {rows.WEB};
"""

_MOVES: Final = ", ".join(
    f"('{state}', '{following}', '{side}')" for state, to in MOVES.items() for following, side in to.items()
)
_LEAD_MOVES: Final = ", ".join(
    f"('{state}', '{following}')" for state, to in LEAD_MOVES.items() for following in sorted(to)
)
_ENDED: Final = ", ".join(f"'{state}'" for state in sorted(ENDED))

REQUEST_STEP_FOLLOWS: Final = f"""
-- Work with the rights of whoever asks, whose row security applies. Functions, because a policy may not ask its own table.
CREATE OR REPLACE FUNCTION crossline_request_step_follows(which uuid, place int, becomes text, of_agency text, seen_by bigint)
RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    asked {_R};
    stood text;
    side text;
BEGIN
    SELECT * INTO asked FROM {_R} WHERE id = which;
    SELECT s.state INTO stood FROM {_S} s WHERE s.request_id = which AND s.number = place - 1;
    side := CASE of_agency WHEN asked.from_agency_id THEN 'asker' WHEN asked.to_agency_id THEN 'asked'
        WHEN '{CENTRE}' THEN 'centre' WHEN crossline_regional_unit(asked.to_agency_id) THEN 'region' END;
    IF asked.id IS NULL OR side IS NULL OR asked.audience_id <> seen_by THEN
        RETURN false;
    ELSIF place = 1 THEN
        RETURN becomes = 'asked' AND side = 'asker';
    ELSIF becomes = '{RequestState.REGION}'
        AND coalesce(crossline_regional_unit(asked.to_agency_id) IN (asked.from_agency_id, asked.to_agency_id), true) THEN
        RETURN false;
    END IF;
    RETURN coalesce((stood, becomes, side) IN ({_MOVES}) OR stood = becomes AND stood NOT IN ({_ENDED}), false);
END $$;
"""
_LEAD_STEP_FOLLOWS: Final = f"""
CREATE FUNCTION crossline_lead_step_follows(before uuid, of_owner text, of_ref text, leads text, becomes text, of_agency text)
RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    stood {_L};
BEGIN
    IF before IS NULL THEN
        RETURN of_agency IN (of_owner, '{CENTRE}')
            AND (becomes = '{LeadState.OFFERED}' OR becomes = '{LeadState.ACCEPTED}' AND of_agency = leads);
    END IF;
    SELECT * INTO stood FROM {_L} WHERE id = before;
    RETURN coalesce((stood.owner_id, stood.ref, stood.lead_id) = (of_owner, of_ref, leads)
        AND (stood.state::text, becomes) IN ({_LEAD_MOVES})
        AND CASE becomes WHEN '{LeadState.WITHDRAWN}' THEN of_agency = stood.by_agency
            WHEN '{LeadState.ENDED}' THEN of_agency IN (leads, '{CENTRE}') ELSE of_agency = leads END, false);
END $$;
"""
_SIGNATURES: Final = (
    "crossline_request_step_follows(uuid, int, text, text, bigint)",
    "crossline_lead_step_follows(uuid, text, text, text, text, text)",
)
_GRANTS: Final = "".join(
    f"REVOKE ALL ON FUNCTION {each} FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION {each} TO {rows.WEB}, {rows.ENGINE};\n"
    for each in _SIGNATURES
)

_ABOUT: Final = (
    f"({_R}.about_kind = 'subject' OR EXISTS (SELECT FROM records_record r WHERE r.kind = {_R}.about_kind "
    f"AND r.owner_id = {_R}.about_owner AND r.ref = {_R}.about_ref "
    f"AND (r.kind = 'line_return' OR r.owner_id = {_R}.from_agency_id)))"
)
_ASKED: Final = (
    f"{rows.signed(f'{_R}.asked_by', f'{_R}.from_agency_id')} AND {_R}.from_agency_id = {_ACTING} "
    f"AND {_R}.asked_at {rows.NOW} AND NOT {is_partner(f'{_R}.to_agency_id')} AND {_ABOUT} "
    f"AND {_between(f'{_R}.audience_id', f'{_R}.from_agency_id', f'{_R}.to_agency_id')}"
)
_STEP: Final = (
    f"{rows.signed(f'{_S}.by', f'{_S}.by_agency')} AND {_S}.by_agency = {_ACTING} AND {_S}.at {rows.NOW} "
    f"AND crossline_request_step_follows({_S}.request_id, {_S}.number, {_S}.state, {_S}.by_agency, {_S}.audience_id)"
)
_LEAD: Final = (
    f"{rows.signed(f'{_L}.by', f'{_L}.by_agency')} AND {_L}.by_agency = {_ACTING} AND {_L}.at {rows.NOW} "
    f"AND NOT {is_partner(f'{_L}.lead_id')} "
    f"AND EXISTS (SELECT FROM records_record r WHERE r.kind = 'line_return' AND r.owner_id = {_L}.owner_id "
    f"AND r.ref = {_L}.ref AND r.audience_id = {_L}.audience_id) "
    f"AND crossline_lead_step_follows({_L}.follows_id, {_L}.owner_id, {_L}.ref, {_L}.lead_id, {_L}.state, {_L}.by_agency)"
)
_READ: Final = (
    f"{rows.signed(f'{_U}.by', f'{_U}.agency_id')} AND {_U}.agency_id = {_ACTING} AND {_U}.at {rows.NOW} "
    f"AND {_U}.up_to <= {_U}.at AND {_between(f'{_U}.audience_id', f'{_U}.agency_id', f'{_U}.agency_id')}"
)

JOINT_WORK: Final = (
    AUDIENCE_BETWEEN
    + REQUEST_STEP_FOLLOWS
    + _LEAD_STEP_FOLLOWS
    + _GRANTS
    + rows.content(_R, web="SELECT, INSERT", added=_ASKED)
    + rows.content(_S, web="SELECT, INSERT", added=_STEP)
    + rows.content(_L, web="SELECT, INSERT", added=_LEAD)
    + rows.content(_U, web="SELECT, INSERT", added=_READ)
)
