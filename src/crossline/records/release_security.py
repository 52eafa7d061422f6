"""What a release changes, as SQL that a migration runs: which rows carry a record's audience, and the triggers that change it.

No page may change content, and none calls this: it follows from a row that the policy of its table let through. See
docs/decisions/0013-release-to-another-agency.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.vocabulary.codes import RecordKind

RELEASING: Final = "nullif(current_setting('crossline.releasing', true), '')::uuid"
"""The record that is being released or taken back, or null. Setting it opens rows to the owner of the tables alone."""
_ITS_MENTIONS: Final = f"(SELECT m.id FROM records_mention m WHERE m.record_id = {RELEASING})"
_ITS_REVIEWS: Final = f"(SELECT v.id FROM records_recordreview v WHERE v.record_id = {RELEASING})"
_ITS_HOLDS: Final = f"(SELECT h.id FROM records_legalhold h WHERE h.record_id = {RELEASING})"


@dataclass(frozen=True)
class Carried:
    """A column that holds a record's audience, and which rows are that record's."""

    table: str
    column: str
    of_record: str

    @property
    def changed(self) -> str:
        return f"UPDATE {self.table} SET {self.column} = other WHERE {self.of_record};"


def _ends(table: str, of_side: str) -> tuple[Carried, ...]:
    return tuple(
        Carried(table, f"{side}_audience_id", of_side.format(side=side, mentions=_ITS_MENTIONS))
        for side in ("left", "right")
    )


CARRIED: Final[tuple[Carried, ...]] = (
    Carried("records_record", "audience_id", f"id = {RELEASING}"),
    *(
        Carried(f"records_{table}", "audience_id", f"record_id = {RELEASING}")
        for table in ("mention", "assertion", "recordrestriction", "recordrelease", "releasetakenback")
    ),
    *(
        Carried(f"records_{table}", "audience_id", f"record_id = {RELEASING}")
        for table in ("retentionclock", "recordreview", "legalhold")
    ),
    Carried("records_searchtoken", "audience_id", f"mention_id IN {_ITS_MENTIONS}"),
    Carried("records_confirmation", "audience_id", f"review_id IN {_ITS_REVIEWS}"),
    Carried("records_holdlifted", "audience_id", f"hold_id IN {_ITS_HOLDS}"),
    *_ends("entities_match", "{side}_id IN {mentions}"),
    *_ends("entities_judgement", "{side}_id IN {mentions}"),
    *_ends(
        "entities_withdrawal",
        "judgement_id IN (SELECT j.id FROM entities_judgement j WHERE j.{side}_id IN {mentions})",
    ),
)
"""Everything that is seen with its record. A table that is not here stands in KEPT, with its reason."""

KEPT: Final[Mapping[tuple[str, str], str]] = {
    ("access_audiencelabel", "audience_id"): "says what an audience is",
    (
        "lines_changejudgement",
        "audience_id",
    ): "communications data are not released; into a compartment it goes with its set, by a trigger of its own",
    **{
        (f"operations_{table}", "audience_id"): "said between agencies, who read it whatever record it is about"
        for table in ("jointrequest", "requeststep")
    },
    **{
        (
            f"answering_{table}",
            column,
        ): "of what was raised, which goes by no release; read beside its mention, which does"
        for table in ("concerncase", "casereason", "casestep", "told", "caseentry")
        for column in ("audience_id", "basis_audience_id")
    },
    ("answering_partnernotice", "audience_id"): "what a partner organisation was told, which is nothing of a record",
    **{
        (
            f"recalls_{table}",
            "audience_id",
        ): "of what was given out before a record went, of which nothing is left to release"
        for table in ("recall", "recallanswer")
    },
    ("operations_leadstep", "audience_id"): "about a line return, which every agency sees and which is not released",
    ("operations_readupto", "audience_id"): "up to where people of an agency have read, and of no record",
    ("deconfliction_pointer", "audience_id"): "goes with its record, by a trigger of its own",
    **{
        (f"entities_{table}", "audience_id"): "goes with its mention, by a trigger of its own"
        for table in ("matchkey", "preparedmention")
    },
    **{
        (
            f"deconfliction_{table}",
            "audience_id",
        ): "an agency’s own, or of two that know of each other; tells nothing of a record"
        for table in ("answersetting", "check", "checktoken", "checkoutcome", "plannedevent", "eventcalledoff")
    },
    **dict.fromkeys(
        (
            ("lines_linestate", "audience_id"),
            ("lines_stateevidence", "line_audience_id"),
            ("lines_linejudgement", "left_audience_id"),
            ("lines_linejudgement", "right_audience_id"),
            ("lines_lineattention", "audience_id"),
            ("lines_lineorders", "audience_id"),
        ),
        "everybody with a policing role sees a return of a line, so releasing one adds nobody to who sees what is said of it",
    ),
    (
        "lines_stateevidence",
        "audience_id",
    ): "it follows the record that it is by a trigger of its own, wherever that goes",
    ("records_decoyrecord", "audience_id"): "a decoy is no record, and no act on one ever succeeds",
    ("records_decoytoken", "audience_id"): "likewise",
    ("records_delivery", "audience_id"): "a delivery holds many records, and is its sender's and the centre's",
    ("records_outcome", "audience_id"): "what was said to the sender of a row that was not simply accepted",
    ("records_tombstone", "audience_id"): "written once a record is gone, for its owner",
    **{
        (table, "audience_id"): "a compartment’s own, whatever is put into it"
        for table in (
            *("access_compartment", "access_compartmentadmission", "access_compartmentconfirmation"),
            *("access_compartmentend", "records_compartmententry", "records_compartmentexit"),
        )
    },
    **{
        (table, "former_audience_id"): "who saw the record before it was put into a compartment"
        for table in ("records_compartmententry", "records_compartmentexit")
    },
    **{
        (
            f"orders_order{table}",
            "audience_id",
        ): "an order is of the agency that applies and of the centre, whatever it leans on"
        for table in ("", "version", "step", "entry")
    },
    **{
        (
            f"screening_{table}",
            "audience_id",
        ): "a screening is of the agency that made it, the centre and safeguarding leads; shown only beside its mention"
        for table in ("screening", "signoff", "informationneeded", "informationanswer", "localresult")
    },
    **{
        (f"missing_{table}", "audience_id"): "beside a missing record, and none of those is released"
        for table in ("episodeentry", "episodedisclosure", "triggerplan")
    },
    (
        "orders_orderitem",
        "audience_id",
    ): "likewise; row security shows it only beside its record, which may go out of sight",
    **{
        (
            f"reporting_partnerreport{table}",
            "audience_id",
        ): "of the force, the centre, safeguarding and the partner that sent it"
        for table in ("", "step")
    },
    **{
        (f"outreach_outreach{table}", "audience_id"): "of who plans it, the centre, safeguarding and one health partner"
        for table in ("", "step")
    },
    **{
        (
            f"referrals_{table}",
            "audience_id",
        ): "a referral is its agency’s, the centre’s and safeguarding leads’; row security shows it only beside its mention"
        for table in ("referral", "referraltext", "textrecord")
    },
    **{
        (
            f"referrals_sheet{table}",
            "audience_id",
        ): "what one partner was told stays told, whatever becomes of the record; it is revoked, or goes with the record"
        for table in ("", "field", "step", "message", "opening", "revocation")
    },
    **{
        (
            table,
            "audience_id",
        ): "of its agency, the centre and the safeguarding leads; row security shows it only beside its mention and records"
        for table in (
            *(
                "nrm_nrmcase",
                "nrm_nrmversion",
                "nrm_nrmobservation",
                "nrm_nrmrequest",
                "nrm_nrmstep",
                "nrm_section45entry",
            ),
            *("premises_premises", "premises_premisesstep", "premises_premisesentry"),
        )
    },
    (
        "premises_victimtenant",
        "audience_id",
    ): "everybody with a policing role reads it beside the tenant and the record, so a release adds nobody it should not",
    ("nrm_guardiancoverage", "audience_id"): "about a local authority, and of no record",
    **{
        (
            f"meetings_{table}",
            "audience_id",
        ): "a meeting or plan is its agency’s, the centre’s and safeguarding leads’; it is shown only beside its mention"
        for table in (
            *("meeting", "meetingstep", "minutes"),
            *("safetyplan", "planversion", "planending", "endinganswer", "returnentry", "planoutcome"),
        )
    },
    **{
        (
            f"meetings_{table}",
            "audience_id",
        ): "what one organisation was told or given stays so; a partner’s ends with its referral, and all goes with the record"
        for table in ("invitation", "invitationstep", "minutesshare", "action", "actionstep")
    },
    (
        "safeguarding_concern",
        "audience_id",
    ): "can be made of several records; raised as if none of them had been released",
}
"""Columns with an audience that a release leaves as it is."""

NEVER: Final[Mapping[RecordKind, str]] = {
    RecordKind.COMMUNICATIONS: "communications data stay with the operation that they were authorised for",
    RecordKind.MISSING: "records about missing people reach home, finder and safeguarding leads by a rule of their own",
    RecordKind.CONCERN: "records about children reach home, finder and safeguarding leads by a rule of their own",
    RecordKind.FINDING: "a finding is worked out from other records, which are released instead",
}
"""Kinds of record that this door does not open, each with its reason."""

BETWEEN: Final = "\nConditions: "
"""Between reason and conditions in what the second person reads; neither holds a line's end, so that it stands there once."""

_T: Final = "records_recordrelease"
_KINDS: Final = ", ".join(f"'{kind}'" for kind in sorted(NEVER))
ALLOWED: Final = (
    f"EXISTS (SELECT FROM records_record r WHERE r.id = {_T}.record_id AND r.owner_id = {_T}.released_agency "
    f"AND r.audience_id = {_T}.audience_id AND r.kind NOT IN ({_KINDS})) "
    f"AND {_T}.to_agency_id NOT IN ({_T}.released_agency, '{CENTRE}') AND {_T}.conditions <> '' "
    f"AND {_T}.released_at {rows.NOW} "
    f"AND {rows.signed(f'{_T}.released_by', f'{_T}.released_agency')} "
    f"AND EXISTS (SELECT FROM access_approval a WHERE a.id = {_T}.approval AND a.act = 'release' "
    f"AND a.about = 'record ' || {_T}.record_id || ' to ' || {_T}.to_agency_id "
    f"AND a.reason = {_T}.reason || E'\\nConditions: ' || {_T}.conditions "
    f"AND a.asked_by_id = {rows.VIEWER} AND a.asked_agency = {_T}.released_agency "
    "AND EXISTS (SELECT FROM access_approvalstep s WHERE s.approval = a.id AND s.state = 'approved' "
    "AND s.by_id <> a.asked_by_id AND s.by_agency = a.asked_agency) "
    "AND EXISTS (SELECT FROM access_approvalstep s WHERE s.approval = a.id AND s.state = 'used'))"
)
"""What must hold of a release that a page adds, beyond that its viewer sees the record."""


_B: Final = "records_releasetakenback"
TAKEN_BACK: Final = (
    f"EXISTS (SELECT FROM records_recordrelease e WHERE e.id = {_B}.release_id AND e.record_id = {_B}.record_id "
    f"AND e.released_agency = {_B}.taken_back_agency AND e.audience_id = {_B}.audience_id) "
    f"AND {_B}.taken_back_at {rows.NOW} "
    f"AND {rows.signed(f'{_B}.taken_back_by', f'{_B}.taken_back_agency', 'information_manager')}"
)
"""The same of a row that takes a release back. One person does: it opens nothing."""


def _owners_policies() -> str:
    """The owner of the tables reads and changes the rows of the record that is being released or taken back."""
    of_table: dict[str, list[str]] = {}
    for each in CARRIED:
        of_table.setdefault(each.table, []).append(f"({each.of_record})")
    return "".join(
        f"CREATE POLICY owner_releases_{name} ON {table} FOR {verb} TO crossline_owner USING ({' OR '.join(found)});\n"
        for table, found in of_table.items()
        for name, verb in (("reads", "SELECT"), ("changes", "UPDATE"))
    )


_CHANGED: Final = "\n    ".join(each.changed for each in CARRIED)


def _trigger(name: str, table: str, labels: str) -> str:
    """A function with its owner's rights that only the trigger on a table runs: all that is carried gets these labels."""
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[];
    print text;
    other bigint;
BEGIN
    PERFORM set_config('crossline.releasing', NEW.record_id::text, true);
    -- One change of a record's audience at a time: a second one begins from what the first has made of it.
    PERFORM FROM records_record WHERE id = NEW.record_id FOR UPDATE;
    SELECT array_agg(DISTINCT key COLLATE "C" ORDER BY key COLLATE "C") INTO keys FROM (
        SELECT l.key FROM records_record r JOIN access_audiencelabel al ON al.audience_id = r.audience_id
            JOIN access_label l ON l.id = al.label_id WHERE r.id = NEW.record_id
        {labels}) held (key);
    -- As access.actions.fingerprint_of has it: an audience is interned once, whoever interns it.
    print := array_to_string(keys, ' ');
    IF length(print) > 600 THEN
        print := 'sha256 ' || encode(sha256(convert_to(print, 'UTF8')), 'hex');
    END IF;
    INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES (print) ON CONFLICT DO NOTHING;
    SELECT id INTO other FROM access_audience WHERE fingerprint = print;
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT other, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    {_CHANGED}
    PERFORM set_config('crossline.releasing', '', true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
CREATE TRIGGER audience_follows AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""


FOLLOW: Final = (
    _owners_policies()
    + _trigger("crossline_widen_released", _T, "UNION SELECT 'agency:' || NEW.to_agency_id")
    + _trigger(
        "crossline_narrow_taken_back",
        _B,
        "EXCEPT SELECT 'agency:' || e.to_agency_id FROM records_recordrelease e WHERE e.id = NEW.release_id",
    )
)
