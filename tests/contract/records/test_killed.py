"""A taking-in that is killed leaves nothing that the next one does not put right: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from crossline.access.models import AuditEvent
from crossline.records.generation import advance
from crossline.records.intake import accept
from crossline.records.models import Delivery, Record

REPOSITORY = Path(__file__).resolve().parents[3]
FAULTS = {
    "the communications data is written": """
        take_in_set = accept.take_in_set
        def fault(*arguments, **named):
            take_in_set(*arguments, **named)
            die()
        accept.take_in_set = fault
    """,
    "everything is written but the audit row": """
        accept.log = lambda *arguments, **named: die()
    """,
    "the commit is done": """
        take_in = accept.take_in
        def fault(*arguments, **named):
            take_in(*arguments, **named)
            die()
        accept.take_in = fault
    """,
}
SCRIPT = """
    import os, signal, sys
    import django
    django.setup()
    from pathlib import Path
    from crossline.records.intake import accept
    def die():
        os.kill(os.getpid(), signal.SIGKILL)
    {fault}
    accept.take_in(Path(sys.argv[1]), communications=Path(sys.argv[2]))
"""


def killed(fault: str, access: Any, delivery: Path, kept: Path) -> None:
    """Take the delivery in in a process that is killed at the fault."""
    from crossline.hosting.database import hand_down
    from crossline.hosting.logins import Login

    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "src"), "DJANGO_SETTINGS_MODULE": "crossline.settings"}
    hand_down(access, Login.ENGINE, environment)
    script = textwrap.dedent(SCRIPT).format(fault=textwrap.dedent(fault))
    ended = subprocess.run(
        [sys.executable, "-c", script, delivery, kept], check=False, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == -9, ended.stderr


@pytest.mark.parametrize("point", FAULTS)
def test_killed_and_run_again_nothing_is_lost_or_doubled(
    point: str, committed: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.full_delivery(tmp_path / "d")
    killed(FAULTS[point], committed, folder, kept)

    done = point == "the commit is done"
    left = {path.name for path in kept.iterdir()}
    assert Delivery.objects.exists() == Record.objects.exists() == AuditEvent.objects.exists() == done
    assert left, "this test is about what a killed process leaves behind"
    for path in kept.rglob("*.parquet"):
        path.write_bytes(path.read_bytes() if done else b"half written")

    receipt = builders.take(folder, kept)

    assert receipt.already_held == done
    delivery = Delivery.objects.get()
    assert delivery.rows == delivery.accepted == sum(builders.FULL_ROWS.values())
    assert Record.objects.count() == delivery.accepted - 5, "five of the rows are calls, kept as Parquet"
    assert AuditEvent.objects.filter(event="delivery_accepted").count() == 1
    folders = set(Record.objects.filter(kind="communications").values_list("detail__folder", flat=True))
    assert {path.name for path in kept.iterdir()} == folders >= left
    assert all(path.read_bytes()[:4] == b"PAR1" for path in kept.rglob("*.parquet"))


def test_a_fault_inside_the_transaction_takes_everything_back(
    db: None, builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = builders.full_delivery(tmp_path / "d")
    before = builders.snapshot()
    monkeypatch.setattr(accept, "advance", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        builders.take(folder, kept)
    assert builders.changed(before) == set()

    monkeypatch.undo()
    assert not builders.take(folder, kept).already_held


def test_two_who_take_in_one_delivery_at_once_take_it_in_once(
    committed: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.full_delivery(tmp_path / "d")
    ready = threading.Barrier(2)
    ended: list[object] = []

    def take() -> None:
        try:
            ready.wait()
            ended.append(builders.take(folder, kept).already_held)
        except Exception as error:  # a thread's error would otherwise be lost
            ended.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(map(str, ended)) == ["False", "True"]
    assert Delivery.objects.count() == 1
    assert Record.objects.filter(kind="communications").count() == len(list(kept.iterdir())) == 2


def test_two_deliveries_of_one_agency_at_once_do_not_both_make_the_first_revision(
    committed: Any, builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly() -> None:
        time.sleep(0.5)  # each stays in its transaction long enough for the other to read what is held
        advance()

    builders.sent(tmp_path / "before", kept, ref="before", lines=[builders.line("OTHER")])  # the audiences are there
    monkeypatch.setattr(accept, "advance", slowly)
    folders = [
        builders.delivery(tmp_path / ref, ref=ref, lines=[builders.line(name=ref)]) for ref in ("first", "second")
    ]
    ended: list[object] = []
    ready = threading.Barrier(2)

    def take(folder: Path) -> None:
        try:
            ready.wait()
            ended.append(builders.take(folder, kept).line())
        except Exception as error:  # a thread's error would otherwise be lost
            ended.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert all("1 accepted" in str(each) for each in ended), ended
    assert sorted(Record.objects.filter(ref="LEO-1").values_list("revision", flat=True)) == [1, 2]
