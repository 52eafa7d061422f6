"""What crosses the wall between agencies, as SQL that a migration runs: the designed signals of decision 0025.

Each function asks who the viewer of the transaction is, and gives the columns that it names and no others. Silence is decided
here, in one place (`_OPENLY`), from the newest setting at the time of asking.
"""

from __future__ import annotations

from typing import Final

from crossline.access.policy import CENTRE
from crossline.access.roles import POLICING_ROLES
from crossline.access.row_security import VIEWER_ID, VISIBLE, WEB, agency_of_viewer
from crossline.deconfliction.rules import (
    CHECKS_AN_HOUR,
    DEFAULT_LEVEL,
    FILE_ROWS,
    FILE_ROWS_ALONE,
    HUB_AGENCIES,
    LONGEST_STANDING,
    SURENESS,
    TOKENS_OF_ONE,
    AnswerLevel,
    Resolution,
)
from crossline.deconfliction.security import CHECK, OUTCOME, POINTER, SETTING, TOKEN

WHO_ANSWERS: Final = ("analyst", "information_manager")
"""Who decides what an agency lets be answered."""
LIMIT: Final = "53400"
"""The SQLSTATE of somebody who has asked too often (configuration limit exceeded)."""
REFUSED: Final = "42501"
"""The SQLSTATE of what a viewer may not do (insufficient privilege)."""
OVERTAKEN: Final = "40001"
"""The SQLSTATE of an outcome that somebody else recorded first."""

_ROLES: Final = ",".join(sorted(POLICING_ROLES))
MINE: Final = agency_of_viewer(_ROLES)
_LEVELS: Final = ", ".join(f"'{level}'" for level in AnswerLevel)
_STATES: Final = ", ".join(f"'{state}'" for state in Resolution)

_OPENLY: Final = f"""
    levels AS MATERIALIZED (
        SELECT DISTINCT ON (s.agency_id, s.about) s.agency_id, s.about, s.level, s.contact, s.category
        FROM {SETTING} s ORDER BY s.agency_id, s.about, s.set_at DESC, s.id DESC),
    shut AS MATERIALIZED (
        SELECT al.audience_id FROM access_audiencelabel al JOIN access_label l ON l.id = al.label_id
        WHERE l.key LIKE 'compartment:%'),
    pointing AS (
        SELECT p.token, p.sure, p.owner_id AS agency, p.about, p.made_at AS since, p.audience_id
        FROM {POINTER} p WHERE p.token IN (SELECT k.token FROM looked k) AND p.until >= current_date
        UNION ALL
        SELECT t.token, t.sure, t.agency_id, '', t.asked_at, NULL
        FROM {TOKEN} t WHERE t.token IN (SELECT k.token FROM looked k) AND t.until >= current_date
        -- Somebody silent is always there, so that the rest is worked out where nobody else is as well.
        UNION ALL SELECT '\\x'::bytea, 1, '', '', now(), NULL),
    openly AS (
        SELECT g.token, g.sure, g.agency, g.since, CASE WHEN own.level IS NULL THEN whole.contact ELSE own.contact END AS contact,
            CASE WHEN coalesce(own.level, whole.level) <> '{AnswerLevel.CONTACT_AND_CATEGORY}' THEN ''
                WHEN own.level IS NULL THEN whole.category ELSE own.category END AS category
        FROM pointing g
        LEFT JOIN levels own ON own.agency_id = g.agency AND own.about = g.about AND g.about <> ''
        LEFT JOIN levels whole ON whole.agency_id = g.agency AND whole.about = ''
        WHERE coalesce(own.level, whole.level, '{DEFAULT_LEVEL}') <> '{AnswerLevel.SILENT}'
            AND NOT EXISTS (SELECT FROM shut WHERE shut.audience_id = g.audience_id)),
    hubs AS (SELECT o.token FROM openly o GROUP BY o.token HAVING count(DISTINCT o.agency) > {HUB_AGENCIES})"""
"""Who points at the tokens of `looked` and lets it be said, and which of these tokens are hubs."""

_OWN: Final = f"""
    own AS (
        SELECT p.token, p.sure, p.record_id, NULL::uuid AS asked_id, p.scheme FROM {POINTER} p
        WHERE p.owner_id = {MINE} AND p.audience_id = ANY ({VISIBLE}::bigint[]) AND p.until >= current_date
        UNION ALL
        SELECT t.token, t.sure, NULL, t.asked_id, c.scheme FROM {TOKEN} t JOIN {CHECK} c ON c.id = t.asked_id
        WHERE t.agency_id = {MINE} AND t.until >= current_date),
    looked AS (SELECT DISTINCT own.token FROM own)"""
"""What the viewer's agency works on, as far as the viewer sees it: pointers of records, and checks that stand."""

INTERN: Final = """
-- The audience of the people of these agencies, made where there is none. Works with the rights of whoever calls it.
CREATE FUNCTION crossline_audience_of_agencies(p_agencies text[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    keys text[] := ARRAY(SELECT DISTINCT 'agency:' || a COLLATE "C" AS key FROM unnest(p_agencies) a ORDER BY 1);
    print text := array_to_string(keys, ' ');
    found bigint;
BEGIN
    INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES (print) ON CONFLICT DO NOTHING;
    SELECT id INTO found FROM access_audience WHERE fingerprint = print;
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT found, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION crossline_audience_of_agencies(text[]) FROM PUBLIC;
"""


def definer(head: str, types: str, body: str, *, language: str = "plpgsql", kind: str = "VOLATILE") -> str:
    """A function with its owner's rights, which the web login may call and nobody else but the owner."""
    name = head.partition("(")[0]
    return f"""
CREATE FUNCTION {head}
LANGUAGE {language} {kind} SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$;
REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}({types}) TO {WEB};
"""


CHECKING: Final = definer(
    "crossline_deconflict(p_checks jsonb, p_purpose text, p_operation text, p_contact text, p_until date, p_file boolean, "
    "p_approval uuid) RETURNS TABLE (asked uuid, agency text, contact text, category text, sure smallint)",
    "jsonb, text, text, text, date, boolean, uuid",
    f"""
#variable_conflict use_column
DECLARE
    who access_person;
    asking integer := jsonb_array_length(p_checks);
    before integer;
    whose bigint;
BEGIN
    SELECT p.* INTO who FROM access_person p WHERE p.id = {VIEWER_ID} AND p.agency_id = {MINE};
    IF who.id IS NULL OR p_purpose = '' OR p_operation = '' OR p_contact = '' OR asking NOT BETWEEN 1 AND {FILE_ROWS}
        OR p_until NOT BETWEEN current_date AND current_date + {LONGEST_STANDING + 1} OR NOT p_file AND asking > 1
        OR EXISTS (SELECT FROM jsonb_array_elements(p_checks) c
            WHERE coalesce(jsonb_array_length(c -> 'tokens'), 0) NOT BETWEEN 1 AND {TOKENS_OF_ONE})
        OR EXISTS (SELECT FROM jsonb_array_elements(p_checks) c, jsonb_array_elements(c -> 'tokens') t
            WHERE (t ->> 'token' ~ '^[0-9a-f]{{32}}$' AND (t ->> 'sure')::int BETWEEN 1 AND {len(SURENESS)}) IS NOT TRUE)
    THEN
        RAISE EXCEPTION 'this viewer may not check so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One check of a person at a time, so that two at once count each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('checks of ' || who.id, 0));
    SELECT count(*) INTO before FROM {CHECK} c WHERE c.asked_by_id = who.id::text AND c.in_file = p_file AND c.approval IS NULL
        AND c.asked_at > now() - CASE WHEN p_file THEN interval '1 day' ELSE interval '1 hour' END;
    IF p_approval IS NULL THEN
        IF before + asking > (CASE WHEN p_file THEN {FILE_ROWS_ALONE} ELSE {CHECKS_AN_HOUR} END) THEN
            RAISE EXCEPTION 'too many checks' USING ERRCODE = '{LIMIT}';
        END IF;
    ELSIF EXISTS (SELECT FROM {CHECK} c WHERE c.approval = p_approval) OR NOT EXISTS (
        SELECT FROM access_approval a WHERE a.id = p_approval AND a.rows >= asking
        AND EXISTS (SELECT FROM access_approvalstep s WHERE s.approval = a.id AND s.state = 'approved'
            AND s.by_id <> a.asked_by_id AND s.by_agency = a.asked_agency)
        AND EXISTS (SELECT FROM access_approvalstep s WHERE s.approval = a.id AND s.state = 'used'))
    THEN
        RAISE EXCEPTION 'nobody has allowed these checks' USING ERRCODE = 'insufficient_privilege';
    END IF;
    whose := crossline_audience_of_agencies(ARRAY[who.agency_id::text]);
    -- One statement, whose work does not hang on the answer: it looks everything up, and writes the answer whatever it is.
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(p_checks)
            AS g (id uuid, number text, kind text, scheme text, value text, tokens jsonb)),
    asked_with AS MATERIALIZED (
        SELECT DISTINCT ON (g.id, t.token) g.id, decode(t.token, 'hex') AS token, t.sure, t.via
        FROM given g CROSS JOIN LATERAL jsonb_to_recordset(g.tokens) AS t (token text, sure smallint, via uuid)
        ORDER BY g.id, t.token, t.sure, t.via),
    looked AS MATERIALIZED (SELECT DISTINCT w.token FROM asked_with w),
    {_OPENLY},
    met AS MATERIALIZED (
        SELECT DISTINCT ON (w.id, o.agency) w.id, o.agency, o.contact, o.category, greatest(w.sure, o.sure)::smallint AS sure
        FROM asked_with w JOIN openly o ON o.token = w.token
        WHERE o.agency <> who.agency_id AND w.token NOT IN (SELECT h.token FROM hubs h)
        ORDER BY w.id, o.agency, greatest(w.sure, o.sure), o.category = '', o.since DESC, o.contact),
    answers AS (
        SELECT m.id, jsonb_agg(jsonb_build_object('agency', m.agency, 'contact', m.contact, 'category', m.category,
            'sure', m.sure) ORDER BY m.agency) AS answer FROM met m GROUP BY m.id),
    hubbed AS (SELECT DISTINCT w.id FROM asked_with w JOIN hubs h ON h.token = w.token),
    written AS (
        INSERT INTO {CHECK} (id, number, agency_id, asked_by, asked_by_id, asked_at, purpose, operation, contact, kind, scheme,
            value, until, in_file, approval, body, answer, audience_id)
        SELECT g.id, g.number, who.agency_id, who.username, who.id, now(), p_purpose, p_operation, p_contact, g.kind, g.scheme,
            g.value, p_until, p_file, p_approval,
            CASE WHEN a.id IS NOT NULL THEN 'met' WHEN h.id IS NOT NULL THEN 'hub' ELSE 'nothing' END,
            coalesce(a.answer, '[]'), whose
        FROM given g LEFT JOIN answers a ON a.id = g.id LEFT JOIN hubbed h ON h.id = g.id),
    kept AS (
        INSERT INTO {TOKEN} (id, asked_id, agency_id, token, sure, via_id, until, asked_at, audience_id)
        SELECT gen_random_uuid(), w.id, who.agency_id, w.token, w.sure, w.via, p_until, now(), whose FROM asked_with w)
    SELECT m.id, m.agency::text, m.contact::text, m.category::text, m.sure FROM met m;
END """,
)

ASKED: Final = definer(
    "crossline_deconflict_asked() RETURNS TABLE (asked uuid, number text, agency text, contact text, purpose text, kind text, "
    "scheme text, at timestamptz, record uuid, own uuid, sure smallint)",
    "",
    f"""
    WITH {_OWN},
    {_OPENLY}
    SELECT DISTINCT ON (c.id, own.record_id, own.asked_id) c.id, c.number::text, c.agency_id::text, c.contact::text,
        c.purpose::text, c.kind::text, own.scheme::text, c.asked_at, own.record_id, own.asked_id,
        greatest(own.sure, t.sure)::smallint
    FROM own JOIN {TOKEN} t ON t.token = own.token JOIN {CHECK} c ON c.id = t.asked_id
    WHERE t.agency_id <> {MINE} AND t.until >= current_date AND own.token NOT IN (SELECT h.token FROM hubs h)
    ORDER BY c.id, own.record_id, own.asked_id, greatest(own.sure, t.sure), own.scheme
""",
    language="sql",
    kind="STABLE",
)

MET: Final = definer(
    "crossline_deconflict_met() RETURNS TABLE (record uuid, own uuid, scheme text, agency text, contact text, category text, "
    "since timestamptz, hub boolean, sure smallint)",
    "",
    f"""
    WITH {_OWN},
    {_OPENLY},
    met AS (
        SELECT DISTINCT ON (own.record_id, own.asked_id, own.scheme, o.agency) own.record_id, own.asked_id, own.scheme,
            o.agency::text, o.contact::text, o.category::text, o.since, greatest(own.sure, o.sure)::smallint AS sure
        FROM own JOIN openly o ON o.token = own.token
        WHERE o.agency <> {MINE} AND own.token NOT IN (SELECT h.token FROM hubs h)
        ORDER BY own.record_id, own.asked_id, own.scheme, o.agency, greatest(own.sure, o.sure), o.category = '',
            o.since DESC, o.contact)
    SELECT m.record_id, m.asked_id, m.scheme::text, m.agency, m.contact, m.category, m.since, false, m.sure FROM met m
    UNION ALL
    SELECT DISTINCT own.record_id, own.asked_id, own.scheme::text, '', '', '', NULL::timestamptz, true, NULL::smallint
    FROM own JOIN hubs h ON h.token = own.token
""",
    language="sql",
    kind="STABLE",
)

ANSWERING: Final = definer(
    "crossline_deconflict_answer(p_record uuid, p_level text, p_contact text, p_category text) RETURNS uuid",
    "uuid, text, text, text",
    f"""
DECLARE
    mine text := {agency_of_viewer(",".join(WHO_ANSWERS))};
    which text := '';
    made uuid := gen_random_uuid();
BEGIN
    IF p_record IS NOT NULL THEN
        SELECT p.about INTO which FROM {POINTER} p
            WHERE p.record_id = p_record AND p.owner_id = mine AND p.audience_id = ANY ({VISIBLE}::bigint[]) LIMIT 1;
    END IF;
    IF mine IS NULL OR which IS NULL OR p_level NOT IN ({_LEVELS})
        OR (p_level <> '{AnswerLevel.SILENT}' AND p_contact = '')
        OR (p_level = '{AnswerLevel.CONTACT_AND_CATEGORY}' AND p_category = '')
    THEN
        RAISE EXCEPTION 'this viewer may not answer so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO {SETTING} (id, agency_id, record_id, about, level, contact, category, set_by, set_at, audience_id)
        SELECT made, mine, p_record, which, p_level, p_contact, p_category, p.username, clock_timestamp(),
            crossline_audience_of_agencies(ARRAY[mine])
        FROM access_person p WHERE p.id = {VIEWER_ID};
    RETURN made;
END """,
)


def resolving(*, or_met: str = "", or_told: str = "") -> str:
    """The function that records an outcome. `or_met`, `or_told`: other ways in which `other` was openly met, and its own
    people told, as SQL of later migrations."""
    return definer(
        "crossline_deconflict_outcome(p_check uuid, p_other text, p_state text, p_note text, p_stood uuid) RETURNS uuid",
        "uuid, text, text, text, uuid",
        f"""
DECLARE
    mine text := {MINE};
    about {CHECK};
    other text;
    openly_met boolean;
    told boolean;
    stands uuid;
    made uuid := gen_random_uuid();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('outcome of ' || p_check, 0));
    SELECT * INTO about FROM {CHECK} WHERE id = p_check;
    other := CASE WHEN about.agency_id = mine THEN p_other ELSE mine END;
    WITH looked AS (SELECT t.token FROM {TOKEN} t WHERE t.asked_id = about.id),
    {_OPENLY}
    SELECT EXISTS (SELECT FROM openly o WHERE o.agency = other AND o.token NOT IN (SELECT h.token FROM hubs h))
        OR EXISTS (SELECT FROM jsonb_array_elements(about.answer) a WHERE a ->> 'agency' = other)
        OR EXISTS (SELECT FROM {OUTCOME} u WHERE u.asked_id = about.id AND u.other_agency = other AND u.shared){or_met}
        INTO openly_met;
    -- The other side is told of a check that its people can see the met record of, or that met a check of its own.
    told := about.agency_id = mine AND openly_met
        OR about.agency_id <> mine AND (EXISTS (SELECT FROM crossline_deconflict_asked() a WHERE a.asked = about.id){or_told}
            OR EXISTS (SELECT FROM {OUTCOME} u WHERE u.asked_id = about.id AND u.other_agency = mine));
    IF mine IS NULL OR told IS NOT TRUE OR other = about.agency_id OR p_state NOT IN ({_STATES}) THEN
        RAISE EXCEPTION 'this viewer may record no outcome of that' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT u.id INTO stands FROM {OUTCOME} u WHERE u.asked_id = about.id AND u.other_agency = other
        AND (u.shared OR u.recorded_agency = mine) ORDER BY u.recorded_at DESC, u.id DESC LIMIT 1;
    IF stands IS DISTINCT FROM p_stood THEN
        RAISE EXCEPTION 'somebody else was quicker' USING ERRCODE = '{OVERTAKEN}';
    END IF;
    INSERT INTO {OUTCOME} (id, asked_id, number, asking_agency, other_agency, asked_at, state, note, shared, recorded_by,
        recorded_agency, recorded_at, audience_id)
        SELECT made, about.id, about.number, about.agency_id, other, about.asked_at, p_state, p_note, openly_met, p.username,
            mine, clock_timestamp(),
            crossline_audience_of_agencies(CASE WHEN openly_met THEN ARRAY[about.agency_id::text, other] ELSE ARRAY[mine] END)
        FROM access_person p WHERE p.id = {VIEWER_ID};
    RETURN made;
END """,
    )


RESOLVING: Final = resolving()

COUNTING: Final = definer(
    "crossline_deconflict_counts() RETURNS TABLE (state text, number bigint, median_hours double precision)",
    "",
    f"""
    -- Of all agencies together, for the centre: how many checks, how many met somebody openly, and what both sides recorded.
    WITH newest AS (
        SELECT DISTINCT ON (u.asked_id, u.other_agency) u.state, u.asked_id, u.other_agency FROM {OUTCOME} u WHERE u.shared
        ORDER BY u.asked_id, u.other_agency, u.recorded_at DESC, u.id DESC),
    taken AS (
        SELECT u.asked_id, u.other_agency, extract(epoch FROM min(u.recorded_at) - min(u.asked_at)) / 3600 AS hours
        FROM {OUTCOME} u WHERE u.shared GROUP BY 1, 2)
    SELECT n.state::text, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY t.hours) FROM newest n
        JOIN taken t ON t.asked_id = n.asked_id AND t.other_agency = n.other_agency WHERE {MINE} = '{CENTRE}' GROUP BY 1
    UNION ALL SELECT 'checks', count(*), NULL FROM {CHECK} c WHERE {MINE} = '{CENTRE}'
    UNION ALL SELECT 'met', count(*), NULL FROM {CHECK} c WHERE c.body = 'met' AND {MINE} = '{CENTRE}'
    UNION ALL SELECT 'all', count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY t.hours) FROM taken t
        WHERE {MINE} = '{CENTRE}'
""",
    language="sql",
    kind="STABLE",
)

FIRST: Final = INTERN + ANSWERING + RESOLVING + COUNTING
"""What the first migration makes; a later one makes the functions that look across, as they are now."""
LOOKING: Final = (
    "".join(
        f"DROP FUNCTION IF EXISTS {name};\n"
        for name in (
            "crossline_deconflict(jsonb, text, text, text, date, boolean, uuid)",
            "crossline_deconflict_asked()",
            "crossline_deconflict_met()",
        )
    )
    + CHECKING
    + ASKED
    + MET
)
