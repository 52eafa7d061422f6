"""Row security of answering for concerns, as SQL that a migration runs.

A case is read by whoever may see what it was raised from, what people write of it, and the mention that it hangs on; what
belongs to it, beside it. Pages add steps and entries alone: the process that raises concerns opens cases and tells of them.
See docs/decisions/0031-answering-for-concerns.md.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.partner_security import is_partner
from crossline.access.policy import CENTRE
from crossline.safeguarding.answering.moves import (
    MOVES,
    NAMES_SOMEBODY,
    NEEDS_SOMEBODY,
    WHO_ANSWERS,
    WHO_COORDINATES,
    CaseState,
    Side,
)

_C: Final = "answering_concerncase"
_R: Final = "answering_casereason"
_S: Final = "answering_casestep"
_T: Final = "answering_told"
_E: Final = "answering_caseentry"
_N: Final = "answering_partnernotice"
_BOTH: Final = ("audience_id", "basis_audience_id")
_ANSWERS: Final = rows.agency_of_viewer(",".join(sorted(WHO_ANSWERS)))
_COORDINATES: Final = rows.agency_of_viewer(",".join(sorted(WHO_COORDINATES)))

_MOVES: Final = ", ".join(
    f"('{state}', '{following}', '{side}')"
    for state, leads_to in MOVES.items()
    for following, sides in leads_to.items()
    for side in sorted(sides - {Side.PROCESS})
)


def _words(states: frozenset[CaseState]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


_STEP_FOLLOWS: Final = f"""
-- Works with the rights of whoever asks, whose row security applies. A function, because a policy may not ask its own table.
CREATE FUNCTION crossline_case_step_follows(step {_S}) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    stood {_S};
BEGIN
    SELECT * INTO stood FROM {_S} s WHERE s.case_id = step.case_id ORDER BY s.number DESC LIMIT 1;
    IF stood.id IS NULL OR step.number <> stood.number + 1
        OR NOT EXISTS (SELECT FROM {_C} c WHERE c.id = step.case_id
            AND (c.audience_id, c.basis_audience_id) = (step.audience_id, step.basis_audience_id)) THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (SELECT FROM (VALUES {_MOVES}) allowed (was, becomes, side)
        WHERE was = stood.state AND becomes = step.state AND CASE side
            WHEN '{Side.OWNER}' THEN step.by_agency = stood.owner_id
            WHEN '{Side.OFFERED}' THEN step.by_agency = stood.offered
            ELSE step.by_agency = '{CENTRE}' END) THEN
        RETURN false;
    END IF;
    -- Exactly one owner: the agency changes where the other accepts, and at no other step.
    RETURN step.owner_id = CASE step.state WHEN '{CaseState.ACCEPTED}' THEN stood.offered ELSE stood.owner_id END
        AND (step.state NOT IN ({_words(NEEDS_SOMEBODY)}) OR stood.person <> '')
        AND (step.state <> '{CaseState.OFFERED}' OR step.offered <> stood.owner_id AND NOT {is_partner("step.offered")}
            AND EXISTS (SELECT FROM access_agency g WHERE g.id = step.offered))
        AND CASE WHEN step.state IN ({_words(NAMES_SOMEBODY)}) THEN EXISTS (SELECT FROM access_person p
                WHERE p.username = step.person AND p.agency_id = step.owner_id AND p.is_active
                    AND p.roles::text[] && '{{{",".join(sorted(WHO_ANSWERS))}}}')
            WHEN step.state = '{CaseState.REOPENED}' THEN step.person = ''
            ELSE step.person = stood.person END;
END $$;
REVOKE ALL ON FUNCTION crossline_case_step_follows({_S}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_case_step_follows({_S}) TO {rows.WEB}, {rows.ENGINE};
"""


def _beside(table: str, other: str, column: str) -> str:
    """That another row is seen too, with the reader's own rights."""
    return f"EXISTS (SELECT FROM {other} beside WHERE beside.id = {table}.{column})"


def _signed_by(table: str) -> str:
    """By somebody who answers for an agency, or coordinates at the centre; now."""
    who = f"({table}.by_agency = {_ANSWERS} OR {table}.by_agency = '{CENTRE}' AND {table}.by_agency = {_COORDINATES})"
    return f"{rows.signed(f'{table}.by', f'{table}.by_agency')} AND {who} AND {table}.at {rows.NOW}"


_WITH_CASE: Final = (
    f"EXISTS (SELECT FROM {_C} c WHERE c.id = {_E}.case_id "
    f"AND (c.audience_id, c.basis_audience_id) = ({_E}.audience_id, {_E}.basis_audience_id)) "
    f"AND ({_E}.told_id IS NULL OR EXISTS (SELECT FROM {_T} t WHERE t.id = {_E}.told_id AND t.case_id = {_E}.case_id))"
)

ANSWERING: Final = (
    rows.content(_C, audiences=_BOTH, read=_beside(_C, "records_mention", "about_id"))
    + rows.content(
        _R,
        audiences=_BOTH,
        read=f"{_beside(_R, _C, 'case_id')} AND {_beside(_R, 'records_mention', 'mention_id')}",
    )
    + _STEP_FOLLOWS
    + rows.content(
        _S,
        audiences=_BOTH,
        web="SELECT, INSERT",
        added=f"{_signed_by(_S)} AND crossline_case_step_follows({_S})",
        read=_beside(_S, _C, "case_id"),
    )
    + rows.content(_T, audiences=_BOTH, read=f"{_beside(_T, _C, 'case_id')} AND {_beside(_T, _R, 'reason_id')}")
    + rows.content(
        _E,
        audiences=_BOTH,
        web="SELECT, INSERT",
        added=f"{_signed_by(_E)} AND {_WITH_CASE}",
        read=f"{_beside(_E, _C, 'case_id')} AND ({_E}.told_id IS NULL OR {_beside(_E, _T, 'told_id')})",
    )
    + rows.content(_N)
)
