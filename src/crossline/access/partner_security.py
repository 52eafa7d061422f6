"""The wall between partner organisations and intelligence, as SQL that migrations run.

An id tells a partner organisation from an agency, so each check stands on the row itself and holds for every writer: pages,
the engine, and the owner of the tables. See docs/decisions/0019-partners.md.
"""

from __future__ import annotations

from typing import Final

from crossline.access.people_security import ONE_AT_A_TIME, PARAMETERS
from crossline.access.row_security import VIEWER_ID, WEB, administers
from crossline.vocabulary.agencies import CENTRE, PARTNER, PartnerKind

_KINDS: Final = ", ".join(f"'{kind}'" for kind in PartnerKind)
_TOLD_BY_THEIR_ID: Final = "partners_are_told_by_their_id"


def is_partner(column: str) -> str:
    """That an id is a partner organisation's, as vocabulary.agencies.is_partner has it."""
    return f"{column} LIKE '{PARTNER}%'"


_TELL_BY_ID: Final = f"""
ALTER TABLE access_agency ADD CONSTRAINT {_TOLD_BY_THEIR_ID}
    CHECK (({is_partner("id")}) = (kind IN ({_KINDS})));
"""

CHECKS: Final = f"""{_TELL_BY_ID}
ALTER TABLE access_person ADD CONSTRAINT partners_hold_partners_roles CHECK (
    CASE WHEN {is_partner("agency_id")} THEN roles::text[] <@ ARRAY['partner', 'administrator']
        ELSE NOT 'partner' = ANY (roles::text[]) END);
-- A label that cannot exist is in no audience: no delivery, release or decoy opens anything to a partner as to an agency.
ALTER TABLE access_label ADD CONSTRAINT no_partner_among_agencies
    CHECK (NOT ({is_partner("substr(key, 8)")} AND key LIKE 'agency:%') AND key <> 'role:partner');
"""

VISIBLE_AUDIENCES_BUT_FOR_PARTNERS: Final = f"""
-- Of a partner's person one membership counts, whatever others there are: that of their own organisation.
CREATE OR REPLACE FUNCTION crossline_visible_audiences() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT al.audience_id), '{{}}')
    FROM access_person p
    JOIN access_membership m ON m.person_id = p.id
    JOIN access_audiencelabel al ON al.label_id = m.label_id
    WHERE p.is_active AND p.id = {VIEWER_ID}
        AND (NOT {is_partner("p.agency_id")}
            OR EXISTS (SELECT FROM access_label l WHERE l.id = m.label_id AND l.key = 'partner:' || p.agency_id))
$$;
"""

ADMINISTER_PERSON_OF_A_PARTNER_TOO: Final = f"""
-- As before, with the one label of a partner's people, who get no other.
CREATE OR REPLACE FUNCTION crossline_administer_person({PARAMETERS}) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held access_person;
    may text[];
BEGIN
    {ONE_AT_A_TIME}
    SELECT * INTO held FROM access_person WHERE username = p_username;
    IF NOT {administers("p_agency")}
        OR held.id IS NOT NULL AND (held.id = {VIEWER_ID} OR NOT {administers("held.agency_id")})
    THEN
        RAISE EXCEPTION 'the viewer does not administer this person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF {is_partner("p_agency")} THEN
        may := CASE WHEN 'partner' = ANY (p_roles) THEN ARRAY['partner:' || p_agency] ELSE ARRAY[]::text[] END;
    ELSE
        may := ARRAY['police', 'safeguarding', 'agency:' || p_agency]
            || ARRAY(SELECT 'role:' || role FROM unnest(p_roles) role)
            || CASE p_agency WHEN '{CENTRE}' THEN ARRAY['centre'] ELSE ARRAY[]::text[] END;
    END IF;
    IF NOT p_labels <@ may THEN
        RAISE EXCEPTION 'a label does not go with the agency and the roles' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN crossline_write_person(p_username, p_name, p_agency, p_roles, p_labels, p_active, p_password, p_temporary);
END $$;
"""

ADD_PARTNER: Final = f"""
-- Pages write no agency. This one adds a partner organisation, which the check above lets be nothing else, for the centre.
CREATE FUNCTION crossline_add_partner(p_id text, p_name text, p_short_name text, p_kind text, p_country text, p_region text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT {administers(f"'{CENTRE}'")} THEN
        RAISE EXCEPTION 'the viewer is no administrator of the centre' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT {is_partner("p_id")} THEN
        RAISE EXCEPTION 'that is no id of a partner organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO access_agency (id, name, short_name, kind, country, region, rocu_id)
        VALUES (p_id, p_name, p_short_name, p_kind, p_country, p_region, '');
END $$;
REVOKE ALL ON FUNCTION crossline_add_partner(text, text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_add_partner(text, text, text, text, text, text) TO {WEB};
"""

COVER_AUTHORITIES: Final = f"""
-- Which local authorities a partner organisation covers, for the centre. An agency of the reference list covers none.
ALTER TABLE access_agency ADD CONSTRAINT partners_alone_cover_authorities
    CHECK ({is_partner("id")} OR authorities = '{{}}');
CREATE FUNCTION crossline_cover_authorities(p_id text, p_authorities text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT {administers(f"'{CENTRE}'")} THEN
        RAISE EXCEPTION 'the viewer is no administrator of the centre' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE access_agency SET authorities = p_authorities WHERE id = p_id AND {is_partner("id")};
END $$;
REVOKE ALL ON FUNCTION crossline_cover_authorities(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_cover_authorities(text, text[]) TO {WEB};
"""

PARTNERS: Final = CHECKS + VISIBLE_AUDIENCES_BUT_FOR_PARTNERS + ADMINISTER_PERSON_OF_A_PARTNER_TOO + ADD_PARTNER

MORE_KINDS: Final = f"ALTER TABLE access_agency DROP CONSTRAINT {_TOLD_BY_THEIR_ID};{_TELL_BY_ID}"
"""The check again, with the kinds that the vocabulary has by now."""
