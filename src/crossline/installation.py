"""Making an installation ready in one process: the database, its tables, the agencies; and which login the process uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from crossline.hosting.configuration import read_configuration
from crossline.hosting.database import django_database, ensure_database
from crossline.hosting.home import Home, resolve_home
from crossline.hosting.keys import deconfliction_key, seal_key
from crossline.hosting.logins import DatabaseAccess, Login

if TYPE_CHECKING:
    from crossline.records.disposal import Reach


@dataclass(frozen=True)
class Installation:
    """An installation that is ready: its home, the way to its database, and whether people have agreed to what it does."""

    home: Home
    access: DatabaseAccess
    policy_in_force: bool = True


def make_ready(*, to_be_agreed: bool = False) -> Installation:
    """The database is up, migrated, found safe and holds the agencies; this process then works as the engine login.

    Raises where the policy of this software waits for two people. `to_be_agreed`: it may, because the site is started so that
    they can read it and agree, or because somebody has to be let in who will.
    """
    home = resolve_home()
    access = ensure_database(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
    django.setup()
    given = read_configuration().deconfliction_key
    settings.DECONFLICTION_KEY = bytes.fromhex(given.get_secret_value() if given else deconfliction_key(home))
    use_login(access, Login.OWNER)
    call_command("migrate", verbosity=0, interactive=False)
    use_login(access, Login.ENGINE)
    from crossline.access.actions import load_agencies  # models exist only after set-up
    from crossline.access.boot_check import refuse_unsafe

    refuse_unsafe(access, Login.ENGINE)
    with transaction.atomic():
        load_agencies()
    installation = Installation(home, access, _write_down_policy(to_be_agreed))
    _dispose_again(installation)
    return installation


def _write_down_policy(to_be_agreed: bool) -> bool:
    """Before anything is read: whether what this software does is what was agreed to. If not, it is written down and waits."""
    from crossline.access.policy_changes.actions import State, refuse_unless, write_down
    from crossline.site.policy.statement import running

    in_force = write_down(stated=running(), offered=to_be_agreed) is State.IN_FORCE
    refuse_unless(in_force or to_be_agreed)
    return in_force


def _dispose_again(installation: Installation) -> None:
    """Before anything is served: a backup that was restored may hold what has been disposed of since it was made."""
    from django.utils import timezone

    from crossline.records.disposal import replay_disposals

    replay_disposals(reach_of(installation), now=timezone.now())


def reach_of(installation: Installation) -> Reach:
    """What disposal reaches in this installation besides its tables."""
    from crossline.records.disposal import Reach
    from crossline.records.retention.journal import Journal
    from crossline.rights.recalls.calling_back import call_back
    from crossline.safeguarding.forgetting import forget_concerns

    second = read_configuration().disposals
    journal = Journal((installation.home.disposals, *([second] if second else [])))
    return Reach(installation.home.communications, journal, forget_concerns, call_back)


@contextmanager
def sealed(installation: Installation, *, say: Callable[[str], None]) -> Iterator[None]:
    """While a command works, the audit of what it does is sealed beside it, and once more as it ends."""
    from crossline.access.sealing import Sealer, sealing  # the room's models exist only after set-up

    second = read_configuration().checkpoints
    files = [installation.home.checkpoints, *([second] if second else [])]
    sealer = Sealer(installation.access.conninfo(Login.SEALER), seal_key(installation.home), files)
    with sealing(sealer, say=say):
        yield


def use_login(access: DatabaseAccess, kind: Login) -> None:
    """From here on this process connects as that login, and as no other."""
    connections["default"].close()
    connections.settings["default"].update(django_database(access, kind))
    del connections["default"]
