"""Row security with the application's filter taken out: the database alone keeps every hidden row from every person."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from crossline.access import one_time_codes
from crossline.access.viewer import Viewer
from crossline.exchange import exports
from crossline.exchange.stamp import Stamp
from crossline.hosting.logins import Login
from crossline.installation import use_login
from crossline.vocabulary.codes import RecordKind

from .asking import Answer, Ids, answered, forget_kept, routes, without_filter
from .at_work import signed_in
from .personal_rules import BEFORE_SIGNING_IN, EVERYBODYS, LEADS
from .world import NOBODY, Connection, World, content_tables, made_world


@pytest.fixture(scope="module")
def world(committed_together: Any, builders: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        return made_world(committed_together, builders, tmp_path_factory.mktemp("world"))


@pytest.fixture
def web(world: World) -> Iterator[Connection]:
    """The real web login, with nothing of the application between it and the tables."""
    with world.connect(Login.WEB) as connection:
        yield connection


@dataclass
class Compared:
    """What raw queries gave people, held against what they may see."""

    tables: int = 0
    viewers: int = 0
    rows: int = 0  # rows judged, once for each viewer
    read: int = 0
    hidden_read: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        return (
            f"{self.tables} tables x {self.viewers} viewers, {self.rows:,} rows compared: {self.read:,} visible rows read, "
            f"{self.hidden_read.total():,} hidden rows read, {self.missed.total():,} visible rows missed"
        )


def read_raw(connection: Connection, table: str) -> set[str]:
    """The places of all rows that a plain query gives, whole rows being read; none where the table may not be read."""
    try:
        with connection.transaction():
            return {row[0] for row in connection.execute(f"SELECT t.ctid::text, t::text FROM {table} t".encode())}
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidTextRepresentation):
        return set()


@contextmanager
def looking(connection: Connection, viewer: str) -> Iterator[None]:
    """One transaction on behalf of somebody, as access.viewer.reading opens it."""
    with connection.transaction():
        connection.execute("SELECT set_config('crossline.viewer', %s, true)", [viewer])
        yield


def compared(
    connection: Connection, world: World, viewers: Iterable[str], among: Collection[str] | None = None
) -> Compared:
    """Every row of every content table, or of those `among` these, for each of these people."""
    tables = {table: rows for table, rows in world.may_see.items() if among is None or table in among}
    found = Compared(tables=len(tables))
    for name in viewers:
        found.viewers += 1
        with looking(connection, str(world.viewers[name].person_id)):
            for table, rows in tables.items():
                seen, visible = read_raw(connection, table), world.visible(table, name)
                found.rows += len(rows)
                found.read += len(seen & visible)
                found.hidden_read[table] += len(seen - visible)
                found.missed[table] += len(visible - seen)
    return found


MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
"""When every export of these tests is stamped, so that two of them are alike."""
TOLD_PARTNERS = "answering_partnernotice"
"""What one partner organisation was told: its own people read all of it, and nobody else any."""
OF_LEADS = frozenset({"nrm_guardiancoverage"})
"""Of local authorities: every row is the centre's and every safeguarding lead's."""
OF_RETURNS = frozenset({"lines_linestate", "lines_linejudgement", "lines_lineattention", "lines_lineorders"})
"""What people say of returned lines: everybody with a policing role reads all of it, as they do the returns; nobody else any."""


def test_the_world_holds_rows_of_every_content_table_seen_by_some_and_hidden_from_others(world: World) -> None:
    """So that no table passes because there was nothing in it to read."""
    assert {table for table, rows in world.may_see.items() if not rows} == set(), "give this world rows of these"
    assert len(world.may_see) > 30
    for table, rows in world.may_see.items():
        counts = {len(world.visible(table, name)) for name in world.viewers}
        if table in NOBODY:
            assert counts == {0}
        elif table in EVERYBODYS:
            assert counts == {len(rows)}
        elif table in (LEADS, TOLD_PARTNERS) or table in OF_RETURNS or table in OF_LEADS:
            assert counts == {0, len(rows)}
        elif table == BEFORE_SIGNING_IN:
            assert len(counts) == 1 and 0 < counts.pop() < len(rows)
        else:
            assert len(counts) > 2 and 0 in counts, table
    kinds = Counter(kind for (kind,) in world.rows("SELECT kind FROM records_record"))
    assert set(kinds) == set(RecordKind)
    print(f"\nthe world: {', '.join(f'{len(rows):,} {table}' for table, rows in world.may_see.items())}")


def test_what_was_stored_is_what_the_policy_says(world: World) -> None:
    """Audiences are stored with rows; here they are worked out again, from the files that were delivered."""
    stored = world.rows("SELECT id, audience_id FROM records_record")
    assert {record: world.of_audience[audience] for record, audience in stored} == world.of_record
    for table in ("records_mention", "records_assertion"):
        rows = world.rows(f"SELECT record_id, audience_id FROM {table}")
        assert {record for record, audience in rows if world.of_audience[audience] != world.of_record[record]} == set()
    concerns = world.rows("SELECT record_id, audience_id FROM safeguarding_concern")
    assert len(concerns) > 20
    wider = [record for record, audience in concerns if not world.of_audience[audience] <= world.of_record[record]]
    assert wider == [], "a concern goes to nobody who may not see the record that raised it"


def test_a_raw_query_gives_each_person_every_row_they_may_see_and_no_other(world: World, web: Connection) -> None:
    found = compared(web, world, world.viewers)
    print(f"\nthe web login, no filter: {found.line()}")
    assert +found.hidden_read == Counter()
    assert +found.missed == Counter()
    assert found.viewers >= 50 and found.read > 50_000


def test_without_somebody_who_may_look_there_is_no_row_at_all(world: World, web: Connection) -> None:
    """Those whose access ended had looked, asked and set up a device before: not even that is theirs to read any more."""
    before_signing_in = {BEFORE_SIGNING_IN: world.visible(BEFORE_SIGNING_IN, "kent.nobody")}
    for outsider, viewer in world.outsiders.items():
        with looking(web, viewer):
            assert everything_read(web, world) == before_signing_in, outsider
    assert everything_read(web, world) == before_signing_in, "outside any transaction of a viewer's"
    print(
        f"\nwithout a viewer who may look: {len(world.may_see)} tables x {len(world.outsiders) + 1} ways, 0 rows read "
        f"but the {len(before_signing_in[BEFORE_SIGNING_IN])} tries to sign in of the last two hours"
    )


def everything_read(connection: Connection, world: World) -> dict[str, set[str]]:
    """Each table that gives anything with the places of what it gives."""
    return {table: seen for table in world.may_see if (seen := read_raw(connection, table))}


def weakened(world: World, statement: str, viewers: Iterable[str], among: Collection[str] | None = None) -> Compared:
    """What the comparison finds after a change to the schema, which is then rolled back."""
    with world.connect(Login.ADMINISTRATOR) as connection, connection.transaction(force_rollback=True):
        connection.execute(statement.encode())
        connection.execute("SET LOCAL ROLE crossline_web")
        return compared(connection, world, viewers, among)


SOME = (
    *("kent.analyst", "essex.investigator", "surrey.safeguarding", "nclcc.coordinator", "norfolk.nobody"),
    *("kent.auditor", "essex.information-manager", "kent.administrator", "council.partner"),
)


_VISIBLE = "ANY ((SELECT crossline_visible_audiences())::bigint[])"
_VIEWER = "SELECT FROM access_person p WHERE p.id::text = current_setting('crossline.viewer')"
_MANAGER = f"{_VIEWER} AND p.roles::text[] && '{{auditor,information_manager}}'"
HALVES = {
    "missing_episodedisclosure": f"audience_id = {_VISIBLE}",
    "screening_screening": f"audience_id = {_VISIBLE}",
    "entities_match": f"left_audience_id = {_VISIBLE}",
    "records_recordreview": f"audience_id = {_VISIBLE}",
    "access_auditdecision": f"EXISTS ({_VIEWER} AND p.agency_id = decided_agency)",
    "access_approval": f"EXISTS ({_VIEWER} AND p.agency_id = asked_agency)",
    "records_decoy": f"EXISTS ({_MANAGER} AND p.agency_id = planted_agency)",
    "records_decoyrecord": f"audience_id = {_VISIBLE}",
    "records_decoytoken": f"audience_id = {_VISIBLE}",
    "access_recoverycode": "EXISTS (SELECT FROM access_secondfactor f WHERE f.id = factor_id)",
    "access_auditsubject": f"EXISTS ({_VIEWER} AND p.agency_id IN (actor_agency, owner_agency))",
    "access_auditevent": f"EXISTS ({_VIEWER} AND p.id::text = actor_id) OR EXISTS ({_MANAGER} AND (p.agency_id = actor_agency "
    "OR EXISTS (SELECT FROM access_auditsubject s WHERE s.event = access_auditevent.id AND s.owner_agency = p.agency_id)))",
}
"""Policies that forget one condition: an end of a match, the owner, the role, whose codes, whose word a companion row is."""


def leaning_on(world: World) -> dict[str, set[str]]:
    """For each table, itself and those whose policies ask it, by themselves, through a function, or through another table.

    A policy that changes can change what is read of these, and of no other table: the others are not read again each time.
    """
    functions = dict(world.rows("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'crossline_%'"))
    asks: dict[str, str] = dict.fromkeys(world.may_see, "")
    for table, condition in world.rows("SELECT tablename, qual FROM pg_policies WHERE 'crossline_web' = ANY (roles)"):
        asks[table] = f"{asks.get(table, '')} {condition}"
    for table, said in asks.items():
        asks[table] += " ".join(
            functions[name] for name in set(re.findall(r"crossline_\w+", said)) if name in functions
        )
    named = {table: set(re.findall(r"\w+", said)) & asks.keys() for table, said in asks.items()}
    leaning = {table: {table} for table in asks}
    for table in asks:
        waiting = [table]
        while waiting:
            asked = waiting.pop()
            more = {other for other, names in named.items() if asked in names} - leaning[table]
            leaning[table] |= more
            waiting += more
    return leaning


def test_each_policy_that_is_weakened_is_noticed_in_its_table(world: World) -> None:
    """The proof that the comparison can fail: one policy at a time lets everything through, or nothing."""
    policies = world.rows(
        "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND 'crossline_web' = ANY (roles) "
        "AND cmd = 'SELECT' ORDER BY 1"
    )
    assert {table for table, _ in policies} == {
        table for table, rows in world.may_see.items() if any(world.visible(table, name) for name in SOME) and rows
    }
    leaning = leaning_on(world)
    for table, policy in policies:
        open_to_all = weakened(world, f"ALTER POLICY {policy} ON {table} USING (true)", SOME, leaning[table])
        assert (open_to_all.hidden_read[table] > 0) is (table not in EVERYBODYS), table
        assert +open_to_all.missed == Counter(), table
        closed = weakened(world, f"ALTER POLICY {policy} ON {table} USING (false)", SOME, leaning[table])
        assert closed.missed[table] > 0 and +closed.hidden_read == Counter(), table
    off = weakened(world, "ALTER TABLE records_record DISABLE ROW LEVEL SECURITY", SOME)
    # What is read only beside a record follows it, whoever else may read its mention.
    assert set(+off.hidden_read) == {
        "records_record",
        "nrm_nrmobservation",
        "reporting_partnerreport",
        "reporting_partnerreportstep",
    }
    for table, half in HALVES.items():
        halved = weakened(world, f"ALTER POLICY web_reads ON {table} USING ({half})", SOME, leaning[table])
        assert halved.hidden_read[table] > 0 and +halved.missed == Counter(), table
    whole = weakened(world, "SELECT 1", SOME)
    assert +whole.hidden_read == +whole.missed == Counter()
    print(
        f"\n{len(policies)} policies weakened one at a time, in both directions, and {len(HALVES)} that forget a "
        "condition: each noticed in its table"
    )


def test_a_table_that_nobody_can_judge_fails(world: World) -> None:
    with world.connect(Login.ADMINISTRATOR) as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE TABLE planted (id int)")
        assert "planted" in content_tables(connection)
        with pytest.raises(AssertionError, match="planted is content and no rule here"):
            world.judged(connection, "planted")
        connection.execute("ALTER TABLE planted ADD audience_id bigint REFERENCES access_audience")
        connection.execute("INSERT INTO planted SELECT 1, min(id) FROM access_audience")
        assert len(world.judged(connection, "planted")) == 1


# Writing


def whole_store(world: World) -> dict[str, Any]:
    return {
        table: world.rows(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
        for table in world.may_see
    }


def tried(connection: Connection, viewer: str, statement: str, parameters: dict[str, Any]) -> str:
    """What becomes of a statement: how many rows it touched, or that it was refused. Nothing of it is kept."""
    try:
        with looking(connection, viewer):
            touched = connection.execute(statement.encode(), parameters).rowcount
            raise psycopg.Rollback
    except psycopg.errors.InsufficientPrivilege:
        return "refused"
    return f"{touched} rows"


TIMES = (
    "at",
    "planted_at",
    "decided_at",
    "withdrawn_at",
    "placed_at",
    "lifted_at",
    "confirmed_at",
    "set_at",
    "ended_at",
)
"""Columns that say when somebody did something."""
KEPT = {"records_confirmation": {"decided_by"}, BEFORE_SIGNING_IN: {"at"}}
"""What a copy keeps: who decided what is confirmed; and the time of a try to sign in, for which alone it is hidden."""

OF_THE_DATABASE = {"access_auditevent": ("seq", "tx"), "entities_judgement": ("decides",)}
"""Columns that are the database's own word, which nobody gives."""


def signature(who: Viewer) -> dict[str, str]:
    """What says who did something, in whatever table."""
    acts = ("decided", "withdrawn", "placed", "lifted", "confirmed", "set", "ended")
    by_name = {f"{act}_by": who.username for act in acts} | {f"{act}_agency": who.agency for act in acts}
    return by_name | {"by": who.username, "by_id": str(who.person_id), "by_agency": who.agency}


def copy_of(connection: Connection, world: World, table: str, place: str, viewer: str) -> tuple[str, dict[str, Any]]:
    """A statement that puts a row in once more, with an id of its own and of now, signed as whoever puts it in.

    Whose a row is, is kept: anybody may put in a read, a request or a device of their own, and nobody another's.
    """
    row = connection.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE ctid = %s::tid".encode(), [place]).fetchone()
    assert row is not None
    said = signature(world.viewers[viewer]) | {name: datetime.now(UTC).isoformat() for name in TIMES}
    kept = KEPT.get(table, set())
    copied = row[0] | {name: value for name, value in said.items() if name in row[0] and name not in kept}
    if isinstance(copied.get("id"), str):
        copied["id"] = str(uuid.uuid4())
    columns = ", ".join(f'"{name}"' for name in copied if name not in OF_THE_DATABASE.get(table, ()))
    statement = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %(row)s)"
    return statement, {"row": json.dumps(copied)}


def test_a_hidden_row_can_be_neither_changed_nor_removed_nor_put_in(world: World, web: Connection) -> None:
    before = whole_store(world)
    answers: Counter[str] = Counter()
    with world.connect(Login.ADMINISTRATOR) as past:
        for name in (
            *("kent.analyst", "essex.auditor", "surrey.safeguarding", "nclcc.coordinator", "kent.nobody"),
            *("essex.information-manager", "essex.administrator"),
        ):
            viewer = str(world.viewers[name].person_id)
            for table, rows in world.may_see.items():
                hidden = sorted(set(rows) - world.visible(table, name))[:3]
                column = past.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]
                ).fetchone()[0]
                for place in hidden:
                    where = {"place": place}
                    for statement, parameters in (
                        (f"UPDATE {table} SET {column} = {column} WHERE ctid = %(place)s::tid", where),
                        (f"UPDATE {table} SET {column} = {column}", where),
                        (f"DELETE FROM {table} WHERE ctid = %(place)s::tid", where),
                        (f"DELETE FROM {table}", where),
                        copy_of(past, world, table, place, name),
                    ):
                        said = tried(web, viewer, statement, parameters)
                        assert said in ("refused", "0 rows"), (name, statement, said)
                        answers[said] += 1
    assert whole_store(world) == before
    assert answers.total() > 500
    print(f"\nwrites to hidden rows: {answers.total():,} tried, {dict(answers)}, no row changed")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("nclcc.coordinator", "entities_judgement"),
        ("kent.information-manager", "access_auditdecision"),
        ("kent.information-manager", "records_recordrestriction"),
        ("kent.information-manager", "records_legalhold"),
    ],
)
def test_what_one_does_about_what_one_sees_can_be_put_in(world: World, web: Connection, name: str, table: str) -> None:
    """The same statement on a visible row is let through, so that it is for its being hidden that the other is refused."""
    with world.connect(Login.ADMINISTRATOR) as past:
        said = [
            tried(web, str(world.viewers[name].person_id), *copy_of(past, world, table, place, name))
            for place in sorted(world.visible(table, name))
        ]
    assert "1 rows" in said


# Pages and exports

ASKING = {
    "kent.analyst": 500,
    "essex.intelligence": 500,
    "surrey.safeguarding": 500,
    "nclcc.coordinator": 500,
    "kent.information-manager": 500,
    "kent.auditor": 50,
    "essex.administrator": 0,
    "essex.nobody": 0,
}
"""Who asks, and how many visible rows at least their answers name; with 0, none at all."""
DAILY = ("kent.analyst", "surrey.safeguarding", "kent.auditor", "essex.nobody")
"""Who asks every day; the others are long evidence."""


def some_words(world: World) -> list[str]:
    """Words by which something is found: of names, numbers and references, from all over the store."""
    words = [token for (token,) in world.rows("SELECT DISTINCT token FROM records_searchtoken ORDER BY 1")]
    return [word for word in words[:: max(1, len(words) // 12)] if word.isalnum()]


def hidden_among(ids: Ids, viewer: str, found: dict[str, Answer]) -> tuple[int, dict[str, set[str]]]:
    """(how many ids of visible rows were in the answers, the ids of hidden rows by address)."""
    seen, hidden = 0, {}
    for address, answer in found.items():
        visible, other = ids.hidden_in(answer.text, viewer)
        seen += len(visible)
        if other and address.startswith("/audit/"):
            other -= ids.told(viewer)
        if other:
            hidden[address] = other
        if answer.of_hidden and answer.status != 404:
            hidden.setdefault(address, set()).add(f"answered {answer.status}")
    return seen, hidden


@pytest.mark.parametrize("asking", [DAILY, pytest.param(tuple(ASKING), marks=pytest.mark.slow)], ids=["daily", "all"])
def test_pages_and_exports_that_forget_the_filter_give_no_hidden_row(
    world: World, monkeypatch: pytest.MonkeyPatch, asking: tuple[str, ...]
) -> None:
    """Each person asks for everything twice, with the filter and without it, and is given the same, none of it hidden."""
    ids, words = Ids(world), some_words(world)
    monkeypatch.setattr(one_time_codes, "new_secret", lambda: bytes(one_time_codes.SECRET_BYTES))
    monkeypatch.setattr(exports, "stamp", lambda what, viewer, recipients, at: Stamp("", what, "", "", "", MIDNIGHT))
    use_login(world.access.only(Login.WEB), Login.WEB)
    answers = shown = asked_for = 0
    try:
        browsers = {name: signed_in(name) for name in asking}
        with_it = {name: answered(ids, name, browsers[name], words) for name in asking}
        without_filter(monkeypatch)
        for name in asking:
            at_least = ASKING[name]
            found = answered(ids, name, browsers[name], words)
            seen, hidden = hidden_among(ids, name, found)
            assert hidden == {}, name
            differing = [address for address, answer in found.items() if answer != with_it[name][address]]
            assert differing == [], name
            assert seen >= at_least and (seen > 0) == (at_least > 0), (name, seen)
            answers, shown = answers + len(found), shown + seen
            asked_for += sum(answer.of_hidden for answer in found.values())
        assert asked_for > 25 * len(asking)
    finally:
        use_login(world.access, Login.ENGINE)
        forget_kept()
    print(
        f"\nfilter off: {len(list(routes()))} pages and every export, {len(asking)} people, {answers:,} answers: "
        f"{shown:,} visible rows named, 0 hidden rows named, {asked_for:,} hidden things asked for by address and not found, "
        "each answer the same as with the filter"
    )


def test_without_row_security_the_same_pages_would_give_hidden_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the one before can fail: past row security, a forgotten filter is a disclosure."""
    ids = Ids(world)
    without_filter(monkeypatch)
    use_login(world.access, Login.ADMINISTRATOR)
    try:
        words = some_words(world)
        given = {
            name: answered(ids, name, signed_in(name), words) for name in ("kent.analyst", "kent.information-manager")
        }
        hidden = {name: hidden_among(ids, name, found)[1] for name, found in given.items()}
    finally:
        use_login(world.access, Login.ENGINE)
        forget_kept()
    named = {row for found in hidden.values() for rows in found.values() for row in rows} & set(ids.of_rows)
    assert len(named) > 100
    for some in ("/records?page=1", "/concerns", "export concerns as csv", "export people as csv"):
        assert some in hidden["kent.analyst"], some
    assert "/approvals" in hidden["kent.information-manager"]
    assert any(address.startswith("/audit/reads/") for address in hidden["kent.information-manager"])
    answers = sum(map(len, hidden.values()))
    print(f"\nfilter off and row security passed by: {answers} answers name {len(named):,} hidden rows")
