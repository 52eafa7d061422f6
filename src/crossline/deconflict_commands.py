"""`crossline deconflict`: its words on the command line, and checking a file of values in somebody's name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from crossline.commands import say
from crossline.errors import UsageError


def add_to(to: Any, add: Callable[..., argparse.ArgumentParser]) -> Any:
    """Add the command with its sub-command, and give where others are added; `add` is the command line's own way."""
    example = (
        "crossline deconflict check numbers.csv --as kent.analyst --purpose 'before arrests' --operation Larch "
        "--contact 'Larch desk' --out answers.csv"
    )
    deconflict = add(to, "deconflict", _needs_its_command, "ask what others work on", example)
    acts = deconflict.add_subparsers(dest="analysis", required=True, metavar="COMMAND", parser_class=type(deconflict))
    told = "check every value of a file (columns scheme and value) against what other agencies work on"
    command = add(acts, "check", check, told, example)
    command.add_argument("file", type=Path, metavar="FILE.csv")
    command.add_argument("--as", dest="username", metavar="USER", required=True, help="in whose name")
    command.add_argument("--purpose", required=True, help="what for; whoever works on the same reads it")
    command.add_argument("--operation", required=True, help="for which operation; your own agency alone reads it")
    command.add_argument("--contact", required=True, help="whom the other side rings")
    command.add_argument("--stands", type=int, default=91, metavar="DAYS", help="how long: 28, 91, 182 or 365 days")
    command.add_argument("--approval", metavar="ID", help="the request that a second person has allowed")
    command.add_argument("--out", type=Path, metavar="FILE")
    return acts


def _needs_its_command() -> int:
    """Never runs: `deconflict` needs its command, and the parser says so."""
    raise UsageError("deconflict needs a command: check, private-ask, private-answer or private-read.")


def check(
    *,
    file: Path,
    username: str,
    purpose: str,
    operation: str,
    contact: str,
    stands: int,
    approval: str | None,
    out: Path | None,
) -> int:
    """Ask about every value of a file; 1 where a row could not be read, or a second person has to allow it first."""
    from crossline.installation import make_ready, sealed, use_login

    installation = make_ready()
    from crossline.access.people import viewer_named
    from crossline.access.viewer import reading
    from crossline.deconfliction.checking import Why
    from crossline.deconfliction.files import as_rows, check_file, read_check_file
    from crossline.hosting.logins import Login

    try:
        allowed = UUID(approval) if approval else None
    except ValueError:
        raise UsageError(f"{approval!r} is no approval: give the last part of its page's address.") from None
    why = Why(purpose, operation, contact, stands)
    values = read_check_file(file)
    viewer = viewer_named(username)
    use_login(installation.access, Login.WEB)
    with sealed(installation, say=say), reading(viewer) as viewpoint:
        answer = check_file(file=values, why=why, viewpoint=viewpoint, approval=allowed)
    if answer.waits_for is not None:
        say(
            f"{len(values.asked):,} values need a second person: an information manager of the agency decides at "
            f"/approvals/{answer.waits_for}; then run this again with --approval {answer.waits_for}"
        )
        return 1
    _write(list(as_rows(answer)), out)
    bad = sum(bool(row.problem) for row in values.rows)
    met = sum(bool(answered and answered.told) for _, answered in answer.rows)
    say(f"{len(values.rows):,} rows: {met:,} met another agency, {bad:,} could not be read.")
    return 1 if bad else 0


def _write(rows: list[tuple[str | int, ...]], out: Path | None) -> None:
    """As every export: what a spreadsheet would run is made inert."""
    from crossline.deconfliction.files import ANSWER_COLUMNS
    from crossline.exchange.plain_formats import write_rows

    if out is None:
        write_rows(ANSWER_COLUMNS, rows, sys.stdout.buffer)
        return
    with out.open("wb") as file:
        out.chmod(0o600)
        write_rows(ANSWER_COLUMNS, rows, file)
