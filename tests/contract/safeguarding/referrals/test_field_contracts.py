"""Ten contracts: of everything that is written and held, each kind of recipient finds its own fields' words and none besides.

Ten referrals about one child and their home, to ten organisations, each field of each holding a word of its own. What an
organisation can reach is everything: its pages, every route of the address book, and every table as its database role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from crossline.access.content_tables import NOT_CONTENT
from crossline.access.models import Audience
from crossline.access.viewer import Viewer
from crossline.records.models import Mention, Record
from crossline.safeguarding.referrals.fields import Field, recipients
from crossline.safeguarding.referrals.models import Referral
from crossline.safeguarding.referrals.sending import move_sheet, open_sheet, write_message
from crossline.safeguarding.referrals.standing import sheet_of
from crossline.safeguarding.referrals.states import State

from .conftest import Case

TEN = tuple(recipients())
ANY_WORD = re.compile(r"said-[\w-]+")
OWN = {
    *("access_auditevent", "access_auditsubject", "access_policystatement", "access_policyword"),
    *("access_signinattempt", "access_secondfactor", "access_secondfactorend"),
}
"""Tables of which somebody reads rows about themselves, which name what was done and never what was told."""


@pytest.fixture
def sheets(case: Case) -> dict[str, UUID]:
    """A sheet for each of the ten, all about the same child or their home, and a message of the sender's side with each."""
    made = {recipient: case.sent(recipient) for recipient in TEN}
    for recipient, sheet in made.items():
        with case.builders.seen_by(case.lead) as viewpoint:
            write_message(sheet=sheet, words=f"said-message-{recipient}", viewpoint=viewpoint)
    return made


def allowed(recipient: str) -> set[str]:
    """The words that a recipient may find: of its own fields, and what was written to it."""
    return {f"said-{recipient}-{field}" for field in recipients()[recipient].fields} | {f"said-message-{recipient}"}


def held_about_the_child() -> set[str]:
    """Words of the records and mentions that stand behind, which no page of a partner's may hold."""
    names = Mention.objects.values_list("caption", "forename", "surname")
    every = {each for row in names for each in row} | set(Record.objects.values_list("ref", flat=True))
    return {each for each in every if len(each) > 3}


def pages_of(case: Case, who: Viewer, sheet: UUID) -> Iterator[bytes]:
    for address in ("/partner", "/partner/referrals", "/partner/referrals/history", f"/partner/referrals/{sheet}"):
        answer = case.browse(who, address)
        assert answer.status_code == 200, address
        yield answer.content


def rows_of(case: Case, who: Viewer) -> dict[str, str]:
    """Every table that the web role may read, as the database shows it to somebody, all rows in one text."""
    with case.builders.role("none"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND c.relname <> ALL (%s) AND has_table_privilege('crossline_web', c.oid, 'SELECT')",
            [list(NOT_CONTENT)],
        )
        tables = [row[0] for row in cursor.fetchall()]
    found = {}
    with case.builders.seen_by(who), connection.cursor() as cursor:
        for table in tables:
            if table == "access_secondfactor":  # some of its columns nobody reads
                continue
            cursor.execute(f"SELECT string_agg(t::text, '|') FROM {table} t")
            row = cursor.fetchone()
            if row and row[0]:
                found[table] = row[0]
    return found


def every_question(two_worlds: ModuleType, sheets: dict[str, UUID]) -> Iterator[Any]:
    """Every route of the address book, asked for what is really there, and every referral and sheet by its id."""
    addresses = two_worlds.addresses
    for _, request in addresses.all_requests(frozenset(Audience.objects.values_list("pk", flat=True))):
        yield request
    for each in (*sheets.values(), *Referral.objects.values_list("id", flat=True)):
        for before, after in (("/referrals", ""), ("/referrals", "/text"), ("/partner/referrals", "")):
            yield addresses.Request(f"{before}/{each}{after}")


def test_pages_tables_and_every_route_hold_exactly_the_words_of_its_fields(
    case: Case, sheets: dict[str, UUID], two_worlds: ModuleType
) -> None:
    """For each of the ten, in one store: making ten sheets anew for each is what took the time."""
    with case.builders.role("none"):  # whoever writes the questions sees everything; whoever asks them does not
        other, questions = held_about_the_child(), list(every_question(two_worlds, sheets))
    for recipient in TEN:
        holds_its_own_words(case, sheets, two_worlds, questions, recipient, other)


def holds_its_own_words(
    case: Case, sheets: dict[str, UUID], two_worlds: ModuleType, questions: list[Any], recipient: str, other: set[str]
) -> None:
    """The contract of one role: its pages, the raw tables and every route."""
    who = case.partners[recipient]
    found: set[str] = set()
    for content in pages_of(case, who, sheets[recipient]):
        text = content.decode()
        found |= set(ANY_WORD.findall(text))
        assert [word for word in other if word in text] == []
    assert found == allowed(recipient)
    tables = rows_of(case, who)
    read = {table for table in tables if table.startswith("referrals_")}
    assert read == {f"referrals_sheet{part}" for part in ("", "field", "step", "message")}
    assert set(tables) - OWN - read <= {"access_label", "access_audience", "access_audiencelabel"}
    in_tables = {word for text in tables.values() for word in ANY_WORD.findall(text)}
    assert in_tables == allowed(recipient)
    everything = "|".join(tables.values())
    assert [word for word in other if word in everything] == []
    assert str(case.mention()) not in everything, "not even by which id the police know the person"
    asked, told = 0, allowed(recipient)
    with case.builders.role("crossline_web"):
        client = two_worlds.probes.client_of(who)
        for request in questions:
            answer = two_worlds.probes.asked(client, request).decode(errors="replace")
            assert set(ANY_WORD.findall(answer)) <= told, request
            asked += 1
    assert asked > 300
    print(f"{recipient}: {len(told)} words of its own, {len(tables)} tables with rows, {asked} requests, no other word")


@pytest.mark.parametrize("recipient", ["childrens_host", "housing", "transport"])
def test_what_it_answers_and_what_is_shown_afterwards_adds_no_word(
    case: Case, sheets: dict[str, UUID], recipient: str
) -> None:
    who, sheet = case.partners[recipient], sheets[recipient]
    with case.builders.seen_by(who) as viewpoint:
        open_sheet(sheet=sheet, viewpoint=viewpoint)
    for to in (State.ACCEPTED, State.ACTION, State.OUTCOME):
        with case.builders.seen_by(who) as viewpoint:
            found = sheet_of(viewpoint, sheet)
            move_sheet(
                sheet=sheet, to=to, words="Our own word.", stood=found.stood if found else 0, viewpoint=viewpoint
            )
    words = {word for content in pages_of(case, who, sheet) for word in ANY_WORD.findall(content.decode())}
    assert (
        words <= allowed(recipient)
        and "Our own word." in case.browse(who, f"/partner/referrals/{sheet}").content.decode()
    )


def test_the_database_tells_whoever_refers_who_may_be_given_what(case: Case, sheets: dict[str, UUID]) -> None:
    """The check on each row is made of the same table as the forms: an insert of every field for every recipient."""
    from django.db import DatabaseError, transaction

    from crossline.safeguarding.referrals.models import SheetField

    tried: dict[str, set[Any]] = {each: set() for each in TEN}
    for recipient, sheet in sheets.items():
        with case.builders.seen_by(case.lead) as viewpoint:
            found = sheet_of(viewpoint, sheet)
            assert found is not None
            for field in Field:
                row = SheetField(sheet=found.sheet, field=field, words="x", audience_id=found.sheet.audience_id)
                try:
                    with transaction.atomic():
                        row.save(force_insert=True)
                except DatabaseError as error:
                    if "a_field_once" in str(error):  # it is there already, so the policy let it through
                        tried[recipient].add(field)
                else:
                    tried[recipient].add(field)
    assert tried == {each.id: set(each.fields) for each in recipients().values()}
