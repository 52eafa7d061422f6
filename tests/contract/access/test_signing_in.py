"""Signing in through the pages as the web role: lock-out, how long a session lasts, and that ended access ends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crossline.access import sessions
from crossline.access.actions import end_access
from crossline.access.audit import Process
from crossline.access.models import AuditEvent, Person, SignInAttempt
from crossline.access.people_actions import change_roles, reset_password_for, restore_access
from crossline.access.roles import Role
from crossline.access.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
TEST = Process("tests")
WRONG = "The username or the password is wrong."


@pytest.fixture
def kent(builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def sign_in(ask: Any, builders: Any) -> Any:
    return lambda username="kent.analyst", password=builders.PASSWORD: ask(
        "/sign-in", username=username, password=password
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What the time is for sessions; a test moves it."""
    now = [1_000_000.0]
    monkeypatch.setattr(sessions.time, "time", lambda: now[0])
    yield now


def is_in(response: Any) -> bool:
    return response.status_code == 302 and response.headers["Location"] == "/"


def is_refused(response: Any) -> bool:
    return response.status_code == 422 and WRONG in response.content.decode()


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(event=name).order_by("at"))


def failures(
    builders: Any, number: int, *, minutes_ago: float, username: str = "kent.analyst", address: str = ""
) -> None:
    """Failures of the past, put in by whoever owns the database."""
    with builders.role("none"):
        for _ in range(number):
            SignInAttempt(
                at=timezone.now() - timedelta(minutes=minutes_ago), username=username, address=address, outcome="failed"
            ).save(force_insert=True)


def test_a_right_password_opens_the_first_page_and_is_on_the_record(kent: Viewer, sign_in: Any, ask: Any) -> None:
    assert is_in(sign_in())
    assert ask("/lines").status_code == 200
    assert [(row.actor, row.detail["with"]) for row in events("signed_in")] == [("kent.analyst", "password")]


def test_five_failures_lock_a_name_and_the_right_password_is_answered_like_a_wrong_one(
    kent: Viewer, sign_in: Any
) -> None:
    wrong = [sign_in(password=f"wrong {number}") for number in range(5)]
    locked = sign_in()
    assert all(is_refused(response) for response in [*wrong, locked])

    def page(response: Any) -> str:
        return str(response.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0])

    assert page(locked) == page(wrong[0]), "the answer tells that the name is locked, or that the password was right"
    assert [row.detail["locked"] for row in events("sign_in_failed")] == [[]] * 5 + [["name"]]
    assert [(row.actor, row.subject, row.detail["locked"]) for row in events("sign_in_locked")] == [
        ("process:site", "kent.analyst", ["name"])
    ]


def test_a_lock_ends_after_a_quarter_of_an_hour_although_somebody_went_on_trying(
    kent: Viewer, sign_in: Any, builders: Any
) -> None:
    failures(builders, 5, minutes_ago=14.9)
    assert is_refused(sign_in())
    assert is_refused(sign_in(password="wrong"))
    with builders.role("none"):
        assert sorted(SignInAttempt.objects.values_list("outcome", flat=True)) == ["failed"] * 5 + ["refused"] * 2
    failures(builders, 5, minutes_ago=15.1, username="kent.other")
    builders.enrolled("kent.other")
    assert is_in(sign_in(username="kent.other"))


def test_signing_in_forgives_the_name_its_failures_and_not_the_address(
    kent: Viewer, sign_in: Any, builders: Any, ask: Any
) -> None:
    failures(builders, 15, minutes_ago=1, username="others", address="127.0.0.1")
    for _ in range(4):
        assert is_refused(sign_in(password="wrong"))
    assert is_in(sign_in())
    ask("/sign-out", out="1")
    assert is_refused(sign_in(password="wrong"))  # the twentieth from this address, the first of this name
    assert is_refused(sign_in())
    assert events("sign_in_locked")[-1].detail["locked"] == ["address"]


def test_a_name_that_nobody_bears_is_counted_and_answered_like_one_that_somebody_does(
    kent: Viewer, sign_in: Any
) -> None:
    pages = {}
    for username in ("kent.analyst", "kent.nobody"):
        answers = [sign_in(username=username, password="wrong").content.decode() for _ in range(6)]
        pages[username] = [answer.split("csrfmiddlewaretoken")[0].replace(username, "…") for answer in answers]
    assert pages["kent.analyst"] == pages["kent.nobody"]
    assert [row.subject for row in events("sign_in_locked")] == ["kent.analyst", "kent.nobody"]


def test_the_password_is_checked_while_locked_too_so_that_each_answer_takes_as_long(
    kent: Viewer, sign_in: Any, builders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    monkeypatch.setattr(Person, "check_password", lambda self, raw: checked.append(raw) or True)
    failures(builders, 5, minutes_ago=1)
    assert is_refused(sign_in(password="tried"))
    assert checked == ["tried"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_signinattempt SET outcome = 'succeeded'",
        "DELETE FROM access_signinattempt",
        "TRUNCATE access_signinattempt",
    ],
)
@pytest.mark.parametrize("role", ["none", "crossline_web", "crossline_engine", "crossline_owner"])
def test_attempts_are_never_changed_or_removed(statement: str, role: str, kent: Viewer, builders: Any) -> None:
    failures(builders, 1, minutes_ago=1)
    with suppress(DatabaseError), transaction.atomic(), builders.role(role), connection.cursor() as cursor:
        cursor.execute(statement)
    with builders.role("none"):
        assert SignInAttempt.objects.get().outcome == "failed"


def test_an_attempt_cannot_be_dated_back(builders: Any) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.role("crossline_web"):
        SignInAttempt(at=timezone.now() - timedelta(hours=1), username="a", address="", outcome="failed").save()


def test_a_session_ends_after_half_an_hour_without_a_request(
    kent: Viewer, sign_in: Any, ask: Any, clock: list[float]
) -> None:
    sign_in()
    for _ in range(3):
        clock[0] += 29 * 60
        assert ask("/lines").status_code == 200
    clock[0] += 30 * 60
    gone = ask("/lines")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/sign-in?next=/lines")
    assert ask("/lines").status_code == 302


def test_a_session_ends_eight_hours_after_it_began_however_much_it_is_used(
    kent: Viewer, sign_in: Any, ask: Any, clock: list[float]
) -> None:
    sign_in()
    for _ in range(23):
        clock[0] += 20 * 60
        assert ask("/lines").status_code == 200
    clock[0] += 20 * 60
    assert ask("/lines").status_code == 302


def test_how_long_idle_is_can_be_set(kent: Viewer, sign_in: Any, ask: Any, clock: list[float], settings: Any) -> None:
    settings.IDLE_MINUTES = 5
    sign_in()
    clock[0] += 4 * 60
    assert ask("/lines").status_code == 200
    clock[0] += 5 * 60
    assert ask("/lines").status_code == 302


def test_signing_in_again_begins_a_session_of_its_own(
    kent: Viewer, sign_in: Any, ask: Any, clock: list[float], settings: Any
) -> None:
    settings.IDLE_MINUTES = 480
    sign_in()
    clock[0] += 7 * 3600
    ask("/sign-out", out="1")
    assert is_in(sign_in())
    clock[0] += 7 * 3600
    assert ask("/lines").status_code == 200


def test_ended_access_is_out_on_the_next_request_and_its_session_does_not_come_back(
    kent: Viewer, sign_in: Any, ask: Any
) -> None:
    sign_in()
    assert ask("/lines").status_code == 200
    end_access(username="kent.analyst", reason="left the force", by=TEST)
    gone = ask("/lines")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/sign-in?next=/lines")
    assert is_refused(sign_in())
    restore_access(username="kent.analyst", reason="ended by mistake", by=TEST)
    assert ask("/lines").status_code == 302


def test_restoring_at_once_does_not_revive_a_session_that_was_open(kent: Viewer, sign_in: Any, ask: Any) -> None:
    sign_in()
    end_access(username="kent.analyst", reason="left the force", by=TEST)
    restore_access(username="kent.analyst", reason="ended by mistake", by=TEST)
    assert ask("/lines").status_code == 302


def test_a_reset_password_ends_what_is_open_and_must_be_changed_first(
    kent: Viewer, sign_in: Any, ask: Any, builders: Any
) -> None:
    sign_in()
    given = reset_password_for(username="kent.analyst", lost_device=False, by=TEST)
    assert ask("/lines").status_code == 302
    assert is_refused(sign_in())
    assert sign_in(password=given).status_code == 302
    assert ask("/lines").headers["Location"] == "/password"
    assert ask("/second-factor").headers["Location"] == "/password"
    assert ask("/password").status_code == 200
    new = "three words of mine"
    for present, chosen, again in (
        (given, "short", "short"),
        (given, new, "another"),
        ("wrong", new, new),
        (given,) * 3,
    ):
        assert ask("/password", present=present, new=chosen, again=again).status_code == 422
    assert ask("/password", present=given, new=new, again=new).status_code == 302
    assert ask("/lines").status_code == 200
    ask("/sign-out", out="1")
    assert is_refused(sign_in(password=given))
    assert is_in(sign_in(password=new))
    assert len(events("password_changed")) == 1


def test_guessing_the_present_password_at_an_open_screen_locks_the_name(kent: Viewer, sign_in: Any, ask: Any) -> None:
    sign_in()
    new = "three words of mine"
    for _ in range(5):
        assert ask("/password", present="wrong", new=new, again=new).status_code == 422
    ask("/sign-out", out="1")
    assert is_refused(sign_in())
    assert events("sign_in_locked")[0].actor == "kent.analyst"


def test_changed_roles_hold_from_the_next_request_on(kent: Viewer, sign_in: Any, ask: Any) -> None:
    sign_in()
    assert ask("/lines").status_code == 200
    change_roles(username="kent.analyst", roles=[Role.AUDITOR], by=TEST)
    assert ask("/lines").status_code == 404
    assert ask("/").headers["Location"] == "/audit/desk"


@pytest.mark.parametrize(
    ("roles", "begins"),
    [([Role.ADMINISTRATOR], "/people-admin"), ([Role.AUDITOR], "/audit/desk"), ([Role.ANALYST], "/")],
)
def test_everybody_begins_where_their_roles_lead(
    roles: list[Role], begins: str, builders: Any, sign_in: Any, ask: Any
) -> None:
    builders.enrolled("kent.new-one", roles=roles)
    assert sign_in(username="kent.new-one").headers["Location"] == begins
    assert ask(begins).status_code == 200
    assert ask("/").status_code == (200 if begins == "/" else 302)


def test_a_hash_of_older_strength_is_no_error_although_the_web_role_may_not_renew_it(
    kent: Viewer, sign_in: Any, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert is_in(sign_in())
