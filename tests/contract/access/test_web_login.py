"""The web server's own login, on a connection of its own: what it sees, for how long, and that it can become nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import AuditEvent, Membership, Person
from crossline.access.viewer import Viewer, reading
from crossline.errors import InstallationError
from crossline.hosting.logins import Login
from crossline.installation import use_login
from crossline.records.models import Record

pytestmark = pytest.mark.usefixtures("quick_passwords")


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


@pytest.fixture
def looking(committed: Any, builders: Any, tmp_path: Path, kept: Path) -> Iterator[tuple[Viewer, Any]]:
    """A viewer, and a connection of the real web login with nothing but what a web worker is given."""
    builders.sent_by_two(tmp_path / "deliveries", kept)
    viewer = builders.enrolled("kent.analyst")
    with psycopg.connect(committed.only(Login.WEB).conninfo(Login.WEB), autocommit=True) as web:
        yield viewer, web


def seen(
    web: psycopg.Connection[Any], viewer: Viewer | None, query: str = "SELECT count(*) FROM records_record"
) -> Any:
    """One transaction on a viewer's behalf, as access.viewer.reading opens it."""
    with web.transaction():
        if viewer is not None:
            web.execute("SELECT set_config('crossline.viewer', %s, true)", [str(viewer.person_id)])
        return web.execute(query).fetchone()[0]


def test_the_viewer_of_a_transaction_is_forgotten_at_its_end(looking: tuple[Viewer, Any]) -> None:
    viewer, web = looking
    assert seen(web, viewer) > 0
    assert seen(web, None) == 0
    with pytest.raises(psycopg.errors.DivisionByZero):
        seen(web, viewer, "SELECT 1 / 0 FROM records_record")
    assert seen(web, None) == 0
    assert web.execute("SELECT count(*) FROM records_record").fetchone()[0] == 0


def test_reading_as_the_web_login_leaves_nothing_behind_on_its_connection(
    looking: tuple[Viewer, Any], committed: Any, builders: Any
) -> None:
    viewer, _ = looking
    other = builders.enrolled("essex.analyst", agency="essex")
    use_login(committed.only(Login.WEB), Login.WEB)
    with reading(viewer):
        mine = Record.objects.count()
        with reading(other):
            assert 0 < Record.objects.filter(owner_id="kent").count() < Record.objects.count()
            assert not Record.objects.filter(ref="kent/own").exists()
        assert Record.objects.count() == mine, "a viewer inside another's transaction leaves the outer one as it was"
        assert Record.objects.filter(ref="kent/own").exists()
    assert rows("SELECT coalesce(current_setting('crossline.viewer', true), '')") == [("",)]
    assert Record.objects.count() == 0
    with pytest.raises(ZeroDivisionError), reading(viewer):
        raise ZeroDivisionError
    assert Record.objects.count() == 0


@pytest.mark.parametrize("how", ["is no longer active", "loses the label", "changes agency"])
def test_what_is_taken_from_a_person_is_gone_in_the_next_transaction(
    how: str, looking: tuple[Viewer, Any], builders: Any
) -> None:
    viewer, web = looking
    own = "SELECT count(*) FROM records_record WHERE ref = 'kent/own'"
    assert seen(web, viewer, own) == 1
    match how:
        case "is no longer active":
            Person.objects.filter(pk=viewer.person_id).update(is_active=False)
        case "loses the label":
            Membership.objects.filter(person_id=viewer.person_id, label__key="agency:kent").delete()
        case "changes agency":
            builders.enrolled("kent.analyst", agency="essex")
    assert seen(web, viewer, own) == 0
    assert (seen(web, viewer) > 0) == (how != "is no longer active")


@pytest.mark.parametrize("role", ["crossline_engine", "crossline_owner", "postgres"])
def test_the_web_login_cannot_become_another(role: str, looking: tuple[Viewer, Any]) -> None:
    viewer, web = looking
    for statement in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}", f"GRANT {role} TO current_user"):
        with pytest.raises(psycopg.Error):
            web.execute(statement)
    web.execute("RESET ROLE")
    assert seen(web, None) == 0
    for statement in ("DELETE FROM records_record", "SELECT count(*) FROM access_auditleaf", "CREATE TABLE mine ()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            seen(web, viewer, statement)


def test_an_event_is_never_logged_outside_a_transaction(committed: Any) -> None:
    with pytest.raises(AssertionError, match="outside a transaction"):
        log(Event.EXPORTED, by=Process("tests"), about=Subject("x"), purpose="tests")
    assert not AuditEvent.objects.exists()


def test_the_web_worker_is_given_no_other_login(committed: Any) -> None:
    given = committed.only(Login.WEB)
    with pytest.raises(InstallationError):
        given.conninfo(Login.ENGINE)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(given.conninfo(Login.WEB), user=committed.login(Login.ENGINE).user)


@pytest.mark.parametrize(
    ("guesses", "counted", "of"),
    [
        (12, 5, lambda number: ("kent.analyst", f"192.0.2.{number}")),  # one name from many addresses
        (30, 20, lambda number: (f"kent.{number}", "192.0.2.1")),  # many names from one address
    ],
    ids=["name", "address"],
)
def test_a_volley_of_guesses_is_counted_whole(
    guesses: int, counted: int, of: Callable[[int], tuple[str, str]], committed: Any, builders: Any
) -> None:
    """Many at once, each in a connection of its own: so many are failures, and the rest find the door locked."""
    builders.enrolled("kent.analyst")
    use_login(committed.only(Login.WEB), Login.WEB)

    def guess(number: int) -> int:
        username, address = of(number)
        try:
            sent = {"username": username, "password": f"guess {number}"}
            client = Client(headers={"host": "localhost"}, REMOTE_ADDR=address)
            return client.post("/sign-in", sent).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(guess, range(guesses))) == {422}
    outcomes = rows("SELECT outcome, count(*) FROM access_signinattempt GROUP BY outcome ORDER BY outcome")
    assert outcomes == [("failed", counted), ("refused", guesses - counted)]
