"""What is read only beside a mention and its records: for each table its rows with their audience and these records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from crossline.access.policy import partner_label

from .personal_rules import Labels, Rows

_OF_A_CASE = "JOIN nrm_nrmcase c ON c.id = x.case_id JOIN records_mention m ON m.id = c.about_id"

BESIDE: Mapping[str, str] = {
    "nrm_nrmcase": "SELECT x.ctid::text, x.audience_id, m.record_id FROM nrm_nrmcase x "
    "JOIN records_mention m ON m.id = x.about_id",
    **{
        f"nrm_nrm{table}": f"SELECT x.ctid::text, x.audience_id, m.record_id FROM nrm_nrm{table} x {_OF_A_CASE}"
        for table in ("version", "request", "step")
    },
    "nrm_nrmobservation": "SELECT o.ctid::text, o.audience_id, m.record_id, o.record_id FROM nrm_nrmobservation o "
    f"JOIN nrm_nrmversion x ON x.id = o.version_id {_OF_A_CASE}",
    "nrm_section45entry": "SELECT x.ctid::text, x.audience_id, m.record_id, x.record_id FROM nrm_section45entry x "
    "JOIN records_mention m ON m.id = x.about_id",
    "premises_premises": "SELECT x.ctid::text, x.audience_id, m.record_id FROM premises_premises x "
    "JOIN records_mention m ON m.id = x.about_id",
    **{
        f"premises_premises{table}": f"SELECT x.ctid::text, x.audience_id, m.record_id FROM premises_premises{table} x "
        "JOIN premises_premises p ON p.id = x.premises_id JOIN records_mention m ON m.id = p.about_id"
        for table in ("step", "entry")
    },
    "premises_victimtenant": "SELECT x.ctid::text, x.audience_id, m.record_id, x.record_id FROM premises_victimtenant x "
    "JOIN records_mention m ON m.id = x.about_id",
}

_OF_SHEET = (
    "SELECT x.ctid::text, x.audience_id, m.record_id, s.partner_id, p.id::text, {revoked} FROM {table} x "
    "JOIN referrals_sheet s ON s.id = x.{sheet} JOIN referrals_referral r ON r.id = s.referral_id "
    "JOIN records_mention m ON m.id = r.about_id LEFT JOIN access_person p ON p.username = s.reader "
    "LEFT JOIN referrals_sheetrevocation v ON v.sheet_id = s.id"
)
_OF_REFERRAL = "SELECT x.ctid::text, x.audience_id, {record}, NULL, NULL, false FROM {table} x {joined}"
_OWN_MENTION = "JOIN records_mention m ON m.id = r.about_id"
REFERRED: Mapping[str, str] = {
    "referrals_referral": _OF_REFERRAL.format(
        table="referrals_referral", record="m.record_id", joined="JOIN records_mention m ON m.id = x.about_id"
    ),
    "referrals_referraltext": _OF_REFERRAL.format(
        table="referrals_referraltext",
        record="m.record_id",
        joined=f"JOIN referrals_referral r ON r.id = x.referral_id {_OWN_MENTION}",
    ),
    "referrals_textrecord": _OF_REFERRAL.format(table="referrals_textrecord", record="x.record_id", joined=""),
    "referrals_sheet": _OF_SHEET.format(table="referrals_sheet", sheet="id", revoked="false"),
    "referrals_sheetrevocation": _OF_SHEET.format(table="referrals_sheetrevocation", sheet="sheet_id", revoked="false"),
    "referrals_sheetopening": _OF_SHEET.format(table="referrals_sheetopening", sheet="sheet_id", revoked="true"),
    **{
        f"referrals_sheet{part}": _OF_SHEET.format(
            table=f"referrals_sheet{part}", sheet="sheet_id", revoked="v.sheet_id IS NOT NULL"
        )
        for part in ("field", "step", "message")
    },
}
"""Rows of referrals: place, audience, the record that they are seen beside; of a sheet its partner, reader, whether revoked."""
_SCREENED = "JOIN screening_screening s ON s.id = x.screening_id JOIN records_mention m ON m.id = s.about_id"
BESIDE_A_MENTION: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("missing_episodeentry", "missing_episodedisclosure", "missing_triggerplan"),
            *("screening_screening", "screening_localresult"),
        ),
        "JOIN records_mention m ON m.id = x.about_id",
    ),
    **dict.fromkeys(("screening_signoff", "screening_informationneeded"), _SCREENED),
    "screening_informationanswer": "JOIN screening_informationneeded n ON n.id = x.needed_id "
    + _SCREENED.replace("x.", "n."),
}
"""What safeguarding leads wrote of a person: by its own audience, and only beside the mention it hangs on."""


_MEETING = "JOIN meetings_meeting g ON g.id = {} JOIN records_mention m ON m.id = g.about_id"
_INVITED = "JOIN meetings_invitation i ON i.id = t.invitation_id " + _MEETING.format("i.meeting_id")
_ACTED = "CASE WHEN a.invitation_id IS NULL THEN '' ELSE a.organisation_id END"
_PLAN = "JOIN meetings_safetyplan g ON g.id = {} JOIN records_mention m ON m.id = g.about_id"
_OF_MEETINGS: Mapping[str, str] = {
    table: f"SELECT t.ctid::text, t.audience_id, m.record_id, {invited} FROM {table} t {joined}"
    for table, invited, joined in (
        ("meetings_meeting", "''", _MEETING.format("t.id")),
        ("meetings_meetingstep", "''", _MEETING.format("t.meeting_id")),
        ("meetings_minutes", "''", _MEETING.format("t.meeting_id")),
        ("meetings_safetyplan", "''", _PLAN.format("t.id")),
        *(
            (f"meetings_{each}", "''", _PLAN.format("t.plan_id"))
            for each in ("planversion", "planending", "returnentry", "planoutcome")
        ),
        (
            "meetings_endinganswer",
            "''",
            "JOIN meetings_planending e ON e.id = t.ending_id " + _PLAN.format("e.plan_id"),
        ),
        ("meetings_invitation", "t.invited_id", _MEETING.format("t.meeting_id")),
        ("meetings_invitationstep", "i.invited_id", _INVITED),
        ("meetings_minutesshare", "i.invited_id", _INVITED),
        ("meetings_action", _ACTED.replace("a.", "t."), _MEETING.format("t.meeting_id")),
        (
            "meetings_actionstep",
            _ACTED,
            "JOIN meetings_action a ON a.id = t.action_id " + _MEETING.format("a.meeting_id"),
        ),
    )
}
"""Seen by their audience beside the record that mentions the person; what one organisation was told, by its people anyway."""


@dataclass(frozen=True)
class Beside:
    """Who may see rows that are read beside others, worked out from the decisions and not from the policies."""

    asked: Rows
    of_audience: Mapping[int, frozenset[str]]
    of_record: Mapping[UUID, frozenset[str]]

    def judged(self, table: str) -> dict[str, Labels] | None:
        """Of each row of a table who may see it; None for a table that stands by itself."""
        if table in BESIDE:  # beside the mention that it is about, and every record that it names
            found = self.asked(BESIDE[table])
            return {row[0]: (self.of_audience[row[1]], *(self.of_record[each] for each in row[2:])) for row in found}
        if table in BESIDE_A_MENTION:
            found = self.asked(
                f"SELECT x.ctid::text, x.audience_id, m.record_id FROM {table} x {BESIDE_A_MENTION[table]}"
            )
            return {place: (self.of_audience[audience], self.of_record[record]) for place, audience, record in found}
        if table == "orders_orderitem":  # beside its record only
            found = self.asked("SELECT ctid::text, audience_id, record_id FROM orders_orderitem")
            return {place: (self.of_audience[audience], self.of_record[record]) for place, audience, record in found}
        if table.startswith("outreach_outreach"):
            return self._of_outreach(table)
        if table.startswith("reporting_partnerreport"):
            return self._of_reports(table)
        if table.startswith("answering_case") or table in ("answering_concerncase", "answering_told"):
            return self._of_cases(table)
        if table in _OF_MEETINGS:
            return {
                place: (self.of_audience[audience], self.of_record[record] | ({f"of {to}"} if to else frozenset()))
                for place, audience, record, to in self.asked(_OF_MEETINGS[table])
            }
        if table in REFERRED:
            return self._of_referrals(table)
        return None

    def _of_outreach(self, table: str) -> dict[str, Labels]:
        """Decision 0036: police beside its line, the partner as it was asked."""
        outreach = "o" if table.endswith("step") else "x"
        beside = f" JOIN outreach_outreach {outreach} ON {outreach}.id = x.outreach_id" if outreach == "o" else ""
        found = self.asked(
            f"SELECT x.ctid::text, x.audience_id, m.record_id, {outreach}.partner_id FROM {table} x{beside} "
            f"JOIN records_mention m ON m.id = {outreach}.line_id"
        )
        return {
            place: (self.of_audience[audience], self.of_record[record] | {partner_label(partner)})
            for place, audience, record, partner in found
        }

    def _of_reports(self, table: str) -> dict[str, Labels]:
        """Decision 0036: beside its record, once there is one, but for whoever sent it."""
        report = "r" if table.endswith("step") else "x"
        beside = f" JOIN reporting_partnerreport {report} ON {report}.id = x.report_id" if report == "r" else ""
        found = self.asked(
            f"SELECT x.ctid::text, x.audience_id, {report}.record_id, {report}.partner_id FROM {table} x{beside}"
        )
        return {
            place: (self.of_audience[audience],)
            if record is None
            else (self.of_audience[audience], self.of_record[record] | {partner_label(partner)})
            for place, audience, record, partner in found
        }

    def _of_cases(self, table: str) -> dict[str, Labels]:
        """A case: for whoever sees what it was raised from, what is written of it, and the record it hangs on; what belongs
        to it beside it, a reason beside its own record too, and what is told of a reason beside that."""
        case = {
            id_: (self.of_audience[audience], self.of_audience[basis], self.of_record[record])
            for id_, audience, basis, record in self.asked(
                "SELECT c.id, c.audience_id, c.basis_audience_id, m.record_id FROM answering_concerncase c "
                "JOIN records_mention m ON m.id = c.about_id"
            )
        }
        reason = {
            id_: (*case[of], self.of_audience[audience], self.of_audience[basis], self.of_record[record])
            for id_, of, audience, basis, record in self.asked(
                "SELECT r.id, r.case_id, r.audience_id, r.basis_audience_id, m.record_id FROM answering_casereason r "
                "JOIN records_mention m ON m.id = r.mention_id"
            )
        }
        told = dict(self.asked("SELECT id, reason_id FROM answering_told"))
        if table == "answering_concerncase":
            return {place: case[id_] for place, id_ in self.asked(f"SELECT ctid::text, id FROM {table}")}
        if table == "answering_casereason":
            return {place: reason[id_] for place, id_ in self.asked(f"SELECT ctid::text, id FROM {table}")}
        if table == "answering_told":
            found = self.asked(f"SELECT ctid::text, audience_id, reason_id FROM {table}")
            return {place: (self.of_audience[audience], *reason[of]) for place, audience, of in found}
        which = "told_id" if table == "answering_caseentry" else "NULL::uuid"
        found = self.asked(f"SELECT ctid::text, audience_id, case_id, {which} FROM {table}")
        return {
            place: (self.of_audience[audience], *case[of], *(reason[told[row]] if row else ()))
            for place, audience, of, row in found
        }

    def _of_referrals(self, table: str) -> dict[str, Labels]:
        """Decision 0032: the sender's side beside the record of the mention; of a sheet whoever it is for, until revoked."""
        found = {}
        for place, audience, record, partner, reader, revoked in self.asked(REFERRED[table]):
            held, of_record = self.of_audience[audience], self.of_record[record]
            if partner is None:
                found[place] = (held, of_record)
                continue
            theirs = {f"person {reader}"} if reader and not revoked else set()
            own_side = held - {f"partner:{partner}"}
            found[place] = (own_side | theirs, of_record | theirs)
        return found
