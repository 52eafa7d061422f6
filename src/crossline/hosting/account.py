"""The operating-system account that the embedded server runs under, and what that account can reach.

PostgreSQL refuses to run as root. When we are root its programs run as `crossline` if there is such an account, else as
`nobody`, or as the one that CROSSLINE_SERVER_ACCOUNT names. No account is made and no existing permission is loosened.
"""

import errno
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossline.errors import InstallationError

PREFERRED = ("crossline", "nobody")


@dataclass(frozen=True)
class Account:
    """Who owns the data folder. `borrowed` when we are root and lend the work to somebody without rights."""

    name: str
    uid: int
    gid: int
    borrowed: bool

    def subprocess_arguments(self) -> dict[str, Any]:
        """For subprocess: become this account. Not preexec_fn, which cannot run while the interpreter shuts down."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make the account the owner of something that we have just made."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        """Asked of the system itself, so access lists and mount options count as well."""
        return not self.borrowed or self._manages(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def can_run(self, program: Path) -> bool:
        return not self.borrowed or self._manages([str(program), "--version"])

    def _manages(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command,
                cwd="/",
                env={"PATH": "/usr/bin:/bin"},
                capture_output=True,
                check=False,
                **self.subprocess_arguments(),
            )
        except OSError as error:
            # Becoming the account failed (EPERM; EINVAL where its number means nothing); EACCES is the program's.
            if error.errno in (errno.EPERM, errno.EINVAL):
                raise _cannot_lend(self.name) from error
            return False
        return done.returncode == 0


def server_account(wanted: str | None = None) -> Account:
    """The account for the server's programs: our own, or when we are root one without rights."""
    if os.geteuid() != 0:
        return Account(name=str(os.geteuid()), uid=os.geteuid(), gid=os.getegid(), borrowed=False)
    for name in (wanted,) if wanted else PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid == 0:
            break
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, borrowed=True)
    named = wanted or " or ".join(PREFERRED)
    raise InstallationError(
        f"PostgreSQL does not run as root and there is no account without rights named {named}: "
        "set CROSSLINE_SERVER_ACCOUNT to an account without rights, or run Crossline as an ordinary user."
    )


def _cannot_lend(name: str) -> InstallationError:
    return InstallationError(
        f"This root account may not start programs as {name}, and PostgreSQL does not run as root: "
        "run Crossline as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
    )
