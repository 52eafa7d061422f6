"""What a partner may read of a meeting, its minutes and its actions: pages and every table, as the database shows them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.content_tables import NOT_CONTENT
from crossline.access.viewer import Viewer
from crossline.records.models import Mention, Record
from crossline.safeguarding.meetings.states import ActionState, Answer

from .conftest import Room

ANY_WORD = re.compile(r"said-[a-z]+")
OF_INVITED = {f"meetings_{part}" for part in ("invitation", "invitationstep", "minutesshare", "action", "actionstep")}


def rows_of(room: Room, who: Viewer) -> dict[str, str]:
    """Every table of meetings that holds a row for somebody, all of it in one text."""
    with room.case.builders.role("none"), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'meetings\\_%'")
        tables = [row[0] for row in cursor.fetchall()]
    assert len(tables) == 14 and not set(tables) & set(NOT_CONTENT)
    found = {}
    with room.case.builders.seen_by(who), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, '|') FROM {table} t")
            row = cursor.fetchone()
            if row and row[0]:
                found[table] = row[0]
    return found


@pytest.fixture
def held(room: Room) -> tuple[UUID, dict[str, UUID]]:
    """A meeting with three partners and an agency, minutes shared with two, and an action for each and for the caller."""
    meeting, invited = room.held("childrens_home", "health", "education", agencies=("essex",))
    room.write(meeting)
    for each in ("childrens_home", "health"):
        room.share(meeting, invited[each])
    for each in ("childrens_home", "health", "education"):
        room.give(meeting, room.case.partners[each].agency, f"Do said-{each.replace('_', '')}.")
    room.give(meeting, "kent", "Do said-kent.")
    room.give(meeting, "essex", "Do said-essex.")
    return meeting, invited


CONTRACT = {
    "childrens_home": {"discussed", "surroundings", "reprisal", "voice", "decisions", "dissent", "childrenshome"},
    "health": {"voice", "decisions", "health"},
    "education": {"education"},
}
"""The words that each may find, beside what everybody is to bring."""


def test_each_partner_reads_its_own_and_nothing_besides(room: Room, held: tuple[UUID, dict[str, UUID]]) -> None:
    meeting, invited = held
    refs = set(Record.objects.values_list("ref", flat=True))
    names = {name for row in Mention.objects.values_list("forename", "surname") for name in row if name}
    for recipient, words in CONTRACT.items():
        who = room.case.partners[recipient]
        tables = rows_of(room, who)
        assert set(tables) <= OF_INVITED and {"meetings_invitation", "meetings_action"} <= set(tables)
        everything = "|".join(tables.values())
        allowed = {f"said-{word}" for word in words} | {"said-bring"}
        assert set(ANY_WORD.findall(everything)) == allowed, recipient
        page = room.case.browse(who, f"/invitations/{invited[recipient]}").content.decode()
        assert set(ANY_WORD.findall(page)) == allowed, recipient
        assert [ref for ref in refs if ref in everything + page] == []
        may = {"Toby", "Winterbourne"} if recipient == "childrens_home" else set()
        assert {name for name in names if name in everything + page} == may, recipient
        assert str(room.case.mention()) not in everything
        for address in (f"/meetings/{meeting}", "/meetings", "/meetings/actions", f"/meetings/{meeting}/minutes"):
            assert room.case.browse(who, address).status_code == 404
        for other in set(invited) - {recipient}:
            assert room.case.browse(who, f"/invitations/{invited[other]}").status_code == 404
    uninvited = room.case.partners["charity"]
    assert rows_of(room, uninvited) == {}


def test_what_it_writes_is_read_by_it_and_the_calling_side_alone(
    room: Room, held: tuple[UUID, dict[str, UUID]]
) -> None:
    meeting, _ = held
    children, health = room.case.partners["childrens_home"], room.case.partners["health"]
    found = room.meeting(meeting)
    assert found is not None
    action = next(each for each in found.actions if each.action.organisation_id == children.agency).action.id
    room.act(action, ActionState.DONE, children, "said-ours")
    assert "said-ours" in rows_of(room, children)["meetings_actionstep"]
    assert "said-ours" not in "|".join(rows_of(room, health).values())
    assert "said-ours" in room.case.browse(room.case.lead, f"/meetings/{meeting}").content.decode()


def test_the_database_lets_an_invited_organisation_write_its_answers_and_its_actions_alone(
    room: Room, held: tuple[UUID, dict[str, UUID]]
) -> None:
    meeting, invited = held
    children, health, lead = room.case.partners["childrens_home"], room.case.partners["health"], room.case.lead
    own = room.invitation(invited["childrens_home"], children)
    other = room.invitation(invited["health"])
    assert own is not None and other is not None
    action, theirs = own.actions[0].action, other.actions[0].action
    step = (
        "INSERT INTO meetings_invitationstep (id, invitation_id, number, state, joining, words, by, by_agency, at, "
        "audience_id) VALUES (gen_random_uuid(), %s, 9, %s, '', '', %s, %s, now(), %s)"
    )
    acted = (
        "INSERT INTO meetings_actionstep (id, action_id, number, state, words, by, by_agency, at, audience_id) "
        "VALUES (gen_random_uuid(), %s, 9, %s, '', %s, %s, now(), %s)"
    )
    given = (
        "INSERT INTO meetings_action (id, meeting_id, invitation_id, owner_id, organisation_id, what, due, given_by, "
        "given_agency, given_at) VALUES (gen_random_uuid(), %s, %s, %s, %s, 'x', now(), %s, %s, now())"
    )
    shared = (
        "INSERT INTO meetings_minutesshare (id, invitation_id, minutes_id, number, lines, by, by_agency, at, audience_id) "
        "SELECT gen_random_uuid(), %s, minutes_id, 7, '[]', %s, %s, now(), %s FROM meetings_minutesshare LIMIT 1"
    )
    mine = (children.username, children.agency)
    audience, foreign = own.invitation.audience_id, other.invitation.audience_id
    refused = [
        (children, step, (own.invitation.id, "held", *mine, audience)),
        (children, step, (other.invitation.id, "comes", *mine, foreign)),
        (children, step, (own.invitation.id, "comes", health.username, health.agency, audience)),
        (lead, step, (own.invitation.id, "comes", lead.username, lead.agency, audience)),
        (lead, step, (own.invitation.id, "called_off", lead.username, lead.agency, foreign)),
        (children, acted, (action.id, "checked", *mine, action.audience_id)),
        (children, acted, (action.id, "open", *mine, action.audience_id)),
        (children, acted, (theirs.id, "done", *mine, theirs.audience_id)),
        (lead, acted, (action.id, "done", lead.username, lead.agency, action.audience_id)),
        (children, given, (meeting, invited["childrens_home"], "kent", children.agency, *mine)),
        (lead, given, (meeting, None, lead.agency, children.agency, lead.username, lead.agency)),
        (lead, given, (meeting, invited["health"], lead.agency, children.agency, lead.username, lead.agency)),
        (children, shared, (own.invitation.id, *mine, audience)),
        (lead, "UPDATE meetings_minutes SET reason = 'x'", ()),
        (lead, "DELETE FROM meetings_meeting", ()),
    ]
    for who, statement, values in refused:
        with (
            room.case.builders.seen_by(who),
            pytest.raises(DatabaseError, match=r"row-level security|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
    for who, statement, values in (
        (children, step, (own.invitation.id, Answer.COMES.value, *mine, audience)),
        (children, acted, (action.id, "done", *mine, action.audience_id)),
        (lead, given, (meeting, invited["health"], lead.agency, health.agency, lead.username, lead.agency)),
    ):
        with room.case.builders.seen_by(who), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_everything_of_a_meeting_goes_with_the_record_that_it_is_about(
    room: Room, held: tuple[UUID, dict[str, UUID]]
) -> None:
    assert rows_of(room, room.case.lead)
    with room.case.builders.role("none"):
        Record.objects.get(id=room.case.record("KENT/1")).delete()
        with connection.cursor() as cursor:
            for table in (*OF_INVITED, "meetings_meeting", "meetings_meetingstep", "meetings_minutes"):
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,), table
