"""How long a session lasts: so long from its beginning, and so long without a request. Kept in the session itself.

Django's own age begins anew with every change of a session, so it holds neither.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

_BEGAN: Final = "began"
_SEEN: Final = "seen"
_WITH_CODE: Final = "second_factor"
_PROVIDER: Final = "identity_provider"
_SEEN_EVERY: Final = 60.0
"""Seconds between writes of when a session was last used: an idle session may end so much early, and never late."""


def begin(session: SessionBase) -> None:
    """A session begins with signing in, whatever was in it before."""
    session[_BEGAN] = session[_SEEN] = time.time()
    session.pop(_WITH_CODE, None)
    session.pop(_PROVIDER, None)


def is_over(session: SessionBase) -> bool:
    """Whether a session has run out. One that has not is marked as used now."""
    now = time.time()
    began, seen = session.setdefault(_BEGAN, now), session.setdefault(_SEEN, now)
    if now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.IDLE_MINUTES * 60:
        return True
    if now - seen >= _SEEN_EVERY:
        session[_SEEN] = now
    return False


@dataclass(frozen=True)
class Provided:
    """An identity provider vouched for whoever signed in: of which agency, and where one signs out there, if anywhere."""

    agency: str
    sign_out: str | None


def mark_provided(session: SessionBase, by: Provided) -> None:
    """An identity provider vouched for whoever is signed in here."""
    session[_PROVIDER] = asdict(by)


def provided(session: SessionBase) -> Provided | None:
    """Which identity provider vouched for whoever is signed in here; None where they gave a password."""
    held = session.get(_PROVIDER)
    return None if held is None else Provided(**held)


def mark_second_factor(session: SessionBase, held: bool = True) -> None:
    """Whether whoever is signed in here has shown a second factor."""
    session[_WITH_CODE] = held


def has_second_factor(session: SessionBase) -> bool:
    """Whether a second factor was shown in this session."""
    return bool(session.get(_WITH_CODE, False))
