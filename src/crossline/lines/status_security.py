"""Row security of what people declare of returned lines, as SQL that migrations run.

A state is seen by whoever sees the return, and added by whom the table of states says. Evidence is seen by who sees both the
return and the record that it is; it follows that record into a compartment and out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.lines.security import WHO_DECIDES
from crossline.lines.states import AGREES_TO, BY_CENTRE, BY_EITHER, BY_OWNER, PROPOSALS
from crossline.records.release_security import RELEASING
from crossline.vocabulary.codes import RecordKind

_T: Final = "lines_linestate"
_E: Final = "lines_stateevidence"


def _any_of(states: Iterable[str]) -> str:
    return f"({', '.join(repr(str(state)) for state in sorted(states))})"


_OF_A_SEEN_RETURN: Final = (
    f"EXISTS (SELECT FROM records_record r WHERE r.id = {_T}.record_id AND r.kind = '{RecordKind.LINE_RETURN}' "
    f"AND r.owner_id = {_T}.owner_id AND r.ref = {_T}.line_ref AND r.audience_id = {_T}.audience_id)"
)


def _before(states: Iterable[str], not_by: str) -> str:
    """That the row follows one of the same return in one of these states (any, where none is named), by another than `not_by`."""
    named = ", ".join(f"'{state}'" for state in sorted(states))
    return f"crossline_state_follows({_T}.follows_id, {_T}.owner_id, {_T}.line_ref, ARRAY[{named}]::text[], {not_by})"


_FOLLOWS: Final = f"({_T}.follows_id IS NULL OR {_before((), repr(''))})"
_AGREED_BY_ANOTHER: Final = " OR ".join(
    f"{_T}.state IN {_any_of(states)} AND {_before(proposals, f'{_T}.decided_by')}"
    for states, proposals in (
        *(([closed], [proposed]) for closed, proposed in AGREES_TO.items()),
        ([state for state in BY_CENTRE if state not in AGREES_TO], PROPOSALS),
    )
)
_WHO: Final = (
    f"(({_T}.state IN {_any_of(BY_OWNER)} AND {_T}.decided_agency = {_T}.owner_id) "
    f"OR ({_T}.decided_agency = '{CENTRE}' AND ({_AGREED_BY_ANOTHER})) "
    f"OR ({_T}.state IN {_any_of(BY_EITHER)} AND {_T}.decided_agency IN ({_T}.owner_id, '{CENTRE}')))"
)
_SIGNED: Final = (
    f"{rows.signed(f'{_T}.decided_by', f'{_T}.decided_agency')} "
    f"AND {_T}.decided_agency = {rows.agency_of_viewer(','.join(sorted(WHO_DECIDES)))} "
    f"AND {_T}.decided_at {rows.NOW}"
)
_OF_ONES_OWN_STATE: Final = (
    f"EXISTS (SELECT FROM {_T} s WHERE s.id = {_E}.state_id AND s.audience_id = {_E}.line_audience_id "
    f"AND {rows.signed('s.decided_by', 's.decided_agency')}) "
    f"AND EXISTS (SELECT FROM records_record r WHERE r.id = {_E}.record_id AND r.audience_id = {_E}.audience_id) "
    f"AND ({_E}.mention_id IS NULL OR EXISTS (SELECT FROM records_mention m WHERE m.id = {_E}.mention_id "
    f"AND m.record_id = {_E}.record_id))"
)
_ITS_OWN: Final = f"record_id = {RELEASING}"

_FOLLOWS_FUNCTION: Final = f"""
-- A policy cannot ask its own table; a function that works with its caller's rights can, and sees what the caller sees.
CREATE FUNCTION crossline_state_follows(before uuid, owner text, ref text, states text[], not_by text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM {_T} b WHERE b.id = before AND b.owner_id = owner AND b.line_ref = ref
        AND (cardinality(states) = 0 OR b.state = ANY (states)) AND b.decided_by <> not_by)
$$;
REVOKE ALL ON FUNCTION crossline_state_follows(uuid, text, text, text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_state_follows(uuid, text, text, text[], text) TO {rows.WEB}, {rows.ENGINE};
"""

STATES: Final = (
    _FOLLOWS_FUNCTION
    + rows.content(_T, web="SELECT, INSERT", added=f"{_OF_A_SEEN_RETURN} AND {_FOLLOWS} AND {_WHO} AND {_SIGNED}")
    + rows.content(_E, audiences=("line_audience_id", "audience_id"), web="SELECT, INSERT", added=_OF_ONES_OWN_STATE)
    + f"""
-- Whatever gives a record another audience runs this with its own rights: the owner's, while a record is being moved.
CREATE POLICY owner_moves_reads ON {_E} FOR SELECT TO crossline_owner USING ({_ITS_OWN});
CREATE POLICY owner_moves_changes ON {_E} FOR UPDATE TO crossline_owner USING ({_ITS_OWN});
CREATE FUNCTION crossline_evidence_follows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE {_E} SET audience_id = NEW.audience_id WHERE record_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_evidence_follows() FROM PUBLIC;
CREATE TRIGGER evidence_follows AFTER UPDATE OF audience_id ON records_record
    FOR EACH ROW WHEN (OLD.audience_id IS DISTINCT FROM NEW.audience_id) EXECUTE FUNCTION crossline_evidence_follows();
"""
)

_J: Final = "lines_linejudgement"
_A: Final = "lines_lineattention"


def _seen_return(table: str, record: str, owner: str, ref: str, audience: str) -> str:
    return (
        f"EXISTS (SELECT FROM records_record r WHERE r.id = {table}.{record} AND r.kind = '{RecordKind.LINE_RETURN}' "
        f"AND r.owner_id = {table}.{owner} AND r.ref = {table}.{ref} AND r.audience_id = {table}.{audience})"
    )


def _signed_by(table: str, agencies: str) -> str:
    return (
        f"{rows.signed(f'{table}.decided_by', f'{table}.decided_agency')} "
        f"AND {table}.decided_agency = {rows.agency_of_viewer(','.join(sorted(WHO_DECIDES)))} "
        f"AND {table}.decided_agency IN ({agencies}) AND {table}.decided_at {rows.NOW}"
    )


_BOTH_SEEN: Final = " AND ".join(
    _seen_return(_J, f"{side}_id", f"{side}_owner_id", f"{side}_ref", f"{side}_audience_id")
    for side in ("left", "right")
)
_EITHERS: Final = f"{_J}.left_owner_id, {_J}.right_owner_id, '{CENTRE}'"
VERDICTS: Final = rows.content(
    _J,
    audiences=("left_audience_id", "right_audience_id"),
    web="SELECT, INSERT",
    added=f"{_BOTH_SEEN} AND {_signed_by(_J, _EITHERS)}",
) + rows.content(
    _A,
    web="SELECT, INSERT",
    added=f"{_seen_return(_A, 'record_id', 'owner_id', 'line_ref', 'audience_id')} AND {_signed_by(_A, repr(CENTRE))}",
)
"""Verdicts on two returned lines, for who sees both and whose line one of them is, or the centre's; attention, the centre's."""

_O: Final = "lines_lineorders"
ORDERS: Final = rows.content(
    _O,
    web="SELECT, INSERT",
    added=f"{_seen_return(_O, 'record_id', 'owner_id', 'line_ref', 'audience_id')} "
    f"AND {_signed_by(_O, f'{_O}.owner_id, {CENTRE!r}')}",
)
"""How a line takes its orders: said by its agency or the centre, and read by whoever sees the return."""
