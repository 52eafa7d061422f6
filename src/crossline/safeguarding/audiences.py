"""The audience of what safeguarding people write, as SQL that a migration runs: no page may write one, so a trigger gives it."""

from __future__ import annotations


def audience_trigger(function: str, labels: str) -> str:
    """A trigger's function with its owner's rights that gives a new row the audience of these labels: SQL that makes an array
    of text of NEW. Whoever names it hangs it on a table with `given_by`."""
    return f"""
CREATE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[];
    print text;
BEGIN
    SELECT array_agg(DISTINCT key COLLATE "C" ORDER BY key COLLATE "C") INTO keys FROM unnest({labels}) held (key);
    -- As access.actions.fingerprint_of has it: an audience is interned once, whoever interns it.
    print := array_to_string(keys, ' ');
    INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES (print) ON CONFLICT DO NOTHING;
    SELECT id INTO NEW.audience_id FROM access_audience WHERE fingerprint = print;
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT NEW.audience_id, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION {function}() FROM PUBLIC;
"""


def given_by(function: str, table: str) -> str:
    """The trigger that gives rows of a table their audience."""
    return f"CREATE TRIGGER audience_follows BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();\n"
