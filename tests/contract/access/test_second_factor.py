"""A second factor through the pages as the web role: set up, asked for, used once, lost, removed; and how its secret lies."""

from __future__ import annotations

import base64
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from crossline.access import one_time_codes as codes
from crossline.access import second_factor
from crossline.access.audit import Process
from crossline.access.models import AuditEvent, RecoveryCode, SecondFactor, SecondFactorEnd, UsedCode
from crossline.access.people_actions import end_access, reset_password_for
from crossline.access.roles import Role
from crossline.access.viewer import Viewer, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
TEST = Process("tests")


@pytest.fixture
def kent(builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the time is for codes; a test moves it."""
    now = [1_000_000_000.0]
    monkeypatch.setattr(second_factor.time, "time", lambda: now[0])
    return now


@pytest.fixture
def sign_in(ask: Any, builders: Any) -> Any:
    return lambda **more: ask("/sign-in", username="kent.analyst", password=builders.PASSWORD, **more)


@pytest.fixture
def device(kent: Viewer, ask: Any, sign_in: Any, builders: Any, clock: list[float]) -> Any:
    """Somebody with a second factor who is signed out: what their device shows now, and their recovery codes."""
    sign_in()
    page = ask("/second-factor").content.decode()
    secret = secret_on(page)
    done = ask(
        "/second-factor", code=codes.code_of(secret, codes.step_at(clock[0])), present=builders.PASSWORD
    ).content.decode()
    recovery = re.findall(r'<li class="crossline-code">([a-z2-9]{5}-[a-z2-9]{5})</li>', done)
    ask("/sign-out", out="1")
    clock[0] += 60

    def shows() -> str:
        return codes.code_of(secret, codes.step_at(clock[0]))

    shows.recovery = recovery  # type: ignore[attr-defined]
    shows.secret = secret  # type: ignore[attr-defined]
    return shows


def secret_on(page: str) -> bytes:
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return base64.b32decode(found[1].replace(" ", ""))


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(event=name).order_by("at"))


def test_a_password_alone_opens_nothing_once_there_is_a_second_factor(device: Any, ask: Any, sign_in: Any) -> None:
    answer = sign_in(next="/records")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/code")
    assert ask("/lines").headers["Location"] == "/sign-in?next=/lines"
    assert ask("/sign-in/code").status_code == 200
    assert ask("/sign-in/code", code="000000").status_code == 422
    assert ask("/lines").status_code == 302
    opened = ask("/sign-in/code", code=f"{device()[:3]} {device()[3:]}")
    assert (opened.status_code, opened.headers["Location"]) == (302, "/records")
    assert ask("/lines").status_code == 200
    assert [row.detail["with"] for row in events("signed_in")] == ["password", "code"]
    assert [row.actor for row in events("code_asked")] == ["kent.analyst"]
    assert [row.detail["step"] for row in events("sign_in_failed")] == ["code"]


def test_a_code_is_usable_once(device: Any, ask: Any, sign_in: Any) -> None:
    sign_in()
    assert ask("/sign-in/code", code=device()).status_code == 302
    ask("/sign-out", out="1")
    sign_in()
    assert ask("/sign-in/code", code=device()).status_code == 422


def test_the_code_that_set_it_up_is_used_up_too(device: Any, ask: Any, sign_in: Any, clock: list[float]) -> None:
    clock[0] -= 60
    sign_in()
    assert ask("/sign-in/code", code=device()).status_code == 422


def test_each_recovery_code_lets_in_once(device: Any, ask: Any, sign_in: Any) -> None:
    assert len(set(device.recovery)) == 10
    sign_in()
    assert ask("/sign-in/code", code=device.recovery[3].upper()).status_code == 302
    assert "Recovery codes left" in (page := ask("/second-factor").content.decode())
    assert re.search(r"<dd[^>]*>9</dd>", page)
    ask("/sign-out", out="1")
    sign_in()
    assert ask("/sign-in/code", code=device.recovery[3]).status_code == 422
    assert ask("/sign-in/code", code=device.recovery[4]).status_code == 302
    assert events("signed_in")[-1].detail["with"] == "recovery"


def test_five_wrong_codes_lock_the_name_and_a_right_one_is_answered_like_a_wrong_one(
    device: Any, ask: Any, sign_in: Any
) -> None:
    sign_in()
    answers = [ask("/sign-in/code", code="000000") for _ in range(5)]
    answers.append(ask("/sign-in/code", code=device()))
    assert [answer.status_code for answer in answers] == [422] * 6
    assert sign_in().status_code == 422
    assert events("sign_in_locked")[0].detail["locked"] == ["name"]


def test_the_code_must_come_soon_after_the_password_and_of_a_person_who_may_still_sign_in(
    device: Any, ask: Any, sign_in: Any, clock: list[float]
) -> None:
    assert ask("/sign-in/code").headers["Location"] == "/sign-in"
    sign_in()
    clock[0] += 301
    assert ask("/sign-in/code", code=device()).headers["Location"] == "/sign-in"
    sign_in()
    end_access(username="kent.analyst", reason="left", by=TEST)
    assert ask("/sign-in/code", code=device()).headers["Location"] == "/sign-in"
    assert ask("/lines").status_code == 302


def test_a_password_that_is_reset_between_the_steps_ends_the_sign_in(device: Any, ask: Any, sign_in: Any) -> None:
    sign_in()
    reset_password_for(username="kent.analyst", lost_device=False, by=TEST)
    assert ask("/sign-in/code", code=device()).headers["Location"] == "/sign-in"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_off_the_site(wanted: str, device: Any, ask: Any, sign_in: Any) -> None:
    sign_in(next=wanted)
    assert ask("/sign-in/code", code=device()).headers["Location"] == "/"


def test_setting_up_needs_the_password_and_a_right_code(kent: Viewer, ask: Any, sign_in: Any, builders: Any) -> None:
    sign_in()
    page = ask("/second-factor").content.decode()
    secret = secret_on(page)
    right = codes.code_of(secret, codes.step_at(second_factor.time.time()))
    assert "otpauth://totp/Crossline:kent.analyst?" in page
    assert ask("/second-factor", code=right, present="wrong").status_code == 422
    refused = ask("/second-factor", code="000000", present=builders.PASSWORD)
    assert refused.status_code == 422
    assert secret_on(refused.content.decode()) == secret, "the secret on the page is the one that the device has"
    assert not events("second_factor_added")
    assert ask("/second-factor", code=right, present=builders.PASSWORD).status_code == 200
    assert [row.actor for row in events("second_factor_added")] == ["kent.analyst"]


def test_it_is_removed_with_a_code_and_another_can_be_set_up(device: Any, ask: Any, sign_in: Any) -> None:
    sign_in()
    ask("/sign-in/code", code=device.recovery[0])
    assert ask("/second-factor", code="000000").status_code == 422
    assert ask("/second-factor", code=device()).status_code == 302
    assert secret_on(ask("/second-factor").content.decode()) != device.secret
    ask("/sign-out", out="1")
    assert sign_in().headers["Location"] == "/"
    assert [row.actor for row in events("second_factor_ended")] == ["kent.analyst"]


def test_a_lost_device_is_taken_away_with_a_reset(device: Any, ask: Any, sign_in: Any) -> None:
    given = reset_password_for(username="kent.analyst", lost_device=True, by=TEST)
    assert ask("/sign-in", username="kent.analyst", password=given).headers["Location"] == "/"
    assert [row.actor for row in events("second_factor_ended")] == ["process:tests"]


def test_where_it_is_required_everything_waits_until_it_is_set_up(
    kent: Viewer, ask: Any, sign_in: Any, builders: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    sign_in()
    for address in ("/", "/lines", "/records", "/people-admin"):
        assert ask(address).headers["Location"] == "/second-factor"
    secret = secret_on(ask("/second-factor").content.decode())
    right = codes.code_of(secret, codes.step_at(second_factor.time.time()))
    assert ask("/second-factor", code=right, present=builders.PASSWORD).status_code == 200
    assert ask("/lines").status_code == 200


def test_where_it_is_required_a_code_at_sign_in_is_enough(device: Any, ask: Any, sign_in: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    sign_in()
    ask("/sign-in/code", code=device())
    assert ask("/lines").status_code == 200


def test_secrets_lie_encrypted_for_one_person_and_recovery_codes_as_keyed_hashes(
    device: Any, kent: Viewer, builders: Any, settings: Any
) -> None:
    with builders.role("none"):
        held = bytes(SecondFactor.objects.get().secret)
        hashes = set(RecoveryCode.objects.values_list("hash", flat=True))
        factor = SecondFactor.objects.get().id
    assert device.secret not in held
    assert second_factor.opened(held, kent.person_id) == device.secret
    assert second_factor.opened(held, uuid4()) is None
    assert second_factor.opened(held[:-1] + bytes([held[-1] ^ 1]), kent.person_id) is None
    plain = [codes.as_typed(code) for code in device.recovery]
    assert hashes == {second_factor.recovery_hash(code, factor) for code in plain}
    settings.SECOND_FACTOR_KEY = bytes(32)
    assert second_factor.opened(held, kent.person_id) is None
    assert not hashes & {second_factor.recovery_hash(code, factor) for code in plain}
    assert not [table for code in plain for table in builders.tables_holding(code)]


def test_nobody_reads_or_ends_anothers_second_factor(device: Any, kent: Viewer, builders: Any) -> None:
    colleague = builders.enrolled("kent.colleague")
    elsewhere = builders.enrolled("essex.administrator", agency="essex", roles=[Role.ADMINISTRATOR])
    mine = builders.enrolled("kent.administrator", roles=[Role.ADMINISTRATOR])
    centre = builders.enrolled("centre.administrator", agency="nclcc", roles=[Role.ADMINISTRATOR])
    with builders.role("none"):
        factor = SecondFactor.objects.get().id

    def seen(viewer: Viewer) -> tuple[int, int, int]:
        with builders.seen_by(viewer):
            return SecondFactor.objects.count(), RecoveryCode.objects.count(), UsedCode.objects.count()

    def may(viewer: Viewer, row: Any) -> bool:
        try:
            with transaction.atomic(), builders.role("crossline_web"), reading(viewer):
                row.save(force_insert=True)
        except DatabaseError as error:
            assert "row-level security" in str(error)
            return False
        return True

    assert seen(kent) == (1, 10, 1)
    assert seen(colleague) == seen(elsewhere) == (0, 0, 0)
    assert seen(mine) == seen(centre) == (1, 0, 0), "that there is one, and not with what"
    for viewer, expected in ((kent, True), (mine, True), (centre, True), (colleague, False), (elsewhere, False)):
        assert may(viewer, SecondFactorEnd(factor_id=factor, ended_by=viewer.username)) is expected, viewer.username
    assert not may(mine, SecondFactorEnd(factor_id=factor, ended_by="kent.analyst"))
    assert not may(mine, SecondFactor(person_id=kent.person_id, secret=b""))
    assert not may(mine, UsedCode(factor_id=factor, used="step 1"))
    assert not may(mine, RecoveryCode(factor_id=factor, hash="0" * 64))
    assert may(kent, UsedCode(factor_id=factor, used="step 1"))
