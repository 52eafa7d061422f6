"""What crosses the wall about planned events, as SQL that a migration runs: the designed signals of decision 0030.

Whether two events meet is asked of their points and times as the engine asks it (engines/deconfliction/event.py), from the same
reaches; a test holds one to the other. Silence is decided in `_LIVE` and `open`, at the time of asking.
"""

from __future__ import annotations

from datetime import timedelta
from math import degrees
from typing import Final

from crossline.access.roles import POLICING_ROLES
from crossline.access.row_security import VIEWER_ID, WEB, agency_of_viewer, content
from crossline.deconfliction.functions import LIMIT
from crossline.deconfliction.rules import CHECKS_AN_HOUR, DEFAULT_LEVEL, AnswerLevel
from crossline.deconfliction.security import AS_OWNER, CHECK, SETTING
from crossline.engines.deconfliction.event import (
    AWARE_METRES,
    LONGEST,
    PLANNED_AHEAD,
    REACH,
    STANDS_AFTER,
    EventKind,
    Nearness,
)
from crossline.vocabulary.places import EARTH_RADIUS_METRES

EVENT: Final = "deconfliction_checkedevent"
OFF: Final = "deconfliction_eventcalledoff"
_MINE: Final = agency_of_viewer(",".join(sorted(POLICING_ROLES)))
_KINDS: Final = ", ".join(f"'{kind}'" for kind in EventKind)


def _span(of: timedelta) -> str:
    return f"interval '{of.total_seconds():.0f} seconds'"


TABLES: Final = (
    content(EVENT)
    + content(OFF)
    + "".join(
        f"CREATE POLICY owner_deconflicts ON {table} TO crossline_owner USING ({AS_OWNER}) WITH CHECK ({AS_OWNER});\n"
        for table in (EVENT, OFF)
    )
)

_REACHES: Final = ", ".join(
    f"('{kind}', {reach.metres}::float8, {_span(reach.before)}, {_span(reach.after)})" for kind, reach in REACH.items()
)

MEETING: Final = f"""
-- How near two events come, or null: the engine's `meets`, word for word. Works with the rights of whoever calls it.
CREATE FUNCTION crossline_events_meet(
    kind_1 text, lat_1 float8, lon_1 float8, from_1 timestamptz, to_1 timestamptz,
    kind_2 text, lat_2 float8, lon_2 float8, from_2 timestamptz, to_2 timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    WITH reach (kind, metres, before, after) AS (VALUES {_REACHES}),
    -- A sine so small that its square is none would be an error here; the engine takes it for none.
    sines AS (
        SELECT sin((radians(lat_2) - radians(lat_1)) / 2) AS lat, sin(radians(lon_2 - lon_1) / 2) AS lon),
    halves AS (
        SELECT CASE WHEN abs(s.lat) < 1e-150 THEN 0 ELSE s.lat END AS lat, CASE WHEN abs(s.lon) < 1e-150 THEN 0 ELSE s.lon END AS lon
        FROM sines s),
    between_them AS (
        SELECT greatest(a.metres, b.metres) AS reached,
            CASE WHEN (from_1, to_1) <= (from_2, to_2) THEN from_2 - to_1 ELSE from_1 - to_2 END AS apart,
            CASE WHEN (from_1, to_1) <= (from_2, to_2) THEN greatest(a.after, b.before) ELSE greatest(b.after, a.before) END
                AS margin,
            2 * {EARTH_RADIUS_METRES}::float8 * asin(least(1.0::float8, sqrt(
                power(h.lat, 2) + cos(radians(lat_1)) * cos(radians(lat_2)) * power(h.lon, 2)))) AS metres
        FROM reach a, reach b, halves h WHERE a.kind = kind_1 AND b.kind = kind_2)
    SELECT CASE WHEN greatest(m.apart, interval '0') > m.margin THEN NULL
        WHEN m.metres <= m.reached THEN '{Nearness.CONFLICT}'
        WHEN m.metres <= {AWARE_METRES}::float8 THEN '{Nearness.AWARENESS}' END
    FROM between_them m
$$;
REVOKE ALL ON FUNCTION crossline_events_meet(text, float8, float8, timestamptz, timestamptz,
    text, float8, float8, timestamptz, timestamptz) FROM PUBLIC;
"""

_LIVE: Final = f"""
    levels AS MATERIALIZED (
        SELECT DISTINCT ON (s.agency_id) s.agency_id, s.level, s.category FROM {SETTING} s
        WHERE s.about = '' ORDER BY s.agency_id, s.set_at DESC, s.id DESC),
    live AS MATERIALIZED (
        SELECT e.asked_id AS id, e.agency_id AS agency, e.kind, e.lat, e.lon, e.starts, e.ends, e.asked_at, c.contact,
            coalesce(l.level, '{DEFAULT_LEVEL}') <> '{AnswerLevel.SILENT}' AS open,
            CASE WHEN l.level = '{AnswerLevel.CONTACT_AND_CATEGORY}' THEN l.category ELSE '' END AS category
        FROM {EVENT} e JOIN {CHECK} c ON c.id = e.asked_id LEFT JOIN levels l ON l.agency_id = e.agency_id
        WHERE e.ends > now() - {_span(STANDS_AFTER)} AND NOT EXISTS (SELECT FROM {OFF} x WHERE x.asked_id = e.asked_id))"""
"""The events that stand, and whether their agencies let it be said. An event's own contact is given: the one that was written
to be read by the other side."""


def _meeting(one: str, other: str) -> str:
    both = (f"{each}.kind, {each}.lat, {each}.lon, {each}.starts, {each}.ends" for each in (one, other))
    return f"crossline_events_meet({', '.join(both)})"


_NORTH: Final = degrees(AWARE_METRES / EARTH_RADIUS_METRES) * 1.001
_MARGIN: Final = _span(max(max(reach.before, reach.after) for reach in REACH.values()))
_BEFORE_THE_SUMS: Final = f"""abs(theirs.lat - ours.lat) <= {_NORTH}
            AND theirs.starts <= ours.ends + {_MARGIN} AND theirs.ends >= ours.starts - {_MARGIN}"""
"""What any two that meet have in common, so that a join need not measure every pair."""


def _definer(head: str, types: str, body: str, *, language: str = "plpgsql", kind: str = "VOLATILE") -> str:
    name = head.partition("(")[0]
    return f"""
CREATE FUNCTION {head}
LANGUAGE {language} {kind} SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$;
REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}({types}) TO {WEB};
"""


CHECKING: Final = _definer(
    "crossline_deconflict_event(p_event jsonb, p_purpose text, p_operation text, p_contact text) "
    "RETURNS TABLE (agency text, contact text, category text, nearness text)",
    "jsonb, text, text, text",
    f"""
#variable_conflict use_column
DECLARE
    who access_person;
    asked record;
    before integer;
    whose bigint;
BEGIN
    SELECT p.* INTO who FROM access_person p WHERE p.id = {VIEWER_ID} AND p.agency_id = {_MINE};
    SELECT * INTO asked FROM jsonb_to_record(p_event) AS g (id uuid, number text, kind text, place text, value text, lat float8,
        lon float8, starts timestamptz, ends timestamptz);
    IF who.id IS NULL OR p_purpose = '' OR p_operation = '' OR p_contact = '' OR asked.kind NOT IN ({_KINDS})
        OR (asked.ends BETWEEN greatest(asked.starts, now()) AND asked.starts + {_span(LONGEST)}
            AND asked.starts <= now() + {_span(PLANNED_AHEAD)}
            AND asked.lat BETWEEN 49 AND 62 AND asked.lon BETWEEN -9.5 AND 3) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'this viewer may not check so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One check of a person at a time, of whatever kind, so that two at once count each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('checks of ' || who.id, 0));
    SELECT count(*) INTO before FROM {CHECK} c WHERE c.asked_by_id = who.id::text AND NOT c.in_file AND c.approval IS NULL
        AND c.asked_at > now() - interval '1 hour';
    IF before >= {CHECKS_AN_HOUR} THEN
        RAISE EXCEPTION 'too many checks' USING ERRCODE = '{LIMIT}';
    END IF;
    whose := crossline_audience_of_agencies(ARRAY[who.agency_id::text]);
    -- One statement, whose work does not hang on the answer: it measures every event, and writes the answer whatever it is.
    RETURN QUERY
    WITH {_LIVE},
    near AS MATERIALIZED (
        SELECT l.agency, l.contact, l.category, l.open, l.asked_at, crossline_events_meet(
            asked.kind, asked.lat, asked.lon, asked.starts, asked.ends, l.kind, l.lat, l.lon, l.starts, l.ends) AS nearness
        FROM (SELECT v.agency, v.contact, v.category, v.open, v.asked_at, v.kind, v.lat, v.lon, v.starts, v.ends FROM live v
            -- Somebody silent is always there, so that the rest is worked out where nobody else is as well.
            UNION ALL SELECT '', '', '', false, now(), asked.kind, asked.lat, asked.lon, asked.starts, asked.ends) l
        WHERE l.agency <> who.agency_id),
    met AS MATERIALIZED (
        SELECT DISTINCT ON (n.agency) n.agency, n.contact, n.category, n.nearness FROM near n
        WHERE n.open AND n.nearness IS NOT NULL
        ORDER BY n.agency, n.nearness = '{Nearness.AWARENESS}', n.asked_at DESC, n.contact),
    answers AS (
        SELECT jsonb_agg(jsonb_build_object('agency', m.agency, 'contact', m.contact, 'category', m.category,
            'nearness', m.nearness) ORDER BY m.agency) AS answer FROM met m),
    written AS (
        INSERT INTO {CHECK} (id, number, agency_id, asked_by, asked_by_id, asked_at, purpose, operation, contact, kind, scheme,
            value, until, in_file, approval, body, answer, audience_id)
        SELECT asked.id, asked.number, who.agency_id, who.username, who.id, now(), p_purpose, p_operation, p_contact, 'event',
            'event', asked.value, ((asked.ends + {_span(STANDS_AFTER)}) AT TIME ZONE 'Europe/London')::date, false, NULL,
            CASE WHEN a.answer IS NULL THEN 'nothing' ELSE 'met' END, coalesce(a.answer, '[]'), whose
        FROM answers a),
    kept AS (
        INSERT INTO {EVENT} (id, asked_id, agency_id, kind, place, lat, lon, starts, ends, asked_at, audience_id)
        SELECT gen_random_uuid(), asked.id, who.agency_id, asked.kind, asked.place, asked.lat, asked.lon, asked.starts,
            asked.ends, now(), whose)
    SELECT m.agency::text, m.contact::text, m.category::text, m.nearness::text FROM met m;
END """,
)

ASKED: Final = _definer(
    "crossline_deconflict_events_asked() RETURNS TABLE (asked uuid, number text, agency text, contact text, purpose text, "
    "kind text, scheme text, at timestamptz, record uuid, own uuid)",
    "",
    f"""
    -- Whoever came later is told to whoever was there before, whatever either lets be answered.
    WITH {_LIVE},
    pairs AS MATERIALIZED (
        SELECT theirs.id, ours.id AS own, {_meeting("ours", "theirs")} AS nearness
        FROM live ours JOIN live theirs ON theirs.agency <> ours.agency AND {_BEFORE_THE_SUMS}
        WHERE ours.agency = {_MINE} AND (theirs.asked_at, theirs.id) > (ours.asked_at, ours.id))
    SELECT c.id, c.number::text, c.agency_id::text, c.contact::text, c.purpose::text, c.kind::text, 'event:' || p.nearness,
        c.asked_at, NULL::uuid, p.own
    FROM pairs p JOIN {CHECK} c ON c.id = p.id WHERE p.nearness IS NOT NULL
""",
    language="sql",
    kind="STABLE",
)

MET: Final = _definer(
    "crossline_deconflict_events_met() RETURNS TABLE (record uuid, own uuid, scheme text, agency text, contact text, "
    "category text, since timestamptz, hub boolean)",
    "",
    f"""
    -- Whoever was there before is told to whoever came later as they let it be said now.
    WITH {_LIVE},
    pairs AS MATERIALIZED (
        SELECT theirs.*, ours.id AS own, {_meeting("ours", "theirs")} AS nearness
        FROM live ours JOIN live theirs ON theirs.agency <> ours.agency AND {_BEFORE_THE_SUMS}
        WHERE ours.agency = {_MINE} AND (theirs.asked_at, theirs.id) < (ours.asked_at, ours.id))
    SELECT DISTINCT ON (p.own, p.agency) NULL::uuid, p.own, 'event:' || p.nearness, p.agency::text, p.contact::text,
        p.category::text, p.asked_at, false
    FROM pairs p WHERE p.nearness IS NOT NULL AND p.open
    ORDER BY p.own, p.agency, p.nearness = '{Nearness.AWARENESS}', p.asked_at DESC, p.contact
""",
    language="sql",
    kind="STABLE",
)

OPENLY: Final = f"""
-- Whether an agency that was there before an event of another lets it be said. Works with the rights of whoever calls it.
CREATE FUNCTION crossline_event_met_openly(p_check uuid, p_other text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH {_LIVE}
    SELECT EXISTS (SELECT FROM live ours JOIN live theirs ON theirs.agency = p_other
        WHERE ours.id = p_check AND theirs.open AND (theirs.asked_at, theirs.id) < (ours.asked_at, ours.id)
            AND {_meeting("ours", "theirs")} IS NOT NULL)
$$;
REVOKE ALL ON FUNCTION crossline_event_met_openly(uuid, text) FROM PUBLIC;
"""

CALLING_OFF: Final = _definer(
    "crossline_deconflict_event_off(p_check uuid, p_reason text) RETURNS uuid",
    "uuid, text",
    f"""
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('event ' || p_check, 0));
    IF p_reason = '' OR NOT EXISTS (
        SELECT FROM {EVENT} e WHERE e.asked_id = p_check AND e.agency_id = {_MINE}
            AND NOT EXISTS (SELECT FROM {OFF} x WHERE x.asked_id = e.asked_id))
    THEN
        RAISE EXCEPTION 'this viewer may not call that off' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO {OFF} (id, asked_id, agency_id, reason, by, at, audience_id)
        SELECT made, p_check, p.agency_id, p_reason, p.username, clock_timestamp(),
            crossline_audience_of_agencies(ARRAY[p.agency_id::text])
        FROM access_person p WHERE p.id = {VIEWER_ID};
    RETURN made;
END """,
)

FUNCTIONS: Final = MEETING + CHECKING + ASKED + MET + OPENLY + CALLING_OFF
