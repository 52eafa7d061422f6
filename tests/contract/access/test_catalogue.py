"""Rules on the whole schema, read from PostgreSQL's catalogue: keys that tell nothing, and no way round the policy."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from crossline.access.content_tables import DEFINERS

pytestmark = pytest.mark.django_db

INTERNED = {
    ("access_audience", ("fingerprint",)): "a set of labels is interned; pages may not insert one",
    ("access_label", ("key",)): "a label is interned; pages may not insert one",
    ("access_audiencelabel", ("label_id", "audience_id")): "which labels an audience has; pages may not insert one",
}


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def unique_keys() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(table, columns, their types) of each unique key of a table with row security."""
    return [
        (table, tuple(columns), tuple(types))
        for table, columns, types in rows(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY k.n), array_agg(t.typname::text ORDER BY k.n) "
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum JOIN pg_type t ON t.oid = a.atttypid "
            "WHERE i.indisunique AND c.relrowsecurity AND c.relnamespace = 'public'::regnamespace "
            "GROUP BY c.relname, i.indexrelid"
        )
    ]


def test_a_unique_key_of_content_never_tells_of_another_agencys_row() -> None:
    """A clash is an answer: each key holds the owner, or a random id that only those who see the row can know."""
    found = unique_keys()
    telling = [
        (table, columns)
        for table, columns, types in found
        if (table, columns) not in INTERNED
        and not {"owner_id", "agency_id"} & set(columns)
        and "uuid" not in types
        and columns != ("id",)
    ]
    assert len(found) > 15
    assert telling == []
    assert {(table, columns) for table, columns, _ in found} >= set(INTERNED)


def test_ids_of_content_are_random_so_that_none_can_be_guessed_or_counted() -> None:
    counted = [
        table
        for (table,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' "
            "WHERE c.relrowsecurity AND a.atttypid <> 'uuid'::regtype AND c.relnamespace = 'public'::regnamespace "
            "AND has_table_privilege('crossline_web', c.oid, 'INSERT')"
        )
    ]
    assert counted == []


def test_no_view_materialised_view_or_rule_goes_round_the_policies() -> None:
    assert (
        rows("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace") == []
    )
    assert rows("SELECT rulename FROM pg_rules WHERE schemaname = 'public'") == []


def test_public_holds_no_right_on_any_table_and_on_no_function_of_ours() -> None:
    held = rows(
        "SELECT c.relname FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) r "
        "WHERE c.relnamespace = 'public'::regnamespace AND r.grantee = 0"
    )
    assert held == []
    open_to_all = rows(
        "SELECT proname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'public'::regnamespace "
        "AND p.proname LIKE 'crossline_%' AND p.prorettype <> 'trigger'::regtype "
        "AND has_function_privilege('public', p.oid, 'EXECUTE')"
    )
    assert open_to_all == []


def test_what_the_web_role_may_write_is_this_and_no_more() -> None:
    granted = rows(
        "SELECT c.relname, r.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) r "
        "WHERE c.relnamespace = 'public'::regnamespace AND r.grantee = 'crossline_web'::regrole AND c.relkind IN ('r', 'p') "
        "AND r.privilege_type NOT IN ('SELECT', 'REFERENCES')"
    )
    of_people = {
        ("records_change", "INSERT"),
        ("recalls_recallanswer", "INSERT"),
        *{("entities_judgement", "INSERT"), ("entities_withdrawal", "INSERT"), ("records_recordrestriction", "INSERT")},
        ("lines_changejudgement", "INSERT"),
        *{(f"reporting_partnerreport{table}", "INSERT") for table in ("", "step")},
        *{(f"outreach_outreach{table}", "INSERT") for table in ("", "step")},
        *{(f"operations_{table}", "INSERT") for table in ("jointrequest", "requeststep", "leadstep", "readupto")},
        *{(f"answering_case{table}", "INSERT") for table in ("step", "entry")},
        *{(f"nrm_nrm{table}", "INSERT") for table in ("case", "version", "observation", "request", "step")},
        *{(f"premises_{table}", "INSERT") for table in ("premises", "premisesstep", "premisesentry", "victimtenant")},
        *{("nrm_guardiancoverage", "INSERT"), ("nrm_section45entry", "INSERT")},
        *{
            (f"screening_{table}", "INSERT")
            for table in ("screening", "signoff", "informationneeded", "informationanswer", "localresult")
        },
        *{(f"missing_{table}", "INSERT") for table in ("episodeentry", "episodedisclosure", "triggerplan")},
        *{
            (f"meetings_{table}", "INSERT")
            for table in ("meeting", "meetingstep", "minutes", "invitation", "invitationstep", "minutesshare")
        },
        *{
            (f"meetings_{table}", "INSERT")
            for table in ("safetyplan", "planversion", "planending", "endinganswer", "returnentry", "planoutcome")
        },
        *{("meetings_action", "INSERT"), ("meetings_actionstep", "INSERT")},
        *{(f"orders_order{table}", "INSERT") for table in ("", "version", "item", "step", "entry")},
        *{(f"referrals_{table}", "INSERT") for table in ("referral", "referraltext", "textrecord")},
        *{(f"referrals_sheet{table}", "INSERT") for table in ("", "field", "step", "message", "opening", "revocation")},
        *{
            (f"lines_{table}", "INSERT")
            for table in (
                "changejudgement",
                "linestate",
                "stateevidence",
                "linejudgement",
                "lineattention",
                "lineorders",
            )
        },
        *{("records_recordrelease", "INSERT"), ("records_releasetakenback", "INSERT")},
        *{(f"access_{table}", "INSERT") for table in ("secondfactor", "secondfactorend", "recoverycode", "usedcode")},
        ("access_signinattempt", "INSERT"),
        *{(f"access_{table}", "INSERT") for table in ("auditsubject", "auditdecision", "approval", "approvalstep")},
        *{(f"records_{table}", "INSERT") for table in ("recordreview", "confirmation", "retentionclock")},
        *{("records_legalhold", "INSERT"), ("records_holdlifted", "INSERT")},
        *{(f"access_compartment{table}", "INSERT") for table in ("", "admission", "confirmation", "end")},
        *{("records_compartmententry", "INSERT"), ("records_compartmentexit", "INSERT")},
        ("access_policyword", "INSERT"),
        *{("records_decoy", "INSERT"), ("records_decoystep", "INSERT")},
    }
    of_sessions = {("django_session", verb) for verb in ("INSERT", "UPDATE", "DELETE")}
    assert set(granted) == of_people | of_sessions, "pages add acts; they change and remove nothing but sessions"
    of_the_audit = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'access_auditevent'::regclass AND attnum > 0 "
        "AND NOT has_column_privilege('crossline_web', attrelid, attnum, 'INSERT')"
    )
    assert sorted(of_the_audit) == [("seq",), ("tx",)], "a row's number and transaction are the database's own word"


def test_no_function_that_works_with_its_owners_rights_can_be_led_astray_by_a_temporary_table() -> None:
    found = rows("SELECT proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert found == [(["search_path=public, pg_temp"],)] * len(DEFINERS)


def test_people_memberships_and_labels_are_written_by_no_page_but_through_a_function() -> None:
    writable = rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
        "WHERE c.relname IN ('access_person', 'access_membership', 'access_label', 'access_audience', 'access_audiencelabel') "
        "AND (has_column_privilege('crossline_web', c.oid, a.attnum, 'INSERT') "
        "OR has_column_privilege('crossline_web', c.oid, a.attnum, 'UPDATE'))"
    )
    assert writable == [("access_person", "last_login")]
    callers = rows(
        "SELECT p.proname, r.rolname FROM pg_proc p CROSS JOIN (VALUES ('crossline_web'), ('crossline_engine')) r (rolname) "
        "WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('crossline_administer_person', "
        "'crossline_write_person', 'crossline_set_own_password') AND has_function_privilege(r.rolname, p.oid, 'EXECUTE')"
    )
    assert sorted(callers) == [
        ("crossline_administer_person", "crossline_web"),
        ("crossline_set_own_password", "crossline_web"),
        ("crossline_write_person", "crossline_engine"),
    ]


def test_the_engine_reads_no_second_factors_secret() -> None:
    readable = rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
        "WHERE c.relname IN ('access_secondfactor', 'access_recoverycode') AND NOT a.attisdropped "
        "AND has_column_privilege('crossline_engine', c.oid, a.attnum, 'SELECT') ORDER BY 2"
    )
    assert readable == [("access_secondfactor", column) for column in ("id", "made_at", "person_id")]


def test_every_row_that_belongs_to_a_record_carries_an_audience_of_its_own() -> None:
    """So that row security decides on the row itself, and no table of content is forgotten."""
    without = []
    for model in apps.get_models():
        if not model.__module__.startswith("crossline.") or model.SENSITIVITY != "need-to-know":
            continue
        names = {field.column for field in model._meta.concrete_fields}
        if model._meta.app_label != "access" and not any(name.endswith("audience_id") for name in names):
            without.append(model.__name__)
    assert without == []
