"""Lock-out: after so many failed sign-ins for a name, or from an address, further ones fail for a while, right or wrong.

A name that nobody bears is counted like any other, and a try while locked is answered like a wrong password, so that
neither tells who exists or who is locked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import SignInAttempt
from crossline.access.viewer import Viewer

SITE = Process("site")


@dataclass(frozen=True)
class LockOutRule:
    """So many failures within a time begin a lock, which lasts a time."""

    failures: int
    within: timedelta
    lasts: timedelta
    authority: str


BY_NAME: Final = LockOutRule(
    5,
    timedelta(minutes=15),
    timedelta(minutes=15),
    "[D] docs/decisions/0009-second-factor.md: a guesser gets 20 tries an hour at a name",
)
BY_ADDRESS: Final = LockOutRule(
    20,
    timedelta(minutes=15),
    timedelta(minutes=15),
    "[D] docs/decisions/0009-second-factor.md: an office behind one address mistypes less than this",
)


class Outcome(StrEnum):
    """What came of a try."""

    FAILED = "failed"
    REFUSED = "refused"  # while locked: counts for nothing, so that a lock ends although somebody goes on
    SUCCEEDED = "succeeded"


def is_locked(failures: Sequence[datetime], rule: LockOutRule, now: datetime) -> bool:
    """Whether some failure within the last `lasts` was the one that made it too many. `failures` in order of time."""
    for last in range(rule.failures - 1, len(failures)):
        began = failures[last]
        if began - failures[last - rule.failures + 1] < rule.within and timedelta(0) <= now - began < rule.lasts:
            return True
    return False


@dataclass(frozen=True)
class Door:
    """Where one name is tried from one address; or, with no name, an address alone, from which nobody guesses at a name."""

    username: str
    address: str

    def hold(self) -> None:
        """Until the transaction ends nobody else tries this name, or from this address: tries at once are counted too."""
        with connection.cursor() as cursor:
            # Always the name first, so that two tries never wait for each other.
            if self.username:
                cursor.execute("SELECT pg_advisory_xact_lock(1, hashtext(%s))", [f"sign-in name {self.username}"])
            cursor.execute("SELECT pg_advisory_xact_lock(2, hashtext(%s))", [f"sign-in address {self.address}"])

    def locks(self) -> frozenset[str]:
        """Which locks stand now: "name", "address"."""
        now = timezone.now()
        standing = {
            "name": bool(self.username) and is_locked(self._failures_of_the_name(now), BY_NAME, now),
            "address": is_locked(self._failures_from_the_address(now), BY_ADDRESS, now),
        }
        return frozenset(which for which, locked in standing.items() if locked)

    def failed(
        self,
        *,
        step: str,
        by: Viewer | Process = SITE,
        named: str = "",
        more: Mapping[str, str] | None = None,
        counts: bool = True,
    ) -> None:
        """Write down a failure, or a try that was refused; and a lock that begins with it.

        `named` is whom it was about where no name was guessed at, `more` what else the audit keeps. One that does not count is on
        the audit alone: nothing was guessed at.
        """
        before, whom = self.locks(), self.username or named
        detail = {"step": step, "address": self.address, "locked": sorted(before), **(more or {})}
        if counts:
            self._write(Outcome.REFUSED if before else Outcome.FAILED)
        log(Event.SIGN_IN_FAILED, by=by, about=Subject("person", whom, detail), purpose="sign in")
        begun = self.locks() - before
        if begun:
            detail = {"address": self.address, "locked": sorted(begun)}
            log(Event.SIGN_IN_LOCKED, by=by, about=Subject("person", whom, detail), purpose="sign in")

    def succeeded(self) -> None:
        """Write down that somebody is in: failures of the name before it count no more, those from the address do."""
        self._write(Outcome.SUCCEEDED)

    def _write(self, outcome: Outcome) -> None:
        SignInAttempt(username=self.username, address=self.address, outcome=outcome).save(force_insert=True)

    def _failures_of_the_name(self, now: datetime) -> list[datetime]:
        tried = SignInAttempt.objects.filter(username=self.username, at__gt=now - BY_NAME.within - BY_NAME.lasts)
        since = tried.filter(outcome=Outcome.SUCCEEDED).order_by("-at").values_list("at", flat=True).first()
        failed = tried.filter(outcome=Outcome.FAILED)
        return list(
            (failed if since is None else failed.filter(at__gt=since)).order_by("at").values_list("at", flat=True)
        )

    def _failures_from_the_address(self, now: datetime) -> list[datetime]:
        since = now - BY_ADDRESS.within - BY_ADDRESS.lasts
        failed = SignInAttempt.objects.filter(address=self.address, at__gt=since, outcome=Outcome.FAILED)
        return list(failed.order_by("at").values_list("at", flat=True))


def door(request: HttpRequest, username: str) -> Door:
    """The door that a request knocks at."""
    return Door(username.replace("\0", "")[:80], address_of(request))


def address_of(request: HttpRequest) -> str:
    """Who asks: the other end of the connection, or whom our own proxy says it asks for (the last entry is its own word)."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return (forwarded if forwarded and peer and peer == settings.PROXY else peer)[:45]
