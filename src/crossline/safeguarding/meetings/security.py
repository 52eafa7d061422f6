"""Row security of meetings and safety plans, as SQL that migrations run: what one side keeps, what one organisation reads.

The calling side reads a meeting and what hangs on it only beside the mention that it is about. An invited organisation reads its
own invitation, what hangs on that, and its own actions; a partner only while it holds a sheet, not taken back, of the referral
that stands for the person. So whoever takes a referral back takes the meeting back with it, and one named reader stays one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossline.access import row_security as rows
from crossline.access.partner_security import is_partner
from crossline.access.roles import Role
from crossline.safeguarding.meetings.states import ActionState, Answer, MeetingState

WHO_CALLS: Final = frozenset({Role.SAFEGUARDING, Role.COORDINATOR})
"""Who calls meetings of their agency, keeps minutes and gives actions, and answers for an agency that was invited."""
WHO_ANSWERS: Final = WHO_CALLS | {Role.PARTNER}
"""Who answers for an invited organisation and acts for it."""

_M, _MS, _N = "meetings_meeting", "meetings_meetingstep", "meetings_minutes"
_I, _IS, _SH = "meetings_invitation", "meetings_invitationstep", "meetings_minutesshare"
_A, _AS = "meetings_action", "meetings_actionstep"
_CALLERS, _ANSWERERS = ",".join(sorted(WHO_CALLS)), ",".join(sorted(WHO_ANSWERS))
_OWN: Final = f"(SELECT p.agency_id FROM access_person p WHERE p.id = {rows.VIEWER_ID})"
_ADDS: Final = "SELECT, INSERT"


def _now_by(table: str, who: str = "by", agency: str = "by_agency", at: str = "at", roles: str = _CALLERS) -> str:
    """That a row is signed by a viewer with one of these roles, now."""
    return (
        f"{rows.signed(f'{table}.{who}', f'{table}.{agency}')} "
        f"AND {table}.{agency} = {rows.agency_of_viewer(roles)} AND {table}.{at} {rows.NOW}"
    )


def _beside(table: str, column: str, parent: str) -> str:
    """That the row it hangs on is seen."""
    return f"EXISTS (SELECT FROM {parent} p WHERE p.id = {table}.{column})"


def _hangs(table: str, column: str, parent: str, whose: str, signed: str = "by_agency") -> str:
    """That it hangs on a row that its viewer sees, with the same audience, and is signed for one side of that."""
    return (
        f"EXISTS (SELECT FROM {parent} p WHERE p.id = {table}.{column} AND p.audience_id = {table}.audience_id "
        f"AND {table}.{signed} = p.{whose})"
    )


def _of_owner(table: str) -> str:
    """That it is of a meeting of its owner's that the viewer sees."""
    return f"EXISTS (SELECT FROM {_M} m WHERE m.id = {table}.meeting_id AND m.owner_id = {table}.owner_id)"


def _in(values: Iterable[str]) -> str:
    return ", ".join(f"'{each}'" for each in values)


_LIVE: Final = (
    f"EXISTS (SELECT FROM referrals_sheet s WHERE s.referral_id = {_I}.referral_id AND s.partner_id = {_I}.invited_id "
    "AND NOT EXISTS (SELECT FROM referrals_sheetrevocation v WHERE v.sheet_id = s.id))"
)
_INVITATION_READ: Final = (
    f"({_beside(_I, 'meeting_id', _M)} OR {_I}.invited_id = {_OWN} "
    f"AND (NOT {is_partner(f'{_I}.invited_id')} OR {_LIVE}))"
)
_ACTION_READ: Final = (
    f"({_beside(_A, 'meeting_id', _M)} OR {_A}.organisation_id = {_OWN} AND {_beside(_A, 'invitation_id', _I)})"
)
_CALLED: Final = (
    f"{_now_by(_M, 'called_by', 'called_agency', 'called_at')} AND {_M}.owner_id = {_M}.called_agency "
    f"AND {_beside(_M, 'about_id', 'records_mention')}"
)
_STEPPED: Final = f"{_now_by(_MS)} AND {_hangs(_MS, 'meeting_id', _M, 'owner_id')}"
_SAVED: Final = (
    f"{_now_by(_N, 'saved_by', 'saved_agency', 'saved_at')} "
    f"AND {_hangs(_N, 'meeting_id', _M, 'owner_id', 'saved_agency')}"
)
_INVITED: Final = (
    f"{_now_by(_I, 'invited_by', 'invited_agency', 'invited_at')} AND {_I}.owner_id = {_I}.invited_agency "
    f"AND {_of_owner(_I)} AND {_I}.invited_id <> {_I}.owner_id "
    f"AND (CASE WHEN {is_partner(f'{_I}.invited_id')} THEN {_LIVE} ELSE {_I}.referral_id IS NULL END)"
)
_TOLD_OR_ANSWERED: Final = (
    f"({_IS}.state IN ({_in(MeetingState)}) AND {_now_by(_IS)} AND {_hangs(_IS, 'invitation_id', _I, 'owner_id')} "
    f"OR {_IS}.state IN ({_in(Answer)}) AND {_now_by(_IS, roles=_ANSWERERS)} "
    f"AND {_hangs(_IS, 'invitation_id', _I, 'invited_id')})"
)
_SHARED: Final = (
    f"{_now_by(_SH)} AND {_hangs(_SH, 'invitation_id', _I, 'owner_id')} AND EXISTS (SELECT FROM {_N} n JOIN {_I} i "
    f"ON i.meeting_id = n.meeting_id WHERE n.id = {_SH}.minutes_id AND n.number = {_SH}.number AND i.id = {_SH}.invitation_id)"
)
_GIVEN: Final = (
    f"{_now_by(_A, 'given_by', 'given_agency', 'given_at')} AND {_A}.owner_id = {_A}.given_agency AND {_of_owner(_A)} "
    f"AND (CASE WHEN {_A}.invitation_id IS NULL THEN {_A}.organisation_id = {_A}.owner_id ELSE EXISTS (SELECT FROM {_I} i "
    f"WHERE i.id = {_A}.invitation_id AND i.meeting_id = {_A}.meeting_id AND i.invited_id = {_A}.organisation_id) END)"
)
_BY_CALLER = _in((ActionState.OPEN, ActionState.CANNOT, ActionState.CHECKED))
_BY_DOER = _in((ActionState.DONE, ActionState.CANNOT))
_ACTED: Final = (
    f"({_AS}.state IN ({_BY_CALLER}) AND {_now_by(_AS)} AND {_hangs(_AS, 'action_id', _A, 'owner_id')} "
    f"OR {_AS}.state IN ({_BY_DOER}) AND {_now_by(_AS, roles=_ANSWERERS)} "
    f"AND {_hangs(_AS, 'action_id', _A, 'organisation_id')})"
)


def _own_side(other: str = "") -> str:
    """The labels of the calling side; and of the one organisation that a column names."""
    whose = f", CASE WHEN {is_partner(other)} THEN 'partner:' ELSE 'agency:' END || {other}" if other else ""
    return f"'agency:' || NEW.owner_id, 'centre', 'safeguarding'{whose}"


MEETINGS: Final = (
    rows.content(_M, read=_beside(_M, "about_id", "records_mention"))
    + rows.added_with_audience(_M, _CALLED)
    + rows.given_audience("crossline_meeting_audience", _M, _own_side())
    + rows.content(_MS, web=_ADDS, added=_STEPPED, read=_beside(_MS, "meeting_id", _M))
    + rows.content(_N, web=_ADDS, added=_SAVED, read=_beside(_N, "meeting_id", _M))
    + rows.content(_I, read=_INVITATION_READ)
    + rows.added_with_audience(_I, _INVITED)
    + rows.given_audience("crossline_invitation_audience", _I, _own_side("NEW.invited_id"))
    + rows.content(_IS, web=_ADDS, added=_TOLD_OR_ANSWERED, read=_beside(_IS, "invitation_id", _I))
    + rows.content(_SH, web=_ADDS, added=_SHARED, read=_beside(_SH, "invitation_id", _I))
    + rows.content(_A, read=_ACTION_READ)
    + rows.added_with_audience(_A, _GIVEN)
    + rows.given_audience("crossline_action_audience", _A, _own_side("NEW.organisation_id"))
    + rows.content(_AS, web=_ADDS, added=_ACTED, read=_beside(_AS, "action_id", _A))
)

_P, _PT, _PE, _EA = "meetings_safetyplan", "meetings_planversion", "meetings_planending", "meetings_endinganswer"
_RE, _PO = "meetings_returnentry", "meetings_planoutcome"
_OPENED: Final = (
    f"{_now_by(_P, 'opened_by', 'opened_agency', 'opened_at')} AND {_P}.owner_id = {_P}.opened_agency "
    f"AND {_beside(_P, 'about_id', 'records_mention')}"
)
_AGREED: Final = (
    f"{_now_by(_EA)} AND EXISTS (SELECT FROM {_PE} e WHERE e.id = {_EA}.ending_id AND e.audience_id = {_EA}.audience_id "
    # Never one person alone: whoever asked does not answer.
    f"AND e.by_agency = {_EA}.by_agency AND e.by <> {_EA}.by)"
)


def _of_plan(table: str) -> str:
    """The policies of what hangs on a plan: added for its agency, read beside it."""
    added = f"{_now_by(table)} AND {_hangs(table, 'plan_id', _P, 'owner_id')}"
    return rows.content(table, web=_ADDS, added=added, read=_beside(table, "plan_id", _P))


PLANS: Final = (
    rows.content(_P, read=_beside(_P, "about_id", "records_mention"))
    + rows.added_with_audience(_P, _OPENED)
    # A plan is its agency's, the centre's and safeguarding leads', as a meeting is.
    + f"CREATE TRIGGER audience_follows BEFORE INSERT ON {_P} "
    "FOR EACH ROW EXECUTE FUNCTION crossline_meeting_audience();\n"
    + "".join(_of_plan(table) for table in (_PT, _PE, _RE, _PO))
    + rows.content(_EA, web=_ADDS, added=_AGREED, read=_beside(_EA, "ending_id", _PE))
)
