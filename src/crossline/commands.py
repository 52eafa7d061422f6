"""What each sub-command does. Rooms are imported inside, because Django must be set up first and the engines need none."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.errors import FileUnreadable, UserError

if TYPE_CHECKING:
    from crossline.installation import Installation


def say(text: str) -> None:
    """A line of progress, on standard error so that standard output stays the result's."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class _Clock:
    """Says each stage with the seconds it took."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def done(self, what: str) -> None:
        say(f"  {what} ({time.monotonic() - self.begun:.0f} s)")
        self.begun = time.monotonic()


def demo(*, scale: str, seed: int, port: int | None, no_serve: bool) -> int:
    """Simulate, take in, analyse, and serve until stopped. The same demonstration again goes straight to serving."""
    from crossline.installation import make_ready, sealed

    installation = make_ready(to_be_agreed=True)
    say(f"Crossline is in {installation.home.root}")
    with sealed(installation, say=say):
        refused = _made_demo(installation, scale, seed)
        if not no_serve:
            _print_sign_ins()
            return _serve(installation, port)
    say("Loaded and analysed. Serve it with: crossline serve")
    return 1 if refused else 0


def _made_demo(installation: Installation, scale: str, seed: int) -> int:
    """Load and analyse the demonstration unless it is there, with its people; gives how many deliveries were refused."""
    from crossline.access.policy_changes.actions import refuse_unless

    clock = _Clock()
    mark = installation.home.root / "demo.json"
    wanted = {"scale": scale, "seed": seed}
    refused = 0
    if _demo_is_new(mark, wanted):
        refuse_unless(installation.policy_in_force)
        refused = _load_demo(installation, scale, seed, clock)
        _refresh(installation, full=False)
        clock.done("analysed")
        mark.write_text(json.dumps(wanted), encoding="utf-8")
    else:
        say("This demonstration is loaded already.")
    from crossline.hosting.logins import Login
    from crossline.installation import use_login
    from crossline.roster import enrol_people, let_agencies_answer, refer_a_child

    enrol_people()
    use_login(installation.access, Login.WEB)
    try:
        let_agencies_answer()
        refer_a_child()
    finally:
        use_login(installation.access, Login.ENGINE)
    return refused


def _demo_is_new(mark: Path, wanted: dict[str, object]) -> bool:
    """Whether the demonstration has still to be loaded. A demonstration never mixes with other data."""
    from crossline.records.models import Delivery

    if mark.exists():
        held = json.loads(mark.read_text(encoding="utf-8"))
        if held != wanted:
            raise UserError(
                f"{mark.parent} holds the demonstration of scale {held['scale']} with seed {held['seed']}; set CROSSLINE_HOME to "
                "another folder for another one, or remove that folder."
            )
        return False
    begun = mark.with_name("demo-begun.json")
    if begun.exists() and json.loads(begun.read_text(encoding="utf-8")) == wanted:
        return True  # stopped half way: taking the same deliveries in again loses and doubles nothing
    if Delivery.objects.exists():
        raise UserError(
            f"{mark.parent} holds deliveries already; set CROSSLINE_HOME to another folder for a demonstration."
        )
    begun.write_text(json.dumps(wanted), encoding="utf-8")
    return True


def _load_demo(installation: Installation, scale: str, seed: int, clock: _Clock) -> int:
    with tempfile.TemporaryDirectory(prefix="crossline-simulation-", dir=installation.home.root) as folder:
        say(f"Simulating a {scale} with seed {seed}; every person, number and address in it is invented")
        _simulate(Path(folder), scale, seed)
        clock.done("simulated")
        refused = _intake(installation, sorted((Path(folder) / "deliveries").iterdir()))
        clock.done("taken in")
        kept = installation.home.root / "truth"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(Path(folder) / "truth", kept)
    return refused


def simulate(*, out: Path, scale: str, seed: int, deliveries: str) -> int:
    """Write deliveries/ and truth/ under `out`."""
    _simulate(out, scale, seed, deliveries)
    return 0


def _simulate(out: Path, scale: str, seed: int, deliveries: str = "yearly") -> None:
    from crossline.simulation.nation import simulate as write_nation
    from crossline.simulation.parameters import Deliveries, Scale

    if (out / "deliveries").exists():
        raise UserError(f"{out} already holds deliveries; give a folder that does not, so that two nations do not mix.")
    write_nation(
        out=out,
        scale=Scale(scale),
        seed=seed,
        deliveries=Deliveries(deliveries),
        progress=lambda text: say(f"  {text}"),
    )


def intake(*, paths: Sequence[Path]) -> int:
    """Take in each delivery; a delivery that is refused does not stop the next. 0 when every delivery was handled."""
    from crossline.installation import make_ready, sealed

    installation = make_ready()
    with sealed(installation, say=say):
        return 1 if _intake(installation, paths) else 0


def _intake(installation: Installation, paths: Sequence[Path]) -> int:
    from crossline.deconfliction.pointing import make_pointers
    from crossline.errors import DeliveryRefused
    from crossline.records.intake.accept import take_in
    from crossline.records.intake.folder import HEADER

    refused = 0
    for path in paths:
        deliveries = (
            [path] if path.is_file() or (path / HEADER).exists() else sorted(p.parent for p in path.glob(f"*/{HEADER}"))
        )
        for delivery in deliveries or [path]:
            try:
                receipt = take_in(
                    delivery, communications=installation.home.communications, progress=lambda text: say(f"  {text}")
                )
            except DeliveryRefused as refusal:
                refused += 1
                say(f"refused: {refusal}")
                continue
            say(f"  {receipt.line()}")
            for reason in receipt.reasons[:3]:
                say(f"    {reason}")
    make_pointers()
    return refused


def refresh(*, full: bool) -> int:
    """Run what is due."""
    from crossline.installation import make_ready, sealed

    installation = make_ready()
    with sealed(installation, say=say):
        _refresh(installation, full=full)
    return 0


def _refresh(installation: Installation, *, full: bool) -> None:
    from crossline.installation import reach_of
    from crossline.rhythm import refresh as run_due

    done = run_due(reach=reach_of(installation), full=full, progress=lambda text: say(f"  {text}"))
    say(f"  {done.line()}")


def export(
    *,
    what: str,
    format: str,  # noqa: A002  # the option's name
    username: str | None,
    out: Path | None,
    with_restricted: bool = False,
) -> int:
    """Write an export, with a person's need-to-know or as the local administrator."""
    from crossline.installation import make_ready, sealed, use_login

    installation = make_ready()
    from crossline.access.people import viewer_named
    from crossline.access.viewer import ADMINISTRATOR, reading
    from crossline.exchange.exports import give_out, prepare
    from crossline.hosting.logins import Login

    viewer = ADMINISTRATOR if username is None else viewer_named(username)
    if username is not None:
        use_login(installation.access, Login.WEB)
    with sealed(installation, say=say):
        with reading(viewer) as viewpoint:
            prepared = prepare(what, format, viewpoint, with_restricted=with_restricted)
        give_out(prepared, out)
    return 0


def score(*, truth: Path) -> int:
    """Print the score sheet."""
    from crossline.installation import make_ready

    make_ready()
    from crossline.access.viewer import ADMINISTRATOR, reading
    from crossline.exchange.score_sheet import score as compare

    with reading(ADMINISTRATOR) as viewpoint:
        sys.stdout.write(compare(truth, viewpoint).as_text())
    return 0


def serve(*, port: int | None) -> int:
    """Serve until stopped."""
    from crossline.installation import make_ready, sealed

    installation = make_ready(to_be_agreed=True)
    with sealed(installation, say=say):
        return _serve(installation, port)


def _serve(installation: Installation, port: int | None) -> int:
    from crossline.access.boot_check import refuse_unsafe
    from crossline.hosting.logins import Login
    from crossline.hosting.web import serve as run

    refuse_unsafe(installation.access, Login.WEB)
    if not installation.policy_in_force:
        say(
            "The policy has changed: the site shows nothing but the page /policy until two information managers of the centre "
            "have agreed to it there."
        )
    return run(port, access=installation.access, home=installation.home, say=say)


def administrator(*, username: str, name: str, agency: str) -> int:
    """Make somebody an administrator who can sign in, and print their temporary password."""
    from crossline.installation import make_ready, sealed

    installation = make_ready(to_be_agreed=True)
    from crossline.access.audit import Process
    from crossline.access.people_actions import appoint_administrator

    with sealed(installation, say=say):
        given = appoint_administrator(username=username, name=name, agency=agency, by=Process("administrator command"))
    sys.stdout.write(f"{given}\n")
    say(f"That is the temporary password of {username}, shown this once; they choose their own when they sign in.")
    return 0


def audit_verify(*, checkpoints: Sequence[Path], key: str | None) -> int:
    """Check the sealed audit against the checkpoints that were given out; 1 when something is wrong."""
    import psycopg

    from crossline.audit_verifier import read_file, report, verify
    from crossline.hosting.database import ensure_database
    from crossline.hosting.home import resolve_home
    from crossline.hosting.logins import Login

    home = resolve_home()
    access = ensure_database(home)
    files = list(checkpoints) or [path for path in [home.checkpoints] if path.exists()]
    for path in files:
        if not path.is_file():
            raise FileUnreadable(
                f"There is no checkpoint file {path}; give the one that was kept, or leave --checkpoints out."
            )
    try:
        holders = {str(path): read_file(path) for path in files}
    except (ValueError, KeyError, TypeError) as error:
        raise FileUnreadable(
            f"{', '.join(map(str, files))}: a line is not a checkpoint ({error}); give a file as Crossline wrote it."
        ) from error
    try:
        with psycopg.connect(access.conninfo(Login.SEALER)) as connection:
            code, text = report(verify(connection, holders, key=key))
    except psycopg.errors.UndefinedTable as error:
        raise UserError(f"{home.root} holds no audit yet; take something in first.") from error
    sys.stdout.write(text)
    return code


def _print_sign_ins() -> None:
    from crossline.roster import ADMINISTRATOR, DEMO_PASSWORD, OF_PARTNERS, PEOPLE, PRINTED

    say(f"Sign in with the password {DEMO_PASSWORD} as:")
    for person in (*PRINTED, OF_PARTNERS[0]):
        say(f"  {person.username:20} {person.name}, {person.agency}: {', '.join(person.roles)}")
    say(
        f"or as {len(PEOPLE) - len(PRINTED)} more of the centre; {ADMINISTRATOR.username} sees and administers them all, "
        f"and {len(OF_PARTNERS) - 1} more of partner organisations."
    )


def resolve(*, people: Path, out: Path | None, register: Path | None) -> int:
    """Resolve a file of people, no database."""
    from crossline.engines.resolution.files import resolve_file

    resolve_file(people, out, register=register, progress=say)
    return 0
