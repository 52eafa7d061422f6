"""When a lock begins and ends, as arithmetic on times; and whose address is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from crossline.access.lock_out import BY_ADDRESS, BY_NAME, LockOutRule, address_of, is_locked

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def minutes(*after: float) -> list[datetime]:
    return [BEGAN + timedelta(minutes=each) for each in after]


def test_the_rules_are_as_decided_and_each_names_its_authority() -> None:
    quarter = timedelta(minutes=15)
    assert (BY_NAME.failures, BY_NAME.within, BY_NAME.lasts) == (5, quarter, quarter)
    assert (BY_ADDRESS.failures, BY_ADDRESS.within, BY_ADDRESS.lasts) == (20, quarter, quarter)
    assert all(rule.authority.startswith("[D] ") for rule in (BY_NAME, BY_ADDRESS))


@pytest.mark.parametrize(
    ("failures", "now", "locked"),
    [
        (minutes(0, 1, 2, 3), 3, False),
        (minutes(0, 1, 2, 3, 4), 4, True),
        (minutes(0, 1, 2, 3, 4), 18.9, True),
        (minutes(0, 1, 2, 3, 4), 19, False),  # a quarter of an hour after the fifth, not after the first
        (minutes(0, 0, 0, 0, 0), 0, True),
        (minutes(0, 4, 8, 12, 14.9), 14.9, True),
        (minutes(0, 4, 8, 12, 15), 15, False),
        (minutes(0, 4, 8, 12, 15, 16), 16, True),
        ([], 0, False),
    ],
)
def test_five_within_a_quarter_of_an_hour_lock_for_one(failures: list[datetime], now: float, locked: bool) -> None:
    assert is_locked(failures, BY_NAME, minutes(now)[0]) is locked


def test_a_rule_of_one_locks_at_once() -> None:
    rule = LockOutRule(1, timedelta(minutes=1), timedelta(minutes=2), "[D] test")
    assert is_locked(minutes(0), rule, minutes(1.9)[0])
    assert not is_locked(minutes(0), rule, minutes(2)[0])


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxy", "counted"),
    [
        ("192.0.2.7", "", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.9", "192.0.2.7"),
        ("192.0.2.9", "198.51.100.1", "192.0.2.9", "198.51.100.1"),
        ("192.0.2.9", "203.0.113.5, 198.51.100.1", "192.0.2.9", "198.51.100.1"),
        ("192.0.2.9", "", "192.0.2.9", "192.0.2.9"),
        ("", "198.51.100.1", "", ""),
    ],
)
def test_only_our_own_proxy_is_believed_and_only_its_own_word(
    peer: str, forwarded: str, proxy: str | None, counted: str, settings: Any
) -> None:
    settings.PROXY = proxy
    request = RequestFactory().post("/sign-in", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == counted
