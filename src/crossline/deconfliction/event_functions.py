"""What crosses the wall between agencies of planned events, as SQL that a migration runs: decision 0030.

An event is a check that stands until it is over, with its place and hours beside it. Whoever registered earlier is told of
whoever registers later; whoever registers later is told of earlier ones that are not silent. Both by joins, never by a message.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.row_security import VIEWER_ID
from crossline.deconfliction.functions import LIMIT, MINE, definer, resolving
from crossline.deconfliction.rules import CHECKS_AN_HOUR, AnswerBody, AnswerLevel, CheckKind
from crossline.deconfliction.security import AS_OWNER, CHECK
from crossline.engines.deconfliction.tokens import AWARE_METRES, LONGEST_EVENT, STANDS_AFTER, EventKind, Nearness
from crossline.vocabulary.places import EARTH_RADIUS_METRES

EVENT: Final = "deconfliction_plannedevent"
CALLED_OFF: Final = "deconfliction_eventcalledoff"

TABLES: Final = "".join(
    rows.content(table)
    + f"CREATE POLICY owner_deconflicts ON {table} TO crossline_owner USING ({AS_OWNER}) WITH CHECK ({AS_OWNER});\n"
    for table in (EVENT, CALLED_OFF)
)

_KINDS: Final = ", ".join(f"'{kind}'" for kind in EventKind)
_LEVELS: Final = ", ".join(f"'{level}'" for level in AnswerLevel)
_A_DAY: Final = "interval '1 day'"
_DEGREES: Final = f"{AWARE_METRES} / 110000.0"  # of latitude, with a little to spare: a degree is 110.6 km at the least

NEARNESS: Final = f"""
-- How near two events come, in the words of engines/deconfliction/event.py, which this has to agree with; null: not at all.
CREATE FUNCTION crossline_event_nearness(one {EVENT}, other {EVENT}) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN greatest(other.starts - one.ends, one.starts - other.ends, interval '0') > CASE
            WHEN (one.starts, one.ends) <= (other.starts, other.ends) THEN greatest(one.reach_after, other.reach_before)
            ELSE greatest(other.reach_after, one.reach_before) END THEN NULL
        WHEN metres <= greatest(one.reach_metres, other.reach_metres) THEN '{Nearness.CONFLICT}'
        WHEN metres <= {AWARE_METRES} THEN '{Nearness.AWARENESS}' END
    FROM (SELECT 2 * {EARTH_RADIUS_METRES} * asin(least(1, sqrt(power(sin(radians(other.lat - one.lat) / 2), 2)
        + cos(radians(one.lat)) * cos(radians(other.lat)) * power(sin(radians(other.lon - one.lon) / 2), 2)))) AS metres) AS apart
$$;
REVOKE ALL ON FUNCTION crossline_event_nearness({EVENT}, {EVENT}) FROM PUBLIC;
"""

_STANDING: Final = f"""
    standing AS (
        SELECT e.* FROM {EVENT} e
        WHERE e.forgotten_at > now() AND NOT EXISTS (SELECT FROM {CALLED_OFF} o WHERE o.event_id = e.id))"""
_MAY_MEET: Final = (
    f"other.lat BETWEEN own.lat - {_DEGREES} AND own.lat + {_DEGREES} "
    f"AND other.starts <= own.ends + {_A_DAY} AND other.ends >= own.starts - {_A_DAY}"
)
"""What an index can tell; the rest is worked out of what this leaves. No reach is longer than a day."""

_MEETING: Final = f"""
    {_STANDING},
    meeting AS (
        SELECT own.asked_id AS own, other.asked_id AS theirs, other.agency_id AS agency, other.level, other.kind,
            (other.registered_at, other.id) > (own.registered_at, own.id) AS later,
            crossline_event_nearness(own::{EVENT}, other::{EVENT}) AS nearness
        FROM standing own JOIN standing other ON other.agency_id <> own.agency_id AND {_MAY_MEET}
        WHERE own.agency_id = {MINE})"""
"""The viewer's agency's events with those of others that come near them."""

CHECKING: Final = definer(
    "crossline_event_check(p_event jsonb, p_number text, p_value text, p_purpose text, p_operation text, p_contact text) "
    "RETURNS TABLE (agency text, contact text, category text, nearness text)",
    "jsonb, text, text, text, text, text",
    f"""
#variable_conflict use_column
DECLARE
    who access_person;
    own {EVENT} := jsonb_populate_record(NULL::{EVENT}, p_event);
BEGIN
    SELECT p.* INTO who FROM access_person p WHERE p.id = {VIEWER_ID} AND p.agency_id = {MINE};
    own.agency_id := who.agency_id;
    own.lat := round(own.lat::numeric, 7);  -- to a centimetre: no two places are so near that working it out underflows
    own.lon := round(own.lon::numeric, 7);
    own.registered_at := clock_timestamp();
    own.forgotten_at := own.ends + interval '{int(STANDS_AFTER.total_seconds())} seconds';
    IF (who.id IS NOT NULL AND p_purpose <> '' AND p_operation <> '' AND p_contact <> ''
        AND own.id IS NOT NULL AND own.asked_id IS NOT NULL AND own.kind IN ({_KINDS}) AND own.level IN ({_LEVELS})
        AND own.lat BETWEEN -90 AND 90 AND own.lon BETWEEN -180 AND 180
        AND own.forgotten_at > now() AND own.ends >= own.starts AND own.ends - own.starts <= interval '{LONGEST_EVENT.days} days'
        AND own.reach_metres BETWEEN 0 AND {AWARE_METRES}
        AND own.reach_before BETWEEN interval '0' AND {_A_DAY} AND own.reach_after BETWEEN interval '0' AND {_A_DAY}) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'this viewer may not register such an event' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('checks of ' || who.id, 0));
    IF (SELECT count(*) FROM {CHECK} c WHERE c.asked_by_id = who.id::text AND NOT c.in_file
        AND c.asked_at > now() - interval '1 hour') >= {CHECKS_AN_HOUR} THEN
        RAISE EXCEPTION 'too many checks' USING ERRCODE = '{LIMIT}';
    END IF;
    own.audience_id := crossline_audience_of_agencies(ARRAY[who.agency_id::text]);
    -- One statement, as of every check: how near each comes is worked out before it is asked whether it may be said.
    RETURN QUERY
    WITH {_STANDING},
    near AS MATERIALIZED (
        SELECT other.*, crossline_event_nearness(own, other::{EVENT}) AS nearness FROM standing other
        WHERE other.agency_id <> who.agency_id AND {_MAY_MEET}),
    met AS MATERIALIZED (
        SELECT DISTINCT ON (n.agency_id) n.agency_id AS agency, c.contact,
            CASE WHEN n.level = '{AnswerLevel.CONTACT_AND_CATEGORY}' THEN n.kind ELSE '' END AS category, n.nearness
        FROM near n JOIN {CHECK} c ON c.id = n.asked_id
        WHERE n.nearness IS NOT NULL AND n.level <> '{AnswerLevel.SILENT}'
        ORDER BY n.agency_id, n.nearness = '{Nearness.AWARENESS}', n.registered_at DESC, n.id),
    written AS (
        INSERT INTO {CHECK} (id, number, agency_id, asked_by, asked_by_id, asked_at, purpose, operation, contact, kind, scheme,
            value, until, in_file, approval, body, answer, audience_id)
        SELECT own.asked_id, p_number, who.agency_id, who.username, who.id, now(), p_purpose, p_operation, p_contact,
            '{CheckKind.EVENT}', '{CheckKind.EVENT}', p_value, own.forgotten_at::date, false, NULL,
            CASE WHEN EXISTS (SELECT FROM met) THEN '{AnswerBody.MET}' ELSE '{AnswerBody.NOTHING}' END,
            coalesce((SELECT jsonb_agg(to_jsonb(m) ORDER BY m.agency) FROM met m), '[]'), own.audience_id),
    kept AS (INSERT INTO {EVENT} SELECT own.*)
    SELECT m.agency::text, m.contact::text, m.category::text, m.nearness FROM met m;
END """,
)

ASKED: Final = definer(
    "crossline_events_asked() RETURNS TABLE (asked uuid, number text, agency text, contact text, purpose text, kind text, "
    "scheme text, at timestamptz, record uuid, own uuid, nearness text)",
    "",
    f"""
    WITH {_MEETING}
    SELECT c.id, c.number::text, c.agency_id::text, c.contact::text, c.purpose::text, c.kind::text, c.scheme::text, c.asked_at,
        NULL::uuid, m.own, m.nearness
    FROM meeting m JOIN {CHECK} c ON c.id = m.theirs WHERE m.nearness IS NOT NULL AND m.later
""",
    language="sql",
    kind="STABLE",
)

MET: Final = definer(
    "crossline_events_met() RETURNS TABLE (record uuid, own uuid, scheme text, agency text, contact text, category text, "
    "since timestamptz, hub boolean, nearness text)",
    "",
    f"""
    WITH {_MEETING}
    SELECT DISTINCT ON (m.own, m.agency) NULL::uuid, m.own, c.scheme::text, m.agency::text, c.contact::text,
        CASE WHEN m.level = '{AnswerLevel.CONTACT_AND_CATEGORY}' THEN m.kind::text ELSE '' END, c.asked_at, false, m.nearness
    FROM meeting m JOIN {CHECK} c ON c.id = m.theirs
    WHERE m.nearness IS NOT NULL AND m.level <> '{AnswerLevel.SILENT}'
    ORDER BY m.own, m.agency, m.nearness = '{Nearness.AWARENESS}', c.asked_at DESC, c.id
""",
    language="sql",
    kind="STABLE",
)

CALLING_OFF: Final = definer(
    "crossline_event_call_off(p_check uuid) RETURNS uuid",
    "uuid",
    f"""
DECLARE
    which {EVENT};
    made uuid := gen_random_uuid();
BEGIN
    SELECT e.* INTO which FROM {EVENT} e WHERE e.asked_id = p_check AND e.agency_id = {MINE} FOR UPDATE;
    IF which.id IS NULL OR EXISTS (SELECT FROM {CALLED_OFF} o WHERE o.event_id = which.id) THEN
        RAISE EXCEPTION 'this viewer may not call that off' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO {CALLED_OFF} (id, event_id, called_off_by, called_off_at, audience_id)
        SELECT made, which.id, p.username, now(), which.audience_id FROM access_person p WHERE p.id = {VIEWER_ID};
    RETURN made;
END """,
)

_OPENLY_MET: Final = f"""
        OR EXISTS (WITH {_STANDING} SELECT FROM standing own JOIN standing o ON o.agency_id = other AND o.level <> 'silent'
            WHERE own.asked_id = about.id AND crossline_event_nearness(own::{EVENT}, o::{EVENT}) IS NOT NULL)"""
_TOLD: Final = """
            OR EXISTS (SELECT FROM crossline_events_asked() a WHERE a.asked = about.id)"""
RESOLVING: Final = resolving(or_met=_OPENLY_MET, or_told=_TOLD).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

FUNCTIONS: Final = NEARNESS + CHECKING + ASKED + MET + CALLING_OFF + RESOLVING
