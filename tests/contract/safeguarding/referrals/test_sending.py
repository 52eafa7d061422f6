"""A sheet leaves field by field, is opened, answered and taken back; each side makes its own moves and no other."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.models import AuditEvent
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.referrals.fields import entries, recipients
from crossline.safeguarding.referrals.sending import (
    move_sheet,
    open_sheet,
    revoke_sheet,
    send_referral,
    write_message,
)
from crossline.safeguarding.referrals.standing import SheetStanding, referral_of, sheet_of
from crossline.safeguarding.referrals.states import State

from .conftest import Case

FIELDS = re.compile(r'data-field="(\w+)">\s*<dt[^>]*>([^<]*)</dt>\s*<dd[^>]*>(.*?)</dd>', re.DOTALL)


def fields_on(page: Any) -> list[tuple[str, str, str]]:
    """The fields that a page shows of a sheet: (which, title, words), in their order."""
    assert page.status_code == 200, page.content
    return FIELDS.findall(page.content.decode())


def standing(case: Case, sheet: UUID, who: Any = None) -> SheetStanding:
    with case.builders.seen_by(who or case.lead) as viewpoint:
        found = sheet_of(viewpoint, sheet)
        assert found is not None
        return found


def move(case: Case, sheet: UUID, to: State, who: Any, words: str = "Done.", stood: int | None = None) -> None:
    with case.builders.seen_by(who) as viewpoint:
        found = sheet_of(viewpoint, sheet)
        number = stood if stood is not None else (found.stood if found else 0)
        move_sheet(sheet=sheet, to=to, words=words, stood=number, viewpoint=viewpoint)


def test_what_is_previewed_is_what_is_sent_is_what_the_partner_reads(case: Case) -> None:
    referral = case.drafted()
    preview = fields_on(case.browse(case.lead, f"/referrals/{referral}"))
    assert [field for field, _, _ in preview] == [str(each) for each in recipients()["childrens_home"].fields]
    sheet = case.send(referral)
    kept = [(str(each.entry.id), each.entry.title, each.words) for each in standing(case, sheet).told]
    as_read = fields_on(case.browse(case.partners["childrens_home"], f"/partner/referrals/{sheet}"))
    plain = [(field, title, re.sub(r"<[^>]+>", "", words)) for field, title, words in preview]
    assert preview == as_read
    assert plain == kept
    assert fields_on(case.browse(case.lead, f"/referrals/{referral}")) == preview
    row = AuditEvent.objects.get(event="referral_sent")
    assert (row.verb, row.subject, row.detail["fields"]) == ("disclosure", str(referral), [each for each, _, _ in kept])
    assert row.detail["gateway"] == "common_law"


def test_a_referral_goes_all_its_way_and_each_side_makes_its_own_moves(case: Case) -> None:
    sheet, children = case.sent(), case.partners["childrens_home"]
    with pytest.raises(MoveNotAllowed, match="cannot become accepted"):
        move(case, sheet, State.ACCEPTED, children)
    assert case.browse(children, f"/partner/referrals/{sheet}").status_code == 200
    found = standing(case, sheet)
    assert (found.state, [each.by for each in found.openings]) == (State.RECEIVED, [children.username])
    with pytest.raises(MoveNotAllowed, match="cannot become accepted"):
        move(case, sheet, State.ACCEPTED, case.lead)
    with pytest.raises(MoveNotAllowed, match="Somebody else moved"):
        move(case, sheet, State.ACCEPTED, children, stood=1)
    with pytest.raises(UserError, match="in words"):
        move(case, sheet, State.REJECTED, children, words=" ")
    move(case, sheet, State.REJECTED, children, "He lives elsewhere.")
    move(case, sheet, State.REOPENED, case.lead, "He moved back.")
    move(case, sheet, State.ACCEPTED, children, "")
    move(case, sheet, State.ACTION, children, "We visited.")
    move(case, sheet, State.OUTCOME, children, "He is safe.")
    with pytest.raises(MoveNotAllowed, match="cannot become done"):
        move(case, sheet, State.DONE, children)
    move(case, sheet, State.DONE, case.lead, "")
    found = standing(case, sheet, children)
    assert [each.state for each in found.steps] == [
        *("sent", "received", "rejected", "reopened", "accepted", "action", "outcome", "done")
    ]
    assert found.due is None
    page = case.browse(case.lead, f"/referrals/{found.sheet.referral_id}").content.decode()
    assert "We visited." in page and "He is safe." in page
    events = AuditEvent.objects.filter(event="referral_moved").order_by("at").values_list("actor", flat=True)
    assert list(events) == [children.username] * 2 + ["kent.lead"] + [children.username] * 3 + ["kent.lead"]


def test_revoking_leaves_nothing_with_the_partner_and_everything_with_the_sender(case: Case) -> None:
    sheet, children = case.sent(), case.partners["childrens_home"]
    case.browse(children, f"/partner/referrals/{sheet}")
    for who, words in ((children, "A question-of-theirs."), (case.lead, "An answer-of-ours.")):
        with case.builders.seen_by(who) as viewpoint:
            write_message(sheet=sheet, words=words, viewpoint=viewpoint)
    assert "An answer-of-ours." in case.browse(children, f"/partner/referrals/{sheet}").content.decode()
    with case.builders.seen_by(children) as viewpoint, pytest.raises(NotPermitted, match="Only whoever referred"):
        revoke_sheet(sheet=sheet, words="No.", viewpoint=viewpoint)
    with case.builders.seen_by(case.lead) as viewpoint:
        revoke_sheet(sheet=sheet, words="Sent to the wrong place.", viewpoint=viewpoint)
    page = case.browse(children, f"/partner/referrals/{sheet}").content.decode()
    assert "Revoked" in page and "Sent to the wrong place." in page
    assert "said-childrens" not in page and "answer-of-ours" not in page and "question-of-theirs" not in page
    for address in ("/partner/referrals", "/partner/referrals/history"):
        assert "said-childrens" not in case.browse(children, address).content.decode()
    assert "Revoked" in case.browse(children, "/partner/referrals/history").content.decode()
    with case.builders.seen_by(children), connection.cursor() as cursor:
        for table in ("sheetfield", "sheetstep", "sheetmessage", "sheetopening", "referral", "referraltext"):
            cursor.execute(f"SELECT count(*) FROM referrals_{table}")
            assert cursor.fetchone() == (0,), table
    kept = standing(case, sheet)
    assert kept.fields and kept.openings and len(kept.messages) == 2 and kept.state is State.REVOKED
    ledger = case.browse(case.lead, "/referrals/ledger").content.decode()
    assert "Home address" in ledger and children.username in ledger
    with case.builders.seen_by(children) as viewpoint, pytest.raises(MoveNotAllowed, match="revoked"):
        write_message(sheet=sheet, words="Hello?", viewpoint=viewpoint)
    again = case.send(kept.sheet.referral_id)
    assert standing(case, again, children).state is State.SENT and standing(case, again).sheet.number == 2


def test_one_named_reader_and_nobody_else_of_a_school(case: Case) -> None:
    lead = case.partners["education"]
    other = case.builders.enrolled("quillhaven.teacher", agency=lead.agency, roles=lead.roles)
    sheet = case.sent("education")
    assert case.browse(lead, f"/partner/referrals/{sheet}").status_code == 200
    assert case.browse(other, f"/partner/referrals/{sheet}").status_code == 404
    assert "REF-" not in case.browse(other, "/partner/referrals/history").content.decode()
    with case.builders.seen_by(other), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM referrals_sheet) + (SELECT count(*) FROM referrals_sheetfield)")
        assert cursor.fetchone() == (0,)
    with pytest.raises(UserError, match="the one person there"):
        case.drafted("education", reader="kent.lead")


def test_somebody_elses_sheet_is_answered_like_an_absent_one(case: Case) -> None:
    sheet = case.sent()
    other = case.partners["charity"]
    assert case.browse(other, f"/partner/referrals/{sheet}").status_code == 404
    absent = case.browse(other, f"/partner/referrals/{uuid4()}").content
    assert case.browse(other, f"/partner/referrals/{sheet}").content == absent
    with case.builders.seen_by(other) as viewpoint:
        assert open_sheet(sheet=sheet, viewpoint=viewpoint) is None
        for act in (
            lambda: move_sheet(sheet=sheet, to=State.RECEIVED, words="", stood=1, viewpoint=viewpoint),
            lambda: write_message(sheet=sheet, words="Hello?", viewpoint=viewpoint),
            lambda: revoke_sheet(sheet=sheet, words="No.", viewpoint=viewpoint),
        ):
            with pytest.raises(NotPermitted, match="does not exist"):
                act()
    assert case.browse(case.partners["childrens_home"], "/referrals").status_code == 404


def test_nobody_of_another_agency_sends_or_moves_and_safeguarding_leads_read(case: Case) -> None:
    referral = case.drafted()
    for who, sees in ((case.surrey, True), (case.coordinator, True), (case.analyst, False)):
        assert (case.browse(who, f"/referrals/{referral}").status_code == 200) is sees
        with case.builders.seen_by(who) as viewpoint:
            assert (referral_of(viewpoint, referral) is not None) is sees
            with pytest.raises(NotPermitted):
                send_referral(referral=referral, stood=1, viewpoint=viewpoint)
    sheet = case.send(referral)
    for who in (case.surrey, case.coordinator):
        with pytest.raises(NotPermitted):
            move(case, sheet, State.DONE, who)


def test_the_database_lets_a_partner_write_its_moves_alone_and_no_field(case: Case) -> None:
    sheet, children = case.sent("health"), case.partners["health"]
    held = standing(case, sheet).sheet
    statements = {
        "INSERT INTO referrals_sheetstep (id, sheet_id, number, state, words, by, by_agency, at, audience_id) "
        "VALUES (gen_random_uuid(), %(sheet)s, 2, 'done', '', %(who)s, %(of)s, now(), %(audience)s)": children,
        "INSERT INTO referrals_sheetfield (id, sheet_id, field, words, audience_id) "
        "VALUES (gen_random_uuid(), %(sheet)s, 'concern', 'x', %(audience)s)": case.lead,
        "INSERT INTO referrals_sheetfield (id, sheet_id, field, words, audience_id) "
        "VALUES (gen_random_uuid(), %(sheet)s, 'drug_alert', 'y', %(audience)s) -- ": children,
        "INSERT INTO referrals_sheetmessage (id, sheet_id, side, words, by, by_agency, at, audience_id) "
        "VALUES (gen_random_uuid(), %(sheet)s, 'sender', 'x', %(who)s, %(of)s, now(), %(audience)s)": children,
        "INSERT INTO referrals_sheetrevocation (sheet_id, words, by, by_agency, at, audience_id) "
        "VALUES (%(sheet)s, 'x', %(who)s, %(of)s, now(), %(audience)s)": children,
        "UPDATE referrals_sheetfield SET words = 'x'": case.lead,
        "DELETE FROM referrals_sheet": case.lead,
    }
    for statement, who in statements.items():
        given = {"sheet": sheet, "who": who.username, "of": who.agency, "audience": held.audience_id}
        with (
            case.builders.seen_by(who),
            pytest.raises(DatabaseError, match=r"row-level security|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, given)
    with case.builders.seen_by(children), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO referrals_sheetstep (id, sheet_id, number, state, words, by, by_agency, at, audience_id) "
            "VALUES (gen_random_uuid(), %s, 2, 'received', '', %s, %s, now(), %s)",
            [sheet, children.username, children.agency, held.audience_id],
        )


def test_late_ones_come_first_and_long_late_ones_reach_the_centres_coordinators(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = case.sent()
    found = standing(case, sheet)
    assert found.due is not None and found.due.what == "Open it"
    list_ = "/referrals?late=late"
    assert found.ref not in case.browse(case.lead, list_).content.decode()
    for hours, late, escalated in ((9, True, False), (21, True, True)):
        now = found.sheet.sent_at + timedelta(hours=hours)
        monkeypatch.setattr("crossline.safeguarding.referrals.views.timezone.now", lambda now=now: now)
        page = case.browse(case.lead, list_).content.decode()
        assert (found.ref in page) is late and "Late: Open it, by" in page
        assert "late for so long" not in page
        assert ("late for so long" in case.browse(case.coordinator, "/referrals").content.decode()) is escalated
        listed = case.browse(case.coordinator, "/referrals?late=escalated").content.decode()
        assert (found.ref in listed) is escalated


@pytest.mark.parametrize(
    "address", ["/referrals", "/referrals/ledger", "/partner/referrals", "/partner/referrals/history"]
)
def test_lists_that_are_empty_say_so(case: Case, address: str) -> None:
    who = case.partners["health"] if address.startswith("/partner") else case.lead
    page = case.browse(who, address)
    assert page.status_code == 200 and len(entries()) > 30
    assert re.search(r"No referral here|No sheet|Nothing", page.content.decode())
